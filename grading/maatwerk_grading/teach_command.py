"""The subcommand ``teach``: what an instructor needs once."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_grading.teach_init import make_course_folder, said_after


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    init = tasks.add_parser(
        "init", help="maak een cursusmap voor nbgrader / make a course folder for nbgrader"
    )
    init.add_argument("folder", type=Path, metavar="DIR", help="nieuwe map / new folder")


def run(asked: argparse.Namespace) -> int:
    """Make the course folder, and say how to go on."""
    folder = asked.folder.expanduser().resolve()
    print(said_after(make_course_folder(folder, asked.lang), folder, asked.lang))
    return 0
