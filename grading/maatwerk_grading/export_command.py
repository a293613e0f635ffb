"""The subcommand ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk.loader import read_texts
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader

from maatwerk_grading.command_error import CommandError
from maatwerk_grading.exporters import EXPORTERS, MarkList, mark_list, write_csv

TEXTS = read_texts(Path(__file__).parent / "teach_texts.toml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("--lms", choices=tuple(EXPORTERS), default="generic", help="leeromgeving / LMS")
    parser.add_argument("--assignment", help="één opdracht / one assignment (anders/otherwise: alle/all)")
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="map / folder (hier/here)")


def run(asked: argparse.Namespace) -> int:
    """Write the marks in the gradebook of the course folder in which this runs."""
    for marks in _mark_lists(asked):
        exporter = EXPORTERS[asked.lms]()
        file = asked.to / f"{marks.assignment}-{asked.lms}.csv"
        write_csv(file, exporter.rows(marks))
        count = sum(mark.score is not None for mark in marks.marks)
        print(TEXTS["export_done"][asked.lang].format(count=count, file=file))
        if marks.waiting:
            students = ", ".join(marks.waiting)
            print(TEXTS["export_waiting"][asked.lang].format(count=len(marks.waiting), students=students))
    return 0


def _mark_lists(asked: argparse.Namespace) -> list[MarkList]:
    course = NbGrader()
    course.initialize([])
    url, folder = course.coursedir.db_url, course.coursedir.root
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise CommandError(TEXTS["export_no_gradebook"][asked.lang].format(folder=folder))
    with Gradebook(url, course.coursedir.course_id) as gradebook:
        known = [assignment.name for assignment in gradebook.assignments]
        try:
            return [
                mark_list(gradebook, name) for name in ([asked.assignment] if asked.assignment else known)
            ]
        except MissingEntry:
            words = TEXTS["export_unknown"][asked.lang]
            raise CommandError(
                words.format(assignment=asked.assignment, assignments=", ".join(known))
            ) from None
