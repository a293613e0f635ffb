"""Whether a notebook is in every respect as Jupyter and nbgrader write one, so that it can be read simply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from maatwerk_grading.autograde.marks import Cell
from maatwerk_grading.autograde.source import SourceNotebook

# Far deeper than any notebook, far shallower than what makes a reader of notebooks run out of stack.
DEEPEST = 40

# Kinds of cell metadata; an ordinary class has as many as the notebook has cells, or a few times that.
MOST_REMEMBERED = 10_000

_ENCODER = msgspec.json.Encoder()

_FORMAT = {"nbformat": 4, "nbformat_minor": 5}
_CELL_KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source"},
    "raw": {"cell_type", "id", "metadata", "source"},
}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def ordinary(notebook: Any, source: SourceNotebook) -> bool:
    """Whether nothing about a notebook needs a second thought.

    Parameters
    ----------
    notebook : object
        JSON, of any kind.
    source : SourceNotebook
        What was released.
    """
    return (
        isinstance(notebook, dict)
        and notebook.keys() == {"cells", "metadata", *_FORMAT}
        and all(type(notebook[key]) is int and notebook[key] == wanted for key, wanted in _FORMAT.items())
        and _ordinary_metadata(notebook["metadata"])
        and isinstance(notebook["cells"], list)
        and all(_ordinary_cell(cell, source) for cell in notebook["cells"])
        and _all_different([cell["id"] for cell in notebook["cells"]])
        and _all_different([name for cell in notebook["cells"] if (name := cell_name(cell))])
    )


def _ordinary_metadata(metadata: Any) -> bool:
    return (
        isinstance(metadata, dict)
        and not _deep(metadata)
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
    return isinstance(cell["metadata"], dict) and _ordinary_marks(kind, cell["metadata"], source)


def _ordinary_outputs(outputs: Any) -> bool:
    """They are thrown away, but reading a notebook must not fail on them."""
    return (
        isinstance(outputs, list)
        and not _deep(outputs)
        and all(
            isinstance(output, dict)
            and isinstance(output.get("output_type"), str)
            and isinstance(output.get("data", {}), dict)
            for output in outputs
        )
    )


def _ordinary_marks(kind: str, metadata: dict[str, Any], source: SourceNotebook) -> bool:
    # A class hands in the same cells over and over. Written out, true and 1 are not the same.
    key = (kind, _ENCODER.encode(metadata))
    found = source.looked_at.get(key)
    if found is None:
        if len(source.looked_at) > MOST_REMEMBERED:
            source.looked_at.clear()
        found = source.looked_at[key] = _look_at_marks(kind, metadata, source)
    return found


def _look_at_marks(kind: str, metadata: dict[str, Any], source: SourceNotebook) -> bool:
    if (
        _deep(metadata)
        or not _ordinary_tags(metadata.get("tags", []))
        or not isinstance(metadata.get("jupyter", {}), dict)
        or not isinstance(metadata.get("execution", {}), dict)
        or metadata.keys() & {"name", "format", "trusted", "attachments"}
    ):
        return False
    if "nbgrader" not in metadata:
        return True
    marks = metadata["nbgrader"]
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    released = source.cells.get(name) if isinstance(name, str) else None
    return released is not None and kind == released.cell_type and _same(marks, released.handed_out_marks)


def _ordinary_tags(tags: Any) -> bool:
    return (
        isinstance(tags, list)
        and all(isinstance(tag, str) and "," not in tag and tag for tag in tags)
        and len(set(tags)) == len(tags)
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


def _all_different(names: list[str]) -> bool:
    return len(set(names)) == len(names)


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
