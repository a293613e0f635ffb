"""A grader that is killed at any moment leaves whole marks or none, and goes on where it was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from handed_in import EXERCISE, HALF_SCORES, NAME, answers_file, half_fields, model_fields
from hostile import submit
from hostile_case import Case
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.compare import differences, facts
from maatwerk_grading.autograde.course import Course, read_course
from maatwerk_grading.autograde.results import State

pytestmark = pytest.mark.xdist_group("fast")

KILLS = 50
STUDENTS = tuple(f"cursist-{number:02}" for number in range(8 + KILLS))
FULL, HALF = float(sum(EXERCISE.points.values())), sum(HALF_SCORES.values())
ANSWERS = {FULL: answers_file(model_fields(5, 5)), HALF: answers_file(half_fields())}

MARKS = """
select submitted_assignment.student_id, count(*), count(auto_score), sum(auto_score)
from submitted_assignment
join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
join grade on grade.notebook_id = submitted_notebook.id
group by submitted_assignment.student_id
"""


def _marks(course: Course) -> dict[str, tuple[int, int, float]]:
    """Of every student: how many rows there are, how many have a mark, and the sum."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        return {student: (rows, marked, total) for student, rows, marked, total in database.execute(MARKS)}


def _hand_in(course: Course, student: str, chance: random.Random) -> None:
    file = course.folder(course.submitted, student) / "answers.json"
    # Every time another file: to the grader, something new.
    file.write_bytes(ANSWERS[chance.choice((FULL, HALF))] + b" " * chance.randint(1, 1000))


def _killed_after(results: int, seconds: float, course: Course) -> None:
    """Grade over and over in a process of its own; kill it so many results later, and a moment more.

    Counted in results, since time alone would on a busy machine always be too early.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            while True:
                for _ in grade_all(course, list(course.students()), Request(force=True)):
                    os.write(tell, b".")
        finally:
            os._exit(1)
    os.close(tell)
    for _ in range(results):
        assert os.read(told, 1), "it went on until it was killed"
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(told)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was at work when it was killed"


def test_fifty_kills_leave_no_half_mark_and_lose_none(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maatwerk_grading.autograde.batch.PART", 2)
    root = tmp_path / "nl"
    shutil.copytree(released, root)
    course, chance = read_course(root, NAME), random.Random(50)
    waiting = list(STUDENTS)
    chance.shuffle(waiting)

    def newcomer() -> None:
        student = waiting.pop()
        submit(Case(student, lambda _folder: None), root)
        _hand_in(course, student, chance)

    for _ in range(8):
        newcomer()
    list(grade_all(course, list(course.students()), Request()))
    started = time.monotonic()
    list(grade_all(course, list(course.students()), Request(force=True)))
    once = time.monotonic() - started
    had = _marks(course)
    (whole,) = {rows for rows, _, _ in had.values()}
    for _ in range(KILLS):
        newcomer()
        for student in chance.sample(sorted(had), 4):
            _hand_in(course, student, chance)
        # Between two results as well as before the first one.
        _killed_after(chance.randint(0, len(had) + 1), chance.uniform(0, once / len(had)), course)
        marks = _marks(course)
        assert set(had) <= set(marks), "no mark was lost"
        for student, (rows, marked, total) in marks.items():
            # Three texts wait for a person.
            assert (rows, marked) == (whole, whole - 3), student
            assert any(total == pytest.approx(wanted) for wanted in (FULL, HALF)), student
        had = marks
    assert len(had) > 8, "some newcomers were graded by a grader that was killed"
    found = list(grade_all(course, list(course.students()), Request()))
    assert {result.state for result in found} <= {State.GRADED, State.UNCHANGED}
    # As if it had never been killed.
    fresh = tmp_path / "opnieuw"
    shutil.copytree(released, fresh)
    shutil.copytree(root / "submitted", fresh / "submitted")
    again = read_course(fresh, NAME)
    list(grade_all(again, list(again.students()), Request()))
    assert differences(facts(course, STUDENTS), facts(again, STUDENTS)) == []
    assert not (root / "autograded" / ".maatwerk").exists()
