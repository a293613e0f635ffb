"""One learner's folder as data: no link is followed, nothing waits on a pipe or is read without end."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.notebook import LARGEST_NOTEBOOK
from maatwerk_grading.autograde.problems import CannotGradeError, Remark
from maatwerk_grading.bridge import LARGEST_FILE, TEXTS, Unusable, clean

ANSWERS = "answers.json"
TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"
LARGEST_TIMESTAMP = 1000
LONGEST_NAME = 128
MOST_FILES = 1000

# Not on every system. What a file is has been looked at already; this holds when it changes meanwhile.
_CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# What ends a text in formgrader's pages, which do not escape a student's name.
_HARMFUL_IN_A_NAME = re.compile(r'[<>"\\\n\t]')
_USUAL_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})? UTC")


@dataclass(frozen=True, slots=True)
class Extra:
    """A file beside the notebook and the answers, to be copied."""

    path: Path
    name: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Submission:
    """What a learner's folder holds.

    Parameters
    ----------
    student : str
        The folder's name.
    notebooks : dict
        The content of every notebook, by name.
    answers : bytes or Unusable
        The content of the answers file, or why there is nothing to read.
    timestamp : bytes or None
        The content of nbgrader's note of when it was handed in.
    extras : tuple of Extra
        All other files.
    remarks : tuple of Remark
        What was left out.
    """

    student: str
    notebooks: dict[str, bytes]
    answers: bytes | Unusable
    timestamp: bytes | None
    extras: tuple[Extra, ...]
    remarks: tuple[Remark, ...]

    def receipt(self) -> dict[str, bytes]:
        """What nbgrader asks for to hand feedback out: when it was handed in, and the secret of that.

        nbgrader's ``release_feedback`` stops with the whole class when one page has none beside it.
        """
        found = {} if self.timestamp is None else {TIMESTAMP: self.timestamp}
        for extra in self.extras:
            if extra.name == SECRET and extra.size <= LARGEST_TIMESTAMP:
                with contextlib.suppress(OSError, CannotGradeError):
                    found[SECRET] = _read(extra.path, LARGEST_TIMESTAMP)
        return found

    def digest(self, rules: bytes) -> str:
        """A fingerprint of all that was handed in, and of the rules that it is marked by."""
        made = hashlib.sha256(rules)
        answers = self.answers.problem.en.encode() if isinstance(self.answers, Unusable) else self.answers
        parts = [*sorted(self.notebooks.items()), (ANSWERS, answers), (TIMESTAMP, self.timestamp)]
        for name, content in parts:
            # Lengths first: no two submissions run into each other.
            made.update(f"{name!r} {-1 if content is None else len(content)}\n".encode())
            made.update(content or b"")
        for extra in self.extras:
            made.update(f"{extra.name!r} {extra.size} {extra.changed}\n".encode())
        return made.hexdigest()


def name_problem(student: str) -> Remark | None:
    """Why a gradebook cannot hold a name, or what it would do in formgrader's pages."""
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return Remark("name_unreadable")
    if len(student) > LONGEST_NAME:
        return Remark("name_too_long", {"most": LONGEST_NAME})
    if _HARMFUL_IN_A_NAME.search(student) or clean(student) != student:
        return Remark("name_harmful")
    return None


