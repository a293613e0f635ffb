"""``maatwerk export`` in a course folder with nbgrader's real gradebook, as a hasty instructor uses it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from maatwerk_app.cli import main
from maatwerk_grading.lms.people import Identity, People
from moodle_import import MoodleAssignment, MoodleGradebook, MoodleUser
from nbgrader.api import Gradebook
from openpyxl import load_workbook
from sqlalchemy import text

MOODLE = Path(__file__).parent / "moodle"
SHEETS = MOODLE / "worksheets"
TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
PEOPLE = {one["key"]: one for one in TRUTH["people"]}
MARKS = {key: one["mark_in_filled_sheets"] for key, one in PEOPLE.items()}
THREE, FOUR = "opdracht-3-dilemmas", "opdracht-4-dynamieken"
pytestmark = [
    pytest.mark.xdist_group("export"),
    # nbgrader's own way of adding a submission.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

Run = Callable[..., tuple[int, str]]


def numbers(name: str, kind: str = "plain") -> dict[str, str]:
    (one,) = [one for one in TRUTH["assignments"] if (one["kind"], one["name"]) == (kind, name)]
    return {key: str(number) for key, number in one["participant_number"].items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of which everybody is known, with two marked assignments of 20 points."""
    root = tmp_path_factory.mktemp("cursus")
    people = People()
    for name in (THREE, FOUR):
        for key, one in PEOPLE.items():
            said = Identity("moodle", name, numbers(name)[key], email=one["email"], username=one["username"])
            people.know([said])
    people.know(
        Identity(
            "moodle",
            first_name=one["firstname"],
            last_name=one["lastname"],
            email=one["email"],
            id_number=one["idnumber"],
        )
        for one in PEOPLE.values()
    )
    people.save(root)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        # nbgrader commits at every step; that need not reach the disk here.
        book.db.execute(text("PRAGMA synchronous = OFF"))
        for name in (THREE, FOUR):
            book.add_assignment(name)
            book.add_notebook(name, name)
            book.add_grade_cell("a", name, name, max_score=20, cell_type="code")
            book.add_task_cell("t", name, name, max_score=0, cell_type="markdown")
        for key, mark in MARKS.items():
            book.add_student(student(key), email=PEOPLE[key]["email"])
            for name in (THREE, FOUR) if mark is not None else ():
                book.add_submission(name, student(key))
                grade = book.find_grade("a", name, name, student(key))
                grade.auto_score, grade.needs_manual_grade = mark, False
                book.find_grade("t", name, name, student(key)).needs_manual_grade = False
        book.db.commit()
    return root


def student(key: str) -> str:
    return str(PEOPLE[key]["username"])


@pytest.fixture
def course(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "cursus"
    shutil.copytree(made, root)
    (root / "downloads").mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object, lang: str = "en") -> tuple[int, str]:
        code = main(["export", *map(str, arguments), "--lang", lang])
        said = capsys.readouterr()
        return code, " ".join((said.out + said.err).split())

    return run


def downloaded(course: Path, folder: str, name: str = THREE) -> Path:
    (file,) = [file for file in (SHEETS / folder).glob("*.csv") if name in file.name]
    return shutil.copy(file, course / "downloads" / file.name)


def in_moodle(name: str, file: Path, pages: str, **more: bool) -> dict[str, float | None]:
    moodle = MoodleAssignment({number: key for key, number in numbers(name).items()})
    moodle.upload(file.read_bytes(), pages=pages, **more)
    return {key: moodle.stored[key].mark if key in moodle.stored else None for key in PEOPLE}


def test_a_filled_copy_stands_beside_the_worksheet_and_the_worksheet_stays(course: Path, run: Run) -> None:
    sheet = downloaded(course, "plain-nl", FOUR)
    before = sheet.read_bytes()
    # Whose numbers these are says which assignment it is.
    code, said = run("--into", sheet, lang="nl")
    filled = sheet.with_name(f"{sheet.stem}-ingevuld.csv")
    assert code == 0 and f"16 cijfers geschreven naar {filled}" in said
    assert "Bram Stil" in said and "dat 16 cijfers zijn bijgewerkt" in said
    assert sheet.read_bytes() == before
    assert in_moodle(FOUR, filled, "nl") == MARKS


