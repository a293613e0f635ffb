"""What earns points: pure functions of an answer, each worth what the exercise says.

No criterion looks at which place was chosen or how the points were divided. It asks whether the reasoning
fits the learner's *own* place and division, whether it is complete and two-sided, and whether it stands in
the essay's tables. So for every place and every division some answer earns everything: ``model_answer``
gives one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from maatwerk import LANGUAGES, Framework, Placement, Text
from maatwerk.citation import Citation
from maatwerk.loader import read_texts
from maatwerk.model import SIDES, Side, Statement, Variant
from maatwerk.weighing import TOTAL, heaviest
from maatwerk_exercises.exercises import CRITERION_KEYS, Exercise
from maatwerk_learner.answers import Answer

TEXTS = read_texts(Path(__file__).parent / "criteria_texts.toml")

# From how many perspectives an advantage, a disadvantage and both are asked.
PERSPECTIVES_ASKED = 2

TABLE_LOYALTIES = Citation("tabel", "3.1")
TABLE_DYNAMICS = Citation("tabel", "4.1")
TABLE_VARIANTS = Citation("tabel", "5.1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one criterion says.

    Parameters
    ----------
    criterion : str
        Its key.
    points, maximum : float
        ``0 <= points <= maximum``.
    feedback : Text
        Why, and what would make it better.
    places : tuple of Citation
        Where in the essay to look.
    """

    criterion: str
    points: float
    maximum: float
    feedback: Text
    places: tuple[Citation, ...]


Criterion = Callable[[Answer, Exercise, Framework], Outcome]


def assess(answer: Answer, exercise: Exercise, framework: Framework) -> tuple[Outcome, ...]:
    """Every automatic criterion of the exercise, in the order of the form."""
    return tuple(CRITERIA[key](answer, exercise, framework) for key in exercise.points)


