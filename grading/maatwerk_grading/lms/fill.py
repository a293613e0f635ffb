"""Filling the file that a learning environment (LMS) gave with the marks of an assignment.

Each row goes through the people of the course to one person, and so to one mark. Who has no mark has no row
in the file that goes back: an LMS may erase, or bring back something old, for a row that says nothing.
Whatever the LMS would leave out without a word is told here, or refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from maatwerk_grading.lms.exporters import Mark, MarkList
from maatwerk_grading.lms.notes import FillError, Note, Told, joined, same, say, shown
from maatwerk_grading.lms.people import People, PeopleError, Person, UnknownPersonError
from maatwerk_grading.lms.person import Identity
from maatwerk_grading.lms.scale import HIGHEST, Scale, written
from maatwerk_grading.lms.sheet import Item, Sheet, number, plain
from maatwerk_grading.lms.sheet_people import check_assignment, numbers_of, whose_rows
from maatwerk_grading.lms.table import Record

_NO = frozenset({"no", "nee", "nein", "non", "não", "nej", "nei", "nie", "ne", "ei"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the instructor chose.

    Parameters
    ----------
    scale : Scale, optional
        Not chosen: points, and only where the two maxima are the same.
    column : str
        Which column of a gradebook; when empty, the one that is called like the assignment.
    keep_feedback : bool
        Whether to send back what stands in a Moodle worksheet as feedback.
    """

    scale: Scale | None = None
    column: str = ""
    keep_feedback: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled file.

    Parameters
    ----------
    sheet : Sheet
        What was filled.
    content : bytes
        Of the file that goes back.
    given : mapping of str to str
        By student: the mark as it was written.
    changed : int
        How many of these differ from what the sheet says: that many does Moodle say that it updated.
    notes : tuple of Note
        What to tell.
    """

    sheet: Sheet
    content: bytes
    given: Mapping[str, str]
    changed: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that belongs to one person, who has a mark."""

    record: Record
    person: Person
    value: Decimal
    cell: str
    now: str


def fill(sheet: Sheet, marks: MarkList, people: People, asked: Asked) -> Filled:
    """Fill one file.

    Parameters
    ----------
    sheet : Sheet
        Read for the assignment of ``marks``.
    marks : MarkList
        The marks in the gradebook.
    people : People
        Who is who in the course.
    asked : Asked
        What the instructor chose.

    Raises
    ------
    FillError
        When nothing can go back: the file is of another kind or of another assignment, its marks have another
        maximum or no points, or nobody in it has a mark.
    """
    whose = whose_rows(sheet, people)
    if sheet.kind == "worksheet":
        check_assignment(sheet, marks.assignment, people, whose)
    item = _item(sheet, marks.assignment, asked.column)
    scale = _scale(sheet, item, Decimal(repr(marks.maximum)), asked.scale)
    told = Told()
    rows = _rows(sheet, item, whose, marks, scale, told)
    if not rows:
        raise FillError(say("fill_nobody", file=sheet.file.name, why=joined(told.notes())))
    notes = told.notes()
    if scale.kind == "points" and item.maximum not in (None, Decimal(repr(marks.maximum))):
        ours, theirs = _short(Decimal(repr(marks.maximum))), _short(item.maximum or Decimal(0))
        notes.append(Note(say("note_points_of", ours=ours, theirs=theirs)))
    if sheet.kind == "worksheet":
        notes += _about_the_worksheet(sheet, rows, marks.assignment, people, keep=asked.keep_feedback)
    elif sheet.table.encoding != "utf-8":
        notes.append(Note(say("note_rewritten"), warning=False))
    return Filled(
        sheet=sheet,
        content=_content(sheet, item, rows, keep=asked.keep_feedback),
        given={row.person.student: row.cell for row in rows},
        changed=sum(number(row.now) != row.value for row in rows),
        notes=tuple(notes),
    )


def not_in_any(sheets: Sequence[Sheet], marks: MarkList, people: People) -> Note | None:
    """Who has a mark and no row in any of the files."""
    there = {
        person.student for one in sheets for person in whose_rows(one, people) if isinstance(person, Person)
    }
    missing = [mark for mark in marks.marks if mark.score is not None and mark.student not in there]
    who = tuple(same(shown(mark.student, _full_name(mark, people))) for mark in missing)
    return Note(say("note_not_in_file", count=len(who)), who) if who else None


