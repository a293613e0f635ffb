"""What the report is about: the marks from the gradebook, and the group's choices from its answers.

The gradebook holds no convictions, so places and weights come from the submitted answers; they are kept
together only, never by learner, and not at all from a group of fewer than five.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from maatwerk import Placement
from maatwerk.weighing import TOTAL
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from maatwerk_grading.answers import Answer
from maatwerk_grading.bridge import Unusable, read_answer
from maatwerk_grading.hand_in import ANSWERS_FILE
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
        By learner and then by cell, in points. A cell that waits for a person counts what it has so far.
    automatic, manual : mapping of str to float
        The maximum of every cell, in the order of the notebook.
    waiting : mapping of str to int
        How many cells of a learner still wait for a person; only those with any.
    """

    assignment: str
    scores: Scores
    automatic: Mapping[str, float]
    manual: Mapping[str, float]
    waiting: Mapping[str, int]


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
    (notebook, *_rest) = gradebook.find_assignment(assignment).notebooks
    scores: dict[str, dict[str, float]] = {}
    waiting: dict[str, int] = {}
    # One question for all: nbgrader's own properties ask several a learner.
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id, BaseCell.name, Grade.score, Grade.needs_manual_grade
        )
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment, Notebook.name == notebook.name)
        .order_by(SubmittedAssignment.student_id)
    )
    for student, cell, score, needs_manual_grade in found:
        scores.setdefault(student, {})[cell] = float(score or 0.0)
        if needs_manual_grade:
            waiting[student] = waiting.get(student, 0) + 1
    return Marks(
        assignment=assignment,
        scores=scores,
        automatic={cell.name: float(cell.max_score) for cell in notebook.grade_cells if cell.max_score},
        manual={cell.name: float(cell.max_score) for cell in notebook.task_cells if cell.max_score},
        waiting=waiting,
    )


def read_choices(submitted: Path, assignment: str, exercises: Iterable[str]) -> tuple[Choices, ...]:
    """What the group chose, by exercise.

    Parameters
    ----------
    submitted : Path
        nbgrader's folder of submissions.
    """
    files = [folder / assignment / ANSWERS_FILE for folder in sorted(submitted.glob("*")) if folder.is_dir()]
    return tuple(
        _choices(exercise, [read_answer(file, exercise) for file in files]) for exercise in exercises
    )


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


def read_second_marks(file: Path) -> Mapping[tuple[str, str], float]:
    """What a second marker gave: a CSV with the columns ``student_id``, ``cell`` and ``score``.

    Returns
    -------
    mapping
        Points by learner and cell.

    Raises
    ------
    ValueError
        Naming the line and what is wrong with it.
    OSError
        When the file cannot be read.
    """
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        missing = {"student_id", "cell", "score"} - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"1: {', '.join(sorted(missing))}")
        marks = {}
        for row in rows:
            try:
                marks[(row["student_id"], row["cell"])] = float(row["score"].replace(",", "."))
            except (AttributeError, ValueError):
                raise ValueError(f"{rows.line_num}: score = {row['score']!r}") from None
    return marks
