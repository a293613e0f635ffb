"""The subcommand ``feedback``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from maatwerk import Language
from maatwerk.errors import CommandError
from maatwerk_grading.autograde.course import read_course
from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.bridge import clean
from maatwerk_grading.feedback.run import Made, Outcome, make_all
from maatwerk_grading.feedback.words import TEXTS

NOT_ALL = 1
# So many names are told; a class of thousands would fill the screen.
MOST_NAMES = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are; those that nbgrader has too are called the same."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="de opdracht / the assignment")
    parser.add_argument("--student", help="patroon van namen / pattern of names (*)")
    parser.add_argument(
        "-f", "--force", action="store_true", help="ook wat niet is veranderd / also what has not changed"
    )
    parser.add_argument(
        "--course-dir", type=Path, default=Path(), help="de cursusmap / the course folder (.)"
    )


def run(asked: argparse.Namespace) -> int:
    """Make the pages; the value is the exit code: 1 when somebody gets none."""
    try:
        course = read_course(asked.course_dir.absolute(), asked.assignment)
        found = list(make_all(course, asked.student, asked.lang, asked.force))
        handed_in = list(course.students(asked.student))
    except CannotGradeError as error:
        raise CommandError(error.remark.say(asked.lang)) from error
    told = {one.student for one in found}
    ungraded = [student for student in handed_in if student not in told]
    if not found:
        words = "command_nobody" if asked.student and not ungraded else "command_nothing"
        text = TEXTS[words][asked.lang]
        raise CommandError(text.format(assignment=asked.assignment, pattern=asked.student))
    for line in report(found, ungraded, course.root / course.feedback, asked.assignment, asked.lang):
        print(line)
    return NOT_ALL if ungraded or any(one.outcome is Outcome.FAILED for one in found) else 0


def report(
    found: Sequence[Made], ungraded: Sequence[str], folder: Path, assignment: str, lang: Language
) -> list[str]:
    """What to tell the instructor, a line each."""
    lines = [
        TEXTS["command_failed"][lang].format(student=one.student, reason=one.reason)
        for one in found
        if one.outcome is Outcome.FAILED
    ]
    groups = {
        "command_refused": [one.student for one in found if one.refused],
        "command_ungraded": list(ungraded),
        "command_waiting": [one.student for one in found if one.waiting],
    }
    lines += [
        TEXTS[words][lang].format(count=len(names), students=_names(names, lang), assignment=assignment)
        for words, names in groups.items()
        if names
    ]
    counts = {
        outcome.value: sum(one.outcome is outcome for one in found)
        for outcome in (Outcome.MADE, Outcome.UNCHANGED)
    }
    lines.append(TEXTS["done"][lang].format(folder=folder, **counts))
    # A learner may have chosen what stands in a line: it stays on its line, and steers no terminal.
    return [" ".join(clean(line).split()) for line in lines]


def _names(names: Sequence[str], lang: Language) -> str:
    shown = list(names[:MOST_NAMES])
    left = len(names) - len(shown)
    return ", ".join([*shown, *([TEXTS["command_more"][lang].format(count=left)] if left else [])])
