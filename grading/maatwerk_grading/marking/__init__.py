"""The page on which a person marks texts, in nbgrader's formgrader."""
