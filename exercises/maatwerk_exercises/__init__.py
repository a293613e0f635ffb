"""What is asked: cases, rating exercises, the item bank, assignments, and the notebooks made of them."""
