"""An assignment as the gradebook recorded it when it was released: what the instructor trusts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from maatwerk import LANGUAGES, Language

from maatwerk_grading.autograde.cells import FORM, Call, as_call
from maatwerk_grading.autograde.marks import checksum
from maatwerk_grading.course_folder.hidden_tests import without_hidden


@dataclass(frozen=True)
class SourceCell:
    """A cell of the released notebook, with the gradebook's keys of what it earns and what is said of it."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    task: bool
    points: float | None
    grade_id: str | None
    comment_id: str | None

    @cached_property
    def marks(self) -> Mapping[str, Any]:
        """nbgrader's metadata of the cell, as in the released notebook."""
        worth = {} if self.points is None else {"points": self.points}
        return {
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
            **worth,
        }

    @cached_property
    def handed_out(self) -> str:
        """The source as learners got it: without the tests that are hidden from them."""
        return without_hidden(self.source)

    @cached_property
    def handed_out_marks(self) -> Mapping[str, Any]:
        """nbgrader's metadata of the cell as learners got it: with the fingerprint of what they got."""
        if self.handed_out == self.source:
            return self.marks
        cell = {"cell_type": self.cell_type, "source": self.handed_out, "metadata": {"nbgrader": self.marks}}
        return {**self.marks, "checksum": checksum(cell)}

    @cached_property
    def call(self) -> Call | None:
        """The one call that the cell consists of, when it is as simple as that."""
        return as_call(self.source)

    @cached_property
    def matters(self) -> bool:
        """Whether a mark is missing, or the person who marks sees too little, when it was not handed in."""
        return self.grade or self.task or (self.runs and self.call != FORM)

    @cached_property
    def runs(self) -> bool:
        """Whether the fast grader runs it."""
        return self.locked and self.cell_type == "code" and bool(self.source.strip())


@dataclass(frozen=True)
class SourceNotebook:
    """A released notebook; ``kernelspec`` is what nbgrader writes over the learner's own."""

    id: str
    name: str
    kernelspec: Mapping[str, Any] | None
    cells: Mapping[str, SourceCell]

    @cached_property
    def simple(self) -> bool:
        """Whether every cell that runs is one call of the course's own functions."""
        return all(cell.call is not None for cell in self.cells.values() if cell.runs)

    @cached_property
    def looked_at(self) -> dict[tuple[str, bytes], bool]:
        """Metadata of cells by their kind, and whether it was found to be ordinary."""
        return {}

    @cached_property
    def mattering(self) -> frozenset[str]:
        """The cells that are missed when they were not handed in."""
        return frozenset(name for name, cell in self.cells.items() if cell.matters)

    def language(self, otherwise: Language) -> Language:
        """The language that the course's own cells in it speak; ``otherwise`` when there are none."""
        for cell in self.cells.values():
            said = dict(cell.call.named).get("lang") if cell.call is not None else None
            for lang in LANGUAGES:
                if said == lang:
                    return lang
        return otherwise

    @property
    def is_python(self) -> bool:
        """Whether its kernel is one for Python."""
        kernel = self.kernelspec or {}
        return str(kernel.get("language") or kernel.get("name") or "python").lower().startswith("python")

    @property
    def asks_for_code(self) -> bool:
        """Whether learners write code in it, which only a kernel can mark."""
        return any(cell.cell_type == "code" and not cell.locked for cell in self.cells.values())


@dataclass(frozen=True)
class SourceAssignment:
    """A released assignment."""

    id: str
    name: str
    duedate: datetime | None
    notebooks: Mapping[str, SourceNotebook]
