"""What may leave the server of what people answered: the one rule for all screens, reports and tables. Pure.

**The rule.** From all that ever left of a workshop, together, fewer than five people can never be told apart.

How. What leaves is made of *rows*: a row is a set of answers, each with whose it is, of which the world sees
only the values together (dots, means, arrows, bars). Who keeps all rows can add and subtract them. What is
left of that is again about some people; it must be about nobody, or about at least five. Two ways to be sure:

* *Fresh.* A row with answers of at least :data:`AT_LEAST` people that no earlier row held may leave: whatever
  is subtracted from it, these are left. This costs next to nothing, and is enough for a picture that grows
  and moves.
* *Exact.* Rows that split what left before (a chair's, those of who moved) hold nothing fresh. For those, all
  rows of a case so far are put together: answers that are in the same rows cannot be told apart, and linear
  algebra over those classes says whether any sum of rows leaves fewer than five people (:func:`isolates`).
  That is for a case with few rows: a picture that is hidden while people choose has few; one that is drawn
  while they drag has thousands, and then chairs and arrows stay away.

What may not leave waits, and the earlier picture stands. Cases are apart: a place in one says nothing about
another; all rounds about one case, taken back or not, are together. Counts of people leave freely.

A release is something that happens (:class:`~maatwerk_live.core.protocol.Released`) and is kept like all
else: so a restart, and a report made from the file, know exactly what left.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeAlias

from maatwerk import framework

from maatwerk_live.core.aggregate import AT_LEAST, Movement, Point, RoleView, by_role, movement

# So many rows of a case are put together exactly; with more, only what is fresh may still leave.
MOST_ROWS = 32
# So many classes of fewer than five people are looked at in all combinations, and so many classes at all;
# with more it is no, so that the hall never waits for algebra.
MOST_SMALL = 6
MOST_CLASSES = 60
# Sums of rows are worked out modulo this prime: exact for all that can come up with so few rows.
_PRIME = 2**61 - 1
# Places per axis, to write a place as one number.
_SIDE = 101

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

Division: TypeAlias = Mapping[str, int]
# An answer: whose, and which place. And by answer the rows that hold it, a bit each.
Cell: TypeAlias = tuple[int, int]
Cells: TypeAlias = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What left of one round.

    Parameters
    ----------
    places : mapping
        By person's number, the place in the picture.
    latest : tuple of int
        Whose places changed with the latest release.
    weights : mapping
        By person's number, the division in the picture.
    roles, movement
        As they left; of an earlier picture perhaps.
    split : bool
        Whether chairs and movement were looked at since the picture changed.
    """

    places: Mapping[int, Point] = field(default_factory=lambda: _NOTHING)
    latest: tuple[int, ...] = ()
    weights: Mapping[int, Division] = field(default_factory=lambda: _NOTHING)
    roles: tuple[RoleView, ...] = ()
    movement: Movement | None = None
    split: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """All that left of the rounds about one case.

    Parameters
    ----------
    places, weights : mapping
        By person's number, every value that left.
    rows : int
        How many rows left that may be put together exactly.
    cells : mapping, optional
        Which rows hold which place; ``None`` when there were too many rows.
    """

    places: Mapping[int, array[int]] = field(default_factory=lambda: _NOTHING)
    weights: Mapping[int, frozenset[int]] = field(default_factory=lambda: _NOTHING)
    rows: int = 0
    cells: Cells | None = field(default_factory=lambda: _NOTHING)


