"""A second marker's file, as every spreadsheet saves it: read alike, to the last decimal comma."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.report.second import MOST_TOLD, BadSecondMarksError, read_second_marks
from maatwerk_grading.report.source import Marks
from maatwerk_grading.spreadsheet import csv_text, read_table, write_csv, write_workbook
from openpyxl import load_workbook

DUTCH_EXCEL = Path(__file__).parent / "data" / "second-semicolon.csv"
ROWS = list(csv.DictReader(DUTCH_EXCEL.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
WANTED = {(row["student_id"], row["cell"]): float(row["score"].replace(",", ".")) for row in ROWS}
MARKS = Marks(
    "opdracht-3-dilemmas",
    {student: {} for student, _ in WANTED},
    {},
    dict.fromkeys([cell for _, cell in WANTED], 6.0),
    {},
)


def test_what_a_dutch_excel_saves_is_read() -> None:
    found = read_second_marks(DUTCH_EXCEL, MARKS)
    assert found == WANTED and len(found) > 70
    # Decimal commas are in it, or this would show nothing.
    assert found["41002", "scootmobiel-verantwoording"] == 4.5


def lines(delimiter: str, comma: str) -> str:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(("Student_ID", "CELL", " score "))
    for (student, cell), points in WANTED.items():
        writer.writerow((student, cell, f"{points}".replace(".", comma)))
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        lines(";", ",").encode("utf-8-sig"),
        lines(";", ",").encode("cp1252"),
        lines(",", ".").encode(),
        lines(",", ",").encode(),
        lines("\t", ",").encode("utf-16"),
        b"sep=;\r\n" + lines(";", ",").encode(),
        lines(";", ".").replace("\r\n", "\n\n").encode(),
    ],
    ids=["utf8", "ansi", "english", "quoted", "unicode-text", "sep", "blank-lines"],
)
def test_every_way_in_which_excel_saves_a_list_is_read_alike(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "tweede.csv"
    file.write_bytes(content)
    assert read_second_marks(file, MARKS) == WANTED


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "tweede.xlsx"
    rows = [(int(s) if s.isdigit() else s, cell, points) for (s, cell), points in WANTED.items()]
    write_workbook(file, "tweede", [("student_id", "cell", "score"), *rows])
    assert read_second_marks(file, MARKS) == WANTED


def test_many_wrong_rows_are_told_without_end(tmp_path: Path) -> None:
    file = tmp_path / "tweede.csv"
    file.write_text("student_id,cell,score\n" + "x,y,z\n" * 50, encoding="utf-8")
    with pytest.raises(BadSecondMarksError) as raised:
        read_second_marks(file, MARKS)
    assert len(raised.value.problems) == 50
    assert len(raised.value.say(file, "en").splitlines()) == MOST_TOLD + 2


CELLS = st.lists(
    st.tuples(
        st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
        st.floats(-1e6, 1e6) | st.integers(-1000, 1000) | st.none(),
    ),
    min_size=1,
    max_size=8,
)


@given(CELLS)
def test_only_texts_are_guarded_against_formulas(rows: list[tuple[str, float | None]]) -> None:
    written = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    for (text, value), (said, number) in zip(rows, written, strict=True):
        assert said.removeprefix("'") == text.removeprefix("'")
        assert not said.startswith(("=", "+", "-", "@"))
        assert number == "" if value is None else float(number) == pytest.approx(value, abs=1e-4)


def test_a_formula_is_a_text_in_a_workbook_and_in_a_csv(tmp_path: Path) -> None:
    rows = [("a", "b"), ("=1+1", -0.5), ("@x", float("nan")), ("\x07weg", -0.00001)]
    write_workbook(tmp_path / "w.xlsx", "een/twee:drie", rows)
    sheet = load_workbook(tmp_path / "w.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["=1+1", -0.5],
        ["@x", None],
        ["weg", 0],
    ]
    assert sheet["A2"].data_type == "s"
    write_csv(tmp_path / "w.csv", rows)
    assert (tmp_path / "w.csv").read_bytes().startswith(b"\xef\xbb\xbfa,b\r\n'=1+1,-0.5\r\n'@x,\r\n")
    assert dict(read_table(tmp_path / "w.csv", ("b",)))[2] == {"b": "-0.5"}
