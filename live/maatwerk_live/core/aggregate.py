"""What a hall said, together. Pure: places and weights in, the board's picture out; never who.

Each function answers ``None``, or leaves a part out, where fewer than :data:`AT_LEAST` people would be in it.
Whose answers may go in, :mod:`maatwerk_live.core.privacy` decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import hypot, sqrt
from statistics import fmean
from typing import TypeAlias

from maatwerk import framework
from maatwerk.placement import levels

# A group's picture shows no fewer people than this, and never leaves fewer to be worked out by subtraction.
AT_LEAST = 5

BETWEEN = "tussen"

# A place in whole points: person (upwards), group (across).
Point: TypeAlias = tuple[int, int]

# How many bars a histogram of points has: 0, 1-10, 11-20, ... 91-100.
BARS = 11


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a group stands.

    Parameters
    ----------
    people : int
        How many are in it.
    person, group : float
        The centre: the mean place, in points.
    spread : float
        How far apart they are: the root mean square distance from the centre, in points. 0: all in one place;
        about 70: half of them in each of two opposite corners.
    variants : mapping of str to int
        How many stand in each variant of table 5.1, in its order, and under ``"tussen"`` those in the band
        between two variants.
    """

    people: int
    person: float
    group: float
    spread: float
    variants: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Movement:
    """How a group moved between two rounds about the same case; only people who placed in both.

    Parameters
    ----------
    people : int
        How many placed in both.
    moved : int
        How many of them chose another place.
    crossed : int
        How many crossed a border: from clearly low to clearly high on either axis, or back. Moving into the
        band between two variants, or out of it, is no crossing.
    person, group : float
        How far the centre of these people moved, in points.
    distance : float
        How far they moved on average, in points.
    spread_before, spread_after : float
        As in :class:`Summary`.
    arrows : tuple
        ``(person, group, person, group)`` from where and to where, for those who moved; in an order that says
        nothing about who. None where those who stayed would stand out beside them.
    """

    people: int
    moved: int
    crossed: int
    person: float
    group: float
    distance: float
    spread_before: float
    spread_after: float
    arrows: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class RoleView:
    """What people in one chair chose. ``points`` are in an order that says nothing about who."""

    role: str
    summary: Summary
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What a group gave one loyalty, in points; ``bars`` count 0, 1-10, 11-20, ... 91-100."""

    mean: float
    low: float
    median: float
    high: float
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tension:
    """The two loyalties that pull hardest against each other in this hall.

    Parameters
    ----------
    first, second : str
        Their keys, in table 3.1's order.
    inside : float
        The pull inside people, in points: what each gives to both, averaged.
    between : float
        The pull between people, in points: the leanings to one side that others' leanings to the other side
        cancel. See :func:`tension`.
    to_first, to_second, even : int
        How many give more to the first, more to the second, or as much to both.
    """

    first: str
    second: str
    inside: float
    between: float
    to_first: int
    to_second: int
    even: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """How a group divided its points: each loyalty, in table 3.1's order, and the pair most in tension."""

    people: int
    loyalties: Mapping[str, Share]
    tension: Tension


def summarise(points: Sequence[Point]) -> Summary | None:
    """Where these people stand together; ``None`` for fewer than :data:`AT_LEAST`."""
    if len(points) < AT_LEAST:
        return None
    person, group = _centre(points)
    return Summary(len(points), person, group, _spread(points, person, group), _by_variant(points))


def movement(pairs: Sequence[tuple[Point, Point]], arrows: bool = True) -> Movement | None:
    """How people moved, each from where to where; ``None`` for fewer than :data:`AT_LEAST`.

    Without ``arrows`` only in figures.
    """
    if len(pairs) < AT_LEAST:
        return None
    was, became = [a for a, _ in pairs], [b for _, b in pairs]
    was_person, was_group = _centre(was)
    person, group = _centre(became)
    return Movement(
        people=len(pairs),
        moved=sum(a != b for a, b in pairs),
        crossed=sum(_crossed(a, b) for a, b in pairs),
        person=person - was_person,
        group=group - was_group,
        distance=fmean(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairs),
        spread_before=_spread(was, was_person, was_group),
        spread_after=_spread(became, person, group),
        arrows=tuple(sorted((*a, *b) for a, b in pairs if a != b)) if arrows else (),
    )


