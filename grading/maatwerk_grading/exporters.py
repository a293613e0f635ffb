"""Marks in the form that a learning environment (LMS) imports: plugins for ``nbgrader export``.

A submission in which something still waits for a person gets an empty mark, never a low one, and so does a
learner who handed in nothing: that is for the instructor to judge.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import func

# A spreadsheet runs a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Mark:
    """One learner's mark for one assignment.

    Parameters
    ----------
    student, first_name, last_name, email : str
        As the gradebook has them; all but the first may be empty.
    score : float, optional
        In points, after a penalty for lateness; ``None`` when there is no final mark.
    waiting : bool
        Whether something still waits for a person.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    score: float | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class MarkList:
    """All marks for one assignment."""

    assignment: str
    maximum: float
    marks: tuple[Mark, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The learners in whose submission something still waits for a person."""
        return tuple(mark.student for mark in self.marks if mark.waiting)


def mark_list(gradebook: Gradebook, assignment: str) -> MarkList:
    """The marks in a gradebook, by learner in the order of their names.

    Parameters
    ----------
    gradebook : Gradebook
        An open one.
    assignment : str
        Its name there.

    Raises
    ------
    nbgrader.api.MissingEntry
        When the gradebook has no such assignment.
    """
    handed_in = {one["student"]: one for one in gradebook.submission_dicts(assignment)}
    penalties = _penalties(gradebook, assignment)
    return MarkList(
        assignment=assignment,
        maximum=float(gradebook.find_assignment(assignment).max_score),
        marks=tuple(
            _mark(student, handed_in.get(student.id), penalties.get(student.id, 0.0))
            for student in sorted(gradebook.students, key=lambda one: one.id)
        ),
    )


def _penalties(gradebook: Gradebook, assignment: str) -> Mapping[str, float]:
    """What lateness costs, by learner: in one question, as nbgrader's own properties ask one a learner."""
    late = func.sum(SubmittedNotebook.late_submission_penalty)
    found = (
        gradebook.db.query(SubmittedAssignment.student_id, late)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment)
        .group_by(SubmittedAssignment.student_id)
    )
    return {student: float(penalty or 0.0) for student, penalty in found}


def _mark(student: Any, submission: Mapping[str, Any] | None, penalty: float) -> Mark:
    waiting = bool(submission and submission["needs_manual_grade"])
    score = None if submission is None or waiting else max(0.0, submission["score"] - penalty)
    return Mark(
        student=student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        score=score,
        waiting=waiting,
    )


class LmsExporter(ExportPlugin):  # type: ignore[misc]
    """Writes one file an assignment, ``<assignment>-<lms>.csv``, in the folder that ``--to`` names."""

    lms: ClassVar[str]

    def export(self, gradebook: Gradebook) -> None:
        """Write the marks of the assignments asked for, or of all."""
        names = list(self.assignment) or [one.name for one in gradebook.assignments]
        for name in names:
            marks = mark_list(gradebook, name)
            file = Path(self.to) / f"{name}-{self.lms}.csv"
            write_csv(file, self.rows(marks))
            self.log.info("%s: %d marks", file, sum(mark.score is not None for mark in marks.marks))
            if marks.waiting:
                self.log.warning("%s: left empty, not wholly marked yet: %s", name, ", ".join(marks.waiting))

    def rows(self, marks: MarkList) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        raise NotImplementedError


class BrightspaceExporter(LmsExporter):
    """Brightspace: ``OrgDefinedId``, points, and its end-of-line mark."""

    lms = "brightspace"

    def rows(self, marks: MarkList) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("OrgDefinedId", f"{marks.assignment} Points Grade", "End-of-Line Indicator")
        for mark in marks.marks:
            # The '#' is Brightspace's own: without it a spreadsheet drops the zeros in front.
            yield (f"#{mark.student}", points(mark.score), "#")


class CanvasExporter(LmsExporter):
    """Canvas: its five fixed columns, the maximum in a row of its own, and points."""

    lms = "canvas"

    def rows(self, marks: MarkList) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", marks.assignment)
        yield ("Points Possible", "", "", "", "", points(marks.maximum))
        for mark in marks.marks:
            name = ", ".join(part for part in (mark.last_name, mark.first_name) if part)
            yield (name, mark.student, "", "", "", points(mark.score))


class MoodleExporter(LmsExporter):
    """Moodle: its import asks by which column to know a learner; here by number or by e-mail address."""

    lms = "moodle"

    def rows(self, marks: MarkList) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("ID number", "Email address", marks.assignment)
        for mark in marks.marks:
            yield (mark.student, mark.email, points(mark.score))


class GenericExporter(LmsExporter):
    """For any other: everything that the gradebook knows, with the maximum and the state."""

    lms = "generic"

    def rows(self, marks: MarkList) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        head = ("student_id", "last_name", "first_name", "email", "assignment", "score", "max_score", "state")
        yield head
        for mark in marks.marks:
            state = "waiting" if mark.waiting else "nothing" if mark.score is None else "final"
            names = (mark.student, mark.last_name, mark.first_name, mark.email, marks.assignment)
            yield (*names, points(mark.score), points(marks.maximum), state)


EXPORTERS: Mapping[str, type[LmsExporter]] = {
    exporter.lms: exporter
    for exporter in (BrightspaceExporter, CanvasExporter, MoodleExporter, GenericExporter)
}


def points(score: float | None) -> str:
    """A number of points with at most two decimals, or nothing when there is no mark."""
    return "" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def write_csv(file: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows that a spreadsheet reads as text and numbers, never as formulas."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # The mark in front tells Excel that it is UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([[_harmless(cell) for cell in row] for row in rows])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
