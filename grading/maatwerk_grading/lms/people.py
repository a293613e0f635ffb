"""The people of a course: who of an LMS's lists, worksheets and downloads is which row of the gradebook.

One person is one row over all assignments, and two people never share one. What is not certain is refused,
with a sentence that says what to do: a mark with the wrong person is worse than a mark that waits.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock
from maatwerk import Text
from maatwerk.loader import read_texts
from maatwerk_learner.files import write_whole

from maatwerk_grading.lms.person import STRONG, Identity, Person, name_key

__all__ = [
    "DoubtError",
    "Identity",
    "Learned",
    "People",
    "PeopleError",
    "PeopleFileError",
    "Person",
    "UnknownPersonError",
    "opened_people",
]

TEXTS = read_texts(Path(__file__).parent / "people_texts.toml")
PEOPLE_FILE = "people.csv"
SECONDS_FOR_THE_FILE = 60
COLUMNS = (
    *("student_id", "name", "first_name", "last_name", "email", "id_number", "username"),
    *("lms_ids", "participants"),
)
# A spreadsheet runs a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
LONGEST_STUDENT = 100
_NOT_IN_A_STUDENT = re.compile(r"[^\w.@-]+")
# Windows keeps these names for devices.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class PeopleError(Exception):
    """Why it cannot be said whose something is; ``text`` says so in both languages, with what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


class UnknownPersonError(PeopleError):
    """Nobody is known who fits."""


class DoubtError(PeopleError):
    """It may be more than one person, or what is said does not fit what is known."""


class PeopleFileError(PeopleError):
    """The file of people cannot be read."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of a list of identities.

    Parameters
    ----------
    people : tuple of Person or PeopleError
        For each of the identities, in their order.
    joined : dict of str to str
        By a student id that stood for a participant number alone: the student id of the person that it turned
        out to be. Their folders and their rows in the gradebook are still to be moved.
    """

    people: tuple[Person | PeopleError, ...]
    joined: dict[str, str]


