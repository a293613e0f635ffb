"""A second opinion: nbgrader's own autograder grades a few submissions again, in a copy, and all is compared.

nbgrader runs whatever code stands in a submission. So only submissions without any are taken for this.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Table, create_engine, select

from maatwerk_grading.autograde.compare import Difference, Facts, differences, facts
from maatwerk_grading.autograde.course import CONFIGURATION, Course
from maatwerk_grading.autograde.notebook import restore
from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.autograde.source import SourceAssignment
from maatwerk_grading.autograde.submission import name_problem, read_submission


@dataclass(frozen=True, slots=True)
class Opinion:
    """What nbgrader makes of some of the submissions.

    Parameters
    ----------
    students : tuple of str
        Whose submissions were compared.
    passed_over : int
        How many submissions were not taken because nbgrader would have run what a learner put there.
    found : tuple of Difference
        What differs.
    said : str
        What nbgrader said.
    """

    students: tuple[str, ...]
    passed_over: int
    found: tuple[Difference, ...]
    said: str


def second_opinion(course: Course, assignment: SourceAssignment, count: int) -> Opinion:
    """Let nbgrader grade up to ``count`` submissions that were graded already, and compare."""
    graded = [one for one in course.students() if course.folder(course.autograded, one).is_dir()]
    harmless = [one for one in graded if _harmless(course, assignment, one)]
    students = tuple(sorted(random.sample(harmless, min(count, len(harmless)))))
    with TemporaryDirectory(prefix="maatwerk-") as folder:
        # Links would make the two folders' names differ.
        copy = _copy(course, students, Path(folder).resolve())
        said = _autograde(copy) if students else ""
        ours, theirs = facts(course, students), facts(copy, students)
    found = differences(_comparable(ours), _comparable(theirs))
    return Opinion(students, len(graded) - len(harmless), tuple(found), said)


def _harmless(course: Course, assignment: SourceAssignment, student: str) -> bool:
    """Whether nbgrader would run nothing of the learner's: no cell, and no module beside the notebook."""
    try:
        if name_problem(student) is not None:
            return False
        submission = read_submission(course, student)
        remarks = [
            remark.key
            for name, source in assignment.notebooks.items()
            for remark in restore(submission.notebooks[name], source).remarks
        ]
    except (CannotGradeError, KeyError):
        return False
    return not submission.extras and not submission.remarks and "own_code" not in remarks


def _copy(course: Course, students: Sequence[str], root: Path) -> Course:
    """A course folder with nothing but these submissions."""
    copy = replace(course, root=root, db_url=f"sqlite:///{root / 'gradebook.db'}")
    configuration = course.root / f"{CONFIGURATION}.py"
    if configuration.exists():
        shutil.copy(configuration, root)
    sources = [(course.source, ".")] + [(course.submitted, student) for student in students]
    for step, student in sources:
        if course.folder(step, student).exists():
            shutil.copytree(course.folder(step, student), copy.folder(step, student))
    copy_gradebook(course, copy, students)
    return copy


def copy_gradebook(course: Course, copy: Course, students: Sequence[str]) -> None:
    """Make a gradebook with nothing but the assignment and what these students handed in."""
    from nbgrader.api import Base

    tables: dict[str, Table] = dict(Base.metadata.tables)
    original, new = create_engine(course.db_url), create_engine(copy.db_url)
    Base.metadata.create_all(new)
    with original.connect() as source, new.begin() as target:
        for table, rows in _rows(source, tables, course.assignment, students):
            if rows:
                target.execute(table.insert(), rows)
    original.dispose()
    new.dispose()


def _rows(
    source: Connection, tables: dict[str, Table], assignment: str, students: Sequence[str]
) -> Iterator[tuple[Table, list[dict[str, object]]]]:
    """The rows that have to do with one assignment and these students, parents first."""

    def taken(name: str, column: str, values: Sequence[object]) -> list[dict[str, object]]:
        table = tables[name]
        return [
            dict(row) for row in source.execute(select(table).where(table.c[column].in_(values))).mappings()
        ]

    def keys(rows: list[dict[str, object]]) -> list[object]:
        return [row["id"] for row in rows]

    courses = [dict(row) for row in source.execute(select(tables["course"])).mappings()]
    assignments = taken("assignment", "name", [assignment])
    notebooks = taken("notebook", "assignment_id", keys(assignments))
    cells = taken("base_cell", "notebook_id", keys(notebooks))
    submissions = [
        row
        for row in taken("submitted_assignment", "student_id", students)
        if row["assignment_id"] in keys(assignments)
    ]
    handed_in = taken("submitted_notebook", "assignment_id", keys(submissions))
    yield tables["course"], courses
    yield tables["assignment"], assignments
    yield tables["notebook"], notebooks
    yield tables["base_cell"], cells
    for name in ("grade_cells", "solution_cells", "task_cells"):
        yield tables[name], taken(name, "id", keys(cells))
    yield tables["source_cell"], taken("source_cell", "notebook_id", keys(notebooks))
    yield tables["student"], taken("student", "id", students)
    yield tables["submitted_assignment"], submissions
    yield tables["submitted_notebook"], handed_in
    for name in ("grade", "comment"):
        yield tables[name], taken(name, "notebook_id", keys(handed_in))


def _autograde(course: Course) -> str:
    command = [sys.executable, "-m", "nbgrader", "autograde", course.assignment, "--force"]
    places = [f"--course-dir={course.root}", f"--db={course.db_url}"]
    # nbgrader starts programs that stand beside this Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        [*command, *places],
        cwd=course.root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    return run.stdout + run.stderr


def _comparable(found: Facts) -> Facts:
    """Without what a person has changed: nbgrader asks again for every mark that a person gave."""
    by_hand = {fact.removesuffix(" manual_score") for fact, value in found.items() if _is_hand(fact, value)}
    above = {part for cell in by_hand for part in (cell.rsplit("/", 1)[0], cell.split("/", 1)[0])}
    return {
        fact: value
        for fact, value in found.items()
        if fact.removesuffix(" needs_manual_grade") not in by_hand | above
    }


def _is_hand(fact: str, value: object) -> bool:
    return fact.endswith(" manual_score") and value is not None
