"""Marks in the form that a learning environment (LMS) imports: plugins for ``nbgrader export``.

A submission in which something still waits for a person gets no mark, never a low one, and neither does a
learner who handed in nothing: that is for the instructor to judge. What an LMS imports has no row for them,
as an empty mark may erase one that is there.

Who somebody is to the LMS comes from the people of the course (:mod:`maatwerk_grading.lms.people`). The
safest way is to fill the LMS's own file (:mod:`maatwerk_grading.lms.fill`); these are for where none is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from nbgrader.api import Assignment, Grade, Gradebook, GradeCell, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import func

from maatwerk_grading.lms.people import People, Person
from maatwerk_grading.lms.scale import Scale

# A spreadsheet runs a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


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
    ungraded : bool
        Whether something that is computed has no mark: the submission was refused, or not graded yet.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    score: float | None
    waiting: bool
    ungraded: bool = False


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
    ungraded = _ungraded(gradebook, assignment)
    return MarkList(
        assignment=assignment,
        maximum=float(gradebook.find_assignment(assignment).max_score),
        marks=tuple(
            _mark(student, handed_in.get(student.id), penalties.get(student.id, 0.0), student.id in ungraded)
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


def _ungraded(gradebook: Gradebook, assignment: str) -> set[str]:
    """Who handed in something of which a cell that is computed has no mark: that is not a 0."""
    found = (
        gradebook.db.query(SubmittedAssignment.student_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .filter(Assignment.name == assignment, GradeCell.cell_type == "code")
        .filter(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
        .distinct()
    )
    return {student for (student,) in found}


def _mark(student: Any, submission: Mapping[str, Any] | None, penalty: float, ungraded: bool) -> Mark:
    waiting = ungraded or bool(submission and submission["needs_manual_grade"])
    score = None if submission is None or waiting else max(0.0, submission["score"] - penalty)
    return Mark(
        student=student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        score=score,
        waiting=waiting,
        ungraded=ungraded,
    )


def scaled(marks: MarkList, scale: Scale) -> MarkList:
    """The same marks on another scale.

    Raises
    ------
    ValueError
        When a share is asked for and the assignment has no points.
    """
    ours = Decimal(repr(marks.maximum))
    return replace(
        marks,
        maximum=float(scale.maximum(ours)),
        marks=tuple(
            one if one.score is None else replace(one, score=float(scale.mark(one.score, ours)))
            for one in marks.marks
        ),
    )


class LmsExporter(ExportPlugin):  # type: ignore[misc]
    """Writes one file an assignment, ``<assignment>-<lms>.csv``, in the folder that ``--to`` names."""

    lms: ClassVar[str]

    def export(self, gradebook: Gradebook) -> None:
        """Write the marks of the assignments asked for, or of all."""
        names = list(self.assignment) or [one.name for one in gradebook.assignments]
        course = getattr(self.parent, "coursedir", None)
        people = People.read(Path(course.root if course is not None else "."))
        for name in names:
            marks = mark_list(gradebook, name)
            file = Path(self.to) / f"{name}-{self.lms}.csv"
            write_csv(file, self.rows(marks, people))
            self.log.info("%s: %d marks", file, sum(mark.score is not None for mark in marks.marks))
            if marks.waiting:
                self.log.warning("%s: left out, not wholly marked yet: %s", name, ", ".join(marks.waiting))
            if missing := self.unreachable(marks, people):
                self.log.warning("%s: left out, not known to the LMS: %s", name, ", ".join(missing))

    def rows(self, marks: MarkList, people: People | None = None) -> Iterable[Sequence[str]]:
        """The head and the rows of the file.

        Parameters
        ----------
        marks : MarkList
            What to write.
        people : People, optional
            Who is who in the course; without them, somebody is what the gradebook calls them.
        """
        raise NotImplementedError

    def keys(self, person: Person, *, told: bool) -> tuple[str, ...]:
        """By what the LMS knows somebody; empty texts where that is not known.

        Parameters
        ----------
        person : Person
            Who it is.
        told : bool
            Whether an LMS told who is in the course; if not, all that is known is the name in the gradebook.
        """
        return (person.student,)

    def unreachable(self, marks: MarkList, people: People | None) -> tuple[str, ...]:
        """Who has a mark, and nothing by which the LMS knows them: they have no row in the file."""
        told = _told(people)
        return tuple(
            mark.student for mark, person in _final(marks, people) if not any(self.keys(person, told=told))
        )


def _told(people: People | None) -> bool:
    return people is not None and len(people) > 0


def _final(marks: MarkList, people: People | None) -> Iterator[tuple[Mark, Person]]:
    """Everybody with a final mark, as the LMS knows them.

    Of whom no LMS has told anything, the name in the gradebook is taken for the number there, as long as no
    LMS has told of anybody: in a course of which the people are known, that would be a guess.
    """
    for mark in marks.marks:
        if mark.score is None:
            continue
        if people is not None and mark.student in people:
            yield mark, people[mark.student]
        elif not _told(people):
            numbers = (("canvas", mark.student),)
            yield mark, Person(mark.student, id_number=mark.student, email=mark.email, lms_ids=numbers)
        else:
            yield mark, Person(mark.student, email=mark.email)


class BrightspaceExporter(LmsExporter):
    """Brightspace: ``OrgDefinedId`` or the user name, points, and its end-of-line mark."""

    lms = "brightspace"

    def rows(self, marks: MarkList, people: People | None = None) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("OrgDefinedId", "Username", f"{marks.assignment} Points Grade", "End-of-Line Indicator")
        for mark, person in _final(marks, people):
            if any(keys := self.keys(person, told=_told(people))):
                # The '#' is Brightspace's own: without it a spreadsheet drops the zeros in front.
                yield (*(f"#{key}" if key else "" for key in keys), points(mark.score), "#")

    def keys(self, person: Person, *, told: bool) -> tuple[str, ...]:
        """The school's own number, and the user name."""
        return (person.id_number, person.username)


