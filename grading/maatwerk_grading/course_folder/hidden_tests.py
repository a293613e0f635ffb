"""What nbgrader hides from learners: the lines of a test cell between two marks, which no release has."""

from __future__ import annotations

# nbgrader's own defaults.
BEGIN = "BEGIN HIDDEN TESTS"
END = "END HIDDEN TESTS"


def hidden(line: str) -> str:
    """A line of code as the hidden part of a cell."""
    return f"### {BEGIN}\n{line}\n### {END}"


def without_hidden(source: str) -> str:
    """A cell's source as nbgrader releases it."""
    if BEGIN not in source:
        return source
    shown = []
    inside = False
    for line in source.split("\n"):
        if BEGIN in line:
            inside = True
        elif END in line:
            inside = False
        elif not inside:
            shown.append(line)
    return "\n".join(shown)
