"""The report's figures from a real gradebook, against a computation of our own in numpy."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from maatwerk import LANGUAGES, framework
from maatwerk_app.cli import main
from maatwerk_grading.report.measures import cronbach
from maatwerk_grading.report.page import measures_of, report_page
from maatwerk_grading.report.source import Marks, read_marks
from nbgrader.api import Gradebook
from openpyxl import load_workbook

NAME = "planted"
AUTOMATIC = {"a1": 2.0, "a2": 2.0, "a3": 4.0, "a4": 1.0, "a5": 2.0}
MANUAL = {"tekst-1": 6.0, "tekst-2": 6.0}
GRADED, REFUSED = 24, 4

Plant = Callable[[Gradebook], None]


def planted() -> np.ndarray:
    """Points of 24 learners in 5 + 2 parts; the last automatic part goes against the others."""
    chance = np.random.default_rng(20261201)
    able = chance.normal(size=(GRADED, 1))
    shares = 1 / (1 + np.exp(-(able * [1, 1, 1, 1, -0.4, 1, 1] + chance.normal(scale=0.8, size=(GRADED, 7)))))
    points = np.round(shares * 2 * list((AUTOMATIC | MANUAL).values())) / 2
    return points.astype(float)


@cache
def ready_made() -> bytes:
    """A gradebook in which refused submissions have what the grader leaves of them: rows without a mark."""
    with TemporaryDirectory() as folder:
        _make(Path(folder))
        return (Path(folder) / "gradebook.db").read_bytes()


def gradebook_of(folder: Path, plant: Plant = lambda _: None) -> Path:
    """That gradebook in a folder, with one more thing planted in it."""
    (folder / "gradebook.db").write_bytes(ready_made())
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course_id="maatwerk-nl") as book:
        plant(book)
        book.db.commit()
    return folder


def _make(folder: Path) -> None:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course_id="maatwerk-nl") as book:
        book.add_assignment(NAME)
        book.add_notebook(NAME, NAME)
        for name, maximum in AUTOMATIC.items():
            book.add_grade_cell(name, NAME, NAME, max_score=maximum, cell_type="code")
        for name, maximum in MANUAL.items():
            book.add_task_cell(name, NAME, NAME, max_score=maximum, cell_type="markdown")
        for number in range(GRADED + REFUSED):
            book.add_student(f"s{number:02}")
            book.add_submission(NAME, f"s{number:02}")
        for number, row in enumerate(planted()):
            for name, points in zip(AUTOMATIC | MANUAL, row, strict=True):
                grade = book.find_grade(name, NAME, NAME, f"s{number:02}")
                if name in AUTOMATIC:
                    grade.auto_score = points
                else:
                    grade.manual_score = points
                grade.needs_manual_grade = False
        for number in range(GRADED, GRADED + REFUSED):
            for name in AUTOMATIC | MANUAL:
                book.find_grade(name, NAME, NAME, f"s{number:02}").needs_manual_grade = True
        book.db.commit()


def marks_in(folder: Path) -> Marks:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course_id="maatwerk-nl") as book:
        return read_marks(book, NAME)


def alpha_of(points: np.ndarray) -> float:
    items = points.shape[1]
    return items / (items - 1) * (1 - points.var(axis=0, ddof=1).sum() / points.sum(axis=1).var(ddof=1))


def item_rests(points: np.ndarray) -> list[float]:
    return [
        float(np.corrcoef(points[:, at], np.delete(points, at, axis=1).sum(axis=1))[0, 1])
        for at in range(points.shape[1])
    ]


def unmark(text: str, learners: range) -> Plant:
    """Take away the marks of a text."""

    def plant(book: Gradebook) -> None:
        for number in learners:
            grade = book.find_grade(text, NAME, NAME, f"s{number:02}")
            grade.manual_score, grade.needs_manual_grade = None, True

    return plant


def test_refused_submissions_do_not_count_as_zeros(tmp_path: Path) -> None:
    marks, points = marks_in(gradebook_of(tmp_path)), planted()
    assert marks.refused == ("s24", "s25", "s26", "s27") and len(marks.scores) == GRADED
    assert marks.waiting == {}
    alpha = cronbach(marks.scores, marks.automatic)
    assert alpha is not None and alpha.n == GRADED
    assert alpha.alpha == pytest.approx(alpha_of(points[:, :5]))
    # It matters: with zeros for who was refused it would be another figure altogether.
    with_zeros = np.vstack([points, np.zeros((REFUSED, 7))])
    assert abs(alpha_of(with_zeros[:, :5]) - alpha.alpha) > 0.05
    measures = measures_of(marks)
    assert [one.item_rest for one in measures] == pytest.approx(item_rests(points))
    assert measures[4].item_rest is not None and measures[4].item_rest < 0
    shares = points.mean(axis=0) / list((AUTOMATIC | MANUAL).values())
    assert [one.p_value for one in measures] == pytest.approx(list(shares))
    assert marks.final == pytest.approx(
        {f"s{number:02}": total for number, total in enumerate(points.sum(axis=1))}
    )


def test_unmarked_texts_are_no_zeros(tmp_path: Path) -> None:
    # One text nobody marked, of the other a quarter.
    def plant(book: Gradebook) -> None:
        unmark("tekst-1", range(GRADED))(book)
        unmark("tekst-2", range(6))(book)

    marks, points = marks_in(gradebook_of(tmp_path, plant)), planted()
    by_name = {one.name: one for one in measures_of(marks)}
    assert (by_name["tekst-1"].p_value, by_name["tekst-1"].item_rest, by_name["tekst-1"].n) == (None, None, 0)
    assert by_name["tekst-2"].n == GRADED - 6
    assert by_name["tekst-2"].p_value == pytest.approx(points[6:, 6].mean() / 6)
    # The rest is what everybody has a mark for: the five automatic parts.
    assert [by_name[name].item_rest for name in AUTOMATIC] == pytest.approx(item_rests(points[:, :5]))
    wanted = np.corrcoef(points[6:, 6], points[6:, :5].sum(axis=1))[0, 1]
    assert by_name["tekst-2"].item_rest == pytest.approx(wanted)
    # As long as something waits for everybody, no total is shown that takes it for nothing.
    assert marks.final == {} and marks.waiting["s00"] == 2
    page = page_of(marks)
    total = points[:, :5].sum(axis=1)
    assert "alleen de punten die de computer gaf" in page
    assert f"{total.mean():.2f}".rstrip("0").replace(".", ",") in page and "van 11 punten" in page


def test_late_penalties_are_told_and_taken_off(tmp_path: Path) -> None:
    def plant(book: Gradebook) -> None:
        for student, cost in (("s03", 2.5), ("s04", 999.0)):
            book.find_submission(NAME, student).notebooks[0].late_submission_penalty = cost

    marks, totals = marks_in(gradebook_of(tmp_path, plant)), planted().sum(axis=1)
    assert marks.penalties == {"s03": 2.5, "s04": 999.0}
    assert marks.final["s03"] == pytest.approx(max(0.0, totals[3] - 2.5))
    assert (marks.final["s04"], marks.final["s05"]) == (0.0, pytest.approx(totals[5]))
    page = page_of(marks)
    assert "Te laat inleveren kostte 2 inzendingen punten" in page
    row = re.search(r'<tr><th scope="row">s03</th>(.*?)</tr>', page)
    assert row is not None and row[1].startswith("<td>") and "<td>2,5</td>" in row[1]


def page_of(marks: Marks) -> str:
    text = report_page(marks, (), None, None, framework(), "nl", datetime(2026, 12, 1))
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_the_page_names_the_refused_apart_from_who_waits(tmp_path: Path) -> None:
    page = page_of(marks_in(gradebook_of(tmp_path, unmark("tekst-1", range(1)))))
    assert "<li>s27</li>" in page and "4 inzendingen konden niet worden nagekeken" in page
    assert '<th scope="row">s00</th><td>1</td>' in page and '<th scope="row">s27</th>' not in page
    assert f"{GRADED - 1} van {GRADED}" in page


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(gradebook_of(tmp_path))
    return tmp_path


def report(*more: str) -> int:
    return main(["report", NAME, "--lang", "nl", *more])


def test_negative_figures_are_numbers_in_the_csv_and_in_the_workbook(course: Path) -> None:
    assert report() == 0
    text = (course / f"{NAME}-report.csv").read_text("utf-8-sig")
    rows = {row["part"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    wanted = item_rests(planted())
    assert float(rows["a5"]["item_rest"]) == pytest.approx(wanted[4], abs=1e-4) and wanted[4] < 0
    assert "'" not in text and set(rows) == set(AUTOMATIC | MANUAL)
    sheet = load_workbook(course / f"{NAME}-report.xlsx").active
    head, *body = sheet.iter_rows(values_only=True)
    assert head[-1] == "Item-rest"
    assert [row[-1] for row in body] == pytest.approx(wanted, abs=1e-4)
    assert {type(row[2]) for row in body} <= {int, float}


def test_when_nobody_was_graded_the_report_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", course_id="maatwerk-nl") as book:
        book.add_assignment(NAME)
        book.add_notebook(NAME, NAME)
        book.db.commit()
    monkeypatch.chdir(tmp_path)
    for lang in LANGUAGES:
        assert main(["report", NAME, "--lang", lang]) == 2
        assert f"maatwerk grade {NAME}" in capsys.readouterr().err
    assert not list(tmp_path.glob("*report*"))


# Every row is wrong in one way, which is named with the row and what to do.
WRONG = {
    "te-hoog": ("s01;tekst-1;99", ("Rij 2", "99", "0 tot en met 6")),
    "net-te-hoog": ("s01;tekst-1;6,01", ("Rij 2", "6,01")),
    "negatief": ("s01;tekst-1;-1", ("Rij 2", "-1")),
    "nan": ("s01;tekst-1;nan", ("Rij 2", "nan", "geen getal")),
    "oneindig": ("s01;tekst-1;inf", ("Rij 2", "geen getal")),
    "macht": ("s01;tekst-1;1e0", ("Rij 2", "geen getal")),
    "woord": ("s01;tekst-1;goed", ("Rij 2", "geen getal")),
    "duizend": ("s01;tekst-1;1.000,5", ("Rij 2", "geen getal")),
    "onbekend": ("s99;tekst-1;3", ("Rij 2", "s99", "nullen vooraan")),
    "onbekende-cel": ("s01;tekst-9;3", ("Rij 2", "tekst-9", "tekst-1, tekst-2")),
    "automatisch": ("s01;a1;1", ("Rij 2", "a1", "een mens beoordeelt")),
    "dubbel": ("s01;tekst-1;3\ns01;tekst-1;4", ("Rij 3", "s01", "rij 2")),
    "dubbel-gelijk": ("s01;tekst-1;3\n;;\ns01;tekst-1;3", ("Rij 4", "rij 2")),
    "leeg": ("", ("geen enkel cijfer",)),
    "geen-cijfers": ("s01;tekst-1;", ("geen enkel cijfer",)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_second_mark_that_cannot_be_is_refused_with_row_and_remedy(
    name: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, said = WRONG[name]
    file = course / "tweede.csv"
    file.write_text(f"student_id;cell;score\n{rows}\n", encoding="utf-8")
    assert report("--second", str(file)) == 2
    told = capsys.readouterr().err
    assert all(one in told for one in said), told
    assert "Traceback" not in told and not list(course.glob("*report*"))
    assert main(["report", NAME, "--lang", "en", "--second", str(file)]) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"student_id,cell,score\ns01,tekst-1,4,5\n", "‘5’"),
        (b"student_id;cell\ns01;tekst-1\n", "De kolom score ontbreekt"),
        (b"naam;onderdeel;cijfer\n1;2;3\n", "student_id, cell en score"),
        (b"PK\x03\x04 geen werkmap", "geen tabel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "geen tabel"),
        (b"", "geen enkel cijfer"),
    ],
    ids=["komma-in-komma", "zonder-score", "andere-namen", "kapotte-werkmap", "plaatje", "leeg"],
)
def test_a_file_that_is_no_list_of_marks_is_refused(
    content: bytes, said: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = course / "tweede.csv"
    file.write_bytes(content)
    assert report("--second", str(file)) == 2
    assert said in capsys.readouterr().err
    file.unlink()
    assert report("--second", str(file)) == 2
    assert "kan niet worden gelezen" in capsys.readouterr().err
