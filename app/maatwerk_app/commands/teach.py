"""The subcommand ``teach``: a course folder, and questions of the instructor's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_grading.course_folder.create import make_course_folder, said_after
from maatwerk_grading.course_folder.own_questions import put_questions, said_after_questions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    init = tasks.add_parser(
        "init", help="maak een cursusmap voor nbgrader / make a course folder for nbgrader"
    )
    init.add_argument("folder", type=Path, metavar="DIR", help="nieuwe map / new folder")
    questions = tasks.add_parser(
        "questions", help="zet je eigen toetsvragen in een opdracht / put your own questions in an assignment"
    )
    questions.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="DIR",
        help="cursusmap / course folder (anders deze map / otherwise this folder)",
    )


def run(asked: argparse.Namespace) -> int:
    """Make the course folder, or put questions in it, and say how to go on."""
    folder = asked.folder.expanduser().resolve()
    if asked.task == "init":
        print(said_after(make_course_folder(folder, asked.lang), folder, asked.lang))
    else:
        print(said_after_questions(*put_questions(folder, asked.lang), asked.lang))
    return 0
