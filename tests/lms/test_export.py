"""Marks reach the right person in the LMS's own file, and what the LMS would lose is told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from maatwerk_grading.lms.exporters import Mark, MarkList
from maatwerk_grading.lms.fill import Asked, Filled, fill, not_in_any
from maatwerk_grading.lms.notes import FillError
from maatwerk_grading.lms.people import Identity, People
from maatwerk_grading.lms.scale import Scale
from maatwerk_grading.lms.sheets import Sheet, read_sheet
from maatwerk_grading.spreadsheet import write_workbook
from moodle_import import MoodleAssignment

MOODLE = Path(__file__).parent / "moodle"
SHEETS = MOODLE / "worksheets"
TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
KEYS = [one["key"] for one in TRUTH["people"]]
MARKS: Mapping[str, float | None] = {one["key"]: one["mark_in_filled_sheets"] for one in TRUTH["people"]}
THREE, FOUR = "opdracht-3-dilemmas", "opdracht-4-dynamieken"


def numbers(kind: str, name: str) -> dict[str, str]:
    (one,) = [one for one in TRUTH["assignments"] if (one["kind"], one["name"]) == (kind, name)]
    return {key: str(number) for key, number in one["participant_number"].items()}


def sheet(folder: str, name: str = THREE, assignment: str | None = None) -> Sheet:
    (file,) = [file for file in (SHEETS / folder).glob("*.csv") if name in file.name]
    return read_sheet(file, assignment or name)


def people(*seen: tuple[str, str]) -> People:
    """Everybody by name, address, ID number and user name; and with their numbers in the assignments seen."""
    known = People()
    identities = [
        Identity(
            "moodle",
            first_name=one["firstname"],
            last_name=one["lastname"],
            email=one["email"],
            id_number=one["idnumber"],
            username=one["username"],
        )
        for one in TRUTH["people"]
    ]
    known.know(identities)
    for kind, name in seen:
        those = numbers(kind, name)
        known.know(
            replace(said, assignment=name, participant=those[key])
            for key, said in zip(KEYS, identities, strict=True)
        )
    return known


def student(known: People, key: str) -> str:
    (one,) = [one for one in known if one.username == f"mw26{key}"]
    return one.student


def marks(
    known: People, assignment: str = THREE, maximum: float = 20.0, **other: float | str | None
) -> MarkList:
    made = []
    for key, mark in {**MARKS, **other}.items():
        score = mark if not isinstance(mark, str) else None
        made.append(
            Mark(
                student(known, key),
                "",
                "",
                "",
                None if score is None else float(score),
                waiting=mark in ("waiting", "ungraded"),
                ungraded=mark == "ungraded",
            )
        )
    return MarkList(assignment, maximum, tuple(made))


def keys_of(known: People, given: Mapping[str, str]) -> dict[str, str]:
    return {known[one].username.removeprefix("mw26"): mark for one, mark in given.items()}


def told(filled: Filled) -> dict[str, tuple[str, ...]]:
    """By the beginning of each note: whom it is about."""
    return {note.text.en.split(":")[0][:30]: tuple(who.en for who in note.who) for note in filled.notes}


@pytest.mark.parametrize(
    ("folder", "kind", "name", "pages"),
    [
        ("plain-en", "plain", THREE, "en"),
        ("plain-nl", "plain", FOUR, "nl"),
        ("plain-en-identity-none", "plain", THREE, "en"),
        ("plain-nl-identity-username+idnumber+email", "plain", THREE, "nl"),
        ("blind-en", "blind", THREE, "en"),
        ("blind-nl", "blind", FOUR, "nl"),
        ("blind-en-as-manager", "blind", FOUR, "en"),
        ("text-en", "text", FOUR, "en"),
        ("text-nl", "text", THREE, "nl"),
        ("team-en", "team", FOUR, "en"),
        ("team-nl", "team", THREE, "nl"),
        ("kind-override-en", "override", THREE, "en"),
        ("kind-workflow-en", "workflow", THREE, "en"),
        ("kind-drafts-en", "drafts", THREE, "en"),
    ],
)
def test_everybody_gets_their_own_mark_in_every_kind_of_worksheet(
    folder: str, kind: str, name: str, pages: str
) -> None:
    known = people((kind, name))
    filled = fill(sheet(folder, name), marks(known, name), known, Asked())
    moodle = MoodleAssignment({number: key for key, number in numbers(kind, name).items()})
    assert moodle.upload(filled.content, pages=pages) == (16, 0)
    assert filled.changed == 16
    assert {key: moodle.stored[key].mark if key in moodle.stored else None for key in KEYS} == MARKS
    assert told(filled)["Nothing handed in, so no mark "] == ("Bram Stil (mw26bram)",)


def test_a_filled_sheet_is_what_moodle_took_but_for_the_feedback() -> None:
    for file, folder, name in (
        (f"plain-en-{THREE}.csv", "plain-en", THREE),
        (f"plain-nl-{FOUR}-decimal-comma.csv", "plain-nl", FOUR),
        (f"blind-en-{THREE}.csv", "blind-en", THREE),
    ):
        given = sheet(folder, name)
        known = people(("blind" if "blind" in folder else "plain", name))
        filled = fill(given, marks(known, name), known, Asked())
        ours = list(csv.reader(io.StringIO(filled.content.decode("utf-8-sig"), newline="")))
        took = list(csv.reader(io.StringIO((SHEETS / "filled" / file).read_text("utf-8-sig"), newline="")))
        assert ours == [row[:-1] for row in took if row[given.columns["grade"]]]


def test_every_byte_that_is_no_mark_stays() -> None:
    known = people(("plain", THREE))
    given = sheet("plain-nl")
    filled = fill(given, marks(known), known, Asked())
    head, *rows = given.file.read_bytes().decode("utf-8").splitlines(keepends=True)
    expected = [head.replace(",Feedback\n", "\n")]
    for (key, mark), row in zip(MARKS.items(), rows, strict=True):
        assert key in row
        if mark is not None:
            cell = f"{mark:.2f}".replace(".", ",")
            expected.append(row.replace(',,"20,00"', f',"{cell}","20,00"').replace(",-,\n", ",-\n"))
    assert filled.content.decode("utf-8") == "".join(expected)


def test_the_sheet_of_another_assignment_is_refused() -> None:
    known = people(("plain", THREE), ("plain", FOUR))
    with pytest.raises(FillError) as refused:
        fill(sheet("plain-en", FOUR, THREE), marks(known), known, Asked())
    assert FOUR in refused.value.text.nl and "niet bij " + THREE in refused.value.text.nl


def test_last_years_sheet_is_refused() -> None:
    known = people(("plain", THREE))
    with pytest.raises(FillError, match="probably of another assignment or another year"):
        fill(sheet("text-en", THREE), marks(known), known, Asked())


def test_a_sheet_of_which_no_number_is_known_is_filled_by_address_and_that_is_told() -> None:
    known = people()
    filled = fill(sheet("plain-en"), marks(known), known, Asked())
    assert len(filled.given) == 16
    assert any("cannot be checked here" in note.text.en for note in filled.notes)


def test_names_alone_tell_nobody() -> None:
    known = people()
    with pytest.raises(FillError, match="Nobody with a mark was found"):
        fill(sheet("plain-en-identity-none"), marks(known), known, Asked())


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("kind-scale-en", "scale of words (Onvoldoende, Voldoende, Goed)"),
        ("kind-nograde-en", "takes no mark"),
        ("kind-max100-en", "20 points here, and in"),
    ],
)
def test_what_moodle_would_take_wrongly_or_not_at_all_is_refused(folder: str, words: str) -> None:
    kind = folder.removeprefix("kind-").removesuffix("-en")
    known = people((kind, THREE))
    with pytest.raises(FillError) as refused:
        fill(sheet(folder), marks(known), known, Asked())
    assert words in refused.value.text.en


def test_another_maximum_takes_a_scale_that_was_chosen() -> None:
    known = people(("max100", THREE))
    percent = fill(sheet("kind-max100-en"), marks(known), known, Asked(Scale("percent")))
    assert keys_of(known, percent.given)["tess"] == "93.80"
    points = fill(sheet("kind-max100-en"), marks(known), known, Asked(Scale("points")))
    assert keys_of(known, points.given)["tess"] == "18.76"
    assert any("as they are: 20 at most" in note.text.en for note in points.notes)
    with pytest.raises(FillError, match="1 to 10 does not fit"):
        fill(sheet("kind-max100-en"), marks(known), known, Asked(Scale("mark")))


def test_a_mark_from_1_to_10_goes_where_the_maximum_is_10(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    text = sheet("plain-nl").file.read_text(encoding="utf-8").replace('"20,00"', '"10,00"')
    file = tmp_path / "tien.csv"
    file.write_text(text, encoding="utf-8")
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked(Scale("mark", Decimal(50))))
    given = keys_of(known, filled.given)
    assert (given["ab"], given["rik"], given["jan"]) == ("1,0", "10,0", "1,5")


def test_more_than_the_maximum_is_not_filled_in_and_told() -> None:
    known = people(("plain", THREE))
    filled = fill(sheet("plain-en"), marks(known, rik=20.5), known, Asked())
    assert "rik" not in keys_of(known, filled.given)
    assert told(filled)["More than the maximum"] == ("Rik Weer (77): 20.50 > 20",)


def test_zero_is_a_mark_and_what_waits_or_was_refused_is_none() -> None:
    known = people(("plain", THREE))
    filled = fill(sheet("plain-en"), marks(known, zoe="waiting", jan="ungraded"), known, Asked())
    given = keys_of(known, filled.given)
    assert given["ab"] == "0.00" and not {"zoe", "jan", "bram"} & set(given)
    assert told(filled)["Still waits for your points in"] == ("Zoë Çelik-Šimůnek (mw26zoe)",)
    assert told(filled)["Not graded yet, or refused whi"] == ("Jan Jansen (67)",)


def test_a_mark_that_moodle_locked_is_left_out_and_told() -> None:
    known = people(("misc", THREE))
    filled = fill(sheet("locked-and-overridden-en"), marks(known), known, Asked())
    assert not {"jan", "zoe"} & set(keys_of(known, filled.given))
    assert told(filled)["Moodle does not take this mark"] == (
        "Jan Jansen (67)",
        "Zoë Çelik-Šimůnek (mw26zoe)",
    )


def test_a_second_upload_says_when_moodle_needs_the_tick() -> None:
    known = people(("plain", THREE), ("plain", FOUR))
    dutch = fill(sheet("after-grading", FOUR), marks(known, FOUR, rik=19.0), known, Asked())
    assert dutch.changed == 1
    assert any("cannot read the dates" in note.text.en for note in dutch.notes)
    assert told(dutch)["Had another mark already, and "] == ("Rik Weer (77): 20,00 → 19,00",)
    english = fill(sheet("after-grading"), marks(known, rik=19.0), known, Asked())
    assert any("Download a new worksheet just before you upload" in note.text.en for note in english.notes)
    same = fill(sheet("after-grading", FOUR), marks(known, FOUR), known, Asked())
    assert same.changed == 0
    assert not any("tick" in note.text.en for note in same.notes)


def test_feedback_in_moodle_stays_unless_the_instructor_sends_it() -> None:
    known = people(("plain", THREE))
    moodle = MoodleAssignment({number: key for key, number in numbers("plain", THREE).items()})
    moodle.upload((SHEETS / "filled" / f"plain-en-{THREE}.csv").read_bytes())
    before = {key: one.comment for key, one in moodle.stored.items()}
    old = fill(sheet("plain-en"), marks(known, rik=19.0), known, Asked())
    assert moodle.upload(old.content, tick=True) == (1, 0)
    assert {key: one.comment for key, one in moodle.stored.items()} == before
    kept = fill(sheet("plain-en"), marks(known), known, Asked(keep_feedback=True))
    assert len(told(kept)["The cell with feedback is empt"]) == 16
    assert moodle.upload(kept.content, tick=True) == (1, 16)
    again = fill(sheet("after-grading"), marks(known), known, Asked(keep_feedback=True))
    assert any("as plain text" in note.text.en for note in again.notes)


def test_anonymous_marking_and_workflow_are_told() -> None:
    known = people(("blind", THREE), ("workflow", THREE))
    blind = fill(sheet("blind-nl"), marks(known), known, Asked())
    assert any("Reveal student identities" in note.text.en for note in blind.notes)
    workflow = fill(sheet("kind-workflow-en"), marks(known), known, Asked())
    assert any("release them" in note.text.en for note in workflow.notes)


def test_who_is_in_no_sheet_of_a_group_is_told() -> None:
    known = people(("plain", THREE))
    list_ = marks(known)
    groups = [sheet(f"separate-groups-groep-{one}-en") for one in "ab"]
    missing = not_in_any(groups[:1], list_, known)
    assert missing is not None
    assert {who.nl.split(" (")[0] for who in missing.who} == {
        *("Sanne de Boer", "Willem Bakker, jr.", "A B", "Noor Smit - de Wit", "Lotte Laat"),
        *("Ravi Rauw", "Tess Twee"),
        "Wilhelmina Apollonia Bartholomea Clementina Desideria Everdina van den Hoogenbosch-Zwartewaal toe "
        "Nieuwerbrugge tot Zandoerle op den Drimmelsen Heuvel",
    }
    both = not_in_any(groups, list_, known)
    assert both is not None and len(both.who) == 2
    assert not_in_any([sheet("plain-en")], list_, known) is None


def test_a_sheet_that_excel_saved_goes_back_as_moodle_wants_it(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    given = sheet("plain-nl")
    file = tmp_path / "Cijfers.csv"
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [cell.replace("20,00", "20") for cell in record.cells] for record in given.table.records
    )
    file.write_bytes(text.getvalue().encode("cp1252", errors="replace"))
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked())
    moodle = MoodleAssignment({number: key for key, number in numbers("plain", THREE).items()})
    assert moodle.upload(filled.content, pages="nl") == (16, 0)
    assert {key: moodle.stored[key].mark if key in moodle.stored else None for key in KEYS} == MARKS
    assert any("saved by a spreadsheet" in note.text.en for note in filled.notes)


def test_a_worksheet_that_was_saved_as_a_workbook_goes_back_as_csv(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    file = tmp_path / "Grades.xlsx"
    write_workbook(file, "Grades", [record.cells for record in sheet("plain-en").table.records])
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked())
    moodle = MoodleAssignment({number: key for key, number in numbers("plain", THREE).items()})
    assert moodle.upload(filled.content) == (16, 0)
    assert any("saved by a spreadsheet" in note.text.en for note in filled.notes)


def test_an_identifier_that_was_changed_by_hand_is_told_and_left_out(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    file = tmp_path / "Grades.csv"
    text = sheet("plain-en").file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Participant 69"', "69"), encoding="utf-8")
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked())
    assert told(filled)["The first column no longer say"] == ("Jan Jansen (67)",)
    moodle = MoodleAssignment({number: key for key, number in numbers("plain", THREE).items()})
    assert moodle.upload(filled.content) == (15, 0)


def test_a_row_that_a_hand_cut_off_is_filled_and_whole(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    file = tmp_path / "Grades.csv"
    head, first, *rows = sheet("plain-en").file.read_text(encoding="utf-8").splitlines()
    cut = ",".join(first.split(",")[:3])
    file.write_text("\n".join([head, cut, *rows]) + "\n", encoding="utf-8")
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked())
    moodle = MoodleAssignment({number: key for key, number in numbers("plain", THREE).items()})
    assert moodle.upload(filled.content) == (16, 0)


def test_two_rows_of_one_person_that_differ_are_not_filled_in(tmp_path: Path) -> None:
    known = people(("plain", THREE))
    file = tmp_path / "Grades.csv"
    text = sheet("plain-en").file.read_text(encoding="utf-8")
    # A hasty hand copied an address one row down, and took away the numbers that are known.
    file.write_text(text.replace("mw26zoe@example.org", "mw26jan@example.org"), encoding="utf-8")
    filled = fill(read_sheet(file, THREE), marks(known), known, Asked())
    given = keys_of(known, filled.given)
    assert "zoe" not in given and given.get("jan", "1.00") == "1.00"
    assert any("NOT filled in" in note.text.en for note in filled.notes)


def test_a_gradebook_of_moodle_or_a_list_of_people_is_not_filled(tmp_path: Path) -> None:
    known = people()
    (book,) = (MOODLE / "gradebook" / "export-nl").glob("*.csv")
    with pytest.raises(FillError, match="no longer be changed"):
        fill(read_sheet(book), marks(known), known, Asked())
    file = tmp_path / "lijst.csv"
    file.write_text("E-mailadres\nmw26jan@example.org\n", encoding="utf-8")
    with pytest.raises(FillError, match="no column for marks"):
        fill(read_sheet(file), marks(known), known, Asked())


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,opdracht-3-dilemmas (42),Anders (43),Current Score,Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,20.00,10.00,(read only),(read only)
"Jansen, Jan",101,67,mw26jan,A,,9,,
"Hof, Pieter van 't",102,90802,mw26pieter,A,EX,9,,
"Boer, Sanne de",103,73,mw26sanne2,B,4,9,,
"Smit - de Wit, Noor",104,76,mw26streep,B,N/A,9,,
"Stil, Bram",105,,mw26bram,B,8,9,,
"Student, Test",999,,abc,A,,,,
"""