class People:
    """Everybody who is known in a course, and how to find them.

    Parameters
    ----------
    people : iterable of Person
        As they were saved.
    taken : iterable of str
        Student ids that are in use by somebody of whom nothing else is known.
    """

    def __init__(self, people: Iterable[Person] = (), taken: Iterable[str] = ()) -> None:
        self._people: dict[str, Person] = {}
        self._by: dict[tuple[str, str, str], str] = {}
        self._participants: dict[tuple[str, str, str], str] = {}
        self._names: dict[str, set[str]] = {}
        # By student id where capitals make no difference: as it is written.
        self._taken = {folded(student): student for student in taken}
        for person in people:
            self._put(person)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def __len__(self) -> int:
        return len(self._people)

    def __getitem__(self, student: str) -> Person:
        """The person with this id in the gradebook; a ``KeyError`` when there is none."""
        return self._people[student]

    def __contains__(self, student: object) -> bool:
        return student in self._people

    def adopt(self, people: Iterable[Person]) -> None:
        """Take in whoever is in the gradebook: with a name or an address, or else as an id that is taken."""
        for person in people:
            if person.student in self._people or folded(person.student) in self._taken:
                continue
            taken = any(self._by.get(place) for place in _places(person))
            if person.anonymous or taken:
                self._taken[folded(person.student)] = person.student
            else:
                self._put(person)

    def named(self, name: str) -> list[Person]:
        """Everybody whom an LMS may write like this."""
        return [self._people[student] for student in sorted(self._names.get(name_key(name), ()))]

    def of_participant(self, lms: str, assignment: str, number: str) -> Person | None:
        """Whose participant number it is, in this one assignment."""
        student = self._participants.get((lms, assignment, number))
        return None if student is None else self._people[student]

    def get(self, student: str, otherwise: Person) -> Person:
        """The person with this student id, or another when there is none."""
        return self._people.get(student, otherwise)

    def of(self, field: str, value: str, lms: str = "") -> Person | None:
        """Who has this in a field that says who somebody is; ``lms`` for a number of the LMS's own."""
        student = self._by.get((field, lms if field == "lms_id" else "", value)) if value else None
        return None if student is None else self._people[student]

    def like(self, student: str) -> Person | None:
        """The person with this student id, whatever its capitals."""
        return self._people.get(self._taken.get(folded(student), ""))

    def find(self, identity: Identity) -> Person:
        """Whose row of the gradebook it is.

        Raises
        ------
        UnknownPersonError
            When nothing that says who it is, is known. A name alone says it of nobody.
        DoubtError
            When it points to more than one person, or contradicts what is known of the one.
        """
        said = identity.tidy()
        if not said.strong and not said.number:
            key = "unknown" if said.full_name else "nothing_said"
            raise UnknownPersonError(_say(key, who=_who(said)))
        found = self._found(said)
        if found is None:
            raise UnknownPersonError(_say("unknown", who=_who(said)))
        return found

    def know(self, identities: Iterable[Identity], *, by_name: bool = False) -> Learned:
        """Take in the rows of one list: who is new becomes a person, and who is known becomes better known.

        Parameters
        ----------
        identities : iterable of Identity
            The rows of one file. That matters: in one file, two rows are two people.
        by_name : bool
            Whether the instructor says that no two people of the course have one name.

        Returns
        -------
        Learned
            One person for each row, or why not. What is refused changes nothing.
        """
        rows = [identity.tidy() for identity in identities]
        told: dict[Identity, Person | PeopleError] = {}
        joined: dict[str, str] = {}
        twice = _twice(rows)
        names = Counter(name_key(row.full_name) for row in set(rows))
        here: set[str] = set()
        # Whoever can be found by more than a name comes first, whatever the order of the list.
        for row in sorted(dict.fromkeys(rows), key=lambda one: not one.strong):
            try:
                if clash := twice.get(row):
                    raise DoubtError(_say("twice", who=clash))
                sure = by_name and names[name_key(row.full_name)] == 1
                person, pseudonym = self._known(row, here, by_name=sure)
            except PeopleError as error:
                told[row] = error
                continue
            if pseudonym is not None:
                self._drop(pseudonym)
                joined[pseudonym.student] = person.student
            self._put(person)
            here.add(person.student)
            told[row] = person
        return Learned(tuple(told[row] for row in rows), joined)

    def _known(self, row: Identity, here: set[str], *, by_name: bool) -> tuple[Person, Person | None]:
        """The person, with what the row adds; and who until now stood for the participant number alone."""
        if not row.strong and not row.number:
            raise UnknownPersonError(_say("nothing_said", who=_who(row)))
        found, pseudonym = self._found(row), None
        if found is not None and found.anonymous and (row.full_name or row.strong):
            found, pseudonym = self._found(replace(row, participant="")), found
        if found is None:
            found = self._by_name(row, here, by_name=by_name)
        if found is not None and found.student in here:
            raise DoubtError(_say("twice", who=_who(row)))
        made = (found or Person(self._free_student(row))).with_what(row)
        if pseudonym is not None:
            numbers = (one for one in pseudonym.participants if one not in made.participants)
            made = replace(made, participants=(*made.participants, *numbers))
        return made, pseudonym

    def _found(self, said: Identity) -> Person | None:
        """The one person to whom all that is known points."""
        by_number = self._participants.get(said.number) if said.number else None
        if by_number is not None and self._people[by_number].anonymous:
            return self._people[by_number]
        hits = {
            field: self._by.get((field, _scope(field, said), value)) for field, value in said.strong.items()
        }
        students = {student for student in (by_number, *hits.values()) if student is not None}
        if len(students) > 1:
            people = "; ".join(f"{one}: {self._people[one].full_name}" for one in sorted(students))
            raise DoubtError(_say("several", people=people, who=_who(said)))
        if not students:
            return None
        person = self._people[students.pop()]
        for field, value in said.strong.items():
            known = person.value(field, said.lms)
            if known and value not in known and not _has_more(field, said):
                raise self._contradiction(said, person, field, ", ".join(known))
        # A name changes when somebody marries; a number that was given out anew changes its person.
        sure = sum(student is not None for student in hits)
        if sure < 2 and not _fits(said.full_name, person.full_name):
            raise self._contradiction(said, person, "name", person.full_name)
        return person

    def _contradiction(self, said: Identity, person: Person, field: str, known: str) -> DoubtError:
        words = {"people": person.student, "who": _who(said), "known": known}
        return DoubtError(_say("contradicts", field=TEXTS[f"field_{field}"], **words))

    def _by_name(self, row: Identity, here: set[str], *, by_name: bool) -> Person | None:
        """Whether somebody who is known by other things may be meant; only the instructor can say so."""
        if not row.full_name:
            return None
        may_be = [
            person
            for person in self.named(row.full_name)
            if person.student not in here and not _is_another(row, person)
        ]
        if not may_be:
            return None
        if by_name and len(may_be) == 1:
            return may_be[0]
        raise DoubtError(_say("same_name", people=", ".join(one.student for one in may_be), who=_who(row)))

    def _free_student(self, row: Identity) -> str:
        """A student id that nobody has, also where capitals make no difference."""
        said = (row.id_number, row.username, row.lms_id, row.email, row.full_name)
        wanted = next(filter(None, map(safe_student, said)), "")
        if not row.strong and not row.full_name:
            wanted = safe_student(f"anonymous-{row.assignment}-{row.participant}")
        wanted = wanted or "student"
        student, count = wanted, 1
        while folded(student) in self._taken:
            count += 1
            student = f"{wanted}-{count}"
        return student

    def _put(self, person: Person) -> None:
        if (old := self._people.get(person.student)) is not None and old.full_name != person.full_name:
            # Until now they may have been known without a name.
            self._names.get(name_key(old.full_name), set()).discard(person.student)
        self._people[person.student] = person
        self._taken[folded(person.student)] = person.student
        for place in _places(person):
            self._by[place] = person.student
        for number in person.participants:
            self._participants[number] = person.student
        if person.full_name:
            self._names.setdefault(name_key(person.full_name), set()).add(person.student)

    def _drop(self, person: Person) -> None:
        # The id stays taken: folders of that name may still be there.
        del self._people[person.student]
        for number in person.participants:
            del self._participants[number]

    def save(self, folder: Path) -> None:
        """Write the file of people in the course folder, whole or not at all.

        Raises
        ------
        OSError
            When it cannot be written; the old one is as it was.
        """
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\n")
        writer.writerow(COLUMNS)
        for person in sorted(self, key=lambda one: one.student):
            cells = [getattr(person, column) for column in COLUMNS[1:-2]]
            numbers = _pairs(person.lms_ids)
            places = _pairs(
                (f"{lms}/{assignment}", number) for lms, assignment, number in person.participants
            )
            writer.writerow([_plain(cell) for cell in (person.student, *cells, numbers, places)])
        # The mark in front tells Excel that it is UTF-8.
        text = f"\ufeff{made.getvalue()}"
        file = folder / PEOPLE_FILE
        if _text_of(file) != text:
            write_whole(file, text)

    @classmethod
    def read(cls, folder: Path, taken: Iterable[str] = ()) -> People:
        """Read the file of people in the course folder; without one, nobody is known.

        Parameters
        ----------
        folder : Path
            The course folder.
        taken : iterable of str
            Student ids that the gradebook has; those not in the file are given to nobody new.

        Raises
        ------
        PeopleFileError
            When somebody made it unreadable, or put one thing with two people.
        OSError
            When the disk does.
        """
        file = folder / PEOPLE_FILE
        text = _text_of(file)
        return cls(() if text is None else _read_people(file, text), taken)