def _full_name(mark: Mark, people: People) -> str:
    known = people[mark.student].full_name if mark.student in people else ""
    return known or f"{mark.first_name} {mark.last_name}".strip()


# --- What the file is, and on which scale -----------------------------------------------------------------


def _item(sheet: Sheet, assignment: str, column: str) -> Item:
    """Where the marks go."""
    name = sheet.file.name
    if sheet.kind == "list":
        raise FillError(say("fill_only_people", file=name))
    if sheet.kind == "gradebook" and sheet.lms == "moodle":
        raise FillError(say("fill_moodle_gradebook", file=name))
    if sheet.kind == "worksheet":
        if sheet.scale:
            raise FillError(say("fill_words", file=name, words=", ".join(sheet.scale)))
        if not sheet.items:
            raise FillError(say("fill_no_grade", file=name))
        if sheet.items[0].maximum is None:
            raise FillError(say("fill_maximum_unreadable", file=name))
        return sheet.items[0]
    if not sheet.items:
        raise FillError(say("fill_no_column", file=name))
    shown = "; ".join(item.name for item in sheet.items)
    wanted = plain(column or assignment)
    found = [item for item in sheet.items if plain(item.name) == wanted]
    if not found and not column:
        found = [item for item in sheet.items if wanted in plain(item.name)]
    if len(found) == 1:
        return found[0]
    key = "fill_column_unknown" if column else "fill_which_column"
    raise FillError(say(key, file=name, column=column or assignment, columns=shown))


def _scale(sheet: Sheet, item: Item, ours: Decimal, chosen: Scale | None) -> Scale:
    """The scale, when it fits the maximum of the LMS."""
    theirs, name = item.maximum, sheet.file.name
    if ours <= 0:
        raise FillError(say("fill_no_points"))
    if chosen is None and theirs is not None and theirs != ours:
        raise FillError(say("fill_other_maximum", file=name, ours=_short(ours), theirs=_short(theirs)))
    if chosen is not None and chosen.kind == "mark" and theirs not in (None, HIGHEST):
        raise FillError(say("fill_mark_not_ten", file=name, theirs=_short(theirs or HIGHEST)))
    return chosen or Scale()


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


# --- What goes in each row --------------------------------------------------------------------------------


def _rows(
    sheet: Sheet,
    item: Item,
    whose: Sequence[Person | PeopleError],
    marks: MarkList,
    scale: Scale,
    told: Told,
) -> list[_Row]:
    """The rows that get a mark; of all others it is told why not."""
    by_student = {mark.student: mark for mark in marks.marks}
    ours = Decimal(repr(marks.maximum))
    highest = item.maximum if item.maximum is not None else scale.maximum(ours)
    rows = []
    for record, said, person in zip(sheet.people, sheet.identities, whose, strict=True):
        if isinstance(person, UnknownPersonError):
            told.add("note_unknown", said.shown() or record.raw[0])
            continue
        if isinstance(person, PeopleError):
            told.add("note_doubt", person.text)
            continue
        mark, who = by_student.get(person.student), shown(person.student, person.full_name)
        if mark is None or mark.score is None:
            told.add(_why_no_mark(mark), who)
            continue
        value, now = scale.mark(mark.score, ours, item.maximum), record.cell(item.column)
        if problem := _refused_by_the_lms(sheet, record, said, now):
            told.add(problem, who)
            continue
        cell = written(value, comma=sheet.comma)
        if value > highest:
            told.add("note_above_maximum", f"{who}: {cell} > {_short(highest)}")
            continue
        if now not in ("", "-") and number(now) != value:
            marked = sheet.kind != "worksheet" or _marked(sheet, record)
            told.add("note_changes" if marked else "note_typed", f"{who}: {now} → {cell}")
        rows.append(_Row(record, person, value, cell, now))
    return rows


def _why_no_mark(mark: Mark | None) -> str:
    if mark is None:
        return "note_nothing"
    return "note_ungraded" if mark.ungraded else "note_waiting" if mark.waiting else "note_nothing"


