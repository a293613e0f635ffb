"""The subcommand ``export``."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path

from maatwerk import Language
from maatwerk.errors import CommandError
from maatwerk_grading.course_folder.open import TEXTS, CourseFolder, graded_assignments, opened_course
from maatwerk_grading.export_into import Wish, export_into, unwritable, wrapped
from maatwerk_grading.lms.exporters import EXPORTERS, MarkList, mark_list, scaled, write_csv
from maatwerk_grading.lms.notes import TEXTS as SAID
from maatwerk_grading.lms.people import People, PeopleError
from maatwerk_grading.lms.scale import DEFAULT_PASS, KINDS, Scale
from maatwerk_grading.spreadsheet import Cell, write_workbook
from maatwerk_learner.files import reason

_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = SAID["help_export"].nl + "\n\n" + SAID["help_export"].en
    parser.add_argument(
        "name",
        nargs="?",
        metavar="ASSIGNMENT",
        help="één opdracht / one assignment (anders/otherwise: alle/all)",
    )
    parser.add_argument("--assignment", help="hetzelfde als ASSIGNMENT / the same as ASSIGNMENT")
    parser.add_argument(
        "--lms",
        choices=tuple(EXPORTERS),
        help="leeromgeving / LMS (bij --into niet nodig / not needed with --into; anders/otherwise generic)",
    )
    parser.add_argument(
        "--into",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="vul het bestand van de leeromgeving zelf in / fill in the LMS's own file: "
        "Moodle: beoordelingsformulier / grading worksheet; Brightspace, Canvas: export",
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="map / folder (hier/here; bij --into: naast dat bestand / with --into: beside that file)",
    )
    parser.add_argument(
        "--scale",
        choices=KINDS,
        help="points: punten/points; percent: deel van het maximum / share of the maximum; "
        "mark: cijfer 1-10 / mark 1-10",
    )
    parser.add_argument(
        "--pass",
        dest="pass_line",
        type=_percentage,
        metavar="PERCENT",
        help=f"bij/with --scale mark: percentage van een 5,5 / percentage of a 5.5 ({DEFAULT_PASS})",
    )
    parser.add_argument(
        "--column",
        default="",
        metavar="NAME",
        help="kolom van Brightspace, Canvas / column of Brightspace, Canvas",
    )
    parser.add_argument(
        "--feedback",
        action="store_true",
        help="pak ook de feedbackpagina's in / pack the feedback pages too: Moodle: met het formulier / "
        "with the worksheet; Brightspace, Canvas: --into de download van de inzendingen / "
        "the download of the submissions (.zip)",
    )
    parser.add_argument(
        "--keep-feedback",
        action="store_true",
        help="stuur de feedback in het formulier van Moodle mee / "
        "send back the feedback in Moodle's worksheet",
    )


def _percentage(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().rstrip("%").replace(",", "."))
    except ArithmeticError:
        value = Decimal(0)
    if not (value.is_finite() and 0 < value < 100):
        raise argparse.ArgumentTypeError("0 < PERCENT < 100")
    return value


def run(asked: argparse.Namespace) -> int:
    """Write the marks in the gradebook of the course folder in which this runs."""
    wanted = _wanted(asked)
    if asked.pass_line is not None and asked.scale != "mark":
        raise CommandError(SAID["pass_without_mark"][asked.lang])
    scale = Scale(asked.scale, asked.pass_line or DEFAULT_PASS) if asked.scale else None
    if asked.into or asked.feedback:
        with opened_course(asked.lang) as course:
            return export_into(course, _known(course, asked.lang), Wish(asked, wanted, scale))
    lms = asked.lms or "generic"
    with opened_course(asked.lang) as course:
        names = graded_assignments(course.gradebook, wanted, asked.lang)
        lists = [mark_list(course.gradebook, name) for name in names]
        people = _known(course, asked.lang)
    for marks in lists:
        file = (asked.to or Path()) / f"{marks.assignment}-{lms}.csv"
        exporter = EXPORTERS[lms]()
        rows = [tuple(row) for row in exporter.rows(_on_scale(marks, scale, asked.lang), people)]
        book = file.with_suffix(".xlsx")
        try:
            write_csv(file, rows)
            if lms == "generic":
                # What is for people is a workbook: a Dutch Excel puts a line with commas in one cell.
                write_workbook(book, marks.assignment, [rows[0], *map(_as_numbers, rows[1:])])
        except OSError as error:
            raise CommandError(unwritable(file, error, asked.lang)) from None
        missing = () if lms == "generic" else exporter.unreachable(marks, people)
        count = sum(mark.score is not None for mark in marks.marks) - len(missing)
        print(TEXTS["export_done"][asked.lang].format(count=count, file=file))
        if lms == "generic":
            print(SAID["workbook_too"][asked.lang].format(file=book))
        if marks.waiting:
            students = ", ".join(marks.waiting)
            print(TEXTS["export_waiting"][asked.lang].format(count=len(marks.waiting), students=students))
        if missing:
            words = SAID["note_unreachable"][asked.lang]
            print(wrapped(words.format(count=len(missing), students=", ".join(missing))))
        if lms != "generic":
            print(SAID["rather_into"][asked.lang])
    return 0


def _as_numbers(row: tuple[str, ...]) -> list[Cell]:
    """A row of the list for any other LMS, of which the points are numbers."""
    *names, score, maximum, state = row
    return [*names, float(score) if score else None, float(maximum), state]


def _on_scale(marks: MarkList, scale: Scale | None, lang: Language) -> MarkList:
    try:
        return marks if scale is None else scaled(marks, scale)
    except ValueError:
        raise CommandError(SAID["fill_no_points"][lang]) from None


def _wanted(asked: argparse.Namespace) -> str | None:
    if asked.name and asked.assignment and asked.name != asked.assignment:
        raise CommandError(SAID["two_assignments"][asked.lang])
    name: str | None = asked.name or asked.assignment
    return name


def _known(course: CourseFolder, lang: Language) -> People:
    """Who is who, as the LMSs told."""
    try:
        return People.read(course.root)
    except PeopleError as error:
        raise CommandError(error.text[lang]) from None
    except OSError as error:
        words = SAID["unreadable"][lang]
        raise CommandError(words.format(file=course.root, reason=reason(error)[lang])) from None
