"""For classes of every kind: everybody gets exactly their own mark in Moodle, and the rest is told."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk_grading.lms.exporters import Mark, MarkList
from maatwerk_grading.lms.fill import Asked, fill, not_in_any
from maatwerk_grading.lms.notes import FillError, Note
from maatwerk_grading.lms.people import Identity, People
from maatwerk_grading.lms.sheets import read_sheet
from moodle_import import WORDS, MoodleAssignment, Stored

ASSIGNMENT, OTHER = "opdracht-3-dilemmas", "opdracht-4-dynamieken"
NAMES = ("Sanne de Boer", "Zoë Çelik-Šimůnek", "Pieter van 't Hof", "Jan 12 de Vries", "A B", "حداد ليلى")
DOWNLOADED = datetime(2026, 11, 30, 12)
DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MAXIMUM = Decimal(20)


@dataclass(frozen=True)
class Somebody:
    """A generated person: what the LMS says of them, what Moodle holds, and their mark with us."""

    name: str
    number: int
    other_number: int
    id_number: str
    mark: float | None
    waiting: bool
    moodle: tuple[float, int] | None
    locked: bool
    in_sheet: bool

    @property
    def email(self) -> str:
        return f"p{self.number}@example.org"

    @property
    def username(self) -> str:
        return f"user{self.other_number}"


@st.composite
def classes(draw: st.DrawFn) -> list[Somebody]:
    size = draw(st.integers(1, 7))
    # Numbers that collide: one person's participant number is another's ID number.
    numbers = draw(st.permutations(range(61, 61 + size)))
    others = draw(st.permutations(range(68, 68 + size)))
    ids = draw(st.permutations([*map(str, range(61, 61 + size)), *[""] * size]))
    return [
        Somebody(
            name=draw(st.sampled_from(NAMES)),
            number=numbers[at],
            other_number=others[at],
            id_number=ids[at],
            mark=draw(st.none() | st.sampled_from([0.0, 7.335, 20.004, 20.01]) | st.floats(0, 21)),
            waiting=draw(st.integers(0, 9)) == 0,
            moodle=draw(st.none() | st.tuples(st.sampled_from([0.0, 7.5, 20.0]), st.sampled_from([-90, 90]))),
            locked=draw(st.integers(0, 9)) == 0,
            in_sheet=draw(st.integers(0, 9)) > 0,
        )
        for at in range(size)
    ]


def shown(when: datetime, language: str) -> str:
    day = DAYS[language][when.weekday()]
    return (
        f"{day}, {when:%d %B %Y, %I:%M %p}"
        if language == "en"
        else f"{day}, {when.day} nov 2026, {when:%H:%M}"
    )


def worksheet(people: list[Somebody], language: str, columns: tuple[str, ...], *, anonymous: bool) -> bytes:
    """The worksheet as Moodle writes it; what was marked after the download is not in it."""
    words = WORDS[language]

    def decimal(value: float) -> str:
        return f"{value:.2f}".replace(".", ",") if language == "nl" else f"{value:.2f}"

    dutch = language == "nl"
    heads = {
        "email": "E-mailadres" if dutch else "Email address",
        "id_number": "Nummer (ID)" if dutch else "ID number",
        "username": "Gebruikersnaam" if dutch else "Username",
    }
    who = () if anonymous else columns
    name = () if anonymous else ("Volledige naam" if dutch else "Full name",)
    maximum = "Maximaal cijfer" if dutch else "Maximum Grade"
    changeable = "Het cijfer kan gewijzigd worden" if dutch else "Grade can be changed"
    submitted = "Laatst gewijzigd (inzending)" if dutch else "Last modified (submission)"
    head = [words.identifier, *name, *(heads[one] for one in who), "Status", words.grade, maximum]
    rows = [[*head, changeable, submitted, words.graded, words.feedback]]
    for one in people:
        if not one.in_sheet:
            continue
        seen = one.moodle if one.moodle is not None and one.moodle[1] < 0 else None
        row = [f"{words.participant}{one.number}", *([] if anonymous else [one.name])]
        row += [getattr(one, field) for field in who]
        row += ["x", "" if seen is None else decimal(seen[0]), decimal(20.0)]
        row.append(("Nee" if dutch else "No") if one.locked else ("Ja" if dutch else "Yes"))
        row.append(shown(DOWNLOADED - timedelta(hours=9), language))
        row.append("-" if seen is None else shown(DOWNLOADED + timedelta(minutes=seen[1]), language))
        rows.append([*row, "" if seen is None else "hou dit"])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def damaged(data: bytes, how: str) -> bytes:
    """The same after a Dutch Excel saved it."""
    if how == "as downloaded":
        return data
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252" if how == "excel" else "utf-8", errors="replace")


def known(people: list[Somebody], how: str) -> People:
    """The people, as they came to be known."""
    found = People()
    full = [
        Identity(
            "moodle", OTHER, str(one.other_number), one.name, "", "", one.email, one.id_number, one.username
        )
        for one in people
    ]
    if how != "by number":
        assert all(not isinstance(one, Exception) for one in found.know(full).people)
    if how != "by address":
        numbers = [
            Identity("moodle", ASSIGNMENT, str(one.number), one.name, email=one.email) for one in people
        ]
        assert all(not isinstance(one, Exception) for one in found.know(numbers).people)
    return found


def expected(mark: float) -> float:
    return float(Decimal(repr(mark)).quantize(Decimal("0.01"), ROUND_HALF_UP))


# By hand with more: MAATWERK_CLASSES=100000.
@settings(max_examples=int(os.environ.get("MAATWERK_CLASSES", "150")))
@given(
    people=classes(),
    language=st.sampled_from(["nl", "en"]),
    columns=st.sampled_from(
        [(), ("email",), ("email", "id_number"), ("username", "id_number", "email"), ("id_number",)]
    ),
    anonymous=st.booleans(),
    how=st.sampled_from(["by both", "by number", "by address"]),
    saved=st.sampled_from(["as downloaded", "as downloaded", "excel", "semicolons"]),
)
def test_everybody_gets_exactly_their_own_mark_and_the_rest_is_told(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[Somebody],
    language: str,
    columns: tuple[str, ...],
    anonymous: bool,
    how: str,
    saved: str,
) -> None:
    registry = known(people, how)
    student = {
        one.number: next(person.student for person in registry if person.email == one.email) for one in people
    }
    marks = MarkList(
        ASSIGNMENT,
        20.0,
        tuple(
            Mark(student[one.number], "", "", "", None if one.waiting else one.mark, one.waiting)
            for one in people
        ),
    )
    moodle = MoodleAssignment(
        {str(one.number): one.email for one in people},
        locked={one.email for one in people if one.locked},
        stored={
            one.email: Stored(one.moodle[0], DOWNLOADED + timedelta(minutes=one.moodle[1]), "<b>hou dit</b>")
            for one in people
            if one.moodle is not None
        },
    )
    before = {one.email: moodle.stored[one.email].mark for one in people if one.email in moodle.stored}
    file = tmp_path_factory.getbasetemp() / "sheet.csv"
    file.write_bytes(damaged(worksheet(people, language, columns, anonymous=anonymous), saved))
    if not any(one.in_sheet for one in people):
        return
    sheet = read_sheet(file, ASSIGNMENT)
    notes: list[Note | None] = [not_in_any([sheet], marks, registry)]
    given: dict[str, str] = {}
    why = ""
    changed = took = 0
    try:
        filled = fill(sheet, marks, registry, Asked())
    except FillError as error:
        why = error.text.en
    else:
        notes += filled.notes
        given, changed = dict(filled.given), filled.changed
        tick = any(note is not None and "tick" in note.text.en for note in notes)
        took, texts = moodle.upload(filled.content, pages=language, tick=tick)
        assert texts == 0
    told = why + " ".join(who.en for note in notes if note is not None for who in note.who)
    # What somebody is called when it is not certain who: all that the row says of them.
    lost = 0
    for one in people:
        mine = moodle.stored[one.email].mark if one.email in moodle.stored else None
        if student[one.number] not in given:
            assert mine == before.get(one.email)
            if one.mark is not None and not one.waiting:
                assert student[one.number] in told or str(one.number) in told, (one, told)
            continue
        assert one.mark is not None and not one.waiting
        if mine != expected(one.mark):
            # Moodle had a newer mark than the sheet could say, and keeps it.
            assert mine == before[one.email] and one.moodle is not None and one.moodle[1] > 0
            lost += 1
    assert lost == 0 or took < changed
    assert all(one.comment in ("", "<b>hou dit</b>") for one in moodle.stored.values())


def test_the_double_and_the_files_agree_on_what_a_worksheet_looks_like() -> None:
    """The generated worksheet has the heads of the real one."""
    somebody = Somebody("A B", 61, 68, "", 7.0, False, None, False, True)
    for language, folder in (("en", "plain-en"), ("nl", "plain-nl")):
        (real,) = (Path(__file__).parent / "moodle/worksheets" / folder).glob("*-3-*.csv")
        ours = worksheet([somebody], language, ("email",), anonymous=False).decode("utf-8-sig")
        heads = next(csv.reader(io.StringIO(ours)))
        assert heads == next(csv.reader(io.StringIO(real.read_text(encoding="utf-8-sig"))))
