"""All tables together: the one object that notebooks, widgets, item bank, scoring and reports read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from maatwerk.loader import Record, TableError, read_rows, read_table
from maatwerk.model import (
    AUTHORS,
    LEVELS,
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
from maatwerk.placement import HIGHEST, LOWEST

if TYPE_CHECKING:
    from maatwerk.glossary import Term
    from maatwerk.loops import Loop, Quantity
    from maatwerk.rounds import Game

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Framework:
    """The essay's framework. Each mapping goes from key to row, in the essay's order."""

    considerations: Mapping[str, Consideration]
    practices: Mapping[str, Practice]
    loyalties: Mapping[str, Loyalty]
    dynamics: Mapping[str, Dynamic]
    quantities: Mapping[str, Quantity]
    loops: Mapping[str, Loop]
    game: Game
    plane: Plane
    variants: Mapping[str, Variant]
    perspectives: Mapping[str, Perspective]
    statements: Mapping[str, Statement]
    principles: Mapping[str, Principle]
    source_notes: Mapping[str, SourceNote]
    glossary: Mapping[str, Term]

    def statement(self, variant: str, perspective: str, side: Side) -> Statement:
        """The statement in one cell of tables 5.2-5.5.

        Raises
        ------
        KeyError
            When there is no such variant, perspective or side.
        """
        for statement in self.statements.values():
            if statement.fills(variant, perspective, side):
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
    # Imported only here: who needs a language or a place reads no table.
    from maatwerk.glossary import read_glossary
    from maatwerk.loops import read_loops
    from maatwerk.rounds import read_game

    plane = _plane(read_table(directory / "plane.toml"))
    variants_file = directory / "variants.toml"
    variants = read_rows(variants_file, "variant", _variant)
    _check_corners(variants_file, variants)
    perspectives = read_rows(directory / "perspectives.toml", "perspective", _perspective)
    statements_file = directory / "statements.toml"
    statements = read_rows(statements_file, "statement", lambda r: _statement(r, variants, perspectives))
    _check_cells(statements_file, statements, variants, perspectives)
    loyalties_file = directory / "loyalties.toml"
    loyalties = read_rows(loyalties_file, "loyalty", _loyalty)
    _check_tensions(loyalties_file, loyalties)
    dynamics = read_rows(directory / "dynamics.toml", "dynamic", _dynamic)
    quantities, loops = read_loops(directory / "loops.toml", tuple(dynamics))
    return Framework(
        considerations=read_rows(directory / "considerations.toml", "consideration", _consideration),
        practices=read_rows(directory / "practices.toml", "practice", _practice),
        loyalties=loyalties,
        dynamics=dynamics,
        quantities=quantities,
        loops=loops,
        game=read_game(directory / "rounds.toml"),
        plane=plane,
        variants=variants,
        perspectives=perspectives,
        statements=statements,
        principles=read_rows(directory / "principles.toml", "principle", _principle),
        source_notes=read_rows(directory / "source_notes.toml", "source_note", _source_note),
        glossary=read_glossary(directory / "glossary.toml"),
    )


def _consideration(r: Record) -> Consideration:
    return Consideration(
        key=r.key(),
        question=r.text("question"),
        short=r.text("short"),
        left=r.text("left"),
        left_short=r.text("left_short"),
        right=r.text("right"),
        right_short=r.text("right_short"),
        places=r.places(),
    )


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
        tensions=tuple(r.rows("tension", _tension).values()),
        places=r.places(),
    )


def _tension(r: Record) -> Tension:
    return Tension(r.key(), r.text("name"), r.text("explanation"), r.places())


def _dynamic(r: Record) -> Dynamic:
    return Dynamic(
        key=r.key(),
        actor=r.text("actor"),
        name=r.text("name"),
        pattern=r.text("pattern"),
        gain=r.text("gain"),
        forms=tuple(r.rows("form", _form).values()),
        places=r.places(),
    )


def _form(r: Record) -> DynamicForm:
    return DynamicForm(
        key=r.key(),
        name=r.text("name"),
        explanation=r.text("explanation"),
        authors=tuple(r.strings("authors")),
        places=r.places(),
    )


def _variant(r: Record) -> Variant:
    return Variant(
        key=r.key(),
        numeral=r.string("numeral"),
        name=r.text("name"),
        for_whom=r.text("for_whom"),
        meaning=r.text("meaning"),
        person=r.choice("person", LEVELS),
        group=r.choice("group", LEVELS),
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
    return Principle(r.key(), r.choice("author", AUTHORS), r.text("name"), r.text("explanation"), r.places())


def _source_note(r: Record) -> SourceNote:
    return SourceNote(r.key(), r.text("note"), r.places())


def _plane(r: Record) -> Plane:
    plane = Plane(
        minimum=r.number("minimum"),
        maximum=r.number("maximum"),
        border=r.number("border"),
        band=r.number("band"),
        person=_axis(r.record("person")),
        group=_axis(r.record("group")),
        places=r.places(),
    )
    r.finish()
    # The scale is the essay's own, and Placement holds to it; only the border and the band are ours.
    for field, value, needed in (("minimum", plane.minimum, LOWEST), ("maximum", plane.maximum, HIGHEST)):
        if value != needed:
            raise r.error(field, f"the essay's scale runs from {LOWEST:g} to {HIGHEST:g}, not {value:g}")
    if not LOWEST < plane.border < HIGHEST:
        raise r.error("border", f"must lie between {LOWEST:g} and {HIGHEST:g}, not at {plane.border:g}")
    # Outside the band there must be some low and some high left on either axis.
    room = min(plane.border - LOWEST, HIGHEST - plane.border)
    if not 0 <= plane.band < room:
        raise r.error("band", f"must be at least 0 and less than {room:g}, not {plane.band:g}")
    return plane


def _axis(r: Record) -> Axis:
    return Axis(r.text("name"), r.text("low"), r.text("high"))


def _check_corners(file: Path, variants: Mapping[str, Variant]) -> None:
    """Every corner of the plane belongs to exactly one variant."""
    for person in LEVELS:
        for group in LEVELS:
            found = [v.key for v in variants.values() if (v.person, v.group) == (person, group)]
            if len(found) != 1:
                corner = f"person {person}, group {group}"
                raise TableError(file, corner, "person", f"one variant a corner is needed, found {found}")


def _check_tensions(file: Path, loyalties: Mapping[str, Loyalty]) -> None:
    """A tension's key alone says which one is meant, so it comes once over all loyalties."""
    seen: dict[str, str] = {}
    for loyalty in loyalties.values():
        for tension in loyalty.tensions:
            if tension.key in seen:
                row = f"{loyalty.key}.{tension.key}"
                raise TableError(file, row, "key", f"also stands under '{seen[tension.key]}'")
            seen[tension.key] = loyalty.key


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
                found = [s.key for s in statements.values() if s.fills(variant, perspective, side)]
                if len(found) != 1:
                    cell = f"{variant}/{perspective}/{side}"
                    raise TableError(file, cell, "variants", f"one statement a cell is needed, found {found}")
