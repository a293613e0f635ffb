"""What a dilemma exercise asks, as steps of a form: pure, from the framework's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from maatwerk import Framework, Language
from maatwerk.model import SIDES, Side
from maatwerk_exercises.exercises import Exercise

from maatwerk_widgets.form import FORM_TEXTS, Step, cell, choice, grid, group, option, row, select, step, text
from maatwerk_widgets.words import words

Words = Mapping[str, str]


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Row = TypeVar("Row", bound=_Keyed)


def headings(lang: Language) -> tuple[Step, Step]:
    """The first two steps, whose questions are widgets of their own."""
    word = words("exercise", lang, FORM_TEXTS)
    return (
        step(number=1, title=word["place_title"], intro=word["place_intro"]),
        step(number=2, title=word["loyalties_title"], intro=word["loyalties_intro"]),
    )


def own_case_steps(exercise: Exercise, lang: Language) -> list[Step]:
    """What comes before all steps: telling a case of one's own. Most exercises bring a case; then nothing."""
    return [step([text("own_case", exercise.own_case[lang], lines=8)])] if exercise.own_case else []


def exercise_steps(fw: Framework, lang: Language) -> list[Step]:
    """The steps after the place and the loyalties. Each question's key is its field in the answers file."""
    word = words("exercise", lang, FORM_TEXTS)
    asked = (
        (word["tension_title"], [_tension(fw, lang, word)]),
        (word["effects_title"], [_effects(fw, lang, word)]),
        (word["dynamic_title"], _dynamic(fw, lang, word)),
        (word["counter_title"], _counter(fw, lang, word)),
        (word["justification_title"], [_text("justification", word, lines=8)]),
    )
    return [step(questions, title=title, number=n) for n, (title, questions) in enumerate(asked, start=3)]


def _tension(fw: Framework, lang: Language, word: Words) -> dict[str, Any]:
    groups = [
        group(
            [option(t.key, t.name[lang], t.explanation[lang]) for t in loyalty.tensions], loyalty.short[lang]
        )
        for loyalty in fw.loyalties.values()
    ]
    return choice("tension", word["tension"], groups, word["tension_help"])


def _effects(fw: Framework, lang: Language, word: Words) -> dict[str, Any]:
    rows = [
        row(
            perspective.key,
            perspective.name[lang],
            [cell(side, word[side], [_statements(fw, perspective.key, side, lang)]) for side in SIDES],
        )
        for perspective in fw.perspectives.values()
    ]
    return grid("effects", word["effects"], rows, word["effects_help"])


def _dynamic(fw: Framework, lang: Language, word: Words) -> list[dict[str, Any]]:
    patterns = [option(d.key, d.name[lang]) for d in shuffled(fw.dynamics.values())]
    actors = [option(d.key, d.actor[lang]) for d in fw.dynamics.values()]
    return [
        choice("dynamic", word["dynamic"], [group(patterns)], word["dynamic_help"]),
        choice("dynamic_actor", word["dynamic_actor"], [group(actors)]),
    ]


def _counter(fw: Framework, lang: Language, word: Words) -> list[dict[str, Any]]:
    variants = [option(v.key, v.name[lang], v.for_whom[lang]) for v in fw.variants.values()]
    advantages = [_statements(fw, p.key, "voordeel", lang, p.name[lang]) for p in fw.perspectives.values()]
    return [
        choice("counter_variant", word["counter_variant"], [group(variants)], word["counter_variant_help"]),
        select("counter_statement", word["counter_statement"], advantages),
        _text("counter_argument", word, lines=3),
        _text("change_mind", word, lines=3),
    ]


def _text(key: str, word: Words, *, lines: int) -> dict[str, Any]:
    return text(key, word[key], word[f"{key}_help"], lines=lines)


def _statements(
    fw: Framework, perspective: str, side: Side, lang: Language, label: str = ""
) -> dict[str, Any]:
    """Every statement of one perspective and side, whatever its variant."""
    here = [s for s in fw.statements.values() if (s.perspective, s.side) == (perspective, side)]
    return group([option(s.key, s.text[lang]) for s in shuffled(here)], label)


def shuffled(rows: Iterable[Row]) -> list[Row]:
    """The rows in an order that is always the same and gives nothing away."""
    return sorted(rows, key=lambda row: sha256(row.key.encode()).digest())
