"""The subcommand ``submit``."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_learner.exchange import find_exchange
from maatwerk_learner.hand_in import TEXTS, assignment_folder, handed_in, zip_assignment

from maatwerk_app.launch import default_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("assignment", help="bijvoorbeeld/for instance opdracht-3-dilemmas")
    parser.add_argument("--dir", type=Path, help="map van je cursus / folder of your course")
    parser.add_argument(
        "--zip", action="store_true", help="altijd een bestand / a file, also where there is an exchange"
    )


def run(asked: argparse.Namespace) -> int:
    """Hand in through the exchange where there is one; otherwise make the file, and say where it is."""
    course = (asked.dir or default_folder(asked.lang)).expanduser().resolve()
    folder = assignment_folder(course, asked.assignment, asked.lang)
    exchange = None if asked.zip else find_exchange(asked.lang)
    if exchange is None:
        file = zip_assignment(folder, asked.assignment, asked.lang)
        print(TEXTS["submit_done"][asked.lang].format(file=file))
    else:
        files = handed_in(folder, asked.assignment, asked.lang)
        exchange.submit(files, asked.assignment, asked.lang)
        print(TEXTS["exchange_done"][asked.lang].format(assignment=asked.assignment))
    return 0
