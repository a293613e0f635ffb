"""A table of text as somebody's program wrote it: read so that what is not changed is written as it was.

Python's own :mod:`csv` gives the values and forgets how they were written. A file that goes back to a
learning environment (LMS) keeps every byte of the cells that are not filled in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from maatwerk import Text
from maatwerk.loader import read_texts

from maatwerk_grading.spreadsheet import UnreadableTableError, workbook_rows

TEXTS = read_texts(Path(__file__).parent / "sheets_texts.toml")
DELIMITERS = (",", ";", "\t")
LARGEST = 50_000_000
# Instead of an encoding: the table was an Excel file.
WORKBOOK = "xlsx"
# What some programs put in front of a table for Excel.
_SEPARATOR_LINE = "sep="
# What Excel writes on a Dutch or an English Windows when nobody asks for UTF-8.
_WINDOWS = "cp1252"


class SheetError(Exception):
    """Why a file cannot be used; ``text`` says so in both languages, with what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Parameters
    ----------
    line : int
        Where it begins, from 1.
    cells : tuple of str
        What is in it.
    raw : tuple of str
        How each cell was written, with its quotes.
    ending : str
        The line end; empty at the end of a file without one.
    """

    line: int
    cells: tuple[str, ...]
    raw: tuple[str, ...]
    ending: str

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(cell.strip() for cell in self.cells)

    def cell(self, column: int | None) -> str:
        """The value in a column without the spaces around; empty when there is no such column."""
        return "" if column is None or column >= len(self.cells) else self.cells[column].strip()

    def with_cell(self, column: int, value: str, delimiter: str) -> Record:
        """The same row with another value in one cell; all others are written as they were."""
        cells, raw = list(self.padded(column + 1).cells), list(self.padded(column + 1).raw)
        cells[column], raw[column] = value, quoted(value, delimiter)
        return replace(self, cells=tuple(cells), raw=tuple(raw))

    def only(self, columns: Iterable[int]) -> Record:
        """The same row with these columns only, in this order."""
        kept = list(columns)
        padded = self.padded(max(kept, default=-1) + 1)
        cells = tuple(padded.cells[column] for column in kept)
        return replace(self, cells=cells, raw=tuple(padded.raw[column] for column in kept))

    def padded(self, width: int) -> Record:
        """The same row with at least so many cells: a hand may have left out the last ones."""
        missing = ("",) * (width - len(self.cells))
        return replace(self, cells=(*self.cells, *missing), raw=(*self.raw, *missing)) if missing else self


@dataclass(frozen=True, slots=True)
class Table:
    """A table with how it was written.

    Parameters
    ----------
    encoding : str
        Python's name of it, or ``xlsx``.
    bom : bool
        Whether the mark of UTF-8 stands in front.
    delimiter : str
        One of comma, semicolon and tab.
    records : tuple of Record
        All of them, blank ones too.
    """

    encoding: str
    bom: bool
    delimiter: str
    records: tuple[Record, ...]

    def written(self, records: Iterable[Record] | None = None, delimiter: str | None = None) -> str:
        """The text of these records, or of all.

        Parameters
        ----------
        records : iterable of Record, optional
            What to write; all when not given.
        delimiter : str, optional
            Another one than the table has; then every cell is written anew.
        """
        anew = delimiter is not None and delimiter != self.delimiter
        used = delimiter or self.delimiter
        return "".join(
            used.join([quoted(cell, used) for cell in record.cells] if anew else record.raw)
            + (record.ending or "\n")
            for record in (self.records if records is None else records)
        )


def quoted(value: str, delimiter: str) -> str:
    """A value as a cell, in quotes where it needs them."""
    if any(sign in value for sign in (delimiter, '"', "\n", "\r")) or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value


def read_table(path: Path) -> Table:
    """Read a table of text.

    Raises
    ------
    SheetError
        When it is no table of text: too large, empty, or of another kind.
    OSError
        When the file cannot be read.
    """
    if path.stat().st_size > LARGEST:
        raise SheetError(say("too_large", file=path.name))
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return _of_workbook(data, path.name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(say("workbook", file=path.name))
    text, encoding, bom = _decoded(data)
    if not text.strip() or "\0" in text:
        raise SheetError(say("no_table", file=path.name))
    delimiter = ""
    if text[: len(_SEPARATOR_LINE)].lower() == _SEPARATOR_LINE:
        first, _end, text = text.partition("\n")
        delimiter = first[len(_SEPARATOR_LINE) :].strip("\r") or "\t"
    if delimiter not in DELIMITERS:
        delimiter = max(DELIMITERS, key=lambda one: len(next(_records(text.lstrip("\r\n"), one)).cells))
    return Table(encoding, bom, delimiter, tuple(_records(text, delimiter)))


def _of_workbook(data: bytes, name: str) -> Table:
    """A list that somebody saved as ``.xlsx``; what goes back from it is a CSV."""
    try:
        rows = list(workbook_rows(data))
    except UnreadableTableError:
        raise SheetError(say("workbook", file=name)) from None
    if not any(cell.strip() for _line, cells in rows for cell in cells):
        raise SheetError(say("no_table", file=name))
    records = (
        Record(line, tuple(cells), tuple(quoted(cell, ",") for cell in cells), "\n") for line, cells in rows
    )
    return Table(WORKBOOK, False, ",", tuple(records))


def _decoded(data: bytes) -> tuple[str, str, bool]:
    """The text, its encoding, and whether the mark of UTF-8 stood in front."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding, False
    bom = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig"), "utf-8", bom
    except UnicodeDecodeError:
        return data.decode(_WINDOWS, errors="replace"), _WINDOWS, False


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """The rows of a text. A quote inside a quoted cell that ends nothing is taken as a quote."""
    plain = re.compile(rf"[^{delimiter}\n\r]*")
    place, line, size = 0, 1, len(text)
    while place < size:
        cells: list[str] = []
        raw: list[str] = []
        started = line
        while True:
            begin = place
            if place < size and text[place] == '"':
                cell, place = _quoted_cell(text, place + 1, delimiter)
            else:
                cell = plain.match(text, place)[0]  # type: ignore[index]
                place += len(cell)
            cells.append(cell)
            raw.append(text[begin:place])
            line += raw[-1].count("\n")
            if place < size and text[place] == delimiter:
                place += 1
                continue
            break
        ending = "\r\n" if text.startswith("\r\n", place) else text[place : place + 1]
        place += len(ending)
        line += 1
        yield Record(started, tuple(cells), tuple(raw), ending)


def _quoted_cell(text: str, place: int, delimiter: str) -> tuple[str, int]:
    """The value of a cell whose quote was opened just before ``place``, and where it ends."""
    parts: list[str] = []
    while True:
        found = text.find('"', place)
        if found < 0:
            return "".join([*parts, text[place:]]), len(text)
        parts.append(text[place:found])
        after = text[found + 1 : found + 2]
        if after == '"':
            parts.append('"')
            place = found + 2
        elif after in ("", delimiter, "\n", "\r"):
            return "".join(parts), found + 1
        else:
            parts.append('"')
            place = found + 1


def say(key: str, **words: object) -> Text:
    """A text of ``sheets_texts.toml`` with what belongs between its braces, in both languages."""

    def said(lang: str) -> str:
        filled = {
            name: getattr(word, lang) if isinstance(word, Text) else word for name, word in words.items()
        }
        return str(getattr(TEXTS[key], lang)).format(**filled)

    return Text(nl=said("nl"), en=said("en"))
