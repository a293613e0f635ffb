"""The page on which a trainee reads what their work was worth, and why."""
