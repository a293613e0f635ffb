"""What each list that an LMS gives is recognised as, whoever saved it last."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.lms.sheets import Sheet, SheetError, read_sheet
from maatwerk_grading.lms.table import read_table
from maatwerk_grading.spreadsheet import write_workbook

MOODLE = Path(__file__).parent / "moodle"
TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
PEOPLE = {one["key"]: one for one in TRUTH["people"]}
WORKSHEETS = sorted((MOODLE / "worksheets").rglob("*.csv"))
NUMBERS = {
    str(number): key for one in TRUTH["assignments"] for key, number in one["participant_number"].items()
}


def named(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


@pytest.mark.parametrize("file", WORKSHEETS, ids=named)
def test_every_worksheet_of_moodle_tells_who_is_who(file: Path) -> None:
    sheet = read_sheet(file, "opdracht-3-dilemmas")
    assert (sheet.lms, sheet.kind) == ("moodle", "worksheet")
    assert sheet.word == ("Deelnemer" if "-nl" in named(file) else "Participant ")
    for said in sheet.identities:
        person = PEOPLE[NUMBERS[said.participant]]
        assert said.assignment == "opdracht-3-dilemmas"
        assert said.email in ("", person["email"])
        assert said.name in ("", f"{person['firstname']} {person['lastname']}")
        assert said.id_number in ("", person["idnumber"])
        assert said.username in ("", person["username"])
        assert bool(said.name) != sheet.anonymous
    assert len({said.participant for said in sheet.identities}) == len(sheet.people) >= 8


@pytest.mark.parametrize("file", sorted(MOODLE.rglob("*.csv")), ids=named)
def test_what_is_not_changed_is_written_as_it_was(file: Path) -> None:
    sheet = read_sheet(file)
    assert sheet.table.written().encode("utf-8-sig" if sheet.table.bom else "utf-8") == file.read_bytes()


def only(kind: str) -> Sheet:
    (file, *_others) = sorted((MOODLE / "worksheets" / kind).glob("*.csv"))
    return read_sheet(file, "opdracht-3-dilemmas")


def test_a_worksheet_tells_what_marks_it_takes() -> None:
    assert only("plain-en").maximum == Decimal(20)
    assert not only("plain-en").comma
    assert only("plain-nl").maximum == Decimal(20)
    assert only("plain-nl").comma
    assert only("kind-max100-en").maximum == Decimal(100)
    assert only("kind-scale-en").scale == ("Onvoldoende", "Voldoende", "Goed")
    assert only("kind-scale-en").items == ()
    assert only("kind-nograde-en").items == ()
    assert "workflow" in only("kind-workflow-en").columns
    assert only("blind-nl").anonymous
    assert not only("plain-en-identity-none").anonymous
    assert [said.group for said in only("team-nl").identities][:2] == ["Groep A", "Groep A"]
    assert only("kind-override-en").columns["grade"] == 7


def test_dates_that_moodle_cannot_read_back_are_noticed() -> None:
    assert read_sheet(MOODLE / "worksheets/after-grading/plain-en-opdracht-3-dilemmas.csv").english
    assert not read_sheet(MOODLE / "worksheets/after-grading/plain-nl-opdracht-4-dynamieken.csv").english


def saved(sheet: Sheet, tmp_path: Path, delimiter: str, encoding: str, ending: str, *, quotes: bool) -> Path:
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=ending,
        quoting=csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL,
    )
    writer.writerows(record.cells for record in sheet.table.records)
    file = tmp_path / "opgeslagen.csv"
    file.write_bytes(text.getvalue().encode(encoding, errors="replace"))
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("kind", ["text-nl", "kind-override-en", "blind-nl"])
def test_a_worksheet_that_excel_saved_is_still_one(
    tmp_path: Path, delimiter: str, encoding: str, kind: str
) -> None:
    sheet = only(kind)
    file = saved(sheet, tmp_path, delimiter, encoding, "\r\n", quotes=delimiter == "\t")
    again = read_sheet(file, "opdracht-3-dilemmas")
    assert (again.lms, again.kind, again.columns) == (sheet.lms, sheet.kind, sheet.columns)
    assert [one.participant for one in again.identities] == [one.participant for one in sheet.identities]
    if encoding != "cp1252":
        assert again.identities == sheet.identities


GERMAN = {
    "Identifier": "ID",
    "Full name": "Vollständiger Name",
    "Email address": "E-Mail-Adresse",
    "Group": "Gruppe",
    "Grade": "Bewertung",
    "Maximum Grade": "Bestwertung",
    "Marking workflow state": "Status des Bewertungsworkflows",
    "Grade can be changed": "Bewertung kann geändert werden",
    "Last modified (submission)": "Zuletzt geändert (Abgabe)",
    "Last modified (grade)": "Zuletzt geändert (Bewertung)",
    "Feedback comments": "Feedback als Kommentar",
    "Online text": "Texteingabe online",
    "Marker": "Bewerter/in",
}


@pytest.mark.parametrize(
    "kind",
    [
        *("plain-en", "plain-en-identity-none", "blind-en", "text-en", "team-en", "after-grading"),
        *("kind-override-en", "kind-workflow-en", "locked-and-overridden-en", "kind-max100-en"),
    ],
)
def test_a_worksheet_in_another_language_goes_by_its_shape(tmp_path: Path, kind: str) -> None:
    (file, *_others) = sorted((MOODLE / "worksheets" / kind).glob("*-3-*.csv"))
    sheet = read_sheet(file)
    text = file.read_text(encoding="utf-8-sig").replace("Participant ", "Teilnehmer/in")
    _head, rest = text.split("\n", 1)
    heads = [f'"{GERMAN.get(name, name)}"' for name in sheet.head.cells]
    german = tmp_path / "Bewertung.csv"
    german.write_text(",".join(heads) + "\n" + rest, encoding="utf-8-sig")
    read = read_sheet(german)
    assert (read.kind, read.word, read.maximum) == ("worksheet", "Teilnehmer/in", sheet.maximum)
    for role in ("participant", "name", "email", "grade", "maximum", "changeable", "graded", "feedback"):
        assert read.columns.get(role) == sheet.columns.get(role), role


@pytest.mark.parametrize(
    "kind", ["plain-nl", "text-nl", "kind-override-en", "kind-workflow-en", "kind-scale-en"]
)
def test_no_single_head_is_needed(tmp_path: Path, kind: str) -> None:
    (file, *_others) = sorted((MOODLE / "worksheets" / kind).glob("*-3-*.csv"))
    sheet = read_sheet(file)
    around = ("participant", "grade", "maximum", "scale", "changeable", "submitted", "graded", "feedback")
    for changed in range(len(sheet.head.cells)):
        head = sheet.head.with_cell(changed, f"Kolom {changed}", ",")
        other = tmp_path / "andere-versie.csv"
        text = sheet.table.written([head, *sheet.table.records[1:]])
        other.write_text(text, encoding="utf-8")
        again = read_sheet(other)
        assert again.kind == "worksheet", sheet.head.cells[changed]
        found = {role: again.columns.get(role) for role in around}
        assert found == {role: sheet.columns.get(role) for role in around}, sheet.head.cells[changed]


def test_a_column_with_user_names_is_not_taken_for_the_participants(tmp_path: Path) -> None:
    sheet = only("plain-en-identity-username+idnumber+email")
    swapped = [record.only((2, 1, 0, *range(3, 12))) for record in sheet.table.records]
    file = tmp_path / "other-order.csv"
    text = sheet.table.written(swapped)
    for key, person in PEOPLE.items():
        text = text.replace(person["username"] + ",", f"s100{sorted(PEOPLE).index(key)},")
    file.write_text(text, encoding="utf-8")
    again = read_sheet(file, "opdracht-3-dilemmas")
    assert [one.participant for one in again.identities] == [one.participant for one in sheet.identities]
    assert again.identities[0].username == f"s100{sorted(PEOPLE).index('jan')}"


def test_a_row_whose_identifier_was_changed_by_hand_has_no_participant(tmp_path: Path) -> None:
    text = next((MOODLE / "worksheets/plain-en").glob("*-3-*.csv")).read_text(encoding="utf-8-sig")
    file = tmp_path / "by-hand.csv"
    file.write_text(text.replace('"Participant 69"', "69"), encoding="utf-8")
    sheet = read_sheet(file)
    assert [one.participant for one in sheet.identities][:2] == ["", "67"]


def test_a_gradebook_of_moodle_is_one_in_both_languages() -> None:
    for folder in ("export-en", "export-nl", "export-nl-semicolon", "export-en-with-feedback"):
        (file,) = (MOODLE / "gradebook" / folder).glob("*.csv")
        sheet = read_sheet(file)
        assert (sheet.lms, sheet.kind) == ("moodle", "gradebook")
        assert sheet.items[0].name == "opdracht-3-dilemmas"
        assert sorted(said.email for said in sheet.identities) == sorted(
            one["email"] for one in PEOPLE.values()
        )
        by_email = {one["email"]: one for one in PEOPLE.values()}
        assert all(said.id_number == by_email[said.email]["idnumber"] for said in sheet.identities)
        assert all(not said.participant for said in sheet.identities)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,\
Opdracht 3 dilemma's (4242),Opdracht 4 (4243),Opdrachten Current Score,Current Score,Final Grade
,,,,,Manual Posting,,,,
    Points Possible,,,,,60.00,"1,5",(read only),(read only),(read only)
"Boer, Sanne de",101,S0101,sanne@example.org,Groep A,,EX,,,
"Bakker, jr., Willem",102,,wb102,Groep A and Groep B,12.5,,,,
Madonna,103,S0103,mad,Groep A,N/A,,,,
"Student, Test",999,,b8c1f0a3a5,Groep A,,,,,
"""


