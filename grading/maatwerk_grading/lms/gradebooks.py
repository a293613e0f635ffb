"""The gradebook exports of Brightspace and Canvas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from maatwerk_grading.lms.sheet import ADDRESS, Item, Sheet, identities, number, roles
from maatwerk_grading.lms.table import Record, Table

# ' <Numeric MaxPoints:60 Weight:10 Category:Opdrachten>'
_DETAILS = re.compile(r"\s*<[^<>]*>\s*$")
_MAX_POINTS = re.compile(r"MaxPoints:\s*(\d+(?:[.,]\d+)?)")
_CANVAS_NUMBER = re.compile(r"\s*\(\d+\)\s*$")
_CANVAS_TOTALS = re.compile(
    r"(?:Current|Final|Override) (?:Score|Points|Grade|Status)(?: \(.*\))?$", re.IGNORECASE
)
_HIDDEN_ROW = re.compile(r"\s*(?:muted|manual posting.*|\(read only\))?\s*", re.IGNORECASE | re.DOTALL)


def is_canvas(heads: Sequence[str]) -> bool:
    """As Canvas itself looks at what it imports."""
    first = heads[:1] == ["Student"] and "ID" in heads[1:2]
    names = heads[:2] == ["LastName", "FirstName"] and "ID" in heads[2:3]
    return (first or names) and "Section" in heads


def canvas(file: Path, table: Table, head: Record, heads: Sequence[str], rows: Sequence[Record]) -> Sheet:
    known = {
        **{"Student": "sortable", "LastName": "last_name", "FirstName": "first_name", "ID": "lms_id"},
        **{"SIS User ID": "id_number", "SIS Login ID": "username", "Section": "group"},
    }
    columns = {known[name]: column for column, name in reversed(list(enumerate(heads))) if name in known}
    people, possible = [], None
    for record in rows:
        if "Points Possible" in record.cell(0):
            possible = record
        elif all(_HIDDEN_ROW.fullmatch(cell) for cell in record.cells):
            continue
        elif record.cell(0) != "Student, Test" or record.cell(columns.get("id_number")):
            people.append(record)
    items = tuple(
        Item(column, _CANVAS_NUMBER.sub("", name), number(possible.cell(column)) if possible else None)
        for column, name in enumerate(heads)
        if column > columns["group"]
        and name
        and not _CANVAS_TOTALS.search(name)
        and (possible is None or number(possible.cell(column)) is not None)
    )
    who = []
    for said, record in zip(identities(people, columns, "canvas"), people, strict=True):
        # 'Boer, Sanne de' is how Canvas sorts; somebody with one name has no comma.
        last, comma, first = record.cell(columns.get("sortable")).partition(", ")
        if comma:
            said = replace(said, first_name=first, last_name=last)
        # People often log in with their address.
        email = said.username if ADDRESS.fullmatch(said.username) else ""
        who.append(replace(said, name="" if comma else last, email=email))
    return Sheet(
        file=file,
        lms="canvas",
        kind="gradebook",
        table=table,
        head=head,
        columns=columns,
        people=tuple(people),
        identities=tuple(who),
        items=items,
        comma=possible is not None and any("," in possible.cell(item.column) for item in items),
    )


def brightspace(
    file: Path, table: Table, head: Record, heads: Sequence[str], people: Sequence[Record]
) -> Sheet:
    columns, items, comma = roles(heads), [], False
    for column, name in enumerate(heads):
        details = _DETAILS.search(name)
        said = name[: details.start()] if details else name
        found = _MAX_POINTS.search(details[0]) if details else None
        if said.endswith(" Points Grade") or found:
            maximum = number(found[1]) if found else None
            items.append(Item(column, said.removesuffix(" Points Grade"), maximum))
            comma = comma or (found is not None and "," in found[1])
    return Sheet(
        file=file,
        lms="brightspace",
        kind="gradebook" if items else "list",
        table=table,
        head=head,
        columns=columns,
        people=tuple(people),
        identities=identities(people, columns, "brightspace"),
        items=tuple(items),
        comma=comma,
    )
