"""A mistake in a table is caught when the tables are read, and the message names file, row and field."""

from __future__ import annotations

import copy
import json
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, TableError, load_framework
from maatwerk.framework import TABLES
from maatwerk.loader import WHOLE_FILE, read_texts

FILES = sorted(file.name for file in TABLES.glob("*.toml"))
CONTENTS: dict[str, dict[str, Any]] = {
    name: tomllib.loads((TABLES / name).read_text(encoding="utf-8")) for name in FILES
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    shutil.copytree(TABLES, tmp_path / "tables")
    return tmp_path / "tables"


def error_in(tables: Path) -> TableError:
    with pytest.raises(TableError) as caught:
        load_framework(tables)
    error = caught.value
    assert str(error) == f"{error.file.name}, row '{error.row}', field '{error.field}': {error.problem}"
    return error


def test_the_copied_tables_are_whole(tables: Path) -> None:
    load_framework(tables)


# --- Mistakes of every kind, in any field of any table ---


def as_toml(value: object) -> str:
    """One value as TOML; JSON's texts and numbers are TOML too."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def write(file: Path, contents: dict[str, Any]) -> None:
    lines = [f"{json.dumps(key)} = {as_toml(value)}\n" for key, value in contents.items()]
    file.write_text("".join(lines), encoding="utf-8")


def fields_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every named field, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from fields_of(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from fields_of(inner, (*path, number))


FIELDS = [(file, path) for file, contents in CONTENTS.items() for path in fields_of(contents)]

# What a mistake does to the table that holds the field.
MISTAKES: dict[str, Callable[[dict[str, Any], str], None]] = {
    "missing": lambda table, field: table.pop(field),
    "empty": lambda table, field: table.update({field: ""}),
    "blank": lambda table, field: table.update({field: " \t\n"}),
    "a truth value": lambda table, field: table.update({field: True}),
    "a number in a list": lambda table, field: table.update({field: [1]}),
    "an empty table": lambda table, field: table.update({field: {}}),
}


def place_of(contents: dict[str, Any], path: tuple[str | int, ...]) -> tuple[str, str]:
    """The row and field by which a message names ``path``."""
    row: list[str] = []
    field = ""
    value: Any = contents
    for step in path:
        if isinstance(step, int):
            inner = value[step]
            if set(inner) & set(LANGUAGES):
                field += f"[{step}]"
            else:
                key = inner.get("key")
                row.append(key if isinstance(key, str) and key.strip() else str(step + 1))
                field = ""
            value = inner
            continue
        if field in ("person", "group") and not row:
            row, field = [field], ""
        field = f"{field}.{step}" if field else step
        value = value.get(step) if isinstance(value, dict) else None
    return ".".join(row) or WHOLE_FILE, field


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(FIELDS), mistake=st.sampled_from(sorted(MISTAKES)))
def test_any_mistake_in_any_field_is_named(
    tables: Path, field: tuple[str, tuple[str | int, ...]], mistake: str
) -> None:
    file, path = field
    contents = copy.deepcopy(CONTENTS[file])
    holder: Any = contents
    for step in path[:-1]:
        holder = holder[step]
    MISTAKES[mistake](holder, str(path[-1]))
    write(tables / file, contents)
    error = error_in(tables)
    shutil.copy(TABLES / file, tables / file)

    assert error.file.name == file
    named, expected = address(error.row, error.field), address(*place_of(contents, path))
    # A table or list that is wrong inside is named down to the part that is wrong.
    assert named == expected or named.startswith((f"{expected}.", f"{expected}["))


def address(row: str, field: str) -> str:
    return field if row == WHOLE_FILE else f"{row}.{field}"


HOLDERS = [
    (file, path)
    for file, contents in CONTENTS.items()
    for path in [(), *sorted({p[:-1] for p in fields_of(contents) if p[:-1]}, key=str)]
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(holder=st.sampled_from(HOLDERS))
def test_a_field_that_nobody_knows_is_named(tables: Path, holder: tuple[str, tuple[str | int, ...]]) -> None:
    file, path = holder
    contents = copy.deepcopy(CONTENTS[file])
    table: Any = contents
    for step in path:
        table = table[step]
    table["extra"] = "een tikfout"
    write(tables / file, contents)
    error = error_in(tables)
    shutil.copy(TABLES / file, tables / file)
    assert (error.file.name, error.row, error.field) == (file, *place_of(contents, (*path, "extra")))


# --- Mistakes that only show when rows are seen together ---


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "field"),
    [
        ("variants.toml", 'key = "standaardmaatwerk"', 'key = "standaardisatie"', "standaardisatie", "key"),
        ("variants.toml", 'key = "standaardmaatwerk"', 'key = "4e variant"', "4e variant", "key"),
        ("variants.toml", 'person = "high"', 'person = "hoog"', "hardheidsclausule", "person"),
        ("variants.toml", 'group = "high"', 'group = "low"', "person low, group low", "person"),
        ("variants.toml", '"tabel 5.4"', '"tabel 5.6"', "beleidscategorieen", "own_table"),
        ("perspectives.toml", '"tabel 5.2"', '"table 5.2"', "burger", "places"),
        ("statements.toml", 'side = "nadeel"', 'side = "neutraal"', "averechtse-regels", "side"),
        (
            "statements.toml",
            'perspective = "burger"',
            'perspective = "klant"',
            "rechtszekerheid-en-gelijkheid",
            "perspective",
        ),
        ("statements.toml", '["standaardmaatwerk"]', '["maatwerk"]', "afgestemd-op-situatie", "variants"),
        (
            "statements.toml",
            '["standaardmaatwerk"]',
            '["standaardmaatwerk", "standaardmaatwerk"]',
            "afgestemd-op-situatie",
            "variants",
        ),
        ("statements.toml", '["standaardmaatwerk"]', "[]", "afgestemd-op-situatie", "variants"),
        (
            "statements.toml",
            ', "standaardmaatwerk"]',
            "]",
            "standaardmaatwerk/bestuurder/voordeel",
            "variants",
        ),
        (
            "statements.toml",
            '["standaardmaatwerk"]',
            '["standaardmaatwerk", "standaardisatie"]',
            "standaardisatie/burger/voordeel",
            "variants",
        ),
        ("loyalties.toml", 'key = "rechtmatigheid"', 'key = "verdeling"', "rechtsstaat.verdeling", "key"),
        (
            "loyalties.toml",
            'key = "rechtmatigheid"',
            'key = "rechtsgelijkheid"',
            "rechtsstaat.rechtsgelijkheid",
            "key",
        ),
        ("loyalties.toml", '"paragraaf 3.2"', '"paragraaf 3.8"', "burgers", "places"),
        (
            "dynamics.toml",
            'key = "overconformisme"',
            'key = "overleving"',
            "uitvoeringsambtenaren.overleving",
            "key",
        ),
        ("dynamics.toml", '["Lipsky (1980)"]', '["Lipsky (1980)", ""]', "managers.gevulde-ruimte", "authors"),
        ("principles.toml", 'author = "meurs"', 'author = "Meurs"', "omgevingsgerichtheid", "author"),
        ("practices.toml", 'places = ["tabel 2.2", "paragraaf 2.2.1"]', "places = []", "duo", "places"),
        ("plane.toml", "minimum = 0", "minimum = 1", WHOLE_FILE, "minimum"),
        ("plane.toml", "maximum = 100", "maximum = 10", WHOLE_FILE, "maximum"),
        ("plane.toml", "border = 50", "border = 100", WHOLE_FILE, "border"),
        ("plane.toml", "border = 50", "border = nan", WHOLE_FILE, "border"),
        ("plane.toml", "border = 50", f"border = 1{'0' * 400}", WHOLE_FILE, "border"),
        ("plane.toml", "band = 5", "band = -1", WHOLE_FILE, "band"),
        ("plane.toml", "band = 5", "band = 50", WHOLE_FILE, "band"),
        ("plane.toml", "band = 5", "band = inf", WHOLE_FILE, "band"),
        ("plane.toml", "[person]", "[person", WHOLE_FILE, "-"),
    ],
)
def test_a_planted_mistake_is_named(
    tables: Path, file: str, old: str, new: str, row: str, field: str
) -> None:
    written = (tables / file).read_text(encoding="utf-8")
    assert old in written
    (tables / file).write_text(written.replace(old, new, 1), encoding="utf-8")
    error = error_in(tables)
    assert (error.file.name, error.row, error.field) == (file, row, field)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(tables: Path, file: str) -> None:
    (tables / file).unlink()
    error = error_in(tables)
    assert (error.file.name, error.row, error.problem) == (file, WHOLE_FILE, "the file is missing")


@pytest.mark.parametrize("contents", [b"", b"\xff\xfe", b"[[", b'key = "a"\nkey = "b"'])
@pytest.mark.parametrize("file", FILES)
def test_a_file_without_a_table_is_named(tables: Path, file: str, contents: bytes) -> None:
    (tables / file).write_bytes(contents)
    assert error_in(tables).file.name == file


def test_a_missing_statement_is_named_by_its_cell(tables: Path) -> None:
    contents = copy.deepcopy(CONTENTS["statements.toml"])
    contents["statement"] = [s for s in contents["statement"] if s["key"] != "overvraagd"]
    write(tables / "statements.toml", contents)
    error = error_in(tables)
    assert (error.row, error.field) == ("standaardmaatwerk/uitvoeringsambtenaar/nadeel", "variants")


# --- The words of widgets and feedback ---


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ('save.nl = "Bewaar"', "save.en"),
        ('save.nl = "Bewaar"\nsave.en = " "', "save.en"),
        ('save.nl = "Bewaar"\nsave.en = "Save"\nsave.fr = "Enregistrer"', "save.fr"),
        ('save = "Save"', "save"),
        ('save.nl = "Nog {count}"\nsave.en = "Still some"', "save"),
        ('save.nl = "Nog {aantal}"\nsave.en = "Still {count}"', "save"),
        ('save.nl = "Nog {count"\nsave.en = "Still {count}"', "save"),
    ],
)
def test_a_mistake_in_widget_words_is_named(tmp_path: Path, written: str, field: str) -> None:
    file = tmp_path / "texts.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_texts(file)
    assert (caught.value.file, caught.value.field) == (file, field)


def test_widget_words_may_ask_for_the_same_in_another_order(tmp_path: Path) -> None:
    file = tmp_path / "texts.toml"
    file.write_text('of.nl = "{n} van {m} {{x}}"\nof.en = "of {m:g}, {n}"', encoding="utf-8")
    assert read_texts(file)["of"].nl.format(n=1, m=2) == "1 van 2 {x}"
