"""A workshop that was held, for tests of what is left of it."""

from __future__ import annotations

from maatwerk import framework
from maatwerk_live.cases import course_cases
from maatwerk_live.protocol import Argue, Begin, Case, Join, Moderate, Place, Support, TakeRole, Weigh
from maatwerk_live.session import Happened

SCRIPT = "<img src=x onerror=alert(1)>"
SCOOTER = course_cases()["scootmobiel"]


def held(people: int, case: Case = SCOOTER) -> list[Happened]:
    """A workshop of two rounds about one case, in which everybody moves and weighs, with three arguments."""
    loyalties = list(framework().loyalties)
    happened = [Happened(0, who, Join(bytes([who]))) for who in range(1, people + 1)]
    happened.append(Happened(0, None, Begin(case, ("place", "role"), False)))
    for who in range(1, people + 1):
        happened.append(Happened(0, who, TakeRole(1, 1, "burger")))
        happened.append(Happened(0, who, Place(2, 1, 80, 10 + who)))
    happened.append(Happened(0, None, Begin(case, ("place", "weigh", "argue"), False)))
    for who in range(1, people + 1):
        weights = dict.fromkeys(loyalties, 0) | {loyalties[0]: 60, loyalties[1 + who % 2]: 40}
        happened.append(Happened(0, who, Place(3, 2, 20, 10 + who)))
        happened.append(Happened(0, who, Weigh(4, 2, weights)))
    for seq, text in enumerate((SCRIPT, "nog niet gelezen", "weg ermee"), start=5):
        happened.append(Happened(0, 1, Argue(seq, 2, "voor", text)))
    happened.append(Happened(0, None, Moderate(1, "shown")))
    happened.append(Happened(0, None, Moderate(3, "removed")))
    happened.append(Happened(0, 2, Support(9, 2, 1, True)))
    return happened
