"""The double of Moodle's import stores what the real one stored, in every upload that was recorded."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moodle_import import (
    UNREADABLE,
    WORDS,
    MoodleAssignment,
    MoodleGradebook,
    MoodleUser,
    RefusedByMoodleError,
    Stored,
)

MOODLE = Path(__file__).parent / "moodle"
SHEETS = MOODLE / "worksheets"
UPLOADS = json.loads((SHEETS / "import-experiments.json").read_text(encoding="utf-8"))
IMPORTS = json.loads((MOODLE / "gradebook" / "import-experiments.json").read_text(encoding="utf-8"))
TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
KEYS = [one["key"] for one in TRUTH["people"]]
MARKS = {one["key"]: one["mark_in_filled_sheets"] for one in TRUTH["people"]}
THREE, FOUR = "opdracht-3-dilemmas", "opdracht-4-dynamieken"
# In the sheets of after the marks: when those were given.
GRADED = datetime(2026, 11, 30, 23, 4, 30)

Row = dict[str, str]


def assignment(kind: str, name: str = THREE, **more: Any) -> MoodleAssignment:
    (one,) = [one for one in TRUTH["assignments"] if (one["kind"], one["name"]) == (kind, name)]
    return MoodleAssignment({str(number): key for key, number in one["participant_number"].items()}, **more)


def sheet(folder: str, name: str = THREE) -> tuple[list[str], list[Row]]:
    (file,) = [file for file in (SHEETS / folder).glob("*.csv") if name in file.name]
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    return rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def as_bytes(
    head: Sequence[str],
    rows: Sequence[Row],
    delimiter: str = ",",
    ending: str = "\n",
    encoding: str = "utf-8-sig",
    *,
    quotes: bool = False,
) -> bytes:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerow(head)
    writer.writerows([row[name] for name in head] for row in rows)
    return text.getvalue().encode(encoding)


class Upload:
    """A sheet being prepared for one assignment on pages of one language."""

    def __init__(self, moodle: MoodleAssignment, folder: str, name: str = THREE, pages: str = "en") -> None:
        self.moodle, self.pages, self.words = moodle, pages, WORDS[pages]
        self.head, self.rows = sheet(folder, name)

    def key(self, row: Row) -> str:
        return self.moodle.numbers[re.sub(r"\D", "", row[self.head[0]])]

    def mark(self, marks: Mapping[str, str] | str) -> Upload:
        for row in self.rows:
            row[self.words.grade] = marks if isinstance(marks, str) else marks.get(self.key(row), "")
        return self

    def feedback(self, text: str) -> Upload:
        for row in self.rows:
            row[self.words.feedback] = text
        return self

    def without_feedback(self) -> Upload:
        self.head = [name for name in self.head if name != self.words.feedback]
        return self

    def identify(self, made: Callable[[str], str]) -> Upload:
        for row in self.rows:
            row[self.words.identifier] = made(re.sub(r"\D", "", row[self.words.identifier]))
        return self

    def send(self, *, tick: bool = False, separator: str = "comma", **form: Any) -> tuple[int, int]:
        data = as_bytes(self.head, self.rows, **form)
        return self.moodle.upload(data, pages=self.pages, tick=tick, separator=separator)


def said(name: str) -> tuple[int, int]:
    found = re.search(r"Updated (\d+) grades and (\d+) feedback", UPLOADS[name]["said"])
    assert found is not None
    return int(found[1]), int(found[2])


def stored(moodle: MoodleAssignment) -> dict[str, float | None]:
    return {key: moodle.stored[key].mark if key in moodle.stored else None for key in KEYS}


def halves() -> dict[str, str]:
    """The other marks of the second upload, as the notes have them."""
    wrong = UPLOADS["nl-second"]["check"]["wrong"]
    return {
        key: f"{wrong[key][0]:.2f}" if key in wrong else f"{mark:.2f}"
        for key, mark in MARKS.items()
        if mark is not None
    }


def filled(kind: str, name: str, pages: str, **more: Any) -> MoodleAssignment:
    """An assignment in which a sheet was uploaded that the real Moodle took."""
    moodle = assignment(kind, name, **more)
    (file,) = (SHEETS / "filled").glob(f"{kind}-{pages}-{name}*.csv")
    moodle.upload(file.read_bytes(), pages=pages, now=GRADED)
    assert stored(moodle) == MARKS
    return moodle


def test_nl_comma() -> None:
    moodle = assignment("plain", FOUR)
    file = SHEETS / "filled" / f"plain-nl-{FOUR}-decimal-comma.csv"
    assert moodle.upload(file.read_bytes(), pages="nl", now=GRADED) == said("nl-comma")
    assert stored(moodle) == MARKS


def test_nl_second_nl_second_tick_and_nl_point() -> None:
    moodle = filled("plain", FOUR, "nl")
    marks = {key: mark.replace(".", ",") for key, mark in halves().items()}

    def again() -> Upload:
        return Upload(moodle, "after-grading", FOUR, "nl").mark(marks)

    assert again().send() == said("nl-second")
    wrong = UPLOADS["nl-second"]["check"]["wrong"]
    assert {key: stored(moodle)[key] for key in wrong} == {key: now for key, (_asked, now) in wrong.items()}
    assert again().send(tick=True) == said("nl-second-tick")
    assert stored(moodle) == {**dict.fromkeys(KEYS), **{key: float(mark) for key, mark in halves().items()}}
    quarter = {key: f"{float(mark) / 2:.2f}" for key, mark in halves().items()}
    assert again().mark(quarter).without_feedback().send(tick=True) == said("nl-point")
    assert stored(moodle)["jan"] == 0.25


def test_en_stale_en_fresh_and_en_stale_tick() -> None:
    moodle = filled("plain", THREE, "en")
    assert Upload(moodle, "plain-en").mark(halves()).send() == said("en-stale")
    assert stored(moodle) == MARKS
    assert Upload(moodle, "after-grading").mark(halves()).send() == said("en-fresh")
    assert stored(moodle)["zoe"] == float(halves()["zoe"])
    assert Upload(moodle, "plain-en").send(tick=True) == said("en-stale-tick")
    assert {one.comment for one in moodle.stored.values()} == {UPLOADS["en-stale-tick"]["comment_after"]}


@pytest.mark.parametrize("pages", ["en", "nl"])
def test_odd_values(pages: str) -> None:
    moodle = assignment("plain", THREE)
    values = UPLOADS[f"{pages}-values"]["values"]
    upload = Upload(moodle, f"plain-{pages}", THREE, pages)
    assert upload.mark(
        {key: given for key, (given, *_now) in values.items()}
    ).without_feedback().send() == said(f"{pages}-values")
    assert stored(moodle) == {key: now for key, (_given, now, _book) in values.items()}


def test_blind() -> None:
    moodle = assignment("blind")
    data = (SHEETS / "filled" / f"blind-en-{THREE}.csv").read_bytes()
    assert moodle.upload(data) == said("blind")
    assert stored(moodle) == MARKS


def test_sheets_in_the_language_of_other_pages_are_refused() -> None:
    for name, folder, pages in (
        ("en-sheet-nl-pages", "plain-en", "nl"),
        ("nl-sheet-en-pages", "plain-nl", "en"),
    ):
        moodle = assignment("plain")
        upload = Upload(moodle, folder, THREE, "nl" if pages == "en" else "en").mark("6")
        with pytest.raises(RefusedByMoodleError) as refused:
            moodle.upload(as_bytes(upload.head, upload.rows), pages=pages)
        assert str(refused.value) in UPLOADS[name]["said"]


@pytest.mark.parametrize(
    ("name", "pages", "made"),
    [
        ("nl-heads-en-word", "nl", "Participant {}".format),
        ("en-heads-nl-word", "en", "Deelnemer{}".format),
        ("en-bare", "en", "{}".format),
    ],
)
def test_an_identifier_of_another_form_is_an_error(name: str, pages: str, made: Callable[[str], str]) -> None:
    moodle = assignment("blind", FOUR)
    with pytest.raises(RefusedByMoodleError) as refused:
        Upload(moodle, f"blind-{pages}", FOUR, pages).mark("6").identify(made).send()
    assert str(refused.value) in UPLOADS[name]["said"]
    assert moodle.stored == {}


@pytest.mark.parametrize(
    ("name", "pages", "made"),
    [("nl-space", "nl", "Deelnemer {}".format), ("en-any-12", "en", "abcdefghijkl{}".format)],
)
def test_an_identifier_of_as_many_characters_is_taken(
    name: str, pages: str, made: Callable[[str], str]
) -> None:
    moodle = assignment("blind", FOUR)
    upload = Upload(moodle, f"blind-{pages}", FOUR, pages).mark("6").without_feedback().identify(made)
    assert upload.send(tick=True) == said(name)
    assert len(moodle.stored) == UPLOADS[name]["marks"]


def test_other_assignment() -> None:
    moodle = assignment("plain", FOUR)
    numbered = Upload(assignment("plain", THREE), "plain-en").mark("6")
    assert moodle.upload(as_bytes(numbered.head, numbered.rows), tick=True) == said("other-assignment")
    assert moodle.stored == {}


def of_the_filled() -> dict[str, str]:
    return {key: f"{mark:.2f}" for key, mark in MARKS.items() if mark is not None}


def test_max100_scale_nograde_workflow_and_team() -> None:
    moodle = assignment("max100", maximum=100.0)
    assert Upload(moodle, "kind-max100-en").mark(of_the_filled()).send() == said("max100")
    assert stored(moodle)["tess"] == UPLOADS["max100"]["tess"][0]
    moodle = assignment("scale", scale=("Onvoldoende", "Voldoende", "Goed"))
    values = UPLOADS["scale"]["values"]
    upload = Upload(moodle, "kind-scale-en").mark({key: given for key, (given, _now) in values.items()})
    assert upload.send() == said("scale")
    assert {key: stored(moodle)[key] for key in values} == {key: now for key, (_given, now) in values.items()}
    moodle = assignment("nograde", maximum=0.0)
    assert Upload(moodle, "kind-nograde-en").mark("7").feedback("tekst").send() == said("nograde")
    assert moodle.stored["jan"].comment == UPLOADS["nograde"]["jan"]["comment"]
    moodle = assignment("workflow")
    assert Upload(moodle, "kind-workflow-en").mark(of_the_filled()).send() == said("workflow")
    moodle = assignment("team")
    assert Upload(moodle, "team-en").mark({**of_the_filled(), "bram": "3"}).send() == said("team")
    assert {**stored(moodle), "bram": None} == MARKS


def test_locked() -> None:
    moodle = assignment("misc", locked={"jan", "zoe"})
    upload = Upload(moodle, "locked-and-overridden-en").mark("5.00").feedback("<p>x</p>")
    assert upload.send() == said("locked")
    for key in ("jan", "zoe", "pieter"):
        seen = UPLOADS["locked"][key]
        assert moodle.stored[key].comment == seen["comment"]
        assert (moodle.stored[key].mark or -1) == seen["assign"]


def test_the_forms_of_the_file() -> None:
    moodle = assignment("plain")
    taken: list[str] = []

    def check(name: str, mark: str, upload: Upload, **more: Any) -> None:
        assert upload.mark(mark).send(tick=True, **more) == said(name), name
        took = UPLOADS[name]["took"]
        assert sum(one.mark == float(mark) for one in moodle.stored.values()) == took, name
        assert sum(bool(one.comment) for one in moodle.stored.values()) == UPLOADS[name]["comments"], name
        taken.append(name)

    def refused(name: str, data: bytes) -> None:
        with pytest.raises(RefusedByMoodleError) as error:
            moodle.upload(data, tick=True)
        assert str(error.value) == UNREADABLE and UNREADABLE in UPLOADS[name]["said"]
        taken.append(name)

    def new() -> Upload:
        return Upload(moodle, "plain-en")

    few = new()
    few.head = ["Identifier", "Grade", "Last modified (grade)"]
    check("few-columns", "1.00", few)
    two = new().mark("2.00")
    refused("two-columns", as_bytes(["Identifier", "Grade"], two.rows))
    four = new().feedback("drie")
    four.head = ["Identifier", "Grade", "Last modified (grade)", "Feedback comments"]
    check("four-columns", "3.00", four)
    first = new().feedback("vier")
    first.head = ["Feedback comments", "Identifier", "Grade", "Last modified (grade)"]
    first.moodle = moodle
    check("feedback-first", "4.00", first)
    check("no-bom", "5.00", new().feedback(""), encoding="utf-8")
    check("semicolon", "6.00", new(), delimiter=";", separator="semicolon")
    seven = new().mark("7.00")
    refused("semicolon-wrong", as_bytes(seven.head, seven.rows, ";"))
    check("tab", "8.00", new(), delimiter="\t", separator="tab")
    check("crlf", "9.00", new(), ending="\r\n")
    twice = new()
    rows = [dict(row) for row in twice.rows]
    twice.mark("10.00")
    for row in rows:
        row["Grade"] = "11.00"
    data = as_bytes(twice.head, [*twice.rows, *rows])
    assert moodle.upload(data, tick=True) == said("double")
    assert {one.mark for one in moodle.stored.values()} == {11.0}
    other = new()
    other.rows.reverse()
    other.head = list(reversed(other.head))
    # Reversed, the feedback would come first, where Moodle does not look.
    check("reordered", "12.00", other)
    check("quoted", "13.00", new(), quotes=True)
    three = new()
    del three.rows[3:]
    check("missing-rows", "14.00", three)
    refused("broken", b"dit is een brief\nen geen lijst\n")
    unknown = new().mark("16.00")
    unknown.rows[0]["Identifier"] = "Participant 999999"
    assert unknown.send(tick=True) == said("unknown-number")
    empty = new()
    for row in empty.rows:
        row["Last modified (grade)"] = ""
    check("empty-mod", "17.00", empty)
    moodle.group = set(UPLOADS["group-import"]["took"])
    assert new().mark("18.00").send(tick=True) == said("group-import")
    assert {key for key, one in moodle.stored.items() if one.mark == 18.0} == moodle.group


def moved(upload: Upload, hours: int) -> Upload:
    """The sheet as somebody in another time zone downloads it."""
    for row in upload.rows:
        if "," in row["Last modified (grade)"]:
            when = datetime.strptime(row["Last modified (grade)"].split(", ", 1)[1], "%d %B %Y, %I:%M %p")
            row["Last modified (grade)"] = (when + timedelta(hours=hours)).strftime("%A, %d %B %Y, %I:%M %p")
    return upload.without_feedback()


def test_teachers_in_another_time_zone() -> None:
    moodle = filled("plain", THREE, "en", maximum=100.0)
    upload = moved(Upload(moodle, "after-grading").mark("33"), -6)
    assert upload.send() == said("teacher-other-timezone")
    # An hour after the next sheet was downloaded, everybody gets another mark.
    later = Upload(moodle, "after-grading").mark("55")
    for row in later.rows:
        row["Last modified (grade)"] = later.rows[0]["Last modified (grade)"]
    for key in KEYS:
        moodle.stored[key] = Stored(44.0, GRADED + timedelta(hours=1))
    assert moved(later, 8).send() == said("teacher-east")


def test_every_recorded_upload_is_looked_at() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    looked_at = {name for name in UPLOADS if f'"{name}"' in text} | {"en-values", "nl-values"}
    assert looked_at == set(UPLOADS) and len(UPLOADS) == 43


# --- The gradebook ----------------------------------------------------------------------------------------


def gradebook() -> MoodleGradebook:
    users = [
        MoodleUser(one["key"], one["email"], one["username"], str(one["moodle_user_id"]), one["idnumber"])
        for one in TRUTH["people"]
    ]
    outside = [MoodleUser(f"outside{one}", idnumber=f"9900{one}", enrolled=False) for one in (1, 2)]
    return MoodleGradebook([*users, *outside])


def field_of(name: str) -> dict[str, str]:
    return {one["key"]: str(one[name]) for one in TRUTH["people"]}


@pytest.mark.parametrize(
    ("name", "by", "source"),
    [
        ("by-email", "email", "email"),
        ("by-username", "username", "username"),
        ("by-userid", "userid", "moodle_user_id"),
        ("by-idnumber", "idnumber", "idnumber"),
    ],
)
def test_a_gradebook_takes_what_it_knows_people_by(name: str, by: str, source: str) -> None:
    book = gradebook()
    who = {key: value for key, value in field_of(source).items() if value}
    book.import_([(value, str(at)) for at, value in enumerate(who.values(), 1)], by=by)
    assert book.marks == {key: float(at) for at, key in enumerate(who, 1)}
    assert IMPORTS[name]["right"] == len(KEYS)


def test_a_gradebook_refuses_all_for_one() -> None:
    book = gradebook()
    for name, rows in (
        ("by-idnumber-some-empty", [(one, "1") for one in field_of("idnumber").values()]),
        ("participant-as-idnumber-all", [(number, "1") for number in assignment("plain").numbers]),
    ):
        with pytest.raises(RefusedByMoodleError) as refused:
            book.import_(rows, by="idnumber")
        assert str(refused.value) in IMPORTS[name]["said"]
    assert book.marks == {}


def test_participant_numbers_as_id_numbers_reach_the_wrong_people() -> None:
    book = gradebook()
    known = set(field_of("idnumber").values())
    numbers = {key: number for number, key in assignment("plain").numbers.items()}
    rows = [(numbers[key], str(at)) for at, key in enumerate(KEYS, 1) if numbers[key] in known]
    book.import_(rows, by="idnumber")
    wrong = IMPORTS["participant-as-idnumber"]["wrong_or_missing"]
    assert {key: book.marks.get(key) for key in wrong} == {key: now for key, (_own, now) in wrong.items()}
    assert set(book.marks) <= set(wrong)


@pytest.mark.parametrize(
    ("name", "cell", "pages"),
    [
        ("comma-en", "7,33", "en"),
        ("comma-nl", "7,33", "nl"),
        ("point-nl", "8.44", "nl"),
        ("over", "25", "en"),
        ("word", "goed", "en"),
        ("dash", "-", "en"),
        ("over100", "101", "en"),
        ("neg", "-3", "en"),
    ],
)
def test_what_a_gradebook_makes_of_a_mark(name: str, cell: str, pages: str) -> None:
    book = gradebook()
    before = {"comma-en": 4.5, "word": 20, "over100": None}.get(name, 1)
    book.marks["pieter"] = before
    rows = [("mw26pieter@example.org", cell)]
    if "Import failed" in IMPORTS[name]["said"]:
        with pytest.raises(RefusedByMoodleError) as refused:
            book.import_(rows, by="email", pages=pages)
        assert str(refused.value) in IMPORTS[name]["said"]
    else:
        book.import_(rows, by="email", pages=pages)
    assert book.marks["pieter"] == IMPORTS[name]["pieter"]


def test_feedback_own_export_and_outside_course() -> None:
    book = gradebook()
    who = "MW26PIETER@EXAMPLE.ORG"
    book.import_([(who, "9.5")], by="email", feedback={who: "<p>Let <b>op</b></p>"})
    seen = IMPORTS["feedback"]["pieter"]
    assert (book.marks["pieter"], book.feedback["pieter"]) == (seen["book"], seen["book_feedback"])
    downloaded = datetime(2026, 12, 1, 13)
    book.import_([(who, "9.5")], by="email", downloaded=downloaded, now=datetime(2026, 12, 1, 14))
    assert IMPORTS["own-export"]["said"] == "Grade import success"
    with pytest.raises(RefusedByMoodleError) as refused:
        book.import_([(who, "9.5")], by="email", downloaded=downloaded)
    assert str(refused.value) in IMPORTS["own-export-again"]["said"]
    assert book.import_([("99001", "9"), ("99002", "9")], by="idnumber") == ["outside1", "outside2"]
    assert "not currently enrolled" in IMPORTS["outside-course"]["said"]
