"""A double of what Moodle 4.2 does with what is uploaded, derived from what a real one was seen to do.

`test_moodle_import.py` holds it against every recorded upload in `moodle/*/import-experiments.json`: what
that Moodle stored is what this stores.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

UNREADABLE = "Moodle could not read the uploaded worksheet"
DATABASE = "Error reading from database"
NEVER = datetime(1970, 1, 1)
DATE = re.compile(r"\w+day, (\d+ \w+ \d{4}, \d+:\d\d [AP]M)")
FLOAT = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)")
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@dataclass(frozen=True)
class Words:
    """What Moodle calls things on a page, as far as its import looks at them."""

    participant: str
    identifier: str
    grade: str
    graded: str
    feedback: str
    comma: bool


WORDS = {
    "en": Words("Participant ", "Identifier", "Grade", "Last modified (grade)", "Feedback comments", False),
    "nl": Words("Deelnemer", "Identificatie", "Cijfer", "Laatst gewijzigd (beoordeling)", "Feedback", True),
}


class RefusedByMoodleError(Exception):
    """The whole file is refused, aloud."""


@dataclass
class Stored:
    """What Moodle holds of one person in one assignment."""

    mark: float | None = None
    modified: datetime = NEVER
    comment: str = ""


@dataclass
class MoodleAssignment:
    """An assignment with its worksheet import.

    Parameters
    ----------
    numbers : mapping of str to str
        By participant number whose it is.
    maximum : float
        0 when it takes no marks.
    scale : sequence of str
        Its words, when it has a scale.
    locked : set of str
        Whose mark is locked or overridden in the gradebook.
    group : set of str, optional
        Who is in the group that was chosen on the page.
    """

    numbers: Mapping[str, str]
    maximum: float = 20.0
    scale: Sequence[str] = ()
    locked: set[str] = field(default_factory=set)
    group: set[str] | None = None
    stored: dict[str, Stored] = field(default_factory=dict)

    def upload(
        self,
        data: bytes,
        *,
        pages: str = "en",
        separator: str = "comma",
        tick: bool = False,
        now: datetime = datetime(2026, 12, 1, 12),
    ) -> tuple[int, int]:
        """Import a worksheet; the value is how many marks and how many texts Moodle says that it updated.

        Raises
        ------
        RefusedByMoodleError
            When nothing is taken at all.
        """
        words = WORDS[pages]
        head, rows = _table(data, SEPARATORS[separator])
        at = {name: column for column, name in enumerate(head)}
        if not {words.identifier, words.grade, words.graded} <= set(at):
            raise RefusedByMoodleError(UNREADABLE)
        taken = [(self._whose(row[at[words.identifier]], words), row) for row in rows]
        marks = texts = 0
        for who, row in taken:
            if who is None or (self.group is not None and who not in self.group):
                continue
            old = self.stored.get(who)
            stale = old is not None and old.modified > _read_date(row[at[words.graded]]) + timedelta(
                seconds=60
            )
            mark = self._mark(row[at[words.grade]], comma=words.comma)
            before = old.mark if old is not None else None
            if self._takes(who, mark, before) and (tick or not stale):
                self._put(who, now).mark = mark
                marks += 1
            # A column without a number before it is no column, to PHP.
            if at.get(words.feedback) and (tick or not stale):
                text = row[at[words.feedback]]
                if text != (old.comment if old is not None else ""):
                    self._put(who, now).comment = text
                    texts += 1
        return marks, texts

    def _whose(self, cell: str, words: Words) -> str | None:
        """As many bytes as Moodle's own word has go; the rest must be a number to the database."""
        rest = cell.encode()[len(words.participant.encode()) :].decode(errors="replace")
        if not re.fullmatch(r"\s*\d+\s*", rest):
            raise RefusedByMoodleError(DATABASE)
        return self.numbers.get(rest.strip())

    def _mark(self, cell: str, *, comma: bool) -> float | None:
        if self.scale:
            return float(self.scale.index(cell) + 1) if cell in self.scale else None
        return unformat_float(cell, comma=comma)

    def _takes(self, who: str, mark: float | None, before: float | None) -> bool:
        if mark is None or mark < 0 or mark == before or who in self.locked:
            return False
        return bool(self.scale) or mark <= self.maximum

    def _put(self, who: str, now: datetime) -> Stored:
        stored = self.stored.setdefault(who, Stored())
        stored.modified = now
        return stored


