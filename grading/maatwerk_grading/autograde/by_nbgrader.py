"""nbgrader's own way to put the instructor's cells back, for notebooks that are out of the ordinary.

Slow to import; only such a notebook asks for it.
"""

from __future__ import annotations

import json
import logging
import warnings
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat import validator
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, DeduplicateIds, OverwriteCells

from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.autograde.source import SourceCell, SourceNotebook

# What is noticed is told in the report; the format's own complaints would come on top.
logging.getLogger("traitlets").setLevel(logging.CRITICAL)


class _Cells:
    """The part of a gradebook that ``OverwriteCells`` asks for, from memory."""

    def __init__(self, source: SourceNotebook) -> None:
        self._cells = source.cells

    def find_source_cell(self, name: str, *_: str) -> SourceCell:
        if not isinstance(name, str) or name not in self._cells:
            raise MissingEntry(f"no source cell {name}")
        return self._cells[name]

    def find_graded_cell(self, name: str, *_: str) -> SimpleNamespace:
        cell = self.find_source_cell(name)
        if cell.points is None:
            raise MissingEntry(f"no graded cell {name}")
        return SimpleNamespace(max_score=cell.points)


class _Overwrite(OverwriteCells):  # type: ignore[misc]
    """Remembers which cells it put back."""

    def __init__(self, source: SourceNotebook) -> None:
        super().__init__()
        self.gradebook = _Cells(source)
        self._source = source
        self.notebook_id = self.assignment_id = ""
        self.changed: set[str] = set()

    def report_change(self, name: str, attr: str, old: Any, new: Any) -> None:
        # Tests that were hidden from learners come back in every submission.
        if (attr, new) != ("checksum", self._source.cells[name].handed_out_marks["checksum"]):
            self.changed.add(name)

    def preprocess(self, nb: Any, resources: Any) -> Any:
        # Without the gradebook that the original opens here.
        for index, cell in enumerate(nb.cells):
            nb.cells[index], resources = self.preprocess_cell(cell, resources, index)
        return nb, resources


def put_back_by_nbgrader(text: str, source: SourceNotebook) -> tuple[dict[str, Any], set[str]]:
    """Read a learner's notebook and put the instructor's cells back, as nbgrader does.

    Returns
    -------
    tuple
        The notebook as plain data, and the names of the cells that were changed.

    Raises
    ------
    CannotGradeError
        When nbgrader would refuse it.
    """
    overwrite = _Overwrite(source)
    try:
        return _put_back(text, overwrite), overwrite.changed
    # Whatever a learner's file makes nbgrader stumble over: it is one file, not the batch.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise CannotGradeError("refused_by_nbgrader", notebook=source.name, reason=reason) from error


def _put_back(text: str, overwrite: _Overwrite) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        _, notebook = validator.normalize(notebook)
        for step in (ClearOutput(), DeduplicateIds(), overwrite, CheckCellMetadata()):
            step.log.disabled = True
            notebook, _ = step.preprocess(notebook, {})
            nbformat.validate(notebook, relax_add_props=True)
            for cell in notebook.cells:
                # What is left of a cell that stood there twice. nbgrader 0.9 stops with all submissions here.
                if cell.metadata.get("nbgrader") == {}:
                    del cell.metadata["nbgrader"]
        written = nbformat.writes(notebook, version=4, split_lines=False)  # type: ignore[no-untyped-call]
    plain: dict[str, Any] = json.loads(written)
    for cell in plain["cells"]:
        cell["metadata"].pop("execution", None)
    return plain
