"""Grading all submissions of an assignment, in parts, so that a run can be killed and goes on where it was.

A submission's files are put in place first. Its marks are written after that, in one transaction with the
rest of the part, and with a fingerprint of what was graded. Without that it counts as not graded.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from maatwerk_grading.autograde import autograded
from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.gradebook import Gradebook, read_assignment
from maatwerk_grading.autograde.grader import Grader
from maatwerk_grading.autograde.late_penalty import penalty
from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.autograde.results import Before, Result
from maatwerk_grading.autograde.rules import fingerprint
from maatwerk_grading.autograde.source import SourceAssignment
from maatwerk_grading.autograde.submission import name_problem
from maatwerk_grading.autograde.trouble import trouble

# Few enough to lose little when a run is killed, and to need little memory; enough to write in bulk.
PART = 50
LOCK = ".maatwerk-grade.lock"
SECONDS_FOR_THE_GRADEBOOK = 60

Start = Callable[[Sequence[str], Mapping[str, Before]], Callable[[], list[Result]]]


@dataclass(frozen=True, slots=True)
class Request:
    """What the instructor asked for.

    Parameters
    ----------
    force : bool
        Whether to grade again what has not changed.
    jobs : int
        How many processes to use.
    """

    force: bool = False
    jobs: int = 1


def grade_all(course: Course, students: Sequence[str], request: Request) -> Iterator[Result]:
    """Grade the submissions of these students, and say what became of each once it is in the gradebook.

    Raises
    ------
    CannotGradeError
        When nothing can be graded at all.
    """
    with _alone(course), opened_gradebook(course) as engine:
        assignment = read_released(engine, course)
        _check(assignment)
        gradebook = Gradebook(engine, assignment, penalty(course))
        masters = autograded.master_files(course)
        grader = Grader(
            course=replace(course, late=None),
            assignment=assignment,
            rules=fingerprint(course, assignment, masters),
            masters=masters,
            force=request.force,
        )
        jobs = min(request.jobs, -(-len(students) // PART))
        with autograded.staged(course), _workers(grader, jobs) as start:
            waiting: deque[Callable[[], list[Result]]] = deque()
            for at in range(0, len(students), PART):
                part = students[at : at + PART]
                known = [student for student in part if name_problem(student) is None]
                waiting.append(start(part, gradebook.before(known)))
                # Marks are written while the next parts are graded; only so many wait in memory.
                if len(waiting) > jobs:
                    yield from _written(gradebook, waiting.popleft()())
            while waiting:
                yield from _written(gradebook, waiting.popleft()())


def released(course: Course) -> SourceAssignment:
    """The assignment as it was released.

    Raises
    ------
    CannotGradeError
        When the gradebook does not have it.
    """
    with opened_gradebook(course) as engine:
        return read_released(engine, course)


def read_released(engine: Engine, course: Course) -> SourceAssignment:
    """The assignment as an open gradebook has it.

    Raises
    ------
    CannotGradeError
        When it does not.
    """
    with engine.connect() as connection:
        return read_assignment(connection, course.assignment)


def _written(gradebook: Gradebook, results: list[Result]) -> list[Result]:
    gradebook.write(results)
    return results


def _check(assignment: SourceAssignment) -> None:
    if not assignment.notebooks:
        raise CannotGradeError("no_notebooks", assignment=assignment.name)
    for notebook in assignment.notebooks.values():
        if notebook.asks_for_code:
            raise CannotGradeError("asks_for_code", notebook=notebook.name)
        if not notebook.is_python:
            raise CannotGradeError("only_python", notebook=notebook.name)


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    lock = FileLock(course.root / LOCK, timeout=0)
    try:
        with lock:
            yield
    except Timeout:
        raise CannotGradeError("busy", folder=str(course.root)) from None


@contextmanager
def opened_gradebook(course: Course) -> Iterator[Engine]:
    """The gradebook, which nbgrader made when the assignment was released.

    Raises
    ------
    CannotGradeError
        When it is not there, or cannot be used.
    """
    try:
        url = make_url(course.db_url)
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite and url.database and not Path(url.database).exists():
            raise CannotGradeError("no_gradebook", file=url.database)
        # Formgrader may be writing just now. No connection is left open for other processes to inherit.
        options = {"timeout": SECONDS_FOR_THE_GRADEBOOK} if sqlite else {}
        yield create_engine(url, poolclass=NullPool, connect_args=options)
    except SQLAlchemyError as error:
        remark = trouble(error)
        raise CannotGradeError(remark.key, **remark.words) from error


@contextmanager
def _workers(grader: Grader, jobs: int) -> Iterator[Start]:
    """How to start on a part: here, or in one of several processes. What it gives waits for the results."""
    if jobs <= 1:
        yield lambda part, before: partial(_grade_part, part, before, grader)
        return
    # Imported only here: a small class needs no processes.
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    try:
        with ProcessPoolExecutor(jobs, initializer=_set_up, initargs=(grader,)) as pool:
            yield lambda part, before: pool.submit(_grade_part, part, before).result
    except BrokenProcessPool:
        raise CannotGradeError("worker_died") from None


_here: list[Grader] = []


def _set_up(grader: Grader) -> None:
    """Give a process its grader, once."""
    # Who stops the command stops the process that asks for work; this one finishes its part.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here[:] = [grader]


def _grade_part(
    part: Sequence[str], before: Mapping[str, Before], grader: Grader | None = None
) -> list[Result]:
    grader = grader or _here[0]
    return [grader.grade(student, before.get(student, Before())) for student in part]
