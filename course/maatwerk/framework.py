"""All tables together: the one object that notebooks, widgets, item bank, scoring and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maatwerk.loader import Record, TableError, read_rows, read_table
from maatwerk.model import (
    SIDES,
    Axis,
    Consideration,
    Dynamic,
    DynamicForm,
    Loyalty,
    Perspective,
    Plane,
    Practice,
    Principle,
    Side,
    SourceNote,
    Statement,
    Tension,
    Variant,
)

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Framework:
    """The essay's framework. Each mapping goes from key to row, in the essay's order."""

    considerations: Mapping[str, Consideration]
    practices: Mapping[str, Practice]
    loyalties: Mapping[str, Loyalty]
    dynamics: Mapping[str, Dynamic]
    plane: Plane
    variants: Mapping[str, Variant]
    perspectives: Mapping[str, Perspective]
    statements: Mapping[str, Statement]
    principles: Mapping[str, Principle]
    source_notes: Mapping[str, SourceNote]

    def statement(self, variant: str, perspective: str, side: Side) -> Statement:
        """The statement in one cell of tables 5.2-5.5.

        Raises
        ------
        KeyError
            When there is no such variant, perspective or side.
        """
        for statement in self.statements.values():
            if (statement.perspective, statement.side) == (
                perspective,
                side,
            ) and variant in statement.variants:
                return statement
        raise KeyError((variant, perspective, side))

    def tensions(self) -> Mapping[str, tuple[Loyalty, Tension]]:
        """Every tension of sections 3.2-3.6 by its key, with the loyalty that it belongs to."""
        return {t.key: (loyalty, t) for loyalty in self.loyalties.values() for t in loyalty.tensions}


@cache
def framework() -> Framework:
    """The framework of the installed course, read once."""
    return load_framework(TABLES)


def load_framework(directory: Path) -> Framework:
    """Read and check all tables in ``directory``.

    Raises
    ------
    TableError
        Naming file, row and field, when a table is missing, damaged, incomplete, or at odds with another.
    """
    plane = _plane(read_table(directory / "plane.toml"))
    variants = read_rows(directory / "variants.toml", "variant", _variant)
    perspectives = read_rows(directory / "perspectives.toml", "perspective", _perspective)
    statements_file = directory / "statements.toml"
    statements = read_rows(statements_file, "statement", lambda r: _statement(r, variants, perspectives))
    _check_cells(statements_file, statements, variants, perspectives)
    return Framework(
        considerations=read_rows(directory / "considerations.toml", "consideration", _consideration),
        practices=read_rows(directory / "practices.toml", "practice", _practice),
        loyalties=read_rows(directory / "loyalties.toml", "loyalty", _loyalty),
        dynamics=read_rows(directory / "dynamics.toml", "dynamic", _dynamic),
        plane=plane,
        variants=variants,
        perspectives=perspectives,
        statements=statements,
        principles=read_rows(directory / "principles.toml", "principle", _principle),
        source_notes=read_rows(directory / "source_notes.toml", "source_note", _source_note),
    )


def _consideration(r: Record) -> Consideration:
    return Consideration(r.key(), r.text("question"), r.text("left"), r.text("right"), r.places())


def _practice(r: Record) -> Practice:
    return Practice(
        key=r.key(),
        name=r.text("name"),
        abbreviation=r.string("abbreviation"),
        meanings=tuple(r.texts("meanings")),
        question=r.text("question"),
        places=r.places(),
    )


def _loyalty(r: Record) -> Loyalty:
    return Loyalty(
        key=r.key(),
        name=r.text("name"),
        short=r.text("short"),
        asks=r.text("asks"),
        dilemma=r.text("dilemma"),
        tensions=tuple(
            Tension(t.key(), t.text("name"), t.text("explanation"), t.places()) for t in r.records("tension")
        ),
        places=r.places(),
    )


def _dynamic(r: Record) -> Dynamic:
    return Dynamic(
        key=r.key(),
        actor=r.text("actor"),
        name=r.text("name"),
        pattern=r.text("pattern"),
        gain=r.text("gain"),
        forms=tuple(
            DynamicForm(
                f.key(), f.text("name"), f.text("explanation"), tuple(f.strings("authors")), f.places()
            )
            for f in r.records("form")
        ),
        places=r.places(),
    )


def _variant(r: Record) -> Variant:
    return Variant(
        key=r.key(),
        numeral=r.string("numeral"),
        name=r.text("name"),
        for_whom=r.text("for_whom"),
        meaning=r.text("meaning"),
        person=r.choice("person", ("low", "high")),
        group=r.choice("group", ("low", "high")),
        own_table=r.place("own_table"),
        own_table_numeral=r.string("own_table_numeral"),
        places=r.places(),
    )


def _perspective(r: Record) -> Perspective:
    return Perspective(r.key(), r.text("name"), r.places())


def _statement(
    r: Record, variants: Mapping[str, Variant], perspectives: Mapping[str, Perspective]
) -> Statement:
    return Statement(
        key=r.key(),
        perspective=r.choice("perspective", tuple(perspectives)),
        side=r.choice("side", SIDES),
        variants=tuple(r.choices("variants", tuple(variants))),
        text=r.text("text"),
    )


def _principle(r: Record) -> Principle:
    return Principle(r.key(), r.string("author"), r.text("name"), r.text("explanation"), r.places())


def _source_note(r: Record) -> SourceNote:
    return SourceNote(r.key(), r.text("note"), r.places())


def _plane(r: Record) -> Plane:
    def axis(field: str) -> Axis:
        a = r.record(field)
        return Axis(a.text("name"), a.text("low"), a.text("high"))

    return Plane(
        minimum=r.number("minimum"),
        maximum=r.number("maximum"),
        border=r.number("border"),
        band=r.number("band"),
        person=axis("person"),
        group=axis("group"),
        places=r.places(),
    )


def _check_cells(
    file: Path,
    statements: Mapping[str, Statement],
    variants: Mapping[str, Variant],
    perspectives: Mapping[str, Perspective],
) -> None:
    """Every cell of tables 5.2-5.5 holds exactly one statement."""
    for variant in variants:
        for perspective in perspectives:
            for side in SIDES:
                found = [
                    s.key
                    for s in statements.values()
                    if (s.perspective, s.side) == (perspective, side) and variant in s.variants
                ]
                if len(found) != 1:
                    cell = f"{variant}/{perspective}/{side}"
                    raise TableError(file, cell, "variants", f"one statement a cell is needed, found {found}")
