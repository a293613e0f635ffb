"""The subcommand ``report``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from maatwerk import framework

from maatwerk_grading.assignments import assignments
from maatwerk_grading.command_error import CommandError
from maatwerk_grading.course_folder import graded_assignments, opened_course
from maatwerk_grading.exporters import write_csv
from maatwerk_grading.report.measures import item_measures
from maatwerk_grading.report.page import TEXTS, report_page
from maatwerk_grading.report.source import Marks, read_choices, read_marks, read_second_marks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("assignment", help="bijvoorbeeld/for instance opdracht-3-dilemmas")
    parser.add_argument("--second", type=Path, metavar="CSV", help="tweede beoordelaar / second marker")
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="map / folder (hier/here)")


def run(asked: argparse.Namespace) -> int:
    """Write the report on one assignment of the course folder in which this runs."""
    known = assignments().get(asked.assignment)
    exercises = [exercise.key for exercise in known.dilemmas] if known else []
    with opened_course(asked.lang) as course:
        (name,) = graded_assignments(course.gradebook, asked.assignment, asked.lang)
        marks = read_marks(course.gradebook, name)
    choices = read_choices(course.submitted, name, exercises)
    page = report_page(
        marks,
        choices,
        _second(asked),
        known,
        framework(),
        asked.lang,
        datetime.now(),
    )
    page_file = asked.to / f"{asked.assignment}-report.html"
    table_file = asked.to / f"{asked.assignment}-report.csv"
    try:
        asked.to.mkdir(parents=True, exist_ok=True)
        page_file.write_text(page, encoding="utf-8")
        write_csv(table_file, _rows(marks))
    except OSError as error:
        words = TEXTS["error_write"][asked.lang]
        raise CommandError(words.format(reason=error.strerror or error, folder=asked.to)) from None
    print(TEXTS["done"][asked.lang].format(page=page_file, table=table_file))
    return 0


def _second(asked: argparse.Namespace) -> Mapping[tuple[str, str], float] | None:
    if asked.second is None:
        return None
    try:
        return read_second_marks(asked.second)
    except (OSError, ValueError) as error:
        words = TEXTS["error_second"][asked.lang]
        raise CommandError(words.format(file=asked.second, line=error)) from None


def _rows(marks: Marks) -> list[tuple[str, ...]]:
    """The figures of every part, for a spreadsheet; nothing where nothing can be said."""
    head = ("part", "maximum", "p_value", "item_rest")
    measures = item_measures(marks.scores, {**marks.automatic, **marks.manual})
    return [
        head,
        *(
            (
                one.name,
                f"{one.maximum:g}",
                f"{one.p_value:.4f}",
                "" if one.item_rest is None else f"{one.item_rest:.4f}",
            )
            for one in measures
        ),
    ]