def test_exporting_again_after_a_new_mark_overwrites_nothing_and_speaks_of_the_tick(
    course: Path, run: Run
) -> None:
    sheet = downloaded(course, "plain-en")
    assert run(THREE, "--into", sheet)[0] == 0
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.find_grade("a", THREE, THREE, student("rik")).manual_score = 12
        book.db.commit()
    code, said = run(THREE, "--into", sheet)
    assert code == 0 and "filled file already" in said and "-filled-2.csv" in said
    assert "silently skips everything" in said
    first, second = (
        in_moodle(THREE, sheet.with_name(f"{sheet.stem}-filled{end}.csv"), "en") for end in ("", "-2")
    )
    assert first == MARKS and second == {**MARKS, "rik": 12.0}


def test_the_sheets_of_two_groups_go_in_one_command(course: Path, run: Run) -> None:
    sheets = [downloaded(course, f"separate-groups-groep-{one}-en") for one in "ab"]
    code, said = run(THREE, "--into", *sheets, "--to", course / "klaar")
    assert code == 0 and "no row in the file (2)" in said
    assert "Ravi Rauw" in said and "Tess Twee" in said
    found: dict[str, float | None] = {}
    for sheet in sheets:
        there = in_moodle(THREE, course / "klaar" / f"{sheet.stem}-filled.csv", "en")
        found |= {key: mark for key, mark in there.items() if mark is not None}
    assert found == {key: mark for key, mark in MARKS.items() if key not in ("bram", "ravi", "tess")}


@pytest.mark.parametrize(
    ("folder", "name", "arguments", "words"),
    [
        ("plain-en", FOUR, [THREE], f"belongs to {FOUR}, and not to {THREE}"),
        ("text-en", THREE, [THREE], "another assignment or another year"),
        ("kind-max100-en", THREE, [THREE], "another assignment or another year"),
        ("plain-en", THREE, [THREE, "--lms", "canvas"], "is of moodle, and not of canvas"),
        ("text-en", FOUR, ["weg"], f"There are: {THREE}, {FOUR}"),
        ("plain-en", THREE, [THREE, "--pass", "60"], "--pass belongs to --scale mark"),
        ("plain-en", THREE, [THREE, "--scale", "mark"], "the maximum there is 20"),
        ("plain-en", THREE, [THREE, "--assignment", FOUR], "two different assignments"),
    ],
)
def test_a_wrong_file_or_wish_is_one_clear_sentence_and_writes_nothing(
    course: Path, run: Run, folder: str, name: str, arguments: list[str], words: str
) -> None:
    sheet = downloaded(course, folder, name)
    code, said = run(*arguments, "--into", sheet)
    assert code == 2 and words in said and "Traceback" not in said
    assert list(sheet.parent.iterdir()) == [sheet]


def test_a_file_that_is_gone_or_no_list_is_told(course: Path, run: Run) -> None:
    code, said = run(THREE, "--into", "weg.csv")
    assert code == 2 and "weg.csv cannot be read" in said
    (course / "brief.csv").write_text("Beste docent,\nhier is niets.\n", encoding="utf-8")
    code, said = run(THREE, "--into", "brief.csv")
    assert code == 2 and "No list of people can be recognised in brief.csv" in said


def test_where_nothing_can_be_written_is_one_clear_sentence(course: Path, run: Run) -> None:
    sheet = downloaded(course, "plain-en")
    (course / "bezet").write_text("geen map", encoding="utf-8")
    for arguments in ([THREE, "--into", sheet], [THREE], [THREE, "--lms", "moodle"]):
        code, said = run(*arguments, "--to", "bezet")
        assert code == 2 and "cannot be written" in said and "Otherwise choose a folder with --to" in said
    (course / "feedback" / student("rik") / THREE).mkdir(parents=True)
    (course / "feedback" / student("rik") / THREE / "a.html").write_text("rik", encoding="utf-8")
    code, said = run(THREE, "--feedback", "--lms", "moodle", "--to", "bezet")
    assert code == 2 and "cannot be written" in said


