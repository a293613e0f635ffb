"""The levels that a person chose in a rubric, kept in nbgrader's own comment on that text.

nbgrader has a score and a comment for a text, and no place for levels. So the comment ends with one line that
people can read and programs too; the sum of the levels is nbgrader's manual score, as ever::

    Je noemt de prijs, maar niet wie die draagt.

    [rubric: gronden=2, prijs=1, uitlegbaar=2]

The marking page writes that line (``marking/marking.js``) and never shows it; feedback and the report read it
here. Under stock nbgrader it is a line of the comment, and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# The last line, and nothing after it: what somebody writes about such a line within a comment is left alone.
_LINE = re.compile(r"(?:\A|\n)[ \t]*\[rubric: ([a-z0-9_-]+=\d{1,3}(?:, [a-z0-9_-]+=\d{1,3})*)\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Remarked:
    """What a person said about a text.

    Parameters
    ----------
    words : str
        The comment itself; may be empty.
    levels : mapping of str to int
        The points of the chosen level, by criterion of the rubric; only those that were chosen.
    """

    words: str = ""
    levels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def read_comment(comment: str | None) -> Remarked:
    """Take the levels out of a comment as the gradebook has it; ``None`` is no comment."""
    text = comment or ""
    found = _LINE.search(text)
    if found is None:
        return Remarked(text.strip())
    pairs = (pair.split("=") for pair in found[1].split(", "))
    return Remarked(text[: found.start()].strip(), {key: int(points) for key, points in pairs})


def write_comment(remarked: Remarked) -> str:
    """The comment as the gradebook keeps it; :func:`read_comment` reads it."""
    if not remarked.levels:
        return remarked.words.strip()
    line = ", ".join(f"{key}={points}" for key, points in remarked.levels.items())
    return f"{remarked.words.strip()}\n\n[rubric: {line}]".strip()
