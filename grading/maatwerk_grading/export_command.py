"""The subcommand ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_grading.course_folder import TEXTS, graded_assignments, opened_course
from maatwerk_grading.exporters import EXPORTERS, mark_list, write_csv


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("--lms", choices=tuple(EXPORTERS), default="generic", help="leeromgeving / LMS")
    parser.add_argument("--assignment", help="één opdracht / one assignment (anders/otherwise: alle/all)")
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="map / folder (hier/here)")


def run(asked: argparse.Namespace) -> int:
    """Write the marks in the gradebook of the course folder in which this runs."""
    with opened_course(asked.lang) as course:
        names = graded_assignments(course.gradebook, asked.assignment, asked.lang)
        lists = [mark_list(course.gradebook, name) for name in names]
    for marks in lists:
        file = asked.to / f"{marks.assignment}-{asked.lms}.csv"
        write_csv(file, EXPORTERS[asked.lms]().rows(marks))
        count = sum(mark.score is not None for mark in marks.marks)
        print(TEXTS["export_done"][asked.lang].format(count=count, file=file))
        if marks.waiting:
            students = ", ".join(marks.waiting)
            print(TEXTS["export_waiting"][asked.lang].format(count=len(marks.waiting), students=students))
    return 0