def test_a_refused_a_waiting_and_a_late_submission_and_a_zero(course: Path, run: Run) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        refused = book.find_grade("a", THREE, THREE, student("jan"))
        refused.auto_score, refused.needs_manual_grade = None, True
        book.find_grade("t", THREE, THREE, student("zoe")).needs_manual_grade = True
        late = book.find_submission(THREE, student("lotte")).notebooks[0]
        late.late_submission_penalty = 5.43
        book.db.commit()
    sheet = downloaded(course, "plain-en")
    code, said = run(THREE, "--into", sheet)
    assert code == 0
    assert "refused while grading, so no mark (1). Run 'maatwerk grade' and read what it says: Jan" in said
    assert "Still waits for your points in formgrader, so no mark (1)." in said
    found = in_moodle(THREE, sheet.with_name(f"{sheet.stem}-filled.csv"), "en")
    assert found == {**MARKS, "jan": None, "zoe": None, "lotte": 10.0}
    assert found["ab"] == 0.0


def test_without_a_file_of_moodle_an_address_or_id_number_says_who_and_never_a_participant(
    course: Path, run: Run
) -> None:
    code, said = run(THREE, "--lms", "moodle")
    assert code == 0 and "16 marks" in said
    written = (course / f"{THREE}-moodle.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    users = [
        MoodleUser(key, one["email"], one["username"], "", one["idnumber"]) for key, one in PEOPLE.items()
    ]
    expected = {key: mark for key, mark in MARKS.items() if mark is not None}
    by_address = MoodleGradebook(users)
    by_address.import_([(row["Email address"], row[THREE]) for row in rows], by="email")
    assert by_address.marks == expected
    by_number = MoodleGradebook(users)
    by_number.import_([(row["ID number"], row[THREE]) for row in rows if row["ID number"]], by="idnumber")
    assert by_number.marks == {key: mark for key, mark in expected.items() if PEOPLE[key]["idnumber"]}


def test_marks_from_1_to_10_in_the_list_for_any_other_lms(course: Path, run: Run) -> None:
    assert run(THREE, "--scale", "mark", "--pass", "50%")[0] == 0
    written = (course / f"{THREE}-generic.csv").read_text(encoding="utf-8-sig")
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(written))}
    assert {row["max_score"] for row in rows.values()} == {"10"}
    assert [rows[student(key)]["score"] for key in ("ab", "lang", "rik", "bram")] == ["1", "5.4", "10", ""]
    table = load_workbook(course / f"{THREE}-generic.xlsx").active
    assert table is not None
    head, *cells = table.iter_rows(values_only=True)
    in_excel = {row[0]: row[head.index("score")] for row in cells}
    # Numbers in every language of Excel.
    assert [in_excel[student(key)] for key in ("ab", "lang", "rik", "bram")] == [1, 5.4, 10, None]


# --- Feedback pages ---------------------------------------------------------------------------------------


@pytest.fixture
def pages(course: Path) -> Path:
    for key, mark in MARKS.items():
        if mark is not None:
            folder = course / "feedback" / student(key) / THREE
            folder.mkdir(parents=True)
            (folder / f"{THREE}.html").write_text(key, encoding="utf-8")
    return course