def placement(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Is a place chosen on the plane (table 5.1)? Any place will do."""
    chosen = answer.placement
    if chosen is None:
        return _outcome("plaatsing", 0, exercise, _text("place_missing"), TABLE_VARIANTS)
    variants = chosen.variants(framework)
    said = "place_one" if len(variants) == 1 else "place_between"
    return _outcome("plaatsing", 1, exercise, _text(said, variants=_names(variants)), TABLE_VARIANTS)


def loyalties(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Are exactly 100 points divided over the five loyalties (table 3.1)? Any division will do."""
    known = _known(answer, framework)
    divided = sum(known.values())
    if divided == TOTAL and set(answer.loyalties) <= set(known):
        return _outcome("loyaliteiten", 1, exercise, _text("weights_done"), TABLE_LOYALTIES)
    said = "weights_missing" if divided == 0 else "weights_left" if divided < TOTAL else "weights_over"
    text = _text(said, points=_both(str(abs(TOTAL - divided))))
    return _outcome("loyaliteiten", 0, exercise, text, TABLE_LOYALTIES)


def tension(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Is a tension named (sections 3.2-3.6), of a loyalty that weighs most for the learner?"""
    named = framework.tensions().get(answer.tension or "")
    if named is None:
        return _outcome("spanning", 0, exercise, _text("tension_missing"), TABLE_LOYALTIES)
    loyalty, found = named
    words = {"tension": found.name, "loyalty": loyalty.short}
    if loyalty.key in heaviest(_known(answer, framework)):
        return _outcome("spanning", 1, exercise, _text("tension_fits", **words), *found.places)
    said = "tension_no_weights" if not heaviest(_known(answer, framework)) else "tension_light"
    return _outcome("spanning", 1 / 2, exercise, _text(said, **words), *found.places)


def advantages(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Do the advantages chosen stand in the tables of the learner's own place (5.2-5.5)?"""
    return _effects("voordelen", "voordeel", answer, exercise, framework)


def disadvantages(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Do the disadvantages chosen stand in the tables of the learner's own place (5.2-5.5)?"""
    return _effects("nadelen", "nadeel", answer, exercise, framework)


def two_sides(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Are there at least two perspectives with a fitting advantage and a fitting disadvantage (5.2-5.5)?"""
    variants = _variants(answer, framework)
    if not variants:
        return _outcome("tweezijdigheid", 0, exercise, _text("place_first"), TABLE_VARIANTS)
    chosen = {side: _chosen(answer, side, framework) for side in SIDES}
    both = [
        _within(framework.perspectives[key].name)
        for key in framework.perspectives
        if all(key in chosen[side] and _fits(chosen[side][key], variants) for side in SIDES)
    ]
    tables = _tables(variants)
    if not both:
        return _outcome("tweezijdigheid", 0, exercise, _text("sides_none"), *tables)
    said = "sides_enough" if len(both) >= PERSPECTIVES_ASKED else "sides_one"
    share = min(len(both), PERSPECTIVES_ASKED) / PERSPECTIVES_ASKED
    return _outcome("tweezijdigheid", share, exercise, _text(said, perspectives=_joined(both)), *tables)


def dynamic(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Is a dynamic named, and who is caught in it (table 4.1)?"""
    named = framework.dynamics.get(answer.dynamic or "")
    if named is None:
        return _outcome("dynamiek", 0, exercise, _text("dynamic_missing"), TABLE_DYNAMICS)
    words = {"dynamic": named.name, "actor": named.actor}
    if answer.dynamic_actor == named.key:
        return _outcome("dynamiek", 1, exercise, _text("dynamic_fits", **words), *named.places)
    said = "dynamic_no_actor" if not answer.dynamic_actor else "dynamic_other_actor"
    return _outcome("dynamiek", 1 / 2, exercise, _text(said, **words), *named.places)


def counter_argument(answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    """Is another variant named than the learner's own, with an advantage that stands in its table?

    For a place between variants each of them is another one: the learner chose none of them wholly.
    """
    own = _variants(answer, framework)
    if not own:
        return _outcome("tegenargument", 0, exercise, _text("place_first"), TABLE_VARIANTS)
    other = framework.variants.get(answer.counter_variant or "")
    if other is None:
        return _outcome("tegenargument", 0, exercise, _text("counter_missing"), TABLE_VARIANTS)
    words = {"variant": other.name}
    if own == (other,):
        return _outcome("tegenargument", 0, exercise, _text("counter_own", **words), TABLE_VARIANTS)
    statement = framework.statements.get(answer.counter_statement or "")
    fits = statement is not None and statement.side == "voordeel" and _fits(statement, (other,))
    if fits:
        return _outcome("tegenargument", 1, exercise, _text("counter_fits", **words), other.own_table)
    said = "counter_no_statement" if statement is None else "counter_elsewhere"
    return _outcome("tegenargument", 1 / 2, exercise, _text(said, **words), other.own_table)


CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    dict(
        zip(
            CRITERION_KEYS,
            (
                placement,
                loyalties,
                tension,
                advantages,
                disadvantages,
                two_sides,
                dynamic,
                counter_argument,
            ),
            strict=True,
        )
    )
)


def model_answer(
    placement: Placement, weights: Mapping[str, int], exercise: Exercise, framework: Framework
) -> Answer:
    """An answer from this place and with this division of 100 points that earns every automatic point.

    One of many: it takes the first fitting row of every table.
    """
    own = placement.variants(framework)
    loyalty = framework.loyalties[heaviest(weights)[0]]
    other = next(v for v in framework.variants.values() if own != (v,))
    pattern = next(iter(framework.dynamics.values()))
    asked = list(framework.perspectives)[:PERSPECTIVES_ASKED]
    return Answer(
        placement=placement,
        loyalties=dict(weights),
        tension=loyalty.tensions[0].key,
        effects={
            perspective: {side: framework.statement(own[0].key, perspective, side).key for side in SIDES}
            for perspective in asked
        },
        dynamic=pattern.key,
        dynamic_actor=pattern.key,
        counter_variant=other.key,
        counter_statement=framework.statement(other.key, asked[0], "voordeel").key,
    )


def _known(answer: Answer, framework: Framework) -> Mapping[str, int]:
    return {key: answer.loyalties.get(key, 0) for key in framework.loyalties}


def _effects(key: str, side: Side, answer: Answer, exercise: Exercise, framework: Framework) -> Outcome:
    variants = _variants(answer, framework)
    if not variants:
        return _outcome(key, 0, exercise, _text("place_first"), TABLE_VARIANTS)
    chosen = _chosen(answer, side, framework)
    tables = _tables(variants)
    if not chosen:
        return _outcome(key, 0, exercise, _text(f"{side}_missing"), *tables)
    strange = [_within(framework.perspectives[p].name) for p, s in chosen.items() if not _fits(s, variants)]
    fitting = len(chosen) - len(strange)
    # Choosing everywhere at random is no reasoning: what does not stand in the table weighs against the rest.
    share = fitting / max(len(chosen), PERSPECTIVES_ASKED)
    words = {"variants": _names(variants)}
    if strange:
        return _outcome(
            key, share, exercise, _text(f"{side}_elsewhere", perspectives=_joined(strange), **words), *tables
        )
    said = f"{side}_enough" if fitting >= PERSPECTIVES_ASKED else f"{side}_one"
    return _outcome(key, share, exercise, _text(said, **words), *tables)


def _chosen(answer: Answer, side: Side, framework: Framework) -> Mapping[str, Statement | None]:
    """What was chosen by perspective; ``None`` for what is no statement of that row and side."""
    return {
        perspective: _statement(key, perspective, side, framework)
        for perspective in framework.perspectives
        if (key := answer.effects.get(perspective, {}).get(side))
    }


def _statement(key: str, perspective: str, side: Side, framework: Framework) -> Statement | None:
    found = framework.statements.get(key)
    return found if found is not None and (found.perspective, found.side) == (perspective, side) else None


def _fits(statement: Statement | None, variants: Iterable[Variant]) -> bool:
    """Whether it stands in one of the variants' tables; what stands in two fits both (note D3)."""
    return statement is not None and any(variant.key in statement.variants for variant in variants)


def _variants(answer: Answer, framework: Framework) -> tuple[Variant, ...]:
    return answer.placement.variants(framework) if answer.placement is not None else ()


def _tables(variants: Iterable[Variant]) -> tuple[Citation, ...]:
    return tuple(variant.own_table for variant in variants)


def _outcome(key: str, share: float, exercise: Exercise, feedback: Text, *places: Citation) -> Outcome:
    maximum = float(exercise.points[key])
    return Outcome(key, share * maximum, maximum, feedback, places)


@lru_cache(maxsize=4096)
def _text(key: str, **words: Text) -> Text:
    filled = {
        lang: TEXTS[key][lang].format(**{name: text[lang] for name, text in words.items()})
        for lang in LANGUAGES
    }
    return Text(**filled)


def _both(words: str) -> Text:
    return Text(nl=words, en=words)


def _within(name: Text) -> Text:
    """A name as it stands within a sentence."""
    return Text(nl=name.nl.lower(), en=name.en.lower())


def _names(variants: Iterable[Variant]) -> Text:
    return _joined([variant.name for variant in variants])


def _joined(items: list[Text]) -> Text:
    """``a, b and c``."""
    if len(items) == 1:
        return items[0]
    together = {
        lang: TEXTS["and"][lang].format(
            first=", ".join(item[lang] for item in items[:-1]), last=items[-1][lang]
        )
        for lang in LANGUAGES
    }
    return Text(**together)
