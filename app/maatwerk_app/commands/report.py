"""The subcommand ``report``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from maatwerk import Language, framework
from maatwerk.errors import CommandError
from maatwerk_exercises.assignments import Assignment, assignments
from maatwerk_grading.course_folder.open import graded_assignments, opened_course
from maatwerk_grading.report.page import TEXTS, measures_of, part_names, report_page
from maatwerk_grading.report.second import BadSecondMarksError, SecondMarks, read_second_marks
from maatwerk_grading.report.source import Marks, read_marks, read_submitted
from maatwerk_grading.spreadsheet import Cell, write_csv, write_workbook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("assignment", help="bijvoorbeeld/for instance opdracht-3-dilemmas")
    parser.add_argument(
        "--second",
        type=Path,
        metavar="FILE",
        help="cijfers van een tweede beoordelaar (.xlsx, .csv) / marks of a second marker",
    )
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="map / folder (hier/here)")


def run(asked: argparse.Namespace) -> int:
    """Write the report on one assignment of the course folder in which this runs."""
    known = assignments().get(asked.assignment)
    exercises = [exercise.key for exercise in known.dilemmas] if known else []
    with opened_course(asked.lang) as course:
        (name,) = graded_assignments(course.gradebook, asked.assignment, asked.lang)
        marks = read_marks(course.gradebook, name)
    if not marks.scores:
        raise CommandError(TEXTS["error_nobody"][asked.lang].format(assignment=name))
    second = _second(asked, marks)
    choices, copies = read_submitted(course.submitted, name, exercises)
    page = report_page(marks, choices, second, known, framework(), asked.lang, datetime.now(), copies)
    page_file, book_file, table_file = (
        asked.to / f"{asked.assignment}-report.{kind}" for kind in ("html", "xlsx", "csv")
    )
    try:
        asked.to.mkdir(parents=True, exist_ok=True)
        page_file.write_text(page, encoding="utf-8")
        write_workbook(book_file, name, _figures(marks, known, asked.lang))
        write_csv(table_file, _rows(marks))
    except OSError as error:
        words = TEXTS["error_write"][asked.lang]
        raise CommandError(words.format(reason=error.strerror or error, folder=asked.to)) from None
    print(TEXTS["done"][asked.lang].format(page=page_file, book=book_file, table=table_file))
    return 0


def _second(asked: argparse.Namespace, marks: Marks) -> SecondMarks | None:
    if asked.second is None:
        return None
    try:
        return read_second_marks(asked.second, marks)
    except BadSecondMarksError as error:
        raise CommandError(error.say(asked.second, asked.lang)) from None
    except OSError as error:
        words = TEXTS["error_second"][asked.lang]
        raise CommandError(words.format(file=asked.second, reason=error.strerror or error)) from None


def _rows(marks: Marks) -> list[Sequence[Cell]]:
    """The figures of every part, for programs; nothing where nothing can be said."""
    return [
        ("part", "maximum", "n", "p_value", "item_rest"),
        *((one.name, one.maximum, one.n, one.p_value, one.item_rest) for one in measures_of(marks)),
    ]


def _figures(marks: Marks, assignment: Assignment | None, lang: Language) -> list[Sequence[Cell]]:
    """The same for people: every part has its name, too."""
    names = part_names(assignment, lang)
    head = [TEXTS[key][lang] for key in ("part", "key", "maximum", "marked", "p_value", "item_rest")]
    return [head, *((names.get(str(row[0]), row[0]), *row) for row in _rows(marks)[1:])]
