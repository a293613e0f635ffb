"""Reading the lists that a learning environment (LMS) gives: who is in a course, and where their marks go.

What a file is, is seen from what is in it and not from its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from maatwerk_grading.lms.gradebooks import brightspace, canvas, is_canvas
from maatwerk_grading.lms.sheet import ADDRESS, Item, Kind, Sheet, identities, number, plain, roles
from maatwerk_grading.lms.table import Record, SheetError, Table, read_table, say
from maatwerk_grading.lms.worksheet import worksheet

__all__ = ["Item", "Kind", "Sheet", "SheetError", "read_sheet"]

_UNIX_TIME = re.compile(r"1\d{9}")


def read_sheet(file: Path, assignment: str = "") -> Sheet:
    """Read a list, a worksheet or an export, whatever the LMS, its language and its separator.

    Parameters
    ----------
    file : Path
        As downloaded; without its mark, with semicolons or quotes everywhere it is recognised too.
    assignment : str
        Ours: that in which Moodle's participant numbers hold.

    Raises
    ------
    SheetError
        When it is no table or none that is known; its text says what to do.
    OSError
        When it cannot be read.
    """
    table = read_table(file)
    rows = [record for record in table.records if not record.blank]
    if not rows:
        raise SheetError(say("no_table", file=file.name))
    head, people = rows[0], rows[1:]
    heads = [head.cell(column) for column in range(len(head.cells))]
    if is_canvas(heads):
        found = canvas(file, table, head, heads, people)
    elif "orgdefinedid" in map(plain, heads) or "End-of-Line Indicator" in heads:
        found = brightspace(file, table, head, heads, people)
    elif sheet := worksheet(file, table, head, heads, people, assignment):
        found = sheet
    else:
        found = _list(file, table, head, heads, people)
    if not found.people:
        raise SheetError(say("no_people", file=file.name))
    return found


def _list(file: Path, table: Table, head: Record, heads: Sequence[str], people: Sequence[Record]) -> Sheet:
    columns = roles(heads)
    cells = [[record.cell(column) for record in people] for column in range(len(heads))]
    if "email" not in columns:
        for column, values in enumerate(cells):
            if any(values) and all(ADDRESS.fullmatch(value) for value in values if value):
                columns["email"] = column
                break
    who = {"email", "id_number", "username", "name", "last_name"} & set(columns)
    if not who or (who <= {"name", "last_name"} and len(heads) > 40):
        shown = ", ".join(head for head in heads if head)[:200]
        raise SheetError(say("unrecognised", file=file.name, heads=shown))
    last = cells[-1] if cells else []
    # Moodle's export of a gradebook ends in when it was made.
    moodle = bool(last) and all(_UNIX_TIME.fullmatch(cell) for cell in last)
    items: tuple[Item, ...] = ()
    if moodle:
        items = tuple(
            Item(
                column, re.sub(r"\s*\([^()]*\)$", "", heads[column]).partition(": ")[2] or heads[column], None
            )
            for column in range(max(columns.values()) + 1, len(heads) - 1)
            if all(cell in ("-", "") or number(cell) is not None for cell in cells[column])
        )
    lms = "moodle" if moodle else "generic"
    return Sheet(
        file=file,
        lms=lms,
        kind="gradebook" if moodle else "list",
        table=table,
        head=head,
        columns=columns,
        people=tuple(people),
        identities=identities(people, columns, lms),
        items=items,
    )
