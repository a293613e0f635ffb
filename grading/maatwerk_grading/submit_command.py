"""The subcommand ``submit``."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_grading.hand_in import TEXTS, zip_assignment
from maatwerk_grading.start import default_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("assignment", help="bijvoorbeeld/for instance opdracht-3-dilemmas")
    parser.add_argument("--dir", type=Path, help="map van je cursus / folder of your course")


def run(asked: argparse.Namespace) -> int:
    """Make the file to hand in, and say where it is."""
    course = (asked.dir or default_folder(asked.lang)).expanduser().resolve()
    file = zip_assignment(course, asked.assignment, asked.lang)
    print(TEXTS["submit_done"][asked.lang].format(file=file))
    return 0
