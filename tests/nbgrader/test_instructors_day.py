"""From an empty folder to marks in an LMS, by the commands that an instructor and a learner type."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from course_roots import CourseRoot, nbgrader
from handed_in import answers_file, half_fields
from maatwerk import LANGUAGES
from maatwerk_app.cli import main
from maatwerk_exercises.assignments import assignments
from maatwerk_grading.lms.exporters import EXPORTERS, MarkList, mark_list, points, write_csv
from nbgrader.api import Gradebook

ASSIGNMENT = "opdracht-3-dilemmas"
pytestmark = pytest.mark.xdist_group("nbgrader")
KNOWN = {"007", "008", "009", "010"}


@pytest.fixture
def learner(tmp_path: Path) -> Path:
    """A learner's copy of the course in which one assignment was filled in."""
    folder = tmp_path / "leerling" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}))
    (folder / "answers.json").write_bytes(answers_file(half_fields()))
    (folder / "answers.damaged-20260101-000000.json").write_text("weg")
    (folder / ".answers.json.lock").touch()
    return folder.parent


def submit(learner: Path) -> Path:
    assert main(["submit", ASSIGNMENT, "--dir", str(learner), "--lang", "nl"]) == 0
    return learner / f"{ASSIGNMENT}.zip"


def test_what_is_handed_in_is_the_notebook_and_the_answers_and_nothing_else(
    learner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = submit(learner)
    assert str(file) in capsys.readouterr().out
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb", f"{ASSIGNMENT}/answers.json"]
        assert archive.read(f"{ASSIGNMENT}/answers.json") == answers_file(half_fields())
    assert submit(learner / ASSIGNMENT).parent == learner / ASSIGNMENT


@pytest.mark.parametrize(
    ("arguments", "break_it", "said"),
    [
        (["submit", "opdracht-9"], "", "Er is geen opdracht 'opdracht-9'"),
        (["submit", ASSIGNMENT], "answers.json", "nog niets ingevuld"),
        (["submit", ASSIGNMENT], f"{ASSIGNMENT}.ipynb", "Wijs met --dir"),
    ],
)
def test_what_cannot_be_handed_in_is_told(
    arguments: list[str], break_it: str, said: str, learner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if break_it:
        (learner / ASSIGNMENT / break_it).unlink()
    assert main([*arguments, "--dir", str(learner), "--lang", "nl"]) == 2
    assert said in capsys.readouterr().err
    assert not list(learner.rglob("*.zip"))


def test_a_course_folder_is_made_once_and_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "cursus"
    for language in LANGUAGES:
        assert main(["teach", "--lang", language, "init", str(folder / language)]) == 0
        made = folder / language
        assert {one.name for one in (made / "source").iterdir()} == set(assignments())
        assert f'"{language}"' in (made / "nbgrader_config.py").read_text()
        assert str(made) in capsys.readouterr().out
    before = sorted((folder / "nl").rglob("*"))
    assert main(["teach", "--lang", "nl", "init", str(folder / "nl")]) == 2
    assert "niet leeg" in capsys.readouterr().err
    assert sorted((folder / "nl").rglob("*")) == before


def test_downloads_of_four_learning_environments_are_collected(
    learner: Path, nl: CourseRoot, tmp_path: Path
) -> None:
    """Real nbgrader: each learner's two files arrive under the number that the LMS has for them."""
    root = tmp_path / "cursus"
    shutil.copytree(nl.before, root, ignore=shutil.ignore_patterns("submitted"))
    archive = root / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    handed_in = submit(learner).read_bytes()
    with zipfile.ZipFile(archive / "Brightspace Download.zip", "w") as download:
        download.writestr(f"1234-77 - Jan Jansen - 12 January, 2026 1012 AM/{ASSIGNMENT}.zip", handed_in)
        download.writestr("index.html", "<p>Overzicht</p>")
    with zipfile.ZipFile(archive / "moodle.zip", "w") as download:
        download.writestr(f"Noor de Wit_69_assignsubmission_file/{ASSIGNMENT}.zip", handed_in)
    # Moodle's number is that of a participant of this assignment: its worksheet says who that is.
    (archive / "Grades.csv").write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission),"
        "Last modified (grade),Feedback comments\n"
        'Participant 69,Noor de Wit,noor@example.org,Submitted,,20.00,"29 November 2026, 11:00 PM",-,\n'
    )
    (archive / f"elami_LATE_3456_88_{ASSIGNMENT}.zip").write_bytes(handed_in)
    (archive / f"jan.smit__{ASSIGNMENT}.zip").write_bytes(handed_in)
    (archive / f"zonder-naam {ASSIGNMENT}.zip").write_bytes(handed_in)
    log = nbgrader(root, "zip_collect", ASSIGNMENT)
    assert "zonder-naam" in log and "geen naam zoals een leeromgeving die geeft" in log
    submitted = root / "submitted"
    assert {one.name for one in submitted.iterdir()} == {"1234", "noor@example.org", "3456", "jan.smit"}
    assert (submitted / "1234" / ASSIGNMENT / "timestamp.txt").read_text().startswith("2026-01-12 ")
    for student in submitted.iterdir():
        folder = student / ASSIGNMENT
        names = {one.name for one in folder.iterdir()} - {"timestamp.txt"}
        assert names == {f"{ASSIGNMENT}.ipynb", "answers.json"}
        assert (folder / "answers.json").read_bytes() == answers_file(half_fields())


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with four learners: marked, late, not yet wholly marked, and one who handed in nothing."""
    file = tmp_path_factory.mktemp("boek") / "gradebook.db"
    with Gradebook(f"sqlite:///{file}") as book:
        book.add_assignment(ASSIGNMENT)
        book.add_notebook(ASSIGNMENT, ASSIGNMENT)
        book.add_grade_cell("a", ASSIGNMENT, ASSIGNMENT, max_score=10, cell_type="code")
        book.add_student("007", first_name="Jan", last_name="=HYPERLINK(1)", email="jan@example.org")
        for student in ("008", "009", "010"):
            book.add_student(student)
        for student in ("007", "008", "009"):
            book.add_submission(ASSIGNMENT, student)
            grade = book.find_grade("a", ASSIGNMENT, ASSIGNMENT, student)
            grade.auto_score = 7.25
            grade.needs_manual_grade = student == "009"
        book.find_submission(ASSIGNMENT, "008").notebooks[0].late_submission_penalty = 8
        book.db.commit()
    return file


@pytest.fixture
def gradebook(database: Path) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{database}") as book:
        yield book


def marks_of(gradebook: Gradebook) -> MarkList:
    return mark_list(gradebook, ASSIGNMENT)


@pytest.mark.parametrize("lms", EXPORTERS)
def test_only_a_final_mark_goes_to_an_lms(lms: str, gradebook: Gradebook, tmp_path: Path) -> None:
    file = tmp_path / "cijfers" / "uit.csv"
    exporter, marks = EXPORTERS[lms](), marks_of(gradebook)
    write_csv(file, exporter.rows(marks))
    text = file.read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    names = {"jan@example.org": "007"} if lms == "moodle" else {name: name for name in KNOWN}
    by_student = {names[cell.lstrip("#")]: row for row in rows for cell in row if cell.lstrip("#") in names}
    column = (
        head.index("score")
        if "score" in head
        else head.index(next(name for name in head if ASSIGNMENT in name))
    )
    found = {student: row[column] for student, row in by_student.items()}
    # An empty mark erases one in Canvas, and the gradebook's name for somebody may be another's in Moodle.
    final = {"007": "7.25", "008": "0"}
    assert found == {
        "generic": {**final, "009": "", "010": ""},
        "moodle": {"007": "7.25"},
    }.get(lms, final)
    assert exporter.unreachable(marks, None) == (("008",) if lms == "moodle" else ())
    assert "=HYPERLINK" not in {cell for row in rows for cell in row}
    assert all(len(row) == len(head) for row in rows)


def test_a_mark_that_is_not_final_is_told(gradebook: Gradebook) -> None:
    assert marks_of(gradebook).waiting == ("009",)
    assert marks_of(gradebook).maximum == 10


def test_stock_nbgrader_exports_through_the_plugin_and_the_command_says_the_same(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(database, tmp_path)
    nbgrader(tmp_path, "export", "--exporter=maatwerk_grading.lms.exporters.CanvasExporter", "--to=stock")
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--lms", "canvas", "--to", "ours", "--lang", "nl"]) == 0
    said = capsys.readouterr().out
    assert "2 cijfers" in said and "wacht nog iets op een mens: 009" in said
    name = f"{ASSIGNMENT}-canvas.csv"
    assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "stock" / name).read_bytes()


def test_an_export_without_a_gradebook_or_of_an_unknown_assignment_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--lang", "nl"]) == 2
    assert "geen gradebook" in capsys.readouterr().err
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_assignment(ASSIGNMENT)
    assert main(["export", "--assignment", "weg", "--lang", "en"]) == 2
    assert f"There are: {ASSIGNMENT}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("score", "written"), [(None, ""), (0.0, "0"), (10.0, "10"), (4 / 3, "1.33"), (7.5, "7.5")]
)
def test_points_are_written_plainly(score: float | None, written: str) -> None:
    assert points(score) == written


def test_the_report_of_a_real_gradebook_names_who_waits_and_counts_the_choices(
    nl: CourseRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(nl.path)
    second = tmp_path / "tweede.csv"
    second.write_text("student_id;cell;score\n", encoding="utf-8")
    asked = ["report", ASSIGNMENT, "--to", str(tmp_path), "--lang", "nl"]
    assert main([*asked, "--second", str(second)]) == 2
    said = capsys.readouterr().err
    assert "tweede.csv zijn niet gebruikt" in said and "geen enkel cijfer" in said
    assert main(["report", "weg", "--lang", "nl"]) == 2
    assert "Daar staan: opdracht-3-dilemmas" in capsys.readouterr().err
    assert main(asked) == 0
    page = (tmp_path / f"{ASSIGNMENT}-report.html").read_text(encoding="utf-8")
    assert "midden" in page and "plekken op het vlak" in page
    assert not re.search(r"91[.,]73", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
    rows = list(csv.DictReader(io.StringIO((tmp_path / f"{ASSIGNMENT}-report.csv").read_text("utf-8-sig"))))
    placed = next(row for row in rows if row["part"] == "scootmobiel-plaatsing")
    expected = [points for one in nl.scores.values() if (points := one["plaatsing"]) is not None]
    assert float(placed["p_value"]) == pytest.approx(sum(expected) / len(expected), abs=1e-4)