def unformat_float(cell: str, *, comma: bool) -> float | None:
    """A number as Moodle reads it: what comes first in the cell, and 0 when that is none."""
    text = cell.replace(" ", "").replace("\xa0", "")
    if text == "":
        return None
    found = FLOAT.match(text.replace(",", ".") if comma else text)
    return float(found[1]) if found else 0.0


def _table(data: bytes, delimiter: str) -> tuple[list[str], list[list[str]]]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise RefusedByMoodleError(UNREADABLE)
    return rows[0], rows[1:]


def _read_date(cell: str) -> datetime:
    """Only English is understood; everything else is the beginning of time."""
    found = DATE.fullmatch(cell)
    try:
        return datetime.strptime(found[1], "%d %B %Y, %I:%M %p") if found else NEVER
    except ValueError:
        return NEVER


@dataclass
class MoodleUser:
    """Somebody on the site."""

    key: str
    email: str = ""
    username: str = ""
    userid: str = ""
    idnumber: str = ""
    enrolled: bool = True


@dataclass
class MoodleGradebook:
    """The import of a gradebook, for one grade item."""

    users: Sequence[MoodleUser]
    maximum: float = 20.0
    marks: dict[str, float | None] = field(default_factory=dict)
    modified: dict[str, datetime] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)

    def import_(
        self,
        rows: Iterable[tuple[str, str]],
        *,
        by: str,
        pages: str = "en",
        feedback: Mapping[str, str] | None = None,
        downloaded: datetime | None = None,
        now: datetime = datetime(2026, 12, 1, 12),
    ) -> list[str]:
        """Import marks; the value is who got one without being in the course.

        Raises
        ------
        RefusedByMoodleError
            When nothing is imported at all.
        """
        changes: list[tuple[MoodleUser, float | None, str | None]] = []
        for who, cell in rows:
            user = self._user(by, who)
            last = self.modified.get(user.key)
            if downloaded is not None and last is not None and last > downloaded:
                raise RefusedByMoodleError("older than in the grader report")
            changes.append((user, self._mark(cell, comma=WORDS[pages].comma), (feedback or {}).get(who)))
        for user, mark, text in changes:
            self.marks[user.key] = mark
            self.modified[user.key] = now
            if text is not None:
                self.feedback[user.key] = text
        return [user.key for user, _mark, _text in changes if not user.enrolled]

    def _user(self, by: str, who: str) -> MoodleUser:
        # The whole site is searched; only an address is sought without regard to capitals.
        wanted = who.casefold() if by == "email" else who
        found = [
            user
            for user in self.users
            if (getattr(user, by).casefold() if by == "email" else getattr(user, by)) == wanted
        ]
        if len(found) > 1:
            raise RefusedByMoodleError(f'Multiple users found with {by} of "{who}"')
        if not found:
            raise RefusedByMoodleError(f'Could not find user with {by} of "{who}"')
        return found[0]

    def _mark(self, cell: str, *, comma: bool) -> float | None:
        if cell == "-":
            return None
        if not re.fullmatch(r"-?\d+(?:[.,]\d+)?" if comma else r"-?\d+(?:\.\d+)?", cell):
            raise RefusedByMoodleError("Supplied grade is invalid")
        mark = float(cell.replace(",", "."))
        if mark > 100:
            raise RefusedByMoodleError("larger than the allowed grade maximum of 100")
        return min(max(mark, 0.0), self.maximum)
