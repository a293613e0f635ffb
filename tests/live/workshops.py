"""A workshop that was held, for tests of what is left of it."""

from __future__ import annotations

from random import Random

from maatwerk import LANGUAGES, Language, framework
from maatwerk_live.core.cases import course_cases
from maatwerk_live.core.protocol import (
    Argue,
    Begin,
    Case,
    Join,
    Moderate,
    Place,
    Released,
    Side,
    Support,
    TakeRole,
    Weigh,
)
from maatwerk_live.core.session import Event, Session, evolve

SCRIPT = "<img src=x onerror=alert(1)>"
SCOOTER = course_cases()["scootmobiel"]


def held(people: int, case: Case = SCOOTER) -> list[Event]:
    """A workshop of two rounds about one case, in which everybody moves and weighs, with three arguments."""
    loyalties = list(framework().loyalties)
    happened = [Event(0, who, Join(bytes([who]))) for who in range(1, people + 1)]
    happened.append(Event(0, None, Begin(case, ("place", "role"), False)))
    for who in range(1, people + 1):
        happened.append(Event(0, who, TakeRole(1, 1, "burger")))
        happened.append(Event(0, who, Place(2, 1, 80, 10 + who)))
    happened += [Event(0, None, one) for one in (Released(1, "place"), Released(1, "split"))]
    happened.append(Event(0, None, Begin(case, ("place", "weigh", "argue"), False)))
    for who in range(1, people + 1):
        weights = dict.fromkeys(loyalties, 0) | {loyalties[0]: 60, loyalties[1 + who % 2]: 40}
        happened.append(Event(0, who, Place(3, 2, 20, 10 + who)))
        happened.append(Event(0, who, Weigh(4, 2, weights)))
    happened += [Event(0, None, Released(2, what)) for what in ("place", "weigh", "split")]
    for seq, text in enumerate((SCRIPT, "nog niet gelezen", "weg ermee"), start=5):
        happened.append(Event(0, 1, Argue(seq, 2, "voor", text)))
    happened.append(Event(0, None, Moderate(1, "shown")))
    happened.append(Event(0, None, Moderate(3, "removed")))
    happened.append(Event(0, 2, Support(9, 2, 1, True)))
    return happened


def crowded(people: int) -> Session:
    """A hall that moves everywhere between two rounds about a typed case, in words that fit nowhere."""
    long = "Arbeidsongeschiktheidsverzekeringsuitkeringsaanvraagprocedure"
    both: dict[Language, str] = {"nl": long, "en": long}
    words: dict[Language, str] = {
        lang: "\n\n".join([f"{long}, en dan nog {number}. " * 4 for number in range(8)]) for lang in LANGUAGES
    }
    case = Case("eigen-1", both, words, dict.fromkeys(LANGUAGES, f"{long} of {long}?"), both)
    everybody, chance = range(1, people + 1), Random(5)
    chairs, loyalties = list(framework().perspectives), list(framework().loyalties)
    happened = [Event(0, who, Join(who.to_bytes(4))) for who in everybody]
    happened.append(Event(0, None, Begin(case, ("place",), False)))
    for who in everybody:
        happened.append(Event(0, who, Place(1, 1, chance.randint(0, 100), chance.randint(0, 100))))
    happened.append(Event(0, None, Released(1, "place")))
    happened.append(Event(0, None, Begin(case, ("role", "place", "weigh", "argue"), False)))
    for who in everybody:
        points = dict.fromkeys(loyalties, 0)
        for _ in range(10):
            points[chance.choice(loyalties)] += 10
        happened.append(Event(0, who, TakeRole(2, 2, chance.choice(chairs))))
        happened.append(Event(0, who, Place(3, 2, chance.randint(0, 100), chance.randint(0, 100))))
        happened.append(Event(0, who, Weigh(4, 2, points)))
    happened += [Event(0, None, Released(2, what)) for what in ("place", "weigh", "split")]
    for number in range(1, 31):
        side: Side = "voor" if number % 3 else "tegen"
        happened.append(Event(0, number, Argue(5, 2, side, f"{number} {long} " * 4)))
        happened.append(Event(0, None, Moderate(number, "shown")))
    return evolve(Session(), happened)
