"""Items on the variants, their places, and the 32 cells. Source: chapter 5, tables 5.1-5.5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maatwerk import Framework, Text
from maatwerk.citation import Citation
from maatwerk.loader import Record, read_rows
from maatwerk.model import SIDES, Side, Statement, Variant

from maatwerk_exercises.itembank.draw import drawn
from maatwerk_exercises.itembank.items import AnyItem, Choice, Matching, Option, Ordering, Placing, Row
from maatwerk_exercises.itembank.scenes import scenes
from maatwerk_exercises.itembank.wording import DATA, ask, cite, phrase, quoted

_OPTIONS = 4


def items(fw: Framework) -> Iterator[AnyItem]:
    """Every item on chapter 5."""
    yield from _for_whom(fw)
    yield from _corners(fw)
    yield from _scenes(fw)
    yield from _matched_variants(fw)
    yield from _degrees(fw)
    yield from _cells(fw)
    yield from _contents(fw)
    yield from _who(fw)
    yield from _placed_statements(fw)
    yield from _matched_cells(fw)


# --- the four variants ---


def _corner(variant: Variant) -> Text:
    return phrase("corner", f"{variant.person}-{variant.group}")


def _told(template: str, variant: Variant) -> Text:
    return ask(
        template,
        variant=phrase("variant", variant.key),
        name=variant.name,
        for_whom=variant.for_whom,
        meaning=variant.meaning,
        corner=_corner(variant),
        cite=cite(variant.places[:1]),
    )


def _variants(fw: Framework) -> tuple[Option, ...]:
    return tuple(Option(v.key, v.name, _told("variant_teaches", v)) for v in fw.variants.values())


def _for_whom(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.variants.values():
        yield Choice(
            key=f"for-whom.{asked.key}",
            fact=f"variant.{asked.key}",
            ask=ask("for_whom_ask"),
            given=quoted(asked.for_whom),
            options=_variants(fw),
            right=frozenset({asked.key}),
            answer=_told("variant_answer", asked),
            places=asked.places,
        )


def _corners(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.variants.values():
        yield Choice(
            key=f"corner.{asked.key}",
            fact=f"variant.{asked.key}",
            ask=ask("corner_ask"),
            given=asked.name,
            options=tuple(
                Option(v.key, _corner(v), _told("corner_teaches", v)) for v in fw.variants.values()
            ),
            right=frozenset({asked.key}),
            answer=_told("corner_answer", asked),
            places=asked.places,
        )


def _scenes(fw: Framework) -> Iterator[AnyItem]:
    """Each scene as a choice between the variants, and as a place on the plane."""
    for scene in scenes("variant", fw.variants):
        asked = fw.variants[scene.row]
        yield Choice(
            key=f"scene.{scene.key}",
            fact=f"scene.{scene.key}",
            ask=ask("scene_ask"),
            given=scene.text,
            options=_variants(fw),
            right=frozenset({asked.key}),
            answer=_told("variant_answer", asked),
            places=asked.places,
        )
        yield Placing(
            key=f"place-scene.{scene.key}",
            fact=f"scene.{scene.key}",
            ask=ask("place_scene_ask"),
            given=scene.text,
            right=frozenset({asked.key}),
            answer=_told("place_answer", asked),
            places=asked.places,
        )


def _matched_variants(fw: Framework) -> Iterator[AnyItem]:
    variants = list(fw.variants.values())
    places = variants[0].places[:1]

    def matching(key: str, name: str, rows: Sequence[Row]) -> Matching:
        return Matching(
            key=key,
            fact=key,
            ask=ask(name),
            rows=tuple(drawn(key, rows, len(rows))),
            options=_variants(fw),
            places=places,
        )

    def row(variant: Variant, text: Text) -> Row:
        return Row(variant.key, text, frozenset({variant.key}), places)

    yield matching(
        "match-for-whom.1",
        "match_for_whom_ask",
        [row(v, v.for_whom) for v in variants],
    )
    yield matching("match-corners.1", "match_corners_ask", [row(v, _corner(v)) for v in variants])
    for number in (1, 2):
        # Of each variant its first scene, and then its second.
        shown = {scene.row: scene for scene in scenes("variant", fw.variants)[:: 1 if number == 2 else -1]}
        yield matching(
            f"match-scenes.{number}",
            "match_scenes_ask",
            [row(fw.variants[key], scene.text) for key, scene in shown.items()],
        )


@dataclass(frozen=True, slots=True)
class Degree:
    """The variants from one end of a scale to the other; those in one group stand equally far."""

    key: str
    ask: Text
    order: tuple[frozenset[str], ...]
    places: tuple[Citation, ...]


def _degree(r: Record, fw: Framework) -> Degree:
    groups = r.value("order")
    if not isinstance(groups, list) or sorted(key for group in groups for key in group) != sorted(
        fw.variants
    ):
        raise r.error("order", f"groups of variants, each once, are needed, not {groups!r}")
    return Degree(r.key(), r.text("ask"), tuple(frozenset(group) for group in groups), r.places())


def _degrees(fw: Framework) -> Iterator[AnyItem]:
    for degree in read_rows(DATA / "degrees.toml", "degree", lambda r: _degree(r, fw)).values():
        key = f"degree.{degree.key}"
        yield Ordering(
            key=key,
            fact=key,
            ask=degree.ask,
            options=tuple(drawn(key, _variants(fw), len(fw.variants))),
            order=degree.order,
            places=degree.places,
        )


# --- the 32 cells ---


def _side_of(statement: Statement) -> dict[str, Text]:
    return {"perspective": phrase("for-perspective", statement.perspective)}


def _where(fw: Framework, statement: Statement) -> dict[str, Text]:
    """Where a statement stands: in one table or in two (source note D3)."""
    first, *second = (fw.variants[key] for key in statement.variants)
    where = {"at": phrase("at-variant", first.key), "cite": cite([first.own_table])}
    for other in second:
        where |= {"other_at": phrase("at-variant", other.key), "other_cite": cite([other.own_table])}
    return where


def _standing(family: str, fw: Framework, statement: Statement, article: str, purpose: str) -> Text:
    """That a statement stands in its table, or in both of its tables."""
    two = "two_" if len(statement.variants) > 1 else ""
    return ask(
        f"{family}_{two}{purpose}",
        side=phrase(article, statement.side),
        **_side_of(statement),
        **_where(fw, statement),
    )


def _in_cell(template: str, fw: Framework, variant: Variant, statement: Statement) -> Text:
    """What stands in one cell."""
    return ask(
        template,
        side=phrase("the", statement.side),
        at=phrase("at-variant", variant.key),
        statement=statement.text,
        cite=cite([variant.own_table]),
        **_side_of(statement),
    )


def _places(fw: Framework, statement: Statement) -> tuple[Citation, ...]:
    return tuple(fw.variants[key].own_table for key in statement.variants)


def _cells(fw: Framework) -> Iterator[AnyItem]:
    """A statement is given: with which variant?"""
    for asked in fw.statements.values():
        yield Choice(
            key=f"cell.{asked.key}",
            fact=f"statement.{asked.key}",
            ask=ask("cell_ask", side=phrase("a", asked.side), **_side_of(asked)),
            given=quoted(asked.text),
            options=_variants_in(fw, asked.perspective, asked.side),
            right=frozenset(asked.variants),
            answer=_standing("cell", fw, asked, "this", "answer"),
            places=_places(fw, asked),
        )


def _variants_in(fw: Framework, perspective: str, side: Side) -> tuple[Option, ...]:
    """The variants, each with what stands there for one perspective and side."""
    return tuple(
        Option(v.key, v.name, _in_cell("cell_teaches", fw, v, fw.statement(v.key, perspective, side)))
        for v in fw.variants.values()
    )


def _contents(fw: Framework) -> Iterator[AnyItem]:
    """A cell is given: what stands there?"""
    for variant in fw.variants.values():
        for perspective in fw.perspectives:
            for side in SIDES:
                asked = fw.statement(variant.key, perspective, side)
                key = f"content.{variant.key}.{perspective}.{side}"
                yield Choice(
                    key=key,
                    fact=f"statement.{asked.key}",
                    ask=ask(
                        "content_ask",
                        side=phrase("the", side),
                        at=phrase("at-variant", variant.key),
                        **_side_of(asked),
                    ),
                    options=tuple(
                        Option(one.key, one.text, _standing("content", fw, one, "a", "teaches"))
                        for one in drawn(key, [asked, *_others(fw, key, asked, variant)], _OPTIONS)
                    ),
                    right=frozenset({asked.key}),
                    answer=_in_cell("content_answer", fw, variant, asked),
                    places=(variant.own_table,),
                )


def _others(fw: Framework, seed: str, asked: Statement, variant: Variant) -> list[Statement]:
    """Statements of other variants: of the same perspective first, filled up with other perspectives."""
    elsewhere = [s for s in fw.statements.values() if s.side == asked.side and variant.key not in s.variants]
    same = [s for s in elsewhere if s.perspective == asked.perspective]
    fill = [s for s in elsewhere if s.perspective != asked.perspective]
    return [*same, *drawn(seed, fill, len(fill))][: _OPTIONS - 1]


def _who(fw: Framework) -> Iterator[AnyItem]:
    """A statement is given: for whom?"""
    for asked in fw.statements.values():
        variant = fw.variants[asked.variants[0]]
        yield Choice(
            key=f"who.{asked.key}",
            fact=f"statement.{asked.key}",
            ask=ask("who_ask", side=phrase("a", asked.side)),
            given=quoted(asked.text),
            options=tuple(
                Option(
                    p.key,
                    p.name,
                    _in_cell("who_teaches", fw, variant, fw.statement(variant.key, p.key, asked.side)),
                )
                for p in fw.perspectives.values()
            ),
            right=frozenset({asked.perspective}),
            answer=_standing("who", fw, asked, "a", "answer"),
            places=_places(fw, asked),
        )


def _placed_statements(fw: Framework) -> Iterator[AnyItem]:
    for asked in fw.statements.values():
        first, *second = (fw.variants[key] for key in asked.variants)
        values = {
            "corner": _corner(first),
            "variant": phrase("variant", first.key),
            "cite": cite([first.own_table]),
        }
        for other in second:
            values |= {
                "other_corner": _corner(other),
                "other_variant": phrase("variant", other.key),
                "other_cite": cite([other.own_table]),
            }
        yield Placing(
            key=f"place.{asked.key}",
            fact=f"statement.{asked.key}",
            ask=ask("place_statement_ask", side=phrase("this", asked.side), **_side_of(asked)),
            given=quoted(asked.text),
            right=frozenset(asked.variants),
            answer=ask("place_two_answer" if second else "place_answer", **values),
            places=(*_places(fw, asked), first.places[0]),
        )


def _matched_cells(fw: Framework) -> Iterator[AnyItem]:
    """All statements of one perspective and side beside the four variants."""
    for perspective in fw.perspectives:
        for side in SIDES:
            key = f"match-cells.{perspective}.{side}"
            here = [s for s in fw.statements.values() if (s.perspective, s.side) == (perspective, side)]
            rows = [Row(s.key, s.text, frozenset(s.variants), _places(fw, s)) for s in here]
            yield Matching(
                key=key,
                fact=key,
                ask=ask("match_cells_ask", side=phrase("a", side), **_side_of(here[0])),
                rows=tuple(drawn(key, rows, len(rows))),
                options=_variants_in(fw, perspective, side),
                places=tuple(dict.fromkeys(place for s in here for place in _places(fw, s))),
            )