def read_submission(course: Course, student: str) -> Submission:
    """Read a learner's folder.

    Raises
    ------
    CannotGradeError
        When it cannot be read without following a link, or a file that matters is no file.
    """
    folder = course.folder(course.submitted, student)
    for part in (folder, *folder.parents):
        if part == course.root / course.submitted or part == course.root:
            break
        if part.is_symlink():
            raise CannotGradeError("folder_is_link")
    notebooks: dict[str, bytes] = {}
    answers: bytes | Unusable = Unusable(TEXTS["missing"])
    timestamp: bytes | None = None
    extras: list[Extra] = []
    left_out: list[Remark] = []
    try:
        for name, found in sorted(_files(folder, course), key=itemgetter(0)):
            path = folder / name
            if name.endswith(".ipynb"):
                # nbgrader looks at those beside each other only, and copies no others.
                if "/" not in name and not name.startswith("."):
                    # What is no file is no notebook either; that is told where the others are.
                    notebooks[path.stem] = b"" if path.is_dir() else _read(path, LARGEST_NOTEBOOK)
            elif name == TIMESTAMP:
                timestamp = _read(path, LARGEST_TIMESTAMP)
            elif name == ANSWERS and found.st_size <= LARGEST_FILE:
                answers = _read(path, LARGEST_FILE)
            else:
                if name == ANSWERS:
                    answers = Unusable(TEXTS["too_large"])
                elif name.startswith(f"{ANSWERS}/"):
                    answers = Unusable(TEXTS["unreadable"])
                problem = _problem(found, course)
                if problem:
                    left_out.append(Remark(problem, {"file": name}))
                else:
                    extras.append(Extra(path, name, found.st_size, found.st_mtime_ns))
    except OSError as error:
        raise CannotGradeError("unreadable_folder", reason=error.strerror or str(error)) from error
    return Submission(student, notebooks, answers, timestamp, tuple(extras), tuple(left_out))


def read_answers(course: Course, student: str) -> bytes | Unusable:
    """The answers file of a learner whose folder was read before, or why there is nothing to read."""
    try:
        content = _read(course.folder(course.submitted, student) / ANSWERS, LARGEST_FILE)
    except (OSError, CannotGradeError):
        return Unusable(TEXTS["unreadable"])
    return Unusable(TEXTS["too_large"]) if len(content) > LARGEST_FILE else content


def _files(folder: Path, course: Course) -> Iterator[tuple[str, os.stat_result]]:
    """Every file that nbgrader would copy: its path in ``folder``, and what it is. Links are not followed."""
    waiting = [""]
    left = MOST_FILES
    while waiting:
        above = waiting.pop()
        with os.scandir(folder / above) as scan:
            for entry in scan:
                left -= 1
                if left < 0:
                    raise CannotGradeError("too_many_files", most=MOST_FILES)
                if course.ignores(entry.name):
                    continue
                name = f"{above}{entry.name}"
                found = entry.stat(follow_symlinks=False)
                # A folder with the name of a notebook is looked at as a notebook.
                if stat.S_ISDIR(found.st_mode) and (above or not name.endswith(".ipynb")):
                    waiting.append(f"{name}/")
                else:
                    yield name, found


def _read(file: Path, largest: int) -> bytes:
    """A file's content, up to one byte more than the largest it may be."""
    if not stat.S_ISREG(os.lstat(file).st_mode):
        raise CannotGradeError("no_plain_file", file=file.name)
    with open(os.open(file, _CAREFULLY), "rb") as opened:  # noqa: PTH123  (a descriptor)
        return opened.read(largest + 1)


def _problem(found: os.stat_result, course: Course) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return "left_out_no_file"
    return "left_out_too_large" if found.st_size > course.largest_file else None


def handed_in_at(timestamp: bytes | None) -> datetime | None:
    """When it was handed in, in UTC, as nbgrader reads its own note.

    Raises
    ------
    CannotGradeError
        When the note says something else.
    """
    if timestamp is None:
        return None
    try:
        text = timestamp.decode("utf-8").strip()
        if len(timestamp) > LARGEST_TIMESTAMP:
            raise ValueError
        if not text:
            return None
        if _USUAL_TIMESTAMP.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix(" UTC"))
        return _parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        raise CannotGradeError("bad_timestamp") from None


def _parse_utc(text: str) -> datetime:
    # The same steps as nbgrader.utils.parse_utc, without importing nbgrader.
    from dateutil import parser, tz

    parts = text.split(" ")
    if len(parts) == 3:
        zone: object
        try:
            zone = int(parts[2])
        except ValueError:
            zone = tz.gettz(parts[2])
        moment = parser.parse(" ".join([*parts[:2], "TZ"]), tzinfos={"TZ": zone})
    else:
        moment = parser.parse(text)
    offset = moment.utcoffset()
    naive: datetime = moment.replace(tzinfo=None)
    return naive if offset is None else naive - offset
