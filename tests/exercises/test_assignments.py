"""Which exercises and closed items make up an assignment is data; a mistake there names where and what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from maatwerk import framework
from maatwerk.citation import Citation
from maatwerk.content import content_root
from maatwerk.loader import TableError
from maatwerk_exercises.assignments import assignments, closed_quizzes, load_assignments
from maatwerk_exercises.itembank import Choice, mark

ITEMS = content_root() / "exercises" / "items"

# Every table of the essay, and the sections that complete two of them.
TABLES = (
    *(f"tabel {number}" for number in ("2.1", "2.2", "2.3", "3.1", "4.1", "5.1", "5.2", "5.3", "5.4", "5.5")),
    *(f"paragraaf 3.{number}" for number in range(2, 7)),
    "paragraaf 4.5",
)


def test_together_the_assignments_ask_closed_items_on_every_table() -> None:
    asked = {place for quiz in closed_quizzes().values() for item in quiz.items for place in item.places}
    assert {Citation.parse(table) for table in TABLES} <= asked


def test_no_two_items_of_an_assignment_ask_the_same_and_none_is_asked_in_two() -> None:
    items = [
        [item for quiz in assignment.closed for item in quiz.items] for assignment in assignments().values()
    ]
    for asked in items:
        assert len({item.fact for item in asked}) == len(asked)
    keys = [item.key for asked in items for item in asked]
    assert len(set(keys)) == len(keys) >= 24


def test_a_statement_of_two_tables_is_asked_and_right_for_both() -> None:
    """Source note D3."""
    shared = {one.key: one.variants for one in framework().statements.values() if len(one.variants) > 1}
    found = [
        item
        for quiz in closed_quizzes().values()
        for item in quiz.items
        if isinstance(item, Choice) and item.family == "cell" and item.key.removeprefix("cell.") in shared
    ]
    assert found
    for item in found:
        variants = shared[item.key.removeprefix("cell.")]
        offered = [one.key for one in item.options if one.key in variants]
        assert offered
        assert {mark(item, variant).share for variant in offered} == {1.0}


Defect = Callable[[str], str]
QUIZ = """
[[assignment.closed]]
key = "{key}"
title.nl = "Vragen"
title.en = "Questions"
{asked}
"""


def quiz(asked: str, key: str = "nieuw") -> Defect:
    """Another quiz at the end, in the last assignment."""
    return lambda text: text + QUIZ.format(key=key, asked=asked)


DEFECTS: dict[str, tuple[Defect, str]] = {
    "no such place": (quiz('about = "tabel 9.9"\ncount = 1'), "field 'about': 'tabel 9.9' is no place"),
    "more than there are": (
        quiz('about = "tabel 5.1"\ncount = 900'),
        r"field 'count': ask fewer \(tabel 5\.1: 44 items",
    ),
    "half an item": (quiz('about = "tabel 5.1"\ncount = 1.5'), "field 'count': a whole number of items"),
    "no number": (quiz('about = "tabel 5.1"'), "field 'count': is missing"),
    "no such item": (quiz('items = ["cell.nergens"]'), r"field 'items': .*'cell\.nergens'.*cell\.overvraagd"),
    "an item twice": (quiz('items = ["cell.overvraagd", "cell.overvraagd"]'), "field 'items': .*each once"),
    "none at all": (quiz("items = []"), "field 'items': one or more"),
    "neither": (quiz(""), "field 'items': either 'items', or 'about' with 'count'"),
    "both": (quiz('items = ["cell.overvraagd"]\nabout = "tabel 5.1"'), "field 'items': .*one of the two"),
    "an unknown field": (quiz('items = ["cell.overvraagd"]\npoints = 2'), "field 'points': is not a field"),
    "the same fact twice": (
        quiz('items = ["raises.cak", "raised.cak"]'),
        "field 'items': 'raised.cak' and 'raises.cak' ask the same; leave one",
    ),
    "a key that is taken": (
        quiz('items = ["cell.overvraagd"]', "vormen"),
        "field 'key': 'vormen' is the key of another quiz",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_mistake_names_file_row_and_field(name: str, tmp_path: Path) -> None:
    defect, said = DEFECTS[name]
    items = tmp_path / "items"
    shutil.copytree(ITEMS, items)
    file = items / "assignments.toml"
    file.write_text(defect(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(TableError, match=rf"^assignments\.toml, row 'eindopdracht\.[a-z]+', {said}"):
        load_assignments(items)