EMPTY, NO_FAMILY = Shown(), Family()


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rule needs to know of a round.

    Parameters
    ----------
    places, weights, roles : callable
        By person's number, the place, division and chair in this round; ``None`` for none.
    waiting : collection of int
        Who placed since the picture was last made, or never was in it.
    weighed : collection of int
        Who divided points since then.
    removed : collection of int
        Who is no longer in the workshop; those of them who are in the picture are also in ``waiting``.
    shown, before : Shown
        What left of this round, and of the round before about the same case.
    again : bool
        Whether something left of another round about this case.
    asks_role : bool
        Whether this round asks for a chair.
    """

    place: Callable[[int], Point | None]
    division: Callable[[int], Division | None]
    role: Callable[[int], str | None]
    waiting: Collection[int]
    weighed: Collection[int]
    removed: Collection[int]
    shown: Shown
    before: Shown
    again: bool
    asks_role: bool


def offer_places(answers: Answers, family: Family) -> Shown | None:
    """The picture as it may leave now; ``None`` when the earlier one stands."""
    shown = answers.shown
    said = ((who, answers.place(who)) for who in answers.waiting)
    new = {who: place for who, place in said if place and shown.places.get(who) != place}
    gone = [who for who in answers.waiting if who in answers.removed and who in shown.places]
    if not new and not gone:
        return None
    if answers.again:
        # Few who are new to this case would stand out among those who came back: they wait for more.
        newcomers = [who for who in new if who not in family.places]
        if len(newcomers) < AT_LEAST:
            for who in newcomers:
                del new[who]
    places = {**shown.places, **new}
    for who in gone:
        del places[who]
    candidate = Shown(places, tuple(new), shown.weights, shown.roles, shown.movement, False)
    if _enough(1 for who, place in new.items() if _number(place) not in family.places.get(who, ())):
        return candidate
    # The same as before in a new round, or without people who were removed: nothing fresh, perhaps no harm.
    if (gone or not shown.places) and len(candidate.places) >= AT_LEAST and family.cells is not None:
        row = {(who, _number(place)) for who, place in candidate.places.items()}
        if _may(family, [row]):
            return candidate
    return None


def add_places(family: Family, shown: Shown) -> Family:
    """A case after a picture left."""
    seen = dict(family.places)
    for who in shown.latest:
        number, before = _number(shown.places[who]), seen.get(who)
        if before is None:
            seen[who] = array("H", (number,))
        elif number not in before:
            seen[who] = before + array("H", (number,))
    if family.cells is None:
        return replace(family, places=seen)
    row = ((who, _number(place)) for who, place in shown.places.items())
    return replace(_with_rows(family, [row]), places=seen)


def offer_weights(answers: Answers, family: Family) -> Shown | None:
    """The divisions as they may leave now; ``None`` when the earlier picture of them stands."""
    shown = answers.shown
    said = ((who, answers.division(who)) for who in answers.weighed)
    new = {who: one for who, one in said if one and shown.weights.get(who) != one}
    if not _enough(1 for who, one in new.items() if _number_of(one) not in family.weights.get(who, ())):
        return None
    kept = {who: one for who, one in shown.weights.items() if who not in answers.removed}
    return replace(shown, weights={**kept, **new})


def add_weights(family: Family, shown: Shown) -> Family:
    """A case after divisions left."""
    seen = dict(family.weights)
    for who, one in shown.weights.items():
        number = _number_of(one)
        if number not in seen.get(who, ()):
            seen[who] = seen.get(who, frozenset()) | {number}
    return replace(family, weights=seen)


def offer_split(answers: Answers, family: Family) -> tuple[Shown, Family] | None:
    """Chairs and movement as they may leave of the present picture, and the case afterwards.

    ``None`` when they were looked at since the picture changed, or never may leave again.
    """
    shown = answers.shown
    if shown.split or family.cells is None:
        return None
    roles, moved = shown.roles, shown.movement
    # What the round is about comes first: the one may keep the other from leaving.
    if answers.asks_role:
        new_roles, family = _roles(answers, family)
        roles = new_roles or roles
    if answers.before.places and shown.places:
        new_movement, family = _movement(answers, family)
        moved = new_movement or moved
    if not answers.asks_role:
        new_roles, family = _roles(answers, family)
        roles = new_roles or roles
    return replace(shown, split=True, roles=roles, movement=moved), family


def _roles(answers: Answers, family: Family) -> tuple[tuple[RoleView, ...], Family]:
    """The chairs that may show; the smallest are left out together until nobody stands out."""
    chairs: dict[str, dict[int, Point]] = {}
    for who, place in answers.shown.places.items():
        role = answers.role(who)
        if role:
            chairs.setdefault(role, {})[who] = place
    chairs = {role: theirs for role, theirs in chairs.items() if len(theirs) >= AT_LEAST}
    while chairs:
        rows = [{(who, _number(place)) for who, place in theirs.items()} for theirs in chairs.values()]
        if _may(family, rows):
            views = by_role({role: list(theirs.values()) for role, theirs in chairs.items()})
            return views, _with_rows(family, rows)
        del chairs[min(chairs, key=lambda role: len(chairs[role]))]
    return (), family


def _movement(answers: Answers, family: Family) -> tuple[Movement | None, Family]:
    """How people moved who are in both pictures; of all, or of so many that nobody stands out."""
    was, now = answers.before.places, answers.shown.places
    both = [who for who in now if who in was]
    movers = [who for who in both if was[who] != now[who]]
    if not movers:
        still = [{(who, _number(now[who])) for who in both}]
        if len(both) >= AT_LEAST and _may(family, still):
            return movement([(was[who], now[who]) for who in both]), _with_rows(family, still)
        return None, family
    # In an order that says nothing, and is the same when a workshop is read back.
    movers.sort(key=lambda who: hashlib.sha256(who.to_bytes(8)).digest())
    stayers = [who for who in both if was[who] == now[who]]
    nobody: list[int] = []
    fewer = movers[AT_LEAST:]
    for moved, stayed in ((movers, stayers), (movers, nobody), (fewer, stayers), (fewer, nobody)):
        if len(moved) < AT_LEAST:
            continue
        rows = [
            {(who, _number(was[who])) for who in moved},
            {(who, _number(now[who])) for who in moved},
            {(who, _number(now[who])) for who in stayed},
        ]
        if _may(family, rows):
            pairs = [(was[who], now[who]) for who in (*moved, *stayed)]
            return movement(pairs), _with_rows(family, rows)
    # The same people in both pictures: their figures together say nothing that the pictures do not.
    if len(movers) >= AT_LEAST and was.keys() == now.keys():
        return movement([(was[who], now[who]) for who in both], arrows=False), family
    return None, family


# --- Rows ----------------------------------------------------------------------------------------------


def _with_rows(family: Family, rows: Iterable[Iterable[Cell]]) -> Family:
    """A case with more rows; beyond :data:`MOST_ROWS` they are no longer put together."""
    if family.cells is None:
        return family
    cells, count = dict(family.cells), family.rows
    for row in rows:
        for cell in row:
            cells[cell] = cells.get(cell, 0) | 1 << count
        count += 1
    return replace(family, rows=count, cells=cells if count <= MOST_ROWS else None)


def _may(family: Family, rows: list[set[Cell]]) -> bool:
    """Whether these rows may leave together."""
    after = _with_rows(family, rows)
    return after.cells is not None and not isolates(after.cells)


def isolates(cells: Cells) -> bool:
    """Whether any sum of the rows is about some people, and fewer than :data:`AT_LEAST`.

    Parameters
    ----------
    cells : mapping
        By answer, the rows that hold it, a bit each.
    """
    classes: dict[int, set[int]] = {}
    for (who, _), rows in cells.items():
        classes.setdefault(rows, set()).add(who)
    small = [rows for rows, people in classes.items() if len(people) < AT_LEAST]
    if not small:
        return False
    if len(classes) > MOST_CLASSES:
        return True
    whole = _rank(classes)
    if _rank(set(classes) - set(small)) == whole:
        return False
    if len(small) > MOST_SMALL:
        return True
    return any(_rank(set(classes) - few) < whole for few in _few(small, classes))


def _few(small: list[int], classes: Mapping[int, set[int]]) -> Iterator[set[int]]:
    """All choices of classes that are fewer than :data:`AT_LEAST` people together."""
    for choice in range(1, 1 << len(small)):
        chosen = {rows for at, rows in enumerate(small) if choice >> at & 1}
        if len(set(chain.from_iterable(classes[rows] for rows in chosen))) < AT_LEAST:
            yield chosen


def _rank(columns: Iterable[int]) -> int:
    """How many of these vectors, a bit for each 1 in them, are independent."""
    basis: dict[int, list[int]] = {}
    for bits in columns:
        vector = [bits >> at & 1 for at in range(bits.bit_length())]
        while vector:
            lead = len(vector) - 1
            if vector[lead] == 0:
                vector.pop()
                continue
            if lead not in basis:
                inverse = pow(vector[lead], -1, _PRIME)
                basis[lead] = [one * inverse % _PRIME for one in vector]
                break
            factor = vector[lead]
            vector = [(a - factor * b) % _PRIME for a, b in zip(vector, basis[lead], strict=True)]
            vector.pop()
    return len(basis)


def _enough(found: Iterator[int]) -> bool:
    return sum(1 for _ in zip(range(AT_LEAST), found, strict=False)) == AT_LEAST


def _number(place: Point) -> int:
    return place[0] * _SIDE + place[1]


def _number_of(division: Division) -> int:
    number = 0
    for key in framework().loyalties:
        number = number * _SIDE + division[key]
    return number