def test_a_gradebook_of_canvas(tmp_path: Path) -> None:
    file = tmp_path / "2026-12-01T0900_Grades-MW26.csv"
    file.write_text(CANVAS, encoding="utf-8")
    sheet = read_sheet(file)
    assert (sheet.lms, sheet.kind, len(sheet.people)) == ("canvas", "gradebook", 3)
    assert [(item.name, item.maximum) for item in sheet.items] == [
        ("Opdracht 3 dilemma's", Decimal(60)),
        ("Opdracht 4", Decimal("1.5")),
    ]
    sanne, willem, madonna = sheet.identities
    assert (sanne.first_name, sanne.last_name) == ("Sanne de", "Boer")
    assert (sanne.lms_id, sanne.id_number, sanne.email) == ("101", "S0101", "sanne@example.org")
    assert (willem.username, willem.email, willem.full_name) == ("wb102", "", "jr., Willem Bakker")
    assert madonna.full_name == "Madonna"
    assert sheet.comma


def test_a_gradebook_of_canvas_with_semicolons_and_two_columns_for_the_name(tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    file.write_text(
        "LastName;FirstName;ID;SIS Login ID;Section;Opdracht 3 (1)\n"
        "    Points Possible;;;;;60,00\nBoer;Sanne;101;sb;A;\n",
        encoding="utf-8-sig",
    )
    sheet = read_sheet(file)
    assert (sheet.lms, sheet.comma, sheet.maximum) == ("canvas", True, Decimal(60))
    assert sheet.identities[0].full_name == "Sanne Boer"


BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,\
Opdracht 3 Points Grade <Numeric MaxPoints:60 Weight:10 Category:A>,\
Opdracht 4 Points Grade <Numeric MaxPoints:20>,\
Calculated Final Grade Numerator,End-of-Line Indicator
#0012345,#zoe,Çelik,Zoë,zoe@example.org,,,0,#
#0012346,#jan,Jansen,Jan,jan@example.org,40,,40,#
"""


def test_a_gradebook_of_brightspace(tmp_path: Path) -> None:
    file = tmp_path / "MW26_GradesExport.csv"
    file.write_text(BRIGHTSPACE, encoding="utf-8-sig")
    sheet = read_sheet(file)
    assert (sheet.lms, sheet.kind) == ("brightspace", "gradebook")
    assert [(item.name, item.maximum) for item in sheet.items] == [
        ("Opdracht 3", Decimal(60)),
        ("Opdracht 4", Decimal(20)),
    ]
    zoe = sheet.identities[0].tidy()
    assert (zoe.id_number, zoe.username, zoe.full_name) == ("0012345", "zoe", "Zoë Çelik")


def test_a_class_list_of_brightspace_has_people_only(tmp_path: Path) -> None:
    file = tmp_path / "classlist.csv"
    file.write_text("OrgDefinedId,Last Name,First Name\n12345,Çelik,Zoë\n", encoding="cp1252")
    sheet = read_sheet(file)
    assert (sheet.lms, sheet.kind, sheet.items) == ("brightspace", "list", ())
    assert sheet.identities[0].full_name == "Zoë Çelik"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Naam;E-mailadres\nZoë Çelik;zoe@example.org\n", ("Zoë Çelik", "zoe@example.org", "")),
        ("sep=;\nStudentnummer;Naam\n0012;Zoë Çelik\n", ("Zoë Çelik", "", "0012")),
        (
            "Voornaam,Tussenvoegsel,Achternaam,Student number\nJan,de,Vries,7\n",
            ("Jan de Vries", "", "7"),
        ),
        ("wie\njan@example.org\n", ("", "jan@example.org", "")),
    ],
)
def test_any_class_list(tmp_path: Path, text: str, said: tuple[str, str, str]) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text(text, encoding="utf-8")
    sheet = read_sheet(file)
    (one,) = sheet.identities
    assert (sheet.lms, sheet.kind) == ("generic", "list")
    assert (one.full_name, one.email, one.id_number) == said


def test_a_class_list_that_is_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "lijst.xlsx"
    write_workbook(file, "Groep", [["Naam", "Studentnummer"], ["Zoë Çelik", "0012"], ["Jan", 34.0]])
    sheet = read_sheet(file)
    assert [(one.name, one.id_number) for one in sheet.identities] == [("Zoë Çelik", "0012"), ("Jan", "34")]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "CSV"),
        (b"PK\x03\x04 half an .xlsx", "Excel"),
        (b"\xd0\xcf\x11\xe0 an .xls", "Excel"),
        (b"a\0b,c\n1,2\n", "CSV"),
        (b"Dit is een brief.\nGeen lijst.\n", "Dit is een brief."),
        (b"Naam,E-mailadres\n", "mensen"),
        (b"\n\n;;;\n", "CSV"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(tmp_path: Path, data: bytes, word: str) -> None:
    file = tmp_path / "fout.csv"
    file.write_bytes(data)
    with pytest.raises(SheetError) as refused:
        read_sheet(file)
    assert word in refused.value.text.nl
    assert "fout.csv" in refused.value.text.en


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff"), max_size=12)


@given(
    rows=st.integers(2, 6).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    everywhere=st.booleans(),
)
def test_a_table_is_read_as_python_reads_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, everywhere: bool
) -> None:
    rows = [["kop"] * len(rows[0]), *rows]
    made = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if everywhere else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows(rows)
    text = made.getvalue()
    file = tmp_path_factory.getbasetemp() / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    table = read_table(file)
    assert [list(record.cells) for record in table.records] == rows
    assert table.written() == text
    other = table.written(delimiter=";")
    assert list(csv.reader(io.StringIO(other, newline=""), delimiter=";")) == rows