def _refused_by_the_lms(sheet: Sheet, record: Record, said: Identity, now: str) -> str:
    """The key of the note that says why the LMS would not take a mark in this row; empty when it takes it."""
    if sheet.kind == "worksheet":
        if not said.participant:
            return "note_identifier"
        if record.cell(sheet.columns.get("changeable")).casefold() in _NO:
            return "note_locked"
    if sheet.lms == "canvas":
        return {"EX": "note_excused", "N/A": "note_not_assigned"}.get(now.upper(), "")
    return ""


def _marked(sheet: Sheet, record: Record) -> bool:
    """Whether Moodle had a mark when the worksheet was made: then it says when."""
    return any(map(str.isdigit, record.cell(sheet.columns.get("graded"))))


def _about_the_worksheet(
    sheet: Sheet, rows: Sequence[_Row], assignment: str, people: People, *, keep: bool
) -> list[Note]:
    notes = []
    stale = [row for row in rows if _marked(sheet, row.record) and number(row.now) != row.value]
    if stale and not sheet.english:
        notes.append(Note(say("note_tick_always", count=len(stale))))
    elif stale:
        notes.append(Note(say("note_tick", count=len(stale))))
    if sheet.anonymous:
        notes.append(Note(say("note_anonymous"), warning=False))
    if "workflow" in sheet.columns:
        notes.append(Note(say("note_workflow"), warning=False))
    notes += _about_feedback(sheet, rows, keep=keep)
    if sheet.table.delimiter != "," or sheet.table.encoding != "utf-8":
        notes.append(Note(say("note_rewritten"), warning=False))
    if not any(numbers_of(person, assignment) for person in people):
        notes.append(Note(say("note_unchecked", assignment=assignment)))
    return notes


def _about_feedback(sheet: Sheet, rows: Sequence[_Row], *, keep: bool) -> list[Note]:
    column = sheet.columns.get("feedback")
    if column is None:
        return []
    if not keep:
        said = any(record.cell(column) for record in sheet.people)
        return [Note(say("note_feedback_left"), warning=False)] if said else []
    if column == 0:
        return [Note(say("note_feedback_first"))]
    notes = [Note(say("note_feedback_text"))] if any(row.record.cell(column) for row in rows) else []
    empty = [row.person for row in rows if not row.record.cell(column)]
    if empty:
        who = tuple(same(shown(person.student, person.full_name)) for person in empty)
        notes.append(Note(say("note_feedback_erases", count=len(empty)), who))
    return notes


# --- What goes back ---------------------------------------------------------------------------------------


def _content(sheet: Sheet, item: Item, rows: Sequence[_Row], *, keep: bool) -> bytes:
    """The file: the heads, and the rows with a mark; every other cell as it was written."""
    table = sheet.table
    columns = _columns(sheet, item, keep=keep)
    filled = {row.record.line: row.record.with_cell(item.column, row.cell, table.delimiter) for row in rows}
    # The heads, and in Canvas what is said of the columns; after that people only.
    first = sheet.people[0].line
    records = [
        filled.get(record.line, record).only(columns)
        for record in table.records
        if record.line in filled or (record.line < first and not record.blank)
    ]
    if sheet.kind == "worksheet":
        # As Moodle itself writes it, whatever a spreadsheet made of it: its own choices are then right.
        marked = table.bom or table.encoding != "utf-8" or table.delimiter != ","
        return table.written(records, delimiter=",").encode("utf-8-sig" if marked else "utf-8")
    return table.written(records).encode("utf-8-sig" if table.bom else "utf-8")


def _columns(sheet: Sheet, item: Item, *, keep: bool) -> list[int]:
    """Which columns go back: none that the LMS would take as another mark, or as feedback."""
    width = len(sheet.head.cells)
    if sheet.kind == "worksheet":
        if keep:
            return list(range(width))
        known = set(sheet.columns.values())
        # What stands behind the last date and has no name that is known, is feedback in some language.
        after = {one for one in range(sheet.columns["graded"] + 1, width) if one not in known}
        return [one for one in range(width) if one != sheet.columns.get("feedback") and one not in after]
    who = set(sheet.columns.values()) | {item.column}
    if sheet.lms == "canvas":
        # The importer wants its own columns together, up to the section.
        who |= set(range(sheet.columns["group"] + 1))
    return [one for one in range(width) if one in who or sheet.head.cell(one) == "End-of-Line Indicator"]
