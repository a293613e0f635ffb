"""A learner's notebook as data, with the instructor's cells put back: what nbgrader calls sanitizing.

A notebook that looks as notebooks do is handled here. Anything out of the ordinary — another format, changed
nbgrader metadata, a cell that stands there twice — is left to nbgrader's own steps, however slow, so that no
trick is understood in two ways.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from maatwerk_grading.fast.marks import Cell
from maatwerk_grading.fast.problems import CannotGradeError, Remark
from maatwerk_grading.fast.source import SourceNotebook

# An assignment notebook with all that it shows is well below a tenth of this.
LARGEST_NOTEBOOK = 25_000_000

# Far deeper than any notebook, far shallower than what makes a reader of notebooks run out of stack.
DEEPEST = 40

# In one remark; whoever changed more has changed nearly all.
MOST_NAMED = 8

_FORMAT = {"nbformat": 4, "nbformat_minor": 5}
_CELL_KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source"},
    "raw": {"cell_type", "id", "metadata", "source"},
}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# What says something about outputs that are gone.
_CLEARED = ("collapsed", "scrolled", "execution")


@dataclass(frozen=True, slots=True)
class Restored:
    """A notebook with the instructor's cells put back, and nothing of the learner's run or shown."""

    notebook: dict[str, Any]
    remarks: tuple[Remark, ...]

    @property
    def cells(self) -> list[Cell]:
        """Its cells."""
        cells: list[Cell] = self.notebook["cells"]
        return cells


def restore(content: bytes, source: SourceNotebook) -> Restored:
    """Read a learner's notebook and put the instructor's cells back.

    Parameters
    ----------
    content : bytes
        The file.
    source : SourceNotebook
        What was released.

    Raises
    ------
    CannotGradeError
        When it is no notebook, or nbgrader itself would refuse it.
    """
    if len(content) > LARGEST_NOTEBOOK:
        raise CannotGradeError("notebook_too_large", notebook=source.name)
    try:
        notebook = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise CannotGradeError("no_notebook", notebook=source.name) from None
    if ordinary(notebook, source):
        put_back = _put_back(notebook["cells"], source)
    else:
        from maatwerk_grading.fast.by_nbgrader import put_back_by_nbgrader

        notebook, put_back = put_back_by_nbgrader(content.decode("utf-8"), source)
    if source.kernelspec:
        notebook["metadata"]["kernelspec"] = dict(source.kernelspec)
    # What the forms drew for the learner; nobody marks a form, and it may hold anything.
    notebook["metadata"].pop("widgets", None)
    return Restored(notebook, tuple(_remarks(notebook["cells"], source, put_back)))


def ordinary(notebook: Any, source: SourceNotebook) -> bool:
    """Whether a notebook is in every respect as Jupyter and nbgrader write one."""
    return (
        isinstance(notebook, dict)
        and notebook.keys() == {"cells", "metadata", *_FORMAT}
        and all(type(notebook[key]) is int and notebook[key] == wanted for key, wanted in _FORMAT.items())
        and not _deep(notebook)
        and _ordinary_metadata(notebook["metadata"])
        and isinstance(notebook["cells"], list)
        and all(_ordinary_cell(cell, source) for cell in notebook["cells"])
        and _all_different(cell["id"] for cell in notebook["cells"])
        and _all_different(name for cell in notebook["cells"] if (name := cell_name(cell)))
    )


def _ordinary_metadata(metadata: Any) -> bool:
    return (
        isinstance(metadata, dict)
        and not metadata.keys() & {"title", "authors", "orig_nbformat", "orig_nbformat_minor", "signature"}
        and all(_named(metadata.get(key, {"name": ""})) for key in ("kernelspec", "language_info"))
        and isinstance(metadata.get("kernelspec", {}).get("display_name", ""), str)
        and (not metadata.get("kernelspec") or "display_name" in metadata["kernelspec"])
        and metadata.get("language_info", {}).keys()
        <= {
            *("name", "codemirror_mode", "file_extension", "mimetype", "pygments_lexer"),
            *("nbconvert_exporter", "version"),
        }
    )


def _named(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def _ordinary_cell(cell: Any, source: SourceNotebook) -> bool:
    if not isinstance(cell, dict):
        return False
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or cell.keys() - {"attachments"} != _CELL_KEYS.get(kind):
        return False
    if cell.get("attachments", {}) != {} or (kind == "code" and "attachments" in cell):
        return False
    text = cell["source"]
    if not (
        isinstance(text, str) or (isinstance(text, list) and all(isinstance(line, str) for line in text))
    ):
        return False
    if not (isinstance(cell["id"], str) and _ID.fullmatch(cell["id"])):
        return False
    if kind == "code" and not _ordinary_outputs(cell["outputs"]):
        return False
    return isinstance(cell["metadata"], dict) and _ordinary_marks(cell, source)


def _ordinary_outputs(outputs: Any) -> bool:
    """They are thrown away, but reading a notebook must not fail on them."""
    return isinstance(outputs, list) and all(
        isinstance(output, dict)
        and isinstance(output.get("output_type"), str)
        and isinstance(output.get("data", {}), dict)
        for output in outputs
    )


def _ordinary_marks(cell: Cell, source: SourceNotebook) -> bool:
    metadata = cell["metadata"]
    tags = metadata.get("tags", [])
    if not (
        isinstance(tags, list)
        and all(isinstance(tag, str) and "," not in tag and tag for tag in tags)
        and len(set(tags)) == len(tags)
        and isinstance(metadata.get("jupyter", {}), dict)
        and isinstance(metadata.get("execution", {}), dict)
        and not metadata.keys() & {"name", "format", "trusted", "attachments"}
    ):
        return False
    if "nbgrader" not in metadata:
        return True
    released = source.cells.get(cell_name(cell) or "")
    return (
        released is not None
        and cell["cell_type"] == released.cell_type
        and _same(metadata["nbgrader"], released.marks)
    )


def _same(marks: Mapping[str, Any], released: Mapping[str, Any]) -> bool:
    """Whether nbgrader's metadata is as released; to Python, true is 1 and 3.0 is 3, but not to nbgrader."""
    return (
        marks == released
        and all(type(marks[flag]) is bool for flag in ("grade", "locked", "solution", "task"))
        and type(marks["schema_version"]) is int
        and type(marks.get("points")) is not bool
    )


