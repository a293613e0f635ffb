"""``maatwerk export --into``: the files that an LMS gave, filled; and the feedback pages under its names."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from maatwerk import Language
from maatwerk.errors import CommandError
from maatwerk_learner.files import reason

from maatwerk_grading.bridge import clean
from maatwerk_grading.course_folder.open import TEXTS, CourseFolder, graded_assignments
from maatwerk_grading.lms.downloads import DownloadError, read_download
from maatwerk_grading.lms.exporters import MarkList, mark_list
from maatwerk_grading.lms.feedback_zip import (
    Packed,
    download_names,
    moodle_names,
    packed,
    pages_of,
    write_zip,
)
from maatwerk_grading.lms.fill import Asked, Filled, fill, not_in_any
from maatwerk_grading.lms.notes import TEXTS as SAID
from maatwerk_grading.lms.notes import FillError, Note, same, say
from maatwerk_grading.lms.people import People, Person
from maatwerk_grading.lms.scale import Scale
from maatwerk_grading.lms.sheet_people import assignment_of
from maatwerk_grading.lms.sheets import Sheet, SheetError, read_sheet
from maatwerk_grading.lms.whose import decide
from maatwerk_grading.new_file import write_new

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What the instructor asked for.

    Parameters
    ----------
    asked : argparse.Namespace
        The arguments of the command.
    assignment : str, optional
        Its name, if they gave one.
    scale : Scale, optional
        If they chose one.
    """

    asked: argparse.Namespace
    assignment: str | None
    scale: Scale | None

    @property
    def lang(self) -> Language:
        """In which they are told."""
        lang: Language = self.asked.lang
        return lang


def export_into(course: CourseFolder, people: People, wish: Wish) -> int:
    """Fill the LMS's files, all of them or none, and pack the feedback pages.

    Parameters
    ----------
    course : CourseFolder
        Open.
    people : People
        Who is who, as the LMSs told.
    wish : Wish
        What was asked for.

    Raises
    ------
    CommandError
        When nothing can be written; it says why and what to do.
    """
    lang = wish.lang
    people.adopt(_in_the_gradebook(course))
    files: list[Path] = wish.asked.into or []
    downloads = [file for file in files if file.is_dir() or file.suffix.casefold() == ".zip"]
    sheets = [_sheet(file, lang) for file in files if file not in downloads]
    known = graded_assignments(course.gradebook, wish.assignment, lang)
    name = known[0] if len(known) == 1 else _guessed(sheets, files, known, people, lang)
    marks = mark_list(course.gradebook, name)
    sheets = [_of(sheet, name) for sheet in sheets]
    filled = [_filled(sheet, marks, people, wish) for sheet in sheets]
    packs = list(_packs(course, marks, people, sheets, downloads, wish))
    for one in filled:
        _write(one, wish)
    if sheets and (missing := not_in_any(sheets, marks, people)) is not None:
        _tell([missing], lang)
    for pack in packs:
        _write_pages(pack, wish)
    return 0


def _in_the_gradebook(course: CourseFolder) -> list[Person]:
    """Everybody in the gradebook, with what it says of them."""
    return [
        Person(
            student.id,
            first_name=student.first_name or "",
            last_name=student.last_name or "",
            email=(student.email or "").strip().casefold(),
        )
        for student in course.gradebook.students
    ]


def _sheet(file: Path, lang: Language) -> Sheet:
    try:
        return read_sheet(file)
    except SheetError as error:
        raise CommandError(error.text[lang]) from None
    except OSError as error:
        words = SAID["unreadable"][lang]
        raise CommandError(words.format(file=file, reason=reason(error)[lang])) from None


def _of(sheet: Sheet, assignment: str) -> Sheet:
    """The sheet with its participant numbers read as those of this assignment."""
    said = tuple(replace(one, assignment=assignment) if one.participant else one for one in sheet.identities)
    return replace(sheet, identities=said)


def _guessed(
    sheets: Sequence[Sheet], files: Iterable[Path], known: Sequence[str], people: People, lang: Language
) -> str:
    """The one assignment of which these files can be; a participant number is of one only."""
    found = {name for sheet in sheets for name in assignment_of(sheet, known, people)}
    found = found or {name for file in files for name in known if name in file.name}
    if len(found) == 1:
        return found.pop()
    words = SAID["which_assignment"][lang]
    raise CommandError(words.format(assignments=", ".join(known)))


def _filled(sheet: Sheet, marks: MarkList, people: People, wish: Wish) -> Filled:
    lms, lang = wish.asked.lms, wish.lang
    if lms not in (None, "generic", sheet.lms) and sheet.kind != "list":
        words = SAID["other_lms"][lang]
        raise CommandError(words.format(file=sheet.file.name, asked=lms, found=sheet.lms))
    try:
        return fill(sheet, marks, people, Asked(wish.scale, wish.asked.column, wish.asked.keep_feedback))
    except FillError as error:
        # Names in it are what somebody chose.
        raise CommandError(clean(error.text[lang])) from None


