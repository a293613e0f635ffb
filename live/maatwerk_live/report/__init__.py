"""What is left of a workshop: its report, and the notebook that looks back."""