@contextmanager
def opened_people(folder: Path, taken: Iterable[str] = ()) -> Iterator[People]:
    """The people of a course folder, saved when all went well; others wait meanwhile.

    Raises
    ------
    PeopleFileError, OSError
        As :meth:`People.read` and :meth:`People.save`; :class:`filelock.Timeout` when somebody else keeps it.
    """
    with FileLock(folder / f".{PEOPLE_FILE}.lock", timeout=SECONDS_FOR_THE_FILE):
        people = People.read(folder, taken)
        yield people
        people.save(folder)


def safe_student(text: str) -> str:
    """A name as a folder may have it on every system, and as nbgrader takes it."""
    made = _NOT_IN_A_STUDENT.sub("-", unicodedata.normalize("NFC", text))
    made = made[:LONGEST_STUDENT].strip("-. ")
    return f"{made}-" if _DEVICES.fullmatch(made) else made


def _read_people(file: Path, text: str) -> Iterator[Person]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    seen: dict[object, str] = {}
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise _bad_file(file, 1, "columns", columns=", ".join(COLUMNS))
        for row in rows:
            yield _person(file, rows.line_num, row, seen)
    except csv.Error as error:
        raise _bad_file(file, rows.line_num, "csv", reason=str(error)) from None


def _person(file: Path, line: int, row: dict[str, str | None], seen: dict[object, str]) -> Person:
    said = {column: _meant(row[column] or "") for column in COLUMNS}
    tidy = Identity(**{column: said[column] for column in COLUMNS[1:-2]}).tidy()
    participants = []
    for place, number in _read_pairs(file, line, said["participants"]):
        lms, slash, assignment = place.partition("/")
        if not slash:
            raise _bad_file(file, line, "pair", pair=f"{place}={number}")
        participants.append((lms, assignment, number))
    person = Person(
        student=said["student_id"],
        **{column: getattr(tidy, column) for column in COLUMNS[1:-2]},
        lms_ids=tuple(_read_pairs(file, line, said["lms_ids"])),
        participants=tuple(participants),
    )
    student = folded(person.student)
    if not person.student or ("student", student) in seen:
        raise _bad_file(file, line, "key", student=person.student)
    seen["student", student] = person.student
    for place_ in (*_places(person), *person.participants):
        if seen.setdefault(place_, person.student) != person.student:
            raise _bad_file(file, line, "shared", value=place_[-1], student=seen[place_])
    return person