def _write(filled: Filled, wish: Wish) -> None:
    sheet, lang = filled.sheet, wish.lang
    folder = wish.asked.to or sheet.file.parent
    name = f"{sheet.file.stem}-{SAID['filled_in'][lang]}"
    try:
        file, earlier = write_new(folder, name, ".csv", lambda opened: opened.write(filled.content))
    except OSError as error:
        raise CommandError(unwritable(folder / f"{name}.csv", error, lang)) from None
    print(TEXTS["export_done"][lang].format(count=len(filled.given), file=file))
    _tell(filled.notes, lang)
    if earlier is not None:
        print(wrapped(SAID["earlier_file"][lang].format(earlier=earlier.name, file=file.name)))
    key = f"upload_{sheet.lms}" if filled.changed else "upload_nothing"
    print(wrapped(SAID[key][lang].format(file=file.name, count=filled.changed)))


# --- Feedback pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pack:
    """Feedback pages for one LMS: where the zip goes, and what is told."""

    lms: str
    folder: Path
    name: str
    pages: Packed
    notes: tuple[Note, ...]


def _packs(
    course: CourseFolder,
    marks: MarkList,
    people: People,
    sheets: Sequence[Sheet],
    downloads: Sequence[Path],
    wish: Wish,
) -> Iterable[_Pack]:
    """The zips that are asked for: for Moodle by worksheet or by what was collected, else by download."""
    if not (wish.asked.feedback or downloads):
        return
    lang, name = wish.lang, marks.assignment
    pages = pages_of(course.feedback, name)
    if not pages:
        raise CommandError(SAID["no_pages"][lang].format(folder=course.feedback, assignment=name))
    # A page that somebody gets is final, as a mark is.
    waiting = {mark.student for mark in marks.marks if mark.waiting}
    ready = {student: those for student, those in pages.items() if student not in waiting}
    notes = []
    if held := sorted(waiting & set(pages)):
        notes.append(Note(say("note_page_waits", count=len(held)), tuple(map(same, held))))
    without = [mark.student for mark in marks.marks if mark.score is not None and mark.student not in pages]
    if without:
        notes.append(Note(say("note_no_page", count=len(without)), tuple(map(same, without))))
    worksheets = [sheet for sheet in sheets if sheet.kind == "worksheet"]
    if worksheets or not downloads:
        if not worksheets and wish.asked.lms != "moodle":
            raise CommandError(SAID["feedback_into_what"][lang])
        found = packed(ready, moodle_names(people, name, worksheets))
        folder = worksheets[0].file.parent if worksheets else Path()
        yield _pack("moodle", wish.asked.to or folder, name, found, notes, lang)
    for file in downloads:
        lms, names = _named_by(file, course, people, name, lang)
        found = packed(ready, moodle_names(people, name) if lms == "moodle" else names)
        yield _pack(lms, wish.asked.to or file.parent, name, found, notes, lang)


def _pack(
    lms: str, folder: Path, assignment: str, pages: Packed, notes: Sequence[Note], lang: Language
) -> _Pack:
    if not pages.entries:
        raise CommandError(SAID[f"feedback_nobody_{'moodle' if lms == 'moodle' else 'others'}"][lang])
    told = list(notes)
    if pages.nameless:
        key = "note_nameless_moodle" if lms == "moodle" else "note_nameless"
        told.append(Note(say(key, count=len(pages.nameless)), tuple(map(same, pages.nameless))))
    return _Pack(lms, folder, f"{assignment}-feedback-{lms}", pages, tuple(told))


def _named_by(
    file: Path, course: CourseFolder, people: People, assignment: str, lang: Language
) -> tuple[str, dict[str, str]]:
    """Which LMS made a download, and by student the names in it."""
    others = [one.name for one in course.gradebook.assignments if one.name != assignment]
    with ExitStack() as opened:
        try:
            packages = read_download(file, assignment, others, opened)
        except DownloadError as error:
            raise CommandError(error.text[lang]) from None
        owned = decide(packages, (), people, assignment).owned
        lms = next((one.readings[0].said.lms for one in packages if one.readings), "generic")
        return lms, download_names(owned)


def _write_pages(pack: _Pack, wish: Wish) -> None:
    lang = wish.lang
    try:
        file, _earlier = write_new(
            pack.folder, pack.name, ".zip", partial(write_zip, entries=pack.pages.entries)
        )
    except OSError as error:
        raise CommandError(unwritable(pack.folder / f"{pack.name}.zip", error, lang)) from None
    count = len(pack.pages.students)
    print(wrapped(SAID["pages_done"][lang].format(count=count, file=file)))
    _tell(pack.notes, lang)
    if pack.lms != "generic":
        print(wrapped(SAID[f"pages_{pack.lms}"][lang].format(file=file.name, count=count)))


# --- What is said -----------------------------------------------------------------------------------------


def _tell(notes: Sequence[Note], lang: Language) -> None:
    for note in sorted(notes, key=lambda one: not one.warning):
        sign = SAID["sign_warning"][lang] if note.warning else "-"
        print(wrapped(f"{sign} {note.text[lang]}"))
        if note.who:
            who = "; ".join(" ".join(clean(one[lang]).split()) for one in note.who)
            print(textwrap.fill(who, _WIDTH, initial_indent="    ", subsequent_indent="    "))


def wrapped(text: str) -> str:
    """A line of text in lines that a screen holds."""
    return textwrap.fill(text, _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)


def unwritable(file: Path, error: OSError, lang: Language) -> str:
    """Why a file cannot be written, with what to do."""
    return SAID["unwritable"][lang].format(file=file, reason=reason(error)[lang])