def moodle_takes(file: Path, participants: dict[str, str]) -> dict[str, str]:
    """By person the page that Moodle gives them, as its source reads the names in a zip of feedback files."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            *folders, last = name.split("/")
            assert not last.startswith((".", "~"))
            for part in (*folders, last):
                words = part.split("_", 4)
                if len(words) < 4 or not words[1].isdigit() or words[1] not in participants:
                    continue
                assert words[2:4] == ["assignsubmission", "file"]
                assert participants[words[1]] not in found
                found[participants[words[1]]] = archive.read(name).decode()
                break
    return found


def test_feedback_pages_go_back_to_moodle_under_the_numbers_of_this_assignment(pages: Path, run: Run) -> None:
    sheet = downloaded(pages, "plain-nl")
    code, said = run(THREE, "--into", sheet, "--feedback")
    assert code == 0 and "Feedback of 16 people packed" in said
    file = sheet.parent / f"{THREE}-feedback-moodle.zip"
    own = {key: key for key, mark in MARKS.items() if mark is not None}
    assert moodle_takes(file, {number: key for key, number in numbers(THREE).items()}) == own
    code, said = run(THREE, "--feedback", "--lms", "moodle", "--to", "zonder-formulier")
    assert code == 0
    file = pages / "zonder-formulier" / f"{THREE}-feedback-moodle.zip"
    assert moodle_takes(file, {number: key for key, number in numbers(THREE).items()}) == own


def test_a_page_that_is_not_final_or_not_there_is_told(pages: Path, run: Run) -> None:
    with Gradebook(f"sqlite:///{pages / 'gradebook.db'}") as book:
        book.find_grade("t", THREE, THREE, student("zoe")).needs_manual_grade = True
        book.db.commit()
    shutil.rmtree(pages / "feedback" / student("rik"))
    code, said = run(THREE, "--feedback", "--lms", "moodle")
    assert code == 0 and "Feedback of 14 people packed" in said
    assert "the feedback page is not packed (1): mw26zoe" in said
    assert "no feedback page (1). Run 'maatwerk feedback': mw26rik" in said
    code, said = run(FOUR, "--feedback", "--lms", "moodle")
    assert code == 2 and f"Make them first: maatwerk feedback {FOUR}" in said
    code, said = run(THREE, "--feedback")
    assert code == 2 and "--lms moodle" in said


def a_download(course: Path, names: dict[str, str]) -> Path:
    file = course / "downloads" / f"{THREE}.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in names.values():
            archive.writestr(name, "{}")
    return file


def the_people_of(course: Path, lms: str) -> None:
    people = People.read(course)
    for at, (key, one) in enumerate(PEOPLE.items()):
        people.know([Identity(lms, email=one["email"], username=student(key), lms_id=str(5000 + at))])
    people.save(course)


def test_feedback_pages_go_back_to_canvas_under_the_names_of_its_download(pages: Path, run: Run) -> None:
    the_people_of(pages, "canvas")
    names = {
        "jan": f"jansenjan_5000_9000_{THREE}.zip",
        "zoe": f"celiksimunekzoe_LATE_5001_9001_{THREE}.zip",
    }
    code, said = run(THREE, "--into", a_download(pages, names), "--feedback")
    assert code == 0, said
    with zipfile.ZipFile(pages / "downloads" / f"{THREE}-feedback-canvas.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    # Canvas takes the first two numbers between underscores: whose it is, and which file.
    whose = {}
    for name, page in found.items():
        user, file = [part for part in name.split("_") if part.isdigit()][:2]
        whose[user, file] = page
        assert name.endswith(f"_{THREE}.html")
    assert whose == {("5000", "9000"): "jan", ("5001", "9001"): "zoe"}
    assert "so NOT packed (14)" in said


def test_feedback_pages_go_back_to_brightspace_in_the_folders_of_its_download(pages: Path, run: Run) -> None:
    the_people_of(pages, "brightspace")
    folders = {
        "jan": "5000-640693 - Jan Jansen - 29 November, 2026 1100 AM",
        "lotte": "5013-640693 - Lotte Laat - 30 November, 2026 1005 PM",
    }
    download = a_download(pages, {key: f"{name}/{THREE}.zip" for key, name in folders.items()})
    code, said = run("--into", download)
    assert code == 0, said
    with zipfile.ZipFile(pages / "downloads" / f"{THREE}-feedback-brightspace.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert found == {f"{name}/{THREE}.html": key for key, name in folders.items()}


def test_the_help_says_the_formula_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["export", "--help"])
    said = capsys.readouterr().out
    assert done.value.code == 0
    assert re.search(r"5,5 \+ 4,5 x \(p - c\) / \(100 - c\)", said)
    assert re.search(r"5\.5 \+ 4\.5 x \(p - c\) / \(100 - c\)", said)
