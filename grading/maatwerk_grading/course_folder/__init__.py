"""An instructor's nbgrader course folder: made, opened, and its own questions."""