def by_role(chairs: Mapping[str, Sequence[Point]]) -> tuple[RoleView, ...]:
    """The picture split by chair, in the order of tables 5.2-5.5; who is in it, privacy decides."""
    return tuple(
        RoleView(role, summary, tuple(sorted(chairs[role])))
        for role in framework().perspectives
        if role in chairs and (summary := summarise(chairs[role]))
    )


def weighing(divisions: Sequence[Mapping[str, int]]) -> Weighing | None:
    """How these people divided their points; ``None`` for fewer than :data:`AT_LEAST`."""
    if len(divisions) < AT_LEAST:
        return None
    shares = {key: _share([one[key] for one in divisions]) for key in framework().loyalties}
    return Weighing(len(divisions), shares, tension(divisions))


def tension(divisions: Sequence[Mapping[str, int]]) -> Tension:
    """The pair of loyalties most in tension in a hall; the first of table 3.1 where several are equal.

    Two loyalties pull against each other inside a person who gives to both, and between people of whom one
    leans this way and another that way. For a person who gives ``a`` to the one and ``b`` to the other, the
    pull inside is ``min(a, b)``; the rest, ``a - b``, leans one way. Leanings that oppose each other across
    the hall cancel: that is the pull between. Together they come to ``min(mean(a), mean(b))``, what the hall
    as one body gives to both. Of pairs that are equal in that, the one with more points together counts, so
    that the heaviest loyalty is always in the pair.
    """
    totals = {key: sum(one[key] for one in divisions) for key in framework().loyalties}
    pairs = combinations(totals, 2)
    first, second = max(pairs, key=lambda p: (min(totals[p[0]], totals[p[1]]), totals[p[0]] + totals[p[1]]))
    inside = fmean(min(one[first], one[second]) for one in divisions)
    between = min(totals[first], totals[second]) / len(divisions) - inside
    leanings = Counter(_sign(one[first] - one[second]) for one in divisions)
    # Rounding may bring a difference of nothing just below nothing.
    return Tension(first, second, inside, max(0.0, between), leanings[1], leanings[-1], leanings[0])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _centre(points: Sequence[Point]) -> tuple[float, float]:
    return sum(p for p, _ in points) / len(points), sum(g for _, g in points) / len(points)


def _spread(points: Sequence[Point], person: float, group: float) -> float:
    return sqrt(sum((p - person) ** 2 + (g - group) ** 2 for p, g in points) / len(points))


@cache
def _level(points: int) -> str:
    """``low``, ``high``, or ``tussen`` within the band around the border."""
    found = levels(points, framework().plane)
    return found[0] if len(found) == 1 else BETWEEN


def _by_variant(points: Sequence[Point]) -> dict[str, int]:
    corners = Counter((_level(person), _level(group)) for person, group in points)
    counts = {v.key: corners[v.person, v.group] for v in framework().variants.values()}
    return {**counts, BETWEEN: len(points) - sum(counts.values())}


def _crossed(before: Point, after: Point) -> bool:
    return any({_level(a), _level(b)} == {"low", "high"} for a, b in zip(before, after, strict=True))


def _share(points: list[int]) -> Share:
    ordered = sorted(points)
    bars = [0] * BARS
    for value in ordered:
        bars[-(-value // 10)] += 1
    low, median, high = (_quantile(ordered, part) for part in (0.25, 0.5, 0.75))
    return Share(fmean(ordered), low, median, high, tuple(bars))


def _quantile(ordered: Sequence[int], part: float) -> float:
    at = part * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
