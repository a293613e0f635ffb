"""Tables for people: written so that numbers stay numbers, and read as spreadsheets save them.

A workbook (``.xlsx``) opens rightly in every language of Excel. A CSV does not: a Dutch Excel wants
semicolons and decimal commas, and puts a line with commas in one cell. So what is for people is a workbook,
and the CSV beside it, with commas and points, is for other programs. What comes back is read in either form.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

Cell = str | float | None

# A spreadsheet runs a text that begins with one of these. A number is never run.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS = ";,\t"
# A workbook of a whole year is far smaller; a zip bomb is not.
LARGEST_FILE = 20_000_000
_DECIMALS = 4
_WIDEST = 60
# What XML cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class UnreadableTableError(ValueError):
    """The file is neither a CSV nor a workbook."""


def harmless(text: str) -> str:
    """``text`` as a spreadsheet shows it and never runs it; only for texts, since ``-0.5`` is a number."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as comma-separated text, for other programs.

    Parameters
    ----------
    rows : iterable of sequence of str, float or None
        A ``float`` or ``int`` is written as a number with at most four decimals; ``None`` and what is not
        finite as nothing.
    """
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows([_written(cell) for cell in row] for row in rows)
    return made.getvalue()


def write_csv(file: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write :func:`csv_text`, with the mark in front that tells Excel that it is UTF-8."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(csv_text(rows), encoding="utf-8-sig", newline="", errors="replace")


def write_workbook(file: Path, title: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook of one sheet; the first row is its head, and stays in sight.

    Parameters
    ----------
    title : str
        What the sheet is called.
    rows : iterable of sequence of str, float or None
        Texts stay texts, whatever they begin with; numbers are numbers.
    """
    # Imported only here: it takes longer than most of what a command does.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    file.parent.mkdir(parents=True, exist_ok=True)
    written = [list(row) for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "-", title)[:31] or "-")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*written, strict=True), 1):
        longest = max(len(cell) if isinstance(cell, str) else 8 for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, longest + 2)
    for number, row in enumerate(written):
        cells = []
        for value in row:
            cell = WriteOnlyCell(
                sheet, value=_NOT_IN_XML.sub("", value) if isinstance(value, str) else _finite(value)
            )
            if isinstance(value, str):
                # Without this a text that begins with '=' becomes a formula.
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


def read_table(file: Path, wanted: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV or a workbook, each with its number in the file and the text of the columns wanted.

    Delimiters, encodings and a line ``sep=;`` are taken as Excel in any language saves them. The names of the
    columns may be in capitals. Rows without any text are passed over.

    Parameters
    ----------
    wanted : sequence of str
        The names of columns, in small letters. One that the file lacks is missing in every row; when it has
        none of them, there is no row at all. What stands to the right of the last column's name is under
        ``""``: in a comma-separated file with decimal commas that is half of a number.

    Raises
    ------
    UnreadableTableError
        When it is neither.
    OSError
        When it cannot be read.
    """
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE or (b"\0" in content and not _is_utf16(content) and content[:2] != b"PK"):
        raise UnreadableTableError
    rows = workbook_rows(content) if content[:2] == b"PK" else _of_csv(content, wanted)
    places: dict[str, int] = {}
    width = 0
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not places:
            places = {
                name.lower(): at for at, name in reversed(list(enumerate(cells))) if name.lower() in wanted
            }
            if not places:
                return
            width = len(cells)
            continue
        found = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        beside = " ".join(filter(None, cells[width:]))
        yield number, {**found, "": beside} if beside else found


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    number = _finite(cell)
    return "" if number is None else f"{number:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def _finite(cell: float | None) -> float | None:
    if cell is None or not math.isfinite(cell):
        return None
    # Adding nothing turns a zero with a sign into one without.
    return round(cell, _DECIMALS) + 0.0


def _is_utf16(content: bytes) -> bool:
    return content[:2] in (b"\xff\xfe", b"\xfe\xff")


def _decoded(content: bytes) -> str:
    if _is_utf16(content):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on a Western European Windows saves as CSV.
        return content.decode("cp1252", errors="replace")


def _of_csv(content: bytes, wanted: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    text, before, delimiter = _decoded(content), 0, ""
    told = _SEPARATOR_LINE.match(text)
    if told:
        text, before, delimiter = text[told.end() :], 1, told[1]
    head = next((line for line in text.splitlines() if line.strip()), "")

    def known(one: str) -> int:
        names = next(csv.reader([head], delimiter=one), [])
        return len({name.strip().lower() for name in names} & set(wanted))

    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or max(DELIMITERS, key=known))
    try:
        for row in rows:
            yield rows.line_num + before, row
    except csv.Error:
        raise UnreadableTableError from None


def workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet of a workbook, each with its number, as somebody would type them.

    Raises
    ------
    UnreadableTableError
        When it is no workbook, or too large a one.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > 10 * LARGEST_FILE:
                raise UnreadableTableError
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, [_said(cell) for cell in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError):
        raise UnreadableTableError from None


def _said(cell: object) -> str:
    """A cell's value as somebody would type it."""
    if cell is None:
        return ""
    # A student number is a number to Excel, and has no decimals.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
