"""What the report is about: the marks from the gradebook, and the group's choices from its answers.

The gradebook holds no convictions, so places and weights come from the submitted answers; they are kept
together only, never by learner, and not at all from a group of fewer than five.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maatwerk import Placement
from maatwerk.weighing import TOTAL
from maatwerk_learner.answers import Answer, AnswerBook
from maatwerk_learner.hand_in import ANSWERS_FILE
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func

from maatwerk_grading.bridge import Unusable, answer_in, read_book
from maatwerk_grading.likeness import Alike, Likeness, Texts, sketch, texts_of
from maatwerk_grading.own_texts import own_texts
from maatwerk_grading.report.measures import Scores

SMALLEST_GROUP = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks for one assignment.

    Parameters
    ----------
    assignment : str
        Its name.
    scores : mapping
        By learner and then by cell, in points, of every submission that was graded. A cell that has no mark
        yet is not there: it is not worth nothing, it is not known.
    automatic, manual : mapping of str to float
        The maximum of every cell, in the order of the notebook.
    waiting : mapping of str to int
        How many cells of a learner still wait for a person; only those with any.
    refused : tuple of str
        Who handed in something that could not be graded: they have no score, which is not a score of zero.
    penalties : mapping of str to float
        What handing in late costs, in points, by learner; only those whom it costs something.
    """

    assignment: str
    scores: Scores
    automatic: Mapping[str, float]
    manual: Mapping[str, float]
    waiting: Mapping[str, int]
    refused: tuple[str, ...] = ()
    penalties: Mapping[str, float] = field(default_factory=dict)

    @property
    def submitted(self) -> frozenset[str]:
        """Everybody who handed something in."""
        return frozenset((*self.scores, *self.refused))

    @property
    def final(self) -> Mapping[str, float]:
        """The score of every learner for whom nothing waits any more, as it is exported: after lateness."""
        return {
            student: max(0.0, sum(cells.values()) - self.penalties.get(student, 0.0))
            for student, cells in self.scores.items()
            if student not in self.waiting
        }


@dataclass(frozen=True, slots=True)
class Choices:
    """What the group chose in one exercise; empty for a group of fewer than five.

    Parameters
    ----------
    placements : tuple of Placement
        Sorted, so that their order says nothing about who.
    weights : tuple of mapping
        Complete divisions of 100 points, sorted too.
    """

    exercise: str
    placements: tuple[Placement, ...]
    weights: tuple[Mapping[str, int], ...]


def read_marks(gradebook: Gradebook, assignment: str) -> Marks:
    """The marks in an open gradebook.

    Raises
    ------
    nbgrader.api.MissingEntry
        When the gradebook has no such assignment.
    """
    notebooks = gradebook.find_assignment(assignment).notebooks
    names = _names(notebooks)
    # A cell of the instructor's own in which the learner writes is marked by a person too.
    written = {(one.name, cell.name) for one in notebooks for cell in one.solution_cells}
    graded = [(one.name, cell) for one in notebooks for cell in one.grade_cells if cell.max_score]
    tasks = [(one.name, cell) for one in notebooks for cell in one.task_cells if cell.max_score]
    automatic = {
        names[at, cell.name]: float(cell.max_score) for at, cell in graded if (at, cell.name) not in written
    }
    manual = {
        names[at, cell.name]: float(cell.max_score)
        for at, cell in (*graded, *tasks)
        if names[at, cell.name] not in automatic
    }
    scores: dict[str, dict[str, float]] = {}
    waiting: dict[str, int] = {}
    # One question for all: nbgrader's own properties ask several a learner.
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id)
    )
    for student, notebook, cell, by_itself, by_hand, extra, needs_manual_grade in found:
        given = scores.setdefault(student, {})
        mark = by_itself if by_hand is None else by_hand
        if mark is not None:
            given[names[notebook, cell]] = float(mark) + float(extra or 0.0)
        if needs_manual_grade:
            waiting[student] = waiting.get(student, 0) + 1
    # What the grader refused has a row for every cell, and a mark in none.
    refused = tuple(student for student, given in scores.items() if automatic and not given)
    return Marks(
        assignment=assignment,
        scores={student: given for student, given in scores.items() if student not in refused},
        automatic=automatic,
        manual=manual,
        waiting={student: count for student, count in waiting.items() if student not in refused},
        refused=refused,
        penalties=_penalties(gradebook, assignment),
    )