def cell_name(cell: Cell) -> str | None:
    """nbgrader's name of a cell, when it has one."""
    marks = cell["metadata"].get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _all_different(names: Iterator[str]) -> bool:
    given = list(names)
    return len(set(given)) == len(given)


def _deep(value: Any) -> bool:
    """Whether something is nested deeper than any notebook."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return False
    return True


def _put_back(cells: list[Cell], source: SourceNotebook) -> set[str]:
    """Put the instructor's cells back among ordinary ones; returns the names of those that were changed."""
    changed = set()
    for cell in cells:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
            for field in _CLEARED:
                cell["metadata"].pop(field, None)
        name = cell_name(cell)
        if name is not None:
            released = source.cells[name]
            if released.locked and cell["source"] != released.source:
                cell["source"] = released.source
                changed.add(name)
    return changed


def _remarks(cells: list[Cell], source: SourceNotebook, put_back: set[str]) -> Iterator[Remark]:
    present = {name for cell in cells if (name := cell_name(cell))}
    missing = [name for name, cell in source.cells.items() if name not in present and cell.matters]
    own = sum(
        cell["cell_type"] == "code" and cell_name(cell) is None and bool(cell["source"].strip())
        for cell in cells
    )
    if put_back:
        yield Remark("put_back", _listed(put_back))
    if missing:
        yield Remark("missing_cells", _listed(missing))
    if own:
        yield Remark("own_code", {"count": own})


def _listed(names: set[str] | list[str]) -> Mapping[str, str]:
    shown = sorted(names)
    more = ["…"] if len(shown) > MOST_NAMED else []
    return {"cells": ", ".join([*shown[:MOST_NAMED], *more])}
