"""A learner's notebook as data, with the instructor's cells put back: what nbgrader calls sanitizing.

A notebook that looks as notebooks do is handled here. Anything out of the ordinary — another format, changed
nbgrader metadata, a cell that stands there twice — is left to nbgrader's own steps, however slow, so that no
trick is understood in two ways.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import msgspec

from maatwerk_grading.autograde.fast_path import cell_name, ordinary
from maatwerk_grading.autograde.marks import Cell
from maatwerk_grading.autograde.problems import CannotGradeError, Remark
from maatwerk_grading.autograde.source import SourceCell, SourceNotebook

# An assignment notebook with all that it shows is well below a tenth of this.
LARGEST_NOTEBOOK = 25_000_000

_DECODER = msgspec.json.Decoder()

# In one remark; whoever changed more has changed nearly all.
MOST_NAMED = 8

# What says something about outputs that are gone.
_CLEARED = ("collapsed", "scrolled", "execution")


@dataclass(frozen=True, slots=True)
class Restored:
    """A notebook with the instructor's cells put back, and nothing of the learner's run or shown.

    Parameters
    ----------
    notebook : dict
        As it is written; its cells are in ``cells`` too.
    cells : tuple
        Every cell, with what was released under its name; ``None`` for a cell of the learner's own.
    remarks : tuple of Remark
        What was changed, is missing, or was added.
    plain : bool
        Whether it holds nothing that JSON does not have, such as a number that is none.
    """

    notebook: dict[str, Any]
    cells: tuple[tuple[Cell, SourceCell | None], ...]
    remarks: tuple[Remark, ...]
    plain: bool


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
    notebook = _read_ordinary(content, source)
    plain = notebook is not None
    if notebook is not None:
        put_back = _put_back(notebook["cells"], source)
    else:
        notebook, put_back = _put_back_by_nbgrader(content, source)
    if source.kernelspec:
        notebook["metadata"]["kernelspec"] = dict(source.kernelspec)
    # What the forms drew for the learner; nobody marks a form, and it may hold anything.
    notebook["metadata"].pop("widgets", None)
    cells = tuple((cell, source.cells.get(cell_name(cell) or "")) for cell in notebook["cells"])
    return Restored(notebook, cells, tuple(_remarks(cells, source, put_back)), plain)


def _read_ordinary(content: bytes, source: SourceNotebook) -> dict[str, Any] | None:
    """The notebook, when nothing about it needs a second thought."""
    try:
        # Stricter than Python's own, and much faster; what it takes, both read alike.
        notebook: Any = _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return notebook if ordinary(notebook, source) else None


def _put_back_by_nbgrader(content: bytes, source: SourceNotebook) -> tuple[dict[str, Any], set[str]]:
    try:
        text = content.decode("utf-8")
        json.loads(text)
    except (ValueError, RecursionError):
        raise CannotGradeError("no_notebook", notebook=source.name) from None
    # Imported only here: it takes seconds, and hardly any submission needs it.
    from maatwerk_grading.autograde.by_nbgrader import put_back_by_nbgrader

    return put_back_by_nbgrader(text, source)


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
                # Tests that were hidden from learners come back in every submission.
                if cell["source"] != released.handed_out:
                    changed.add(name)
                cell["source"] = released.source
            cell["metadata"]["nbgrader"]["checksum"] = released.checksum
    return changed


def _remarks(
    cells: Sequence[tuple[Cell, SourceCell | None]], source: SourceNotebook, put_back: set[str]
) -> Iterator[Remark]:
    present = {trusted.name for _, trusted in cells if trusted is not None}
    missing = source.mattering - present
    own = sum(
        trusted is None and cell["cell_type"] == "code" and bool(cell["source"].strip())
        for cell, trusted in cells
    )
    if put_back:
        yield Remark("put_back", _listed(put_back))
    if missing:
        yield Remark("missing_cells", _listed(missing))
    if own:
        yield Remark("own_code", {"count": own})


def _listed(names: Set[str]) -> Mapping[str, str]:
    shown = sorted(names)
    more = ["…"] if len(shown) > MOST_NAMED else []
    return {"cells": ", ".join([*shown[:MOST_NAMED], *more])}
