"""nbgrader's gradebook in bulk: read an assignment once, and write many submissions in one transaction.

The tables are declared here once more because importing nbgrader's own takes seconds; a test holds the two
together. The rows are those that ``nbgrader.api.Gradebook`` and the autograder would have written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Float,
    Interval,
    MetaData,
    Row,
    String,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from maatwerk_grading.autograde.marks import NotebookMarks
from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.autograde.results import Before, Known, Result, State
from maatwerk_grading.autograde.source import SourceAssignment, SourceCell, SourceNotebook

TABLES = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, TABLES, *columns)


def _id(name: str = "id", **options: Any) -> Column[Any]:
    return Column(name, String(32), **options)


ASSIGNMENT = _table(
    "assignment", _id(primary_key=True), Column("name", String(128)), Column("duedate", DateTime)
)
NOTEBOOK = _table(
    "notebook",
    _id(primary_key=True),
    Column("name", String(128)),
    _id("assignment_id"),
    Column("kernelspec", String(1024)),
)
BASE_CELL = _table(
    "base_cell",
    _id(primary_key=True),
    Column("name", String(128)),
    _id("notebook_id"),
    Column("type", String(50)),
)
GRADE_CELLS = _table("grade_cells", _id(primary_key=True), Column("max_score", Float))
TASK_CELLS = _table("task_cells", _id(primary_key=True), Column("max_score", Float))
SOURCE_CELL = _table(
    "source_cell",
    _id(primary_key=True),
    Column("name", String(128)),
    Column("cell_type", String(8)),
    Column("locked", Boolean),
    Column("source", Text),
    Column("checksum", String(128)),
    _id("notebook_id"),
)
STUDENT = _table(
    "student",
    Column("id", String(128), primary_key=True),
    Column("first_name", String(128)),
    Column("last_name", String(128)),
    Column("email", String(128)),
)
SUBMISSION = _table(
    "submitted_assignment",
    _id(primary_key=True),
    _id("assignment_id"),
    Column("student_id", String(128)),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
SUBMITTED_NOTEBOOK = _table(
    "submitted_notebook",
    _id(primary_key=True),
    _id("assignment_id"),
    _id("notebook_id"),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float),
)
GRADE = _table(
    "grade",
    _id(primary_key=True),
    _id("notebook_id"),
    _id("cell_id"),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean),
)
COMMENT = _table(
    "comment",
    _id(primary_key=True),
    _id("notebook_id"),
    _id("cell_id"),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)
# Ours, in the same database so that it is true exactly when the marks are there; nbgrader leaves it alone.
GRADED = _table("maatwerk_graded", _id("submission_id", primary_key=True), Column("digest", String(64)))
# Ours too: why a submission could not be graded, as a key of grade_texts.toml.
REFUSED = _table("maatwerk_refused", _id("submission_id", primary_key=True), Column("reason", String(64)))

Penalty = Callable[[str, float, float], float | None]


def read_assignment(connection: Connection, name: str) -> SourceAssignment:
    """The assignment as it was released.

    Raises
    ------
    CannotGradeError
        When the gradebook does not have it.
    """
    found = connection.execute(select(ASSIGNMENT).where(ASSIGNMENT.c.name == name)).one_or_none()
    if found is None:
        raise CannotGradeError("no_such_assignment", assignment=name)
    notebooks = connection.execute(
        select(NOTEBOOK).where(NOTEBOOK.c.assignment_id == found.id).order_by(NOTEBOOK.c.name)
    ).all()
    return SourceAssignment(
        id=found.id,
        name=name,
        duedate=found.duedate,
        notebooks={row.name: _read_notebook(connection, row) for row in notebooks},
    )


def _read_notebook(connection: Connection, row: Row[Any]) -> SourceNotebook:
    kinds: dict[str, dict[str, Row[Any]]] = {"GradeCell": {}, "SolutionCell": {}, "TaskCell": {}}
    worth = func.coalesce(GRADE_CELLS.c.max_score, TASK_CELLS.c.max_score).label("worth")
    marked = (
        select(BASE_CELL, worth)
        .outerjoin(GRADE_CELLS, GRADE_CELLS.c.id == BASE_CELL.c.id)
        .outerjoin(TASK_CELLS, TASK_CELLS.c.id == BASE_CELL.c.id)
        .where(BASE_CELL.c.notebook_id == row.id)
    )
    for cell in connection.execute(marked):
        kinds[cell.type][cell.name] = cell
    cells = {}
    for cell in connection.execute(select(SOURCE_CELL).where(SOURCE_CELL.c.notebook_id == row.id)):
        grade, solution, task = (kinds[kind].get(cell.name) for kind in kinds)
        earns, said = grade or task, solution or task
        cells[cell.name] = SourceCell(
            name=cell.name,
            cell_type=cell.cell_type,
            locked=cell.locked,
            source=cell.source,
            checksum=cell.checksum,
            grade=grade is not None,
            solution=solution is not None,
            task=task is not None,
            points=earns and earns.worth,
            grade_id=earns and earns.id,
            comment_id=said and said.id,
        )
    kernelspec = json.loads(row.kernelspec) if row.kernelspec else None
    return SourceNotebook(row.id, row.name, kernelspec, cells)


class Gradebook:
    """The submissions of one assignment, many at a time."""

    def __init__(self, engine: Engine, assignment: SourceAssignment, penalty: Penalty | None) -> None:
        self._engine = engine
        self._assignment = assignment
        self._penalty = penalty
        # Asked for by cell, a grade is found by the index that nbgrader made; by notebook alone it is not.
        self._graded = [
            cell.grade_id
            for notebook in assignment.notebooks.values()
            for cell in notebook.cells.values()
            if cell.grade_id is not None
        ]
        for table in (GRADED, REFUSED):
            table.create(engine, checkfirst=True)

    def before(self, students: Sequence[str]) -> dict[str, Before]:
        """What earlier runs left of these students' submissions."""
        marked = exists().where(
            SUBMITTED_NOTEBOOK.c.notebook_id.in_([one.id for one in self._assignment.notebooks.values()]),
            SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id,
            GRADE.c.notebook_id == SUBMITTED_NOTEBOOK.c.id,
            GRADE.c.cell_id.in_(self._graded),
            GRADE.c.auto_score.is_not(None),
        )
        asked = (
            select(
                SUBMISSION.c.student_id,
                GRADED.c.digest,
                marked.label("marked"),
                REFUSED.c.submission_id.is_not(None).label("refused"),
            )
            .outerjoin(GRADED, GRADED.c.submission_id == SUBMISSION.c.id)
            .outerjoin(REFUSED, REFUSED.c.submission_id == SUBMISSION.c.id)
            .where(self._of(students))
        )
        with self._engine.connect() as connection:
            return {
                row.student_id: Before(row.digest, bool(row.marked), bool(row.refused))
                for row in connection.execute(asked)
            }

    def write(self, results: Sequence[Result]) -> None:
        """Write what became of many submissions, all or nothing."""
        with self._engine.begin() as connection:
            told = [result for result in results if result.known is not Known.NOTHING]
            self._students(connection, told)
            self._submissions(connection, [one for one in told if one.known is Known.SUBMISSION])

    def _students(self, connection: Connection, results: Sequence[Result]) -> None:
        names = {result.student for result in results}
        known = set(connection.scalars(select(STUDENT.c.id).where(STUDENT.c.id.in_(names))))
        _insert(connection, STUDENT, [{"id": name} for name in sorted(names - known)])

    def _submissions(self, connection: Connection, results: Sequence[Result]) -> None:
        known = {
            row.student_id: row
            for row in connection.execute(
                select(SUBMISSION).where(self._of([result.student for result in results]))
            )
        }
        new = [result for result in results if result.student not in known]
        again = [result for result in results if result.student in known]
        ids = {student: row.id for student, row in known.items()}
        ids |= dict(zip((result.student for result in new), new_ids(len(new)), strict=True))
        _insert(
            connection,
            SUBMISSION,
            [
                {
                    "id": ids[result.student],
                    "assignment_id": self._assignment.id,
                    "student_id": result.student,
                    "timestamp": result.timestamp,
                    "extension": None,
                }
                for result in new
            ],
        )
        notebooks = self._notebooks(connection, ids, new, again)
        self._new_marks(connection, notebooks, new)
        self._changed_marks(connection, notebooks, again)
        _execute(
            connection,
            SUBMISSION.update().where(SUBMISSION.c.id == bindparam("at")).values(timestamp=bindparam("when")),
            [{"at": ids[one.student], "when": one.timestamp} for one in again if one.timestamp is not None],
        )
        self._penalties(connection, notebooks, results, known)
        graded = {ids[one.student]: one.digest for one in results if one.state is State.GRADED}
        connection.execute(GRADED.delete().where(GRADED.c.submission_id.in_(graded)))
        _insert(connection, GRADED, [{"submission_id": at, "digest": d} for at, d in graded.items()])
        told = [ids[one.student] for one in results]
        connection.execute(REFUSED.delete().where(REFUSED.c.submission_id.in_(told)))
        refused = {ids[one.student]: one.remarks[0].key for one in results if one.state is State.FAILED}
        _insert(connection, REFUSED, [{"submission_id": at, "reason": key} for at, key in refused.items()])

    def _notebooks(
        self,
        connection: Connection,
        ids: Mapping[str, str],
        new: Sequence[Result],
        again: Sequence[Result],
    ) -> dict[tuple[str, str], str]:
        """The key of every notebook that was handed in, by student and notebook."""
        names = {notebook.id: name for name, notebook in self._assignment.notebooks.items()}
        students = {ids[result.student]: result.student for result in again}
        found = {
            (students[row.assignment_id], names[row.notebook_id]): row.id
            for row in connection.execute(
                select(SUBMITTED_NOTEBOOK).where(
                    SUBMITTED_NOTEBOOK.c.notebook_id.in_(names),
                    SUBMITTED_NOTEBOOK.c.assignment_id.in_(students),
                )
            )
        }
        wanted = [(result.student, name) for result in new for name in self._assignment.notebooks]
        made = dict(zip(wanted, new_ids(len(wanted)), strict=True))
        _insert(
            connection,
            SUBMITTED_NOTEBOOK,
            [
                {
                    "id": made[student, name],
                    "assignment_id": ids[student],
                    "notebook_id": self._assignment.notebooks[name].id,
                    "flagged": False,
                    "late_submission_penalty": None,
                }
                for student, name in wanted
            ],
        )
        return found | made

    def _new_marks(
        self, connection: Connection, notebooks: Mapping[tuple[str, str], str], new: Sequence[Result]
    ) -> None:
        grades: list[dict[str, Any]] = []
        comments: list[dict[str, Any]] = []
        for result in new:
            marks = {one.name: one for one in result.notebooks}
            for name, source in self._assignment.notebooks.items():
                at = notebooks[result.student, name]
                absent = name in result.absent
                given = marks.get(name, NotebookMarks(name, {}, {}))
                for cell in source.cells.values():
                    if cell.grade_id is not None:
                        score = 0.0 if absent else given.scores.get(cell.name)
                        grades.append(
                            {
                                "notebook_id": at,
                                "cell_id": cell.grade_id,
                                "auto_score": score,
                                "needs_manual_grade": score is None,
                            }
                        )
                    if cell.comment_id is not None:
                        said = given.comments.get(cell.name)
                        comments.append({"notebook_id": at, "cell_id": cell.comment_id, "auto_comment": said})
        for table, rows in ((GRADE, grades), (COMMENT, comments)):
            for row, key in zip(rows, new_ids(len(rows)), strict=True):
                row["id"] = key
            _insert(connection, table, rows)

    def _changed_marks(
        self, connection: Connection, notebooks: Mapping[tuple[str, str], str], again: Sequence[Result]
    ) -> None:
        grades, comments, absent, graded = [], [], [], []
        for result in again:
            absent += [{"notebook": notebooks[result.student, name]} for name in result.absent]
            for given in result.notebooks:
                cells = self._assignment.notebooks[given.name].cells
                at: dict[str, Any] = {"notebook": notebooks[result.student, given.name]}
                graded.append(at)
                grades += [
                    at | {"cell": cells[name].grade_id, "score": score, "unmarked": score is None}
                    for name, score in given.scores.items()
                ]
                comments += [
                    at | {"cell": cells[name].comment_id, "said": said}
                    for name, said in given.comments.items()
                ]
        here = and_(GRADE.c.notebook_id == bindparam("notebook"), GRADE.c.cell_id.in_(self._graded))
        # A person's mark stays, and asks to be looked at once more.
        looked_at = or_(GRADE.c.manual_score.is_not(None), bindparam("unmarked", type_=Boolean))
        _execute(
            connection, GRADE.update().where(here).values(auto_score=0.0, needs_manual_grade=False), absent
        )
        _execute(
            connection,
            GRADE.update()
            .where(GRADE.c.notebook_id == bindparam("notebook"), GRADE.c.cell_id == bindparam("cell"))
            .values(auto_score=bindparam("score"), needs_manual_grade=looked_at),
            grades,
        )
        _execute(
            connection,
            COMMENT.update()
            .where(COMMENT.c.notebook_id == bindparam("notebook"), COMMENT.c.cell_id == bindparam("cell"))
            .values(auto_comment=bindparam("said")),
            comments,
        )
        _execute(
            connection,
            SUBMITTED_NOTEBOOK.update()
            .where(SUBMITTED_NOTEBOOK.c.id == bindparam("notebook"))
            .values(late_submission_penalty=None),
            graded,
        )

    def _penalties(
        self,
        connection: Connection,
        notebooks: Mapping[tuple[str, str], str],
        results: Sequence[Result],
        known: Mapping[str, Row[Any]],
    ) -> None:
        """What handing in late costs, by nbgrader's own plugin."""
        due = self._assignment.duedate
        if due is None or self._penalty is None:
            return
        for result in results:
            earlier = known.get(result.student)
            extension = (earlier and earlier.extension) or timedelta()
            moment = result.timestamp or (earlier and earlier.timestamp)
            late = (moment - due - extension).total_seconds() if moment else 0
            for given in result.notebooks if late > 0 else ():
                at = notebooks[result.student, given.name]
                score = connection.scalar(
                    select(_SCORE).where(GRADE.c.notebook_id == at, GRADE.c.cell_id.in_(self._graded))
                )
                penalty = self._penalty(result.student, score, late)
                if penalty is not None:
                    connection.execute(
                        SUBMITTED_NOTEBOOK.update()
                        .where(SUBMITTED_NOTEBOOK.c.id == at)
                        .values(late_submission_penalty=max(0.0, min(penalty, score)))
                    )

    def _of(self, students: Sequence[str]) -> ColumnElement[bool]:
        return and_(SUBMISSION.c.assignment_id == self._assignment.id, SUBMISSION.c.student_id.in_(students))


# A person's mark goes before the automatic one, and extra credit comes on top of either.
_SCORE = func.coalesce(
    func.sum(
        func.coalesce(
            func.coalesce(GRADE.c.manual_score, GRADE.c.auto_score)
            + func.coalesce(GRADE.c.extra_credit, 0.0),
            0.0,
        )
    ),
    0.0,
)


def new_ids(count: int) -> list[str]:
    """Keys as nbgrader makes them: 32 hexadecimal digits of chance."""
    digits = os.urandom(16 * count).hex()
    return [digits[at : at + 32] for at in range(0, 32 * count, 32)]


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    _execute(connection, table.insert(), rows)


def _execute(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    # SQLAlchemy takes no rows at all for one row of nothing but defaults.
    if rows:
        connection.execute(statement, rows)