def _names(notebooks: Sequence[Any]) -> Mapping[tuple[str, str], str]:
    """What a cell is called in the report: its own name, unless another notebook has one of that name too."""
    cells = [
        (notebook.name, cell.name)
        for notebook in notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    ]
    often = Counter(cell for _, cell in cells)
    return {(at, cell): cell if often[cell] == 1 else f"{at}/{cell}" for at, cell in cells}


def _penalties(gradebook: Gradebook, assignment: str) -> Mapping[str, float]:
    late = func.sum(SubmittedNotebook.late_submission_penalty)
    found = (
        gradebook.db.query(SubmittedAssignment.student_id, late)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment)
        .group_by(SubmittedAssignment.student_id)
        .order_by(SubmittedAssignment.student_id)
    )
    return {student: float(penalty) for student, penalty in found if penalty}


@dataclass(frozen=True, slots=True)
class Copies:
    """Whose answers are alike. It says nothing about who copied, or whether anybody did.

    Parameters
    ----------
    same : tuple of (str, str)
        A learner, and who gave exactly the same answers before.
    alike : tuple of Alike
        Two learners with texts that are alike.
    """

    same: tuple[tuple[str, str], ...] = ()
    alike: tuple[Alike, ...] = ()


def read_submitted(
    submitted: Path, assignment: str, exercises: Iterable[str]
) -> tuple[tuple[Choices, ...], Copies]:
    """What the group chose, by exercise, and whose answers are alike. One submission is in memory at a time.

    Parameters
    ----------
    submitted : Path
        nbgrader's folder of submissions.
    """
    files = {
        folder.name: folder / assignment / ANSWERS_FILE
        for folder in sorted(submitted.glob("*"))
        if folder.is_dir()
    }
    chosen: dict[str, list[Answer | Unusable]] = {exercise: [] for exercise in exercises}
    likeness, same = Likeness(), []
    for student, file in files.items():
        book = read_book(file)
        for exercise, answers in chosen.items():
            answer = answer_in(book, exercise)
            # Of all that somebody answered, only this is for a picture of the group.
            if isinstance(answer, Answer):
                answers.append(Answer(placement=answer.placement, loyalties=answer.loyalties))
        if isinstance(book, AnswerBook):
            first = likeness.add(student, sketch(book))
            same += [(student, first)] if first else []
    alike = likeness.alike(lambda student: _texts(files[student]), lambda: own_texts(assignment))
    choices = tuple(_choices(exercise, answers) for exercise, answers in chosen.items())
    return choices, Copies(tuple(same), alike)


def _texts(file: Path) -> Texts:
    book = read_book(file)
    return texts_of(book) if isinstance(book, AnswerBook) else {}


def _choices(exercise: str, answers: Iterable[Answer | Unusable]) -> Choices:
    usable = [answer for answer in answers if isinstance(answer, Answer)]
    placements = [answer.placement for answer in usable if answer.placement is not None]
    weights = [answer.loyalties for answer in usable if sum(answer.loyalties.values()) == TOTAL]
    return Choices(
        exercise=exercise,
        placements=tuple(sorted(placements, key=lambda p: (p.person, p.group)))
        if len(placements) >= SMALLEST_GROUP
        else (),
        weights=tuple(sorted(weights, key=lambda w: sorted(w.items())))
        if len(weights) >= SMALLEST_GROUP
        else (),
    )
