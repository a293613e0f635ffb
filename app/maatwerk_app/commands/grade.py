"""``maatwerk grade``: its arguments, and what it says."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from maatwerk.errors import CommandError
from maatwerk_grading.autograde.problems import CannotGradeError, Remark

if TYPE_CHECKING:
    from maatwerk_grading.autograde.course import Course
    from maatwerk_grading.likeness import Texts

# What `pip install maatwerk[teach]` brings along.
NEEDED = ("nbgrader", "sqlalchemy", "msgspec")
NOT_ALL = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are; those that nbgrader has too are called the same."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="de opdracht / the assignment")
    parser.add_argument("--student", help="patroon van namen / pattern of names (*)")
    parser.add_argument(
        "-f", "--force", action="store_true", help="ook wat niet is veranderd / also what has not changed"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="aantal processen / number of processes"
    )
    parser.add_argument(
        "--verify",
        type=int,
        metavar="N",
        help="vergelijk N inzendingen met nbgrader autograde / compare N submissions with it",
    )
    parser.add_argument(
        "--course-dir", type=Path, default=Path(), help="de cursusmap / the course folder (.)"
    )


def run(asked: argparse.Namespace) -> int:
    """Carry it out; the value is the exit code: 1 when not all was graded, or nbgrader does not agree."""
    if any(find_spec(name) is None for name in NEEDED):
        raise CommandError(Remark("not_installed").say(asked.lang))
    try:
        with _quick_to_start():
            from maatwerk_grading.autograde.batch import Request, grade_all, released
            from maatwerk_grading.autograde.course import read_course
            from maatwerk_grading.autograde.report import Report
            from maatwerk_grading.own_texts import own_texts

        course = read_course(asked.course_dir.absolute(), asked.assignment)
        students = list(course.students(asked.student))
        if not students:
            raise _nobody(course, asked.student)
        with Report(asked.lang, len(students)) as report:
            for result in grade_all(course, students, Request(asked.force, asked.jobs)):
                report.add(result)
            report.alike(partial(_texts, course), partial(own_texts, asked.assignment))
            if asked.student is None:
                report.never_collected(_never_collected(course, students))
        if asked.verify:
            from maatwerk_grading.autograde.verify import second_opinion

            report.second_opinion(second_opinion(course, released(course), asked.verify))
    except CannotGradeError as error:
        raise CommandError(error.remark.say(asked.lang)) from error
    except OSError as error:
        raise CommandError(Remark("folder_unusable", {"reason": str(error)}).say(asked.lang)) from error
    except KeyboardInterrupt:
        raise CommandError(Remark("interrupted").say(asked.lang)) from None
    return 0 if report.all_well else NOT_ALL


def _texts(course: Course, student: str) -> Texts:
    """What somebody wrote, read once more in the same careful way."""
    from maatwerk_grading.autograde.grader import book_of
    from maatwerk_grading.autograde.submission import read_answers
    from maatwerk_grading.bridge import Unusable
    from maatwerk_grading.likeness import texts_of

    book = book_of(read_answers(course, student))
    return {} if isinstance(book, Unusable) else texts_of(book)


def _never_collected(course: Course, students: Sequence[str]) -> list[str]:
    """Who stood on a list that `maatwerk collect` was given, and of whom there is no work."""
    from maatwerk_grading.lms.collected import read_collected

    there = set(students)
    listed = read_collected(course.root, course.assignment).listed
    return [name or student for student, name in listed.items() if student not in there]


def _nobody(course: Course, pattern: str | None) -> CannotGradeError:
    words = {"assignment": course.assignment, "folder": str(course.root / course.submitted)}
    return (
        CannotGradeError("no_such_student", pattern=pattern, **words)
        if pattern
        else CannotGradeError("nobody", **words)
    )


@contextmanager
def _quick_to_start() -> Iterator[None]:
    """What is imported here stays to the end: looking for garbage in it takes long and finds none."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
