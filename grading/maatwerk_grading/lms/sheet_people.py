"""Whose each row of a sheet is, and whether the sheet is of the assignment that is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from maatwerk_grading.lms.notes import FillError, say, shown
from maatwerk_grading.lms.people import People, PeopleError, Person
from maatwerk_grading.lms.person import Identity
from maatwerk_grading.lms.sheet import Sheet, plain
from maatwerk_grading.lms.table import WORKBOOK


def whose_rows(sheet: Sheet, people: People) -> list[Person | PeopleError]:
    """The person of each row of a sheet, or why it is not certain.

    Parameters
    ----------
    sheet : Sheet
        Read for the assignment in which its participant numbers hold.
    people : People
        Who is who in the course.
    """
    damaged = sheet.table.encoding not in ("utf-8", "utf-16", WORKBOOK)
    found: list[Person | PeopleError] = []
    for said in sheet.identities:
        try:
            found.append(people.find(_without_damage(said) if damaged else said))
        except PeopleError as error:
            found.append(error)
    rows: dict[str, set[tuple[str, ...]]] = {}
    for person, said in zip(found, sheet.identities, strict=True):
        if isinstance(person, Person):
            strong = tuple(sorted(said.tidy().strong.items()))
            rows.setdefault(person.student, set()).add((said.participant, *map(str, strong)))
    # Rows that differ and lead to one person: one of them is somebody else's. The same row twice is harmless.
    return [
        PeopleError(say("why_two_rows", who=shown(person.student, person.full_name)))
        if isinstance(person, Person) and len(rows[person.student]) > 1
        else person
        for person in found
    ]


def _without_damage(said: Identity) -> Identity:
    """What is said without the names, in which Excel puts question marks for letters it lacks."""
    sure = said.strong or said.number
    return replace(said, name="", first_name="", last_name="") if sure else said


def check_assignment(
    sheet: Sheet, assignment: str, people: People, whose: Sequence[Person | PeopleError]
) -> None:
    """See that a worksheet is of this assignment: a participant number belongs to one assignment only."""
    elsewhere = {
        participant: other
        for person in people
        for lms, other, participant in person.participants
        if lms == "moodle" and other != assignment
    }
    for said, person in zip(sheet.identities, whose, strict=True):
        if not said.participant or people.of_participant("moodle", assignment, said.participant):
            continue
        words = {"file": sheet.file.name, "assignment": assignment, "number": said.participant}
        if other := elsewhere.get(said.participant):
            raise FillError(say("fill_other_assignment", other=other, **words))
        if isinstance(person, Person) and (known := numbers_of(person, assignment)):
            who = shown(person.student, person.full_name)
            raise FillError(say("fill_other_numbers", who=who, known=", ".join(known), **words))


def numbers_of(person: Person, assignment: str) -> list[str]:
    return [one for lms, where, one in person.participants if (lms, where) == ("moodle", assignment)]


def assignment_of(sheet: Sheet, known: Iterable[str], people: People) -> set[str]:
    """Of which assignments a sheet can be: by its participant numbers, and else by the name of its file.

    Parameters
    ----------
    sheet : Sheet
        A recognised file.
    known : iterable of str
        The names of the assignments.
    people : People
        Who is who, with their participant numbers.
    """
    known = list(known)
    numbers = {said.participant for said in sheet.identities if said.participant}
    by_number = {
        assignment
        for person in people
        for lms, assignment, number in person.participants
        if lms == sheet.lms and number in numbers and assignment in known
    }
    return by_number or {name for name in known if plain(name) in plain(sheet.file.stem)}