def _bad_file(file: Path, line: int, problem: str, **words: str) -> PeopleFileError:
    return PeopleFileError(
        _say("bad_file", file=file, line=line, problem=_say(f"problem_{problem}", **words))
    )


def _text_of(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{_escaped(name)}={_escaped(number)}" for name, number in pairs)


def _read_pairs(file: Path, line: int, text: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, map(str.strip, text.split(";"))):
        name, equals, number = pair.partition("=")
        if not equals:
            raise _bad_file(file, line, "pair", pair=pair)
        yield _unescaped(name.strip()), _unescaped(number.strip())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")


def _unescaped(text: str) -> str:
    return text.replace("%3D", "=").replace("%3B", ";").replace("%25", "%")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _meant(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def folded(student: str) -> str:
    """A name where capitals and the ways to write an accent make no difference."""
    return unicodedata.normalize("NFC", student).casefold()


def _has_more(field: str, said: Identity) -> bool:
    """Whether one person may have more than one of it: what Brightspace's number is, it does not say."""
    return field == "lms_id" and said.lms == "brightspace"


def _scope(field: str, said: Identity) -> str:
    return said.lms if field == "lms_id" else ""


def _places(person: Person) -> Iterator[tuple[str, str, str]]:
    for field in STRONG[:-1]:
        if value := getattr(person, field):
            yield field, "", value
    for lms, number in person.lms_ids:
        yield "lms_id", lms, number


def _fits(one: str, other: str) -> bool:
    return not one or not other or name_key(one) == name_key(other)


def _is_another(row: Identity, person: Person) -> bool:
    """Whether something that everybody has only one of differs."""
    for field, value in row.strong.items():
        known = () if _has_more(field, row) else person.value(field, row.lms)
        # A spreadsheet drops the zeros in front of a number.
        if known and value.lstrip("0") not in {one.lstrip("0") for one in known}:
            return True
    return False


def _twice(rows: Sequence[Identity]) -> dict[Identity, str]:
    """By row that shares with another row what only one person can have: what that is."""
    seen: dict[tuple[str, ...], set[Identity]] = {}
    for row in set(rows):
        for field, value in row.strong.items():
            seen.setdefault((field, _scope(field, row), value), set()).add(row)
        if row.number:
            seen.setdefault(row.number, set()).add(row)
    return {row: place[-1] for place, shared in seen.items() if len(shared) > 1 for row in shared}


def _who(said: Identity) -> str:
    return said.shown() or "?"


def _say(key: str, **words: str | int | Path | Text) -> Text:
    words = {"file": PEOPLE_FILE, **words}

    def said(lang: str) -> str:
        return getattr(TEXTS[key], lang).format(  # type: ignore[no-any-return]
            **{name: getattr(word, lang) if isinstance(word, Text) else word for name, word in words.items()}
        )

    return Text(nl=said("nl"), en=said("en"))
