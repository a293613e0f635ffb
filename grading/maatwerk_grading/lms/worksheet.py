"""Moodle's grading worksheet: one row a person, known by a participant number that holds in one assignment.

Its heads are in the language of the page, and Moodle's words differ between versions. So it is known by its
shape, and words only help.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from maatwerk_grading.lms.sheet import ADDRESS, PARTICIPANT, Item, Sheet, identities, number, plain, roles
from maatwerk_grading.lms.table import Record, Table

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# A date in words ends in a year and a time, in whatever language.
_DATE = re.compile(r"\d{4}|\d{1,2}[:.]\d\d")


def worksheet(
    file: Path,
    table: Table,
    head: Record,
    heads: Sequence[str],
    people: Sequence[Record],
    assignment: str,
) -> Sheet | None:
    """The worksheet, known by its participant numbers and by the columns around the mark; or nothing."""
    cells = [[record.cell(column) for record in people] for column in range(len(heads))]
    named = roles(heads).values()
    may_be = [column for column, values in enumerate(cells) if column not in named and _word(values)]
    if not may_be:
        return None
    # A column of the school's own may look like it; in Moodle's order its own comes first.
    participant = next((column for column in may_be if plain(heads[column]) in _IDENTIFIER), may_be[0])
    word = _word(cells[participant])
    columns = _worksheet_columns(heads, cells, participant)
    if "grade" not in columns or "graded" not in columns:
        return None
    values = cells[columns["maximum"]] if "maximum" in columns else []
    maxima = {number(value) for value in values if value}
    maximum = maxima.pop() if len(maxima) == 1 else None
    numbers = (*values, *cells[columns["grade"]])
    scale = cells[columns["scale"]][0] if "scale" in columns else ""
    return Sheet(
        file=file,
        lms="moodle",
        kind="worksheet",
        table=table,
        head=head,
        columns=columns,
        people=tuple(people),
        identities=identities(people, columns, "moodle", word, assignment=assignment),
        items=(Item(columns["grade"], assignment, maximum),) if "maximum" in columns else (),
        word=word,
        comma=any("," in value for value in numbers if _NUMBER.fullmatch(value)),
        scale=tuple(part.strip() for part in re.split(r"\s{2,}|,\s*", scale) if part.strip()),
    )


def _word(values: Sequence[str]) -> str:
    """The word before the number in most of these: ``Participant `` of ``Participant 69``."""
    found = [one for value in values if value and (one := PARTICIPANT.fullmatch(value))]
    words = Counter(one["word"] for one in found)
    if not words:
        return ""
    word, count = words.most_common(1)[0]
    numbers = {one["number"] for one in found if one["word"] == word}
    usual = 2 * count > len(values) and 2 * len(numbers) > count
    return word if usual and re.search(r"[^\W\d_]", word) and "@" not in word else ""


_IDENTIFIER = frozenset({"identifier", "identificatie"})
# Words of heads of the two languages in which the files were seen; other languages go by the shape.
_WORKSHEET_HEADS = {
    "grade": ("grade", "cijfer", "beoordeling"),
    "maximum": ("maximumgrade", "maximaalcijfer", "maximumcijfer", "maximalecijfer", "maximalebeoordeling"),
    "scale": ("scale", "schaal"),
    "changeable": ("gradecanbechanged", "hetcijferkangewijzigdworden", "cijferkangewijzigdworden"),
    "submitted": ("lastmodifiedsubmission", "laatstgewijzigdinzending"),
    "graded": ("lastmodifiedgrade", "laatstgewijzigdbeoordeling", "laatstgewijzigdcijfer"),
    "workflow": ("markingworkflowstate", "statusbeoordelingsworkflow"),
    "feedback": ("feedbackcomments", "feedback", "feedbackalstekst", "feedbackopmerkingen"),
    "online_text": ("onlinetext", "onlinetekst"),
    "status": ("status",),
}


def _worksheet_columns(
    heads: Sequence[str], cells: Sequence[Sequence[str]], participant: int
) -> dict[str, int]:
    columns = {role: column for role, column in roles(heads).items() if column != participant}
    for column, head in enumerate(heads):
        for role, words in _WORKSHEET_HEADS.items():
            if plain(head) in words and column != participant:
                columns.setdefault(role, column)
    taken = {*columns.values(), participant}
    if "email" not in columns:
        addresses = (
            column
            for column, values in enumerate(cells)
            if column not in taken
            and any(values)
            and all(ADDRESS.fullmatch(value) for value in values if value)
        )
        if (email := next(addresses, None)) is not None:
            columns["email"] = email
    if "name" not in columns:
        a_name = re.compile(r"name|naam|nom\b|nombre|nome\b", re.IGNORECASE)
        named = (column for column, head in enumerate(heads) if a_name.search(head) and column not in taken)
        if (found := next(named, None)) is not None:
            columns["name"] = found
    columns["participant"] = participant
    _complete(columns, cells)
    return columns


def _complete(columns: dict[str, int], cells: Sequence[Sequence[str]]) -> None:
    """Find by their shape the columns around the mark with an unknown head: Moodle has one order."""
    known = set(columns.values())
    free = [column for column in range(len(cells)) if column not in known]
    dates = [column for column in free if _is_dates(cells[column])]
    if "graded" not in columns and (len(dates) > 1 or (dates and "submitted" in columns)):
        columns["graded"] = dates.pop()
    dates = [column for column in dates if column < columns.get("graded", 0)]
    if "submitted" not in columns and dates:
        columns["submitted"] = dates[-1]
    tops = [column for column in free if _is_top(cells, column, columns, known)]
    if not {"maximum", "scale"} & set(columns) and tops:
        role = "maximum" if number(cells[tops[-1]][0]) is not None else "scale"
        columns[role] = tops[-1]
    top = columns.get("maximum", columns.get("scale"))
    if "grade" not in columns and top is not None and top - 1 in free:
        columns["grade"] = top - 1
    taken = set(columns.values())
    if "changeable" not in columns and "submitted" in columns and columns["submitted"] - 1 not in taken:
        columns["changeable"] = columns["submitted"] - 1
    if "workflow" not in columns and top is not None and columns.get("changeable") == top + 2:
        columns["workflow"] = top + 1
    behind = columns.get("graded", len(cells)) + 1
    if "feedback" not in columns and behind < len(cells) and behind not in taken:
        columns["feedback"] = behind


def _is_dates(values: Sequence[str]) -> bool:
    """Whether each is a date in words, or the dash for none."""
    return all(cell in ("-", "") or _DATE.search(cell) for cell in values) and any(
        cell == "-" or len(_DATE.findall(cell)) > 1 for cell in values
    )


def _is_top(cells: Sequence[Sequence[str]], column: int, columns: dict[str, int], known: set[int]) -> bool:
    """Whether the same maximum, or the words of the same scale, stand right of what can be marks."""
    before, first = column - 1, cells[column][0] if cells[column] else ""
    if len(set(cells[column])) != 1 or before != columns.get("grade", before) or column < 2:
        return False
    if "grade" not in columns and before in known:
        return False
    if (number(first) or 0) > 0:
        return all(not cell or number(cell) is not None for cell in cells[before])
    return bool(re.search(r"\S\s{2,}\S", first))
