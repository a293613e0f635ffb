"""Items on the five loyalties and their tensions. Source: chapter 3, table 3.1 and sections 3.2-3.6."""

from __future__ import annotations

from collections.abc import Iterator

from maatwerk import Framework, Text
from maatwerk.model import Loyalty, Tension

from maatwerk_exercises.itembank.draw import CHOICES, distractors, drawn
from maatwerk_exercises.itembank.items import AnyItem, Choice, Matching, Option, Row
from maatwerk_exercises.itembank.scenes import scenes
from maatwerk_exercises.itembank.wording import ask, cite, phrase, quoted


def items(fw: Framework) -> Iterator[AnyItem]:
    """Every item on chapter 3."""
    yield from _voices(fw)
    yield from _asks(fw)
    yield from _tension_loyalties(fw)
    yield from _tension_scenes(fw)
    yield from _matched_tensions(fw)


def _loyal(template: str, loyalty: Loyalty) -> Text:
    return ask(
        template,
        to=phrase("to-loyalty", loyalty.key),
        asks=loyalty.asks,
        dilemma=loyalty.dilemma,
        cite=cite(loyalty.places[:1]),
    )


def _tense(template: str, loyalty: Loyalty, tension: Tension) -> Text:
    return ask(
        template,
        to=phrase("to-loyalty", loyalty.key),
        tension=tension.name,
        explanation=tension.explanation,
        cite=cite(tension.places),
    )


def _loyalties(fw: Framework, template: str) -> tuple[Option, ...]:
    return tuple(Option(one.key, one.short, _loyal(template, one)) for one in fw.loyalties.values())


def _voices(fw: Framework) -> Iterator[AnyItem]:
    """The dilemma as somebody says it: to which loyalty does it belong?"""
    for scene in scenes("loyalty", fw.loyalties):
        loyalty = fw.loyalties[scene.row]
        yield Choice(
            key=f"voice.{scene.key}",
            fact=f"loyalty.{loyalty.key}",
            ask=ask("voice_ask"),
            given=scene.text,
            options=_loyalties(fw, "voice_teaches"),
            right=frozenset({loyalty.key}),
            answer=_loyal("voice_answer", loyalty),
            places=loyalty.places,
        )


def _asks(fw: Framework) -> Iterator[AnyItem]:
    for loyalty in fw.loyalties.values():
        yield Choice(
            key=f"asks.{loyalty.key}",
            fact=f"loyalty.{loyalty.key}",
            ask=ask("asks_ask"),
            given=quoted(loyalty.asks),
            options=_loyalties(fw, "asks_teaches"),
            right=frozenset({loyalty.key}),
            answer=_loyal("asks_answer", loyalty),
            places=loyalty.places,
        )


def _tension_loyalties(fw: Framework) -> Iterator[AnyItem]:
    for loyalty, tension in fw.tensions().values():
        key = f"tension-loyalty.{tension.key}"
        yield Choice(
            key=key,
            fact=f"tension.{tension.key}",
            ask=ask("tension_loyalty_ask"),
            given=quoted(tension.name),
            options=_with_an_example(fw, key, tension.key),
            right=frozenset({loyalty.key}),
            answer=_tense("tension_loyalty_answer", loyalty, tension),
            places=(*tension.places, loyalty.places[0]),
        )


def _with_an_example(fw: Framework, seed: str, asked: str) -> tuple[Option, ...]:
    """The loyalties, each with a tension of its own that is not the one asked about."""
    return tuple(
        Option(
            one.key,
            one.short,
            _tense(
                "tension_loyalty_teaches",
                one,
                drawn(seed, [t for t in one.tensions if t.key != asked], 1)[0],
            ),
        )
        for one in fw.loyalties.values()
    )


def _tension_scenes(fw: Framework) -> Iterator[AnyItem]:
    tensions = fw.tensions()
    for scene in scenes("tension", tensions):
        key = f"tension.{scene.key}"
        loyalty, tension = tensions[scene.row]
        # From other loyalties only: within one, two tensions may well pull at the same time.
        elsewhere = {k: t for k, (owner, t) in tensions.items() if owner is not loyalty}
        shown = [tension, *distractors(key, "tension", tension.key, elsewhere)]
        yield Choice(
            key=key,
            fact=f"tension.{tension.key}",
            ask=ask("tension_ask"),
            given=scene.text,
            options=tuple(
                Option(one.key, one.name, _tense("tension_teaches", tensions[one.key][0], one))
                for one in drawn(key, shown, len(shown))
            ),
            right=frozenset({tension.key}),
            answer=_tense("tension_answer", loyalty, tension),
            places=(*tension.places, loyalty.places[0]),
        )


def _matched_tensions(fw: Framework) -> Iterator[AnyItem]:
    """One tension of each loyalty, twice over."""
    for number, place in enumerate((0, -1), start=1):
        key = f"match-tensions.{number}"
        rows = [
            Row(tension.key, tension.name, frozenset({one.key}), tension.places)
            for one in fw.loyalties.values()
            if f"tension-loyalty.{(tension := one.tensions[place]).key}" not in CHOICES.skip
        ]
        yield Matching(
            key=key,
            fact=key,
            ask=ask("match_tensions_ask"),
            rows=tuple(drawn(key, rows, len(rows))),
            options=_with_an_example(fw, key, ""),
            places=next(iter(fw.loyalties.values())).places[:1],
        )