def test_a_gradebook_of_canvas_is_filled(tmp_path: Path) -> None:
    known = people()
    file = tmp_path / "Grades.csv"
    file.write_text(CANVAS, encoding="utf-8")
    filled = fill(read_sheet(file), marks(known), known, Asked())
    assert filled.content.decode() == (
        "Student,ID,SIS User ID,SIS Login ID,Section,opdracht-3-dilemmas (42)\n"
        ",,,,,Manual Posting\n"
        "    Points Possible,,,,,20.00\n"
        '"Jansen, Jan",101,67,mw26jan,A,1.00\n'
        '"Boer, Sanne de",103,73,mw26sanne2,B,6.55\n'
    )
    assert told(filled)["Excused in Canvas (EX), so NOT"] == ("Pieter van 't Hof (90802)",)
    assert told(filled)["Does not have this assignment "] == ("Noor Smit - de Wit (76)",)
    assert told(filled)["Had another mark already, and "] == ("Sanne de Boer (73): 4 → 6.55",)
    with pytest.raises(FillError, match="The columns: opdracht-3-dilemmas; Anders"):
        fill(read_sheet(file), marks(known), known, Asked(column="weg"))
    with pytest.raises(FillError, match="the maximum is 10"):
        fill(read_sheet(file), marks(known), known, Asked(column="anders"))


BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Opdracht 3 Dilemmas Points Grade <Numeric MaxPoints:20 Weight:10>,\
Tweede Points Grade <Numeric MaxPoints:20>,Calculated Final Grade Numerator,End-of-Line Indicator\r
#67,#mw26jan,Jansen,Jan,,3,0,#\r
#90802,#mw26pieter,van 't Hof,Pieter,2,3,0,#\r
#,#mw26zoe,Çelik-Šimůnek,Zoë,,3,0,#\r
#73,#mw26jan,Verkeerd,Rij,,3,0,#\r
"""


def test_a_gradebook_of_brightspace_is_filled(tmp_path: Path) -> None:
    known = people()
    file = tmp_path / "Export.csv"
    file.write_text(BRIGHTSPACE, encoding="utf-8-sig", newline="")
    filled = fill(read_sheet(file), marks(known), known, Asked())
    assert filled.content.decode("utf-8-sig") == (
        "OrgDefinedId,Username,Last Name,First Name,"
        "Opdracht 3 Dilemmas Points Grade <Numeric MaxPoints:20 Weight:10>,End-of-Line Indicator\r\n"
        "#67,#mw26jan,Jansen,Jan,1.00,#\r\n"
        "#90802,#mw26pieter,van 't Hof,Pieter,3.22,#\r\n"
        "#,#mw26zoe,Çelik-Šimůnek,Zoë,2.11,#\r\n"
    )
    assert any("Not certain who it is" in note.text.en for note in filled.notes)
