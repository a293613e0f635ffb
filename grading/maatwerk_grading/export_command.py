"""The subcommand ``export``."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from maatwerk import Language

from maatwerk_grading.command_error import CommandError
from maatwerk_grading.course_folder import TEXTS, CourseFolder, graded_assignments, opened_course
from maatwerk_grading.exporters import EXPORTERS, MarkList, mark_list, scaled, write_csv
from maatwerk_grading.files import reason
from maatwerk_grading.lms.fill import Asked, Filled, fill, not_in_any
from maatwerk_grading.lms.notes import TEXTS as SAID
from maatwerk_grading.lms.notes import FillError, Note
from maatwerk_grading.lms.people import People, PeopleError, Person
from maatwerk_grading.lms.scale import DEFAULT_PASS, KINDS, Scale
from maatwerk_grading.lms.sheet_people import assignment_of
from maatwerk_grading.lms.sheets import Sheet, SheetError, read_sheet
from maatwerk_grading.new_file import write_new

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
    if asked.into:
        return _into(asked, wanted, scale)
    lms = asked.lms or "generic"
    with opened_course(asked.lang) as course:
        names = graded_assignments(course.gradebook, wanted, asked.lang)
        lists = [mark_list(course.gradebook, name) for name in names]
        people = _known(course, asked.lang)
    for marks in lists:
        file = (asked.to or Path()) / f"{marks.assignment}-{lms}.csv"
        exporter = EXPORTERS[lms]()
        try:
            write_csv(file, exporter.rows(_on_scale(marks, scale, asked.lang), people))
        except OSError as error:
            raise CommandError(_unwritable(file, error, asked.lang)) from None
        missing = () if lms == "generic" else exporter.unreachable(marks, people)
        count = sum(mark.score is not None for mark in marks.marks) - len(missing)
        print(TEXTS["export_done"][asked.lang].format(count=count, file=file))
        if marks.waiting:
            students = ", ".join(marks.waiting)
            print(TEXTS["export_waiting"][asked.lang].format(count=len(marks.waiting), students=students))
        if missing:
            words = SAID["note_unreachable"][asked.lang]
            print(_wrapped(words.format(count=len(missing), students=", ".join(missing))))
        if lms != "generic":
            print(SAID["rather_into"][asked.lang])
    return 0


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


def _into(asked: argparse.Namespace, wanted: str | None, scale: Scale | None) -> int:
    """Fill the files that the LMS gave; all of them or none."""
    lang: Language = asked.lang
    with opened_course(lang) as course:
        people = _people(course, lang)
        sheets = [_sheet(file, lang) for file in asked.into]
        known = graded_assignments(course.gradebook, wanted, lang)
        name = known[0] if len(known) == 1 else _guessed(sheets, known, people, lang)
        marks = mark_list(course.gradebook, name)
    options = Asked(scale, asked.column, asked.keep_feedback)
    filled = []
    for sheet in sheets:
        _check_lms(sheet, asked.lms, lang)
        try:
            filled.append(fill(_of(sheet, name), marks, people, options))
        except FillError as error:
            raise CommandError(error.text[lang]) from None
    for one in filled:
        _write(one, asked.to, lang)
    missing = not_in_any([one.sheet for one in filled], marks, people)
    if missing is not None:
        _tell([missing], lang)
    return 0


def _of(sheet: Sheet, assignment: str) -> Sheet:
    """The sheet with its participant numbers read as those of this assignment."""
    said = tuple(replace(one, assignment=assignment) if one.participant else one for one in sheet.identities)
    return replace(sheet, identities=said)


def _sheet(file: Path, lang: Language) -> Sheet:
    try:
        return read_sheet(file)
    except SheetError as error:
        raise CommandError(error.text[lang]) from None
    except OSError as error:
        words = SAID["unreadable"][lang]
        raise CommandError(words.format(file=file, reason=reason(error)[lang])) from None


def _check_lms(sheet: Sheet, lms: str | None, lang: Language) -> None:
    if lms not in (None, "generic", sheet.lms) and sheet.kind != "list":
        words = SAID["other_lms"][lang]
        raise CommandError(words.format(file=sheet.file.name, asked=lms, found=sheet.lms))


def _guessed(sheets: Sequence[Sheet], known: Sequence[str], people: People, lang: Language) -> str:
    """The one assignment of which these files can be; a participant number is of one only."""
    found = {name for sheet in sheets for name in assignment_of(sheet, known, people)}
    if len(found) == 1:
        return found.pop()
    words = SAID["which_assignment"][lang]
    raise CommandError(words.format(assignments=", ".join(known)))


def _known(course: CourseFolder, lang: Language) -> People:
    """Who is who, as the LMSs told."""
    try:
        return People.read(course.root, (student.id for student in course.gradebook.students))
    except PeopleError as error:
        raise CommandError(error.text[lang]) from None
    except OSError as error:
        words = SAID["unreadable"][lang]
        raise CommandError(words.format(file=course.root, reason=reason(error)[lang])) from None


def _people(course: CourseFolder, lang: Language) -> People:
    """Who is who: those of whom an LMS told, and whoever the gradebook knows by an address."""
    people = _known(course, lang)
    known = {person.email for person in people}
    others: dict[str, Person] = {}
    for student in course.gradebook.students:
        email = (student.email or "").strip().casefold()
        if email and email not in known and student.id not in people:
            first, last = student.first_name or "", student.last_name or ""
            others.setdefault(email, Person(student.id, first_name=first, last_name=last, email=email))
    return People([*people, *others.values()])


def _write(filled: Filled, to: Path | None, lang: Language) -> None:
    sheet = filled.sheet
    folder = sheet.file.parent if to is None else to
    name = f"{sheet.file.stem}-{SAID['filled_in'][lang]}"
    try:
        file, earlier = write_new(folder, name, ".csv", filled.content)
    except OSError as error:
        raise CommandError(_unwritable(folder / f"{name}.csv", error, lang)) from None
    print(TEXTS["export_done"][lang].format(count=len(filled.given), file=file))
    _tell(filled.notes, lang)
    if earlier is not None:
        print(_wrapped(SAID["earlier_file"][lang].format(earlier=earlier.name, file=file.name)))
    key = f"upload_{sheet.lms}"
    print(_wrapped(SAID[key][lang].format(file=file.name, count=filled.changed)))


def _tell(notes: Sequence[Note], lang: Language) -> None:
    for note in sorted(notes, key=lambda one: not one.warning):
        sign = SAID["sign_warning"][lang] if note.warning else "-"
        print(_wrapped(f"{sign} {note.text[lang]}"))
        if note.who:
            who = "; ".join(one[lang] for one in note.who)
            print(textwrap.fill(who, _WIDTH, initial_indent="    ", subsequent_indent="    "))


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
        for line in text.split("\n")
    )


def _unwritable(file: Path, error: OSError, lang: Language) -> str:
    return SAID["unwritable"][lang].format(file=file, reason=reason(error)[lang])
