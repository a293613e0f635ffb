"""What the outputs of a notebook's cells are worth, by nbgrader's own rules (``nbgrader.utils``)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cell = dict[str, Any]
Output = dict[str, Any]

NO_RESPONSE = "No response."


@dataclass(frozen=True, slots=True)
class NotebookMarks:
    """What goes into the gradebook for one notebook.

    Parameters
    ----------
    name : str
        The notebook's name.
    scores : mapping
        The automatic score of every cell with points that was handed in; ``None`` waits for a person.
    comments : mapping
        The automatic comment of every cell that can have one.
    """

    name: str
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]


class ScoreError(ValueError):
    """A test cell whose value is no score: the instructor's mistake."""


def marks(name: str, cells: Sequence[Cell]) -> NotebookMarks:
    """The marks of a notebook whose test cells have run.

    Raises
    ------
    ScoreError
        When a cell gives more than it is worth.
    """
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in cells:
        kind = cell["metadata"].get("nbgrader", {})
        if kind.get("grade"):
            scores[kind["grade_id"]] = score(cell)
        if kind.get("solution") or kind.get("task"):
            untouched = not kind.get("task") and kind.get("checksum") == checksum(cell)
            comments[kind["grade_id"]] = NO_RESPONSE if untouched else None
    return NotebookMarks(name, scores, comments)


def score(cell: Cell) -> float | None:
    """The automatic score of one cell; ``None`` when a person has to look.

    Raises
    ------
    ScoreError
        When the cell gives more than it is worth.
    """
    kind = cell["metadata"]["nbgrader"]
    maximum = float(kind["points"])
    if kind.get("solution"):
        return 0.0 if "checksum" in kind and kind["checksum"] == checksum(cell) else None
    if cell["cell_type"] != "code":
        return None
    for output in cell["outputs"]:
        sort = output["output_type"]
        if sort == "error" or (sort == "stream" and output["name"] == "stderr"):
            return 0.0
        if sort == "execute_result":
            return _partial(output["data"].get("text/plain", ""), maximum)
    return maximum


def _partial(shown: str, maximum: float) -> float:
    if not shown:
        raise ScoreError("a test cell has a result that no text shows")
    try:
        value = float(shown)
    except ValueError:
        return maximum
    if value > maximum:
        raise ScoreError(f"a test cell gives {value}, more than its {maximum} points")
    # Below zero, and what is no number: nbgrader gives everything.
    return value if value >= 0.0 else maximum


def checksum(cell: Cell) -> str:
    """nbgrader's fingerprint of a cell."""
    kind = cell["metadata"]["nbgrader"]
    grade, solution = kind.get("grade", False), kind.get("solution", False)
    locked = not solution and (grade or kind.get("locked", False))
    parts = [
        cell["source"],
        cell["cell_type"],
        str(grade),
        str(solution),
        str(bool(locked)),
        kind["grade_id"],
    ]
    if grade:
        parts.append(str(float(kind["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
