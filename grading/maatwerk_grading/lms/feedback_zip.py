"""Feedback pages in the one zip that a learning environment (LMS) takes back, each under its person's name.

Moodle ("Upload multiple feedback files in a zip") looks at the participant number between underscores and at
nothing else: ``mod/assign/feedback/file/importziplib.php``. Canvas ("Upload submissions") looks for the two
numbers that it put in the names of its own download, the person's and the file's: ``Assignment#
infer_comment_context_from_filename``. Brightspace ("Add feedback files") wants the folders of its own
download. So Moodle's names come from the worksheet or from what was collected, and the others' from the
download.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from maatwerk_grading.lms.people import People, PeopleError, Person
from maatwerk_grading.lms.sheet import Sheet
from maatwerk_grading.lms.sheet_people import numbers_of, whose_rows
from maatwerk_grading.lms.whose import Owned

# What Moodle leaves out of a name, and what ends a part of one; a dot or a tilde in front hides a file.
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f'\"/\\&:<>|?*`]")
_LONGEST_NAME = 80
# What Moodle calls somebody whose name it does not tell; only the number counts.
_NOBODY = "Participant"
# The same in every zip, so that the same pages make the same file.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Packed:
    """What goes in the zip.

    Parameters
    ----------
    entries : tuple of (str, Path)
        The name in the zip, and the page.
    students : tuple of str
        Whose pages these are.
    nameless : tuple of str
        Who has a page, but no name by which the LMS knows them in this assignment.
    """

    entries: tuple[tuple[str, Path], ...]
    students: tuple[str, ...]
    nameless: tuple[str, ...]


def pages_of(feedback: Path, assignment: str) -> dict[str, tuple[Path, ...]]:
    """By student the feedback pages, at nbgrader's place.

    Parameters
    ----------
    feedback : Path
        nbgrader's folder of feedback.
    assignment : str
        Its name.
    """
    found = {}
    for folder in sorted(feedback.glob(f"*/{assignment}")):
        pages = tuple(sorted(page for page in folder.glob("*.html") if page.is_file()))
        if pages and not folder.is_symlink():
            found[folder.parent.name] = pages
    return found


def packed(pages: Mapping[str, Sequence[Path]], before: Mapping[str, str]) -> Packed:
    """The pages under their names.

    Parameters
    ----------
    pages : mapping of str to sequence of Path
        By student.
    before : mapping of str to str
        By student what stands in front of the name of a page.
    """
    return Packed(
        entries=tuple(
            (f"{before[student]}{page.name}", page)
            for student, those in pages.items()
            if student in before
            for page in those
        ),
        students=tuple(student for student in pages if student in before),
        nameless=tuple(student for student in pages if student not in before),
    )


def write_zip(file: IO[bytes], entries: Iterable[tuple[str, Path]]) -> None:
    """Write the pages.

    Raises
    ------
    OSError
        When a page cannot be read or the zip not be written.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in entries:
            archive.writestr(zipfile.ZipInfo(name, _DATE), page.read_bytes(), zipfile.ZIP_DEFLATED)


def moodle_names(people: People, assignment: str, sheets: Sequence[Sheet] = ()) -> dict[str, str]:
    """By student what Moodle wants in front of the name of a page.

    Parameters
    ----------
    people : People
        Who is who, with the participant numbers that were collected.
    assignment : str
        Only its own numbers count.
    sheets : sequence of Sheet
        Its worksheets; with any of those, nobody else gets a name.
    """
    if sheets:
        numbered = {
            whose.student: (whose, said.participant)
            for sheet in sheets
            for whose, said in zip(whose_rows(sheet, people), sheet.identities, strict=True)
            if not isinstance(whose, PeopleError) and said.participant
        }
        hidden = all(sheet.anonymous for sheet in sheets)
    else:
        numbered = {
            person.student: (person, numbers[0])
            for person in people
            if len(numbers := numbers_of(person, assignment)) == 1
        }
        hidden = False
    return {
        student: f"{_NOBODY if hidden else _name(person)}_{number}_assignsubmission_file_"
        for student, (person, number) in numbered.items()
    }


def _name(person: Person) -> str:
    plain = _NOT_IN_A_NAME.sub("", person.full_name.replace("_", " "))[:_LONGEST_NAME]
    return plain.strip(" .~") or _NOBODY


def download_names(owned: Iterable[Owned]) -> dict[str, str]:
    """By student what Canvas or Brightspace wants in front of the name of a page: as its own download has it.

    Parameters
    ----------
    owned : iterable of Owned
        Whose each part of the download is. Of more than one, the newest counts; what is a group's, is not one
        person's.
    """
    found: dict[str, tuple[datetime, str]] = {}
    for one in owned:
        before = _before(one)
        if len(one.people) != 1 or not before:
            continue
        student, when = one.people[0].student, one.outer.when or datetime.min
        if student not in found or when > found[student][0]:
            found[student] = (when, before)
    return {student: before for student, (_when, before) in found.items()}


def _before(one: Owned) -> str:
    shown, file = one.package.shown, one.outer.file
    if one.outer.said.lms == "brightspace" and not one.package.flat:
        return f"{shown}/"
    if one.outer.said.lms in ("canvas", "brightspace") and file and shown.endswith(file):
        return shown.removesuffix(file)
    return ""
