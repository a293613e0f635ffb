"""What the gradebook says of the submissions of an assignment, for the pages that tell it to a trainee.

Scores and comments only: what a learner chose is never in the gradebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, and_, inspect, select

from maatwerk_grading.autograde.gradebook import (
    BASE_CELL,
    COMMENT,
    GRADE,
    REFUSED,
    STUDENT,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
)
from maatwerk_grading.autograde.source import SourceAssignment, SourceNotebook


@dataclass(frozen=True, slots=True)
class Given:
    """What one cell earned.

    Parameters
    ----------
    score : float
        In points; a person's goes before the computer's, and extra credit comes on top.
    waiting : bool
        Whether a person still has to look.
    by_person : bool
        Whether a person set it.
    """

    score: float
    waiting: bool
    by_person: bool


@dataclass(frozen=True, slots=True)
class NotebookGiven:
    """What one notebook of a submission earned.

    Parameters
    ----------
    grades : mapping
        By the name of the cell.
    comments : mapping of str to str
        A person's, by the name of the cell; only where there is one.
    penalty : float
        Points taken off because it was late.
    marked : bool
        Whether any cell was marked, by the computer or by a person.
    """

    grades: Mapping[str, Given] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """One learner's submission as the gradebook has it.

    Parameters
    ----------
    student : str
        The learner's name in the gradebook.
    name : str
        First and last name; empty when the gradebook has none.
    handed_in : datetime, optional
        In UTC.
    refused : str
        Why it could not be graded, as a key of ``grade_texts.toml``; empty when ``maatwerk grade`` did not
        find it so.
    notebooks : mapping
        What each notebook earned, by its name.
    """

    student: str
    name: str
    handed_in: datetime | None
    refused: str
    notebooks: Mapping[str, NotebookGiven]


def students(connection: Connection, assignment: SourceAssignment) -> list[str]:
    """Everybody of whom the gradebook has a submission, in order."""
    asked = select(SUBMISSION.c.student_id).where(SUBMISSION.c.assignment_id == assignment.id)
    return sorted(connection.scalars(asked))


def submitted(
    connection: Connection, assignment: SourceAssignment, names: Sequence[str]
) -> Iterator[Submitted]:
    """What the gradebook says of these students' submissions."""
    here = and_(SUBMISSION.c.assignment_id == assignment.id, SUBMISSION.c.student_id.in_(names))
    people = connection.execute(
        select(SUBMISSION, STUDENT.c.first_name, STUDENT.c.last_name)
        .join(STUDENT, STUDENT.c.id == SUBMISSION.c.student_id)
        .where(here)
        .order_by(SUBMISSION.c.student_id)
    ).all()
    refused = _refused(connection, [row.id for row in people])
    notebooks = _notebooks(connection, assignment, [row.id for row in people])
    for row in people:
        yield Submitted(
            student=row.student_id,
            name=" ".join(part for part in (row.first_name, row.last_name) if part),
            handed_in=row.timestamp,
            refused=refused.get(row.id, ""),
            notebooks=notebooks.get(row.id, {}),
        )


def _refused(connection: Connection, submissions: Sequence[str]) -> Mapping[str, str]:
    # A gradebook that only nbgrader itself ever wrote in does not have the table.
    if not inspect(connection).has_table(REFUSED.name):
        return {}
    asked = select(REFUSED).where(REFUSED.c.submission_id.in_(submissions))
    return {row.submission_id: row.reason for row in connection.execute(asked)}


def _notebooks(
    connection: Connection, assignment: SourceAssignment, submissions: Sequence[str]
) -> Mapping[str, Mapping[str, NotebookGiven]]:
    sources = {one.id: one for one in assignment.notebooks.values()}
    rows = connection.execute(
        select(SUBMITTED_NOTEBOOK).where(
            SUBMITTED_NOTEBOOK.c.assignment_id.in_(submissions),
            SUBMITTED_NOTEBOOK.c.notebook_id.in_(sources),
        )
    ).all()
    grades: dict[str, list[Row[tuple[object, ...]]]] = {row.id: [] for row in rows}
    comments: dict[str, dict[str, str]] = {row.id: {} for row in rows}
    for row in connection.execute(
        select(GRADE, BASE_CELL.c.name)
        .join(BASE_CELL, BASE_CELL.c.id == GRADE.c.cell_id)
        .where(GRADE.c.notebook_id.in_(grades))
    ):
        grades[row.notebook_id].append(row)
    for row in connection.execute(
        select(COMMENT, BASE_CELL.c.name)
        .join(BASE_CELL, BASE_CELL.c.id == COMMENT.c.cell_id)
        .where(COMMENT.c.notebook_id.in_(comments), COMMENT.c.manual_comment.is_not(None))
    ):
        comments[row.notebook_id][row.name] = row.manual_comment
    found: dict[str, dict[str, NotebookGiven]] = {}
    for row in rows:
        source: SourceNotebook = sources[row.notebook_id]
        found.setdefault(row.assignment_id, {})[source.name] = NotebookGiven(
            grades={one.name: _given(one) for one in grades[row.id]},
            comments=comments[row.id],
            penalty=float(row.late_submission_penalty or 0.0),
            marked=any(one.auto_score is not None or one.manual_score is not None for one in grades[row.id]),
        )
    return found


def _given(row: Row[tuple[object, ...]]) -> Given:
    by_person = row.manual_score is not None
    score = row.manual_score if by_person else row.auto_score
    return Given(
        score=float(score or 0.0) + float(row.extra_credit or 0.0),
        waiting=bool(row.needs_manual_grade),
        by_person=by_person,
    )