class CanvasExporter(LmsExporter):
    """Canvas: its five fixed columns, the maximum in a row of its own, and points."""

    lms = "canvas"

    def rows(self, marks: MarkList, people: People | None = None) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", marks.assignment)
        yield ("Points Possible", "", "", "", "", points(marks.maximum))
        for mark, person in _final(marks, people):
            names = (person.last_name or mark.last_name, person.first_name or mark.first_name)
            name = ", ".join(part for part in names if part)
            if any(keys := self.keys(person, told=_told(people))):
                yield (name, *keys, "", points(mark.score))

    def keys(self, person: Person, *, told: bool) -> tuple[str, ...]:
        """Canvas's own number, the school's, and the user name."""
        number = next((one for lms, one in person.lms_ids if lms == "canvas"), "")
        return (number, person.id_number if told else "", person.username)


class MoodleExporter(LmsExporter):
    """Moodle's gradebook import: by e-mail address, or by the ID number if the LMS told it.

    Never by the name in the gradebook: that may be a participant number, which Moodle then seeks among the ID
    numbers of the whole site, and finds with somebody else.
    """

    lms = "moodle"

    def rows(self, marks: MarkList, people: People | None = None) -> Iterable[Sequence[str]]:
        """The head and the rows of the file."""
        yield ("Email address", "ID number", marks.assignment)
        for mark, person in _final(marks, people):
            if any(keys := self.keys(person, told=_told(people))):
                yield (*keys, points(mark.score))

    def keys(self, person: Person, *, told: bool) -> tuple[str, ...]:
        """The address, and the ID number."""
        return (person.email, person.id_number if told else "")


class GenericExporter(LmsExporter):
    """For any other: everything that the gradebook knows, with the maximum and the state."""

    lms = "generic"

    def rows(self, marks: MarkList, people: People | None = None) -> Iterable[Sequence[str]]:
        """The head and the rows of the file; everybody has one, also who has no mark."""
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
    """Write rows that a spreadsheet reads as text and numbers, never as formulas.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # The mark in front tells Excel that it is UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows([[_harmless(cell) for cell in row] for row in rows])


def _harmless(cell: str) -> str:
    # A negative number begins with a sign too, and stays a number.
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell
