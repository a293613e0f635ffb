"""A small stock-and-flow game on the four dynamics, played in rounds. Pure, and the same every time.

It illustrates what chapter 4 of the essay describes, and measures nothing. Everything in it is data
(``tables/rounds.toml``); this module only knows how to read such data and how to play it. What a learner sees
as a formula is made from the same data.

How a stock moves in one round, with every name between 0 (none) and 1 (as much as possible)::

    next = now + up * (1 - now) - down * now

``up`` and ``down`` are the sums of the stock's flows; a flow is its speed times its factors. The speeds of
one stock add up to at most 1. So a stock never leaves 0-1: what is nearly full hardly gets fuller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from maatwerk.citation import Citation
from maatwerk.loader import Record, TableError, read_table
from maatwerk.model import TOLD_BY, ToldBy
from maatwerk.text import Text

Effect = Literal["up", "down"]
Compared = Literal["at_least", "at_most"]
Picture = Literal["organisatie", "mensen"]

EFFECTS: tuple[Effect, Effect] = ("up", "down")
COMPARED: tuple[Compared, Compared] = ("at_least", "at_most")
PICTURES: tuple[Picture, Picture] = ("organisatie", "mensen")
EMPTY, FULL = 0.0, 100.0

Points = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Flow:
    """What pushes a stock up or down, by at most ``speed`` points a round.

    ``factors`` are stocks and dials that count for what they are; ``lacking`` those that count for what they
    lack.
    """

    key: str
    effect: Effect
    speed: float
    factors: tuple[str, ...]
    lacking: tuple[str, ...]
    name: Text
    told_by: ToldBy
    places: tuple[Citation, ...]

    def push(self, values: Points) -> float:
        """How hard it pushes, in points a round, before it counts how full the stock is."""
        there = prod(values[name] / FULL for name in self.factors)
        not_there = prod(1 - values[name] / FULL for name in self.lacking)
        return self.speed * there * not_there


@dataclass(frozen=True, slots=True)
class Stock:
    """Something that fills and empties, from 0 to 100 points."""

    key: str
    name: Text
    short: Text
    meaning: Text
    picture: Picture
    start: float
    flows: tuple[Flow, ...]
    places: tuple[Citation, ...]

    def after(self, now: float, pushes: Points) -> float:
        """Its points one round later, when each of its flows pushes as in ``pushes``."""
        up, down = (sum(pushes[f.key] for f in self.flows if f.effect == effect) for effect in EFFECTS)
        moved = now + up * (FULL - now) / FULL - down * (now - EMPTY) / FULL
        # The speeds keep it within bounds; this takes away no more than what rounding adds.
        return min(FULL, max(EMPTY, moved))


@dataclass(frozen=True, slots=True)
class Dial:
    """Something that the player sets, from 0 to 100 points."""

    key: str
    name: Text
    short: Text
    low: Text
    high: Text
    start: float
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """That a stock stands, or a flow pushes, at a number of points or beyond it."""

    of: str
    compared: Compared
    points: float

    def holds(self, values: Points) -> bool:
        """Whether it does."""
        value = values[self.of]
        return value >= self.points if self.compared == "at_least" else value <= self.points


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that chapter 4 describes; the game shows it in each round where all conditions hold."""

    key: str
    name: Text
    told: Text
    conditions: tuple[Condition, ...]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round as it was played: the dials, how hard each flow pushed, the stocks after it, what showed."""

    dials: Points
    pushes: Points
    stocks: Points
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """Rounds in a row (counted from 1, both ends included) that show the same patterns."""

    first: int
    last: int
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Game:
    """The whole game: its length, what can be set, what fills and empties, and what may show."""

    length: int
    dials: Mapping[str, Dial]
    stocks: Mapping[str, Stock]
    patterns: Mapping[str, Pattern]

    @property
    def start(self) -> Points:
        """Every stock before the first round."""
        return MappingProxyType({key: stock.start for key, stock in self.stocks.items()})

    @property
    def flows(self) -> Mapping[str, Flow]:
        """Every flow of every stock."""
        return MappingProxyType({f.key: f for stock in self.stocks.values() for f in stock.flows})

    def next(self, stocks: Points, dials: Points) -> Round:
        """One round: all stocks move at once, each from where they all were."""
        values = {**stocks, **dials}
        pushes = {key: flow.push(values) for key, flow in self.flows.items()}
        moved = {key: stock.after(stocks[key], pushes) for key, stock in self.stocks.items()}
        seen = {**pushes, **moved}
        showing = [p.key for p in self.patterns.values() if all(c.holds(seen) for c in p.conditions)]
        return Round(
            MappingProxyType(dict(dials)), MappingProxyType(pushes), MappingProxyType(moved), tuple(showing)
        )

    def play(self, moves: Iterable[Points]) -> tuple[Round, ...]:
        """As many rounds as there are ``moves``; a move is the dials as they stand in that round."""
        played: list[Round] = []
        for dials in moves:
            played.append(self.next(played[-1].stocks if played else self.start, dials))
        return tuple(played)


def phases(played: Sequence[Round]) -> tuple[Phase, ...]:
    """The rounds in phases: a new one starts wherever a pattern appears or goes away."""
    found = []
    first = 1
    for patterns, rounds in groupby(played, key=lambda one: one.patterns):
        last = first + len(list(rounds)) - 1
        found.append(Phase(first, last, patterns))
        first = last + 1
    return tuple(found)


def strongest(stock: Stock, effect: Effect, played: Sequence[Round]) -> Flow | None:
    """The flow that pushed a stock most over these rounds; ``None`` when nothing pushed it that way."""
    pushed = {
        flow: sum(one.pushes[flow.key] for one in played) for flow in stock.flows if flow.effect == effect
    }
    hardest = max(pushed, key=lambda flow: pushed[flow], default=None)
    return hardest if hardest is not None and pushed[hardest] > 0 else None


# --- Reading ---


def read_game(file: Path) -> Game:
    """The game of one file.

    Raises
    ------
    TableError
        Also when a name is unknown, or stands for two things, or a stock could leave its bounds.
    """
    table = read_table(file)
    length = table.number("rounds")
    if not length.is_integer() or length < 1:
        raise table.error("rounds", f"a whole number from 1 up is needed, not {length:g}")
    dials = table.rows("dial", _dial)
    stocks = table.rows("stock", _stock)
    flows = [flow for stock in stocks.values() for flow in stock.flows]
    _check_names(file, (*dials, *stocks, *(flow.key for flow in flows)))
    _check_factors(file, stocks, {*dials, *stocks})
    known = (*stocks, *(flow.key for flow in flows))
    patterns = table.rows("pattern", lambda r: _pattern(r, known))
    table.finish()
    return Game(int(length), dials, stocks, patterns)


def _dial(r: Record) -> Dial:
    return Dial(
        key=r.key(),
        name=r.text("name"),
        short=r.text("short"),
        low=r.text("low"),
        high=r.text("high"),
        start=_points(r, "start"),
        places=r.places(),
    )


def _stock(r: Record) -> Stock:
    stock = Stock(
        key=r.key(),
        name=r.text("name"),
        short=r.text("short"),
        meaning=r.text("meaning"),
        picture=r.choice("picture", PICTURES),
        start=_points(r, "start"),
        flows=tuple(r.rows("flow", _flow).values()),
        places=r.places(),
    )
    together = sum(flow.speed for flow in stock.flows)
    if together > FULL:
        raise r.error("flow", f"the speeds add up to {together:g}; at most {FULL:g} keeps it within bounds")
    return stock


def _flow(r: Record) -> Flow:
    return Flow(
        key=r.key(),
        effect=r.choice("effect", EFFECTS),
        speed=_points(r, "speed"),
        factors=tuple(r.strings("factors")),
        lacking=tuple(r.strings("lacking")),
        name=r.text("name"),
        told_by=r.choice("told_by", TOLD_BY),
        places=r.places(),
    )


def _pattern(r: Record, known: Sequence[str]) -> Pattern:
    pattern = Pattern(
        key=r.key(),
        name=r.text("name"),
        told=r.text("told"),
        conditions=tuple(_conditions(r, known)),
        places=r.places(),
    )
    if not pattern.conditions:
        raise r.error("condition", "at least one row is needed")
    return pattern


def _conditions(r: Record, known: Sequence[str]) -> Iterator[Condition]:
    for inner in r.records("condition"):
        yield Condition(
            inner.choice("of", known), inner.choice("compared", COMPARED), _points(inner, "points")
        )


def _points(r: Record, field: str) -> float:
    value = r.number(field)
    if not EMPTY <= value <= FULL:
        raise r.error(field, f"must lie between {EMPTY:g} and {FULL:g}, not at {value:g}")
    return value


def _check_names(file: Path, names: Sequence[str]) -> None:
    """A factor or a condition names one thing only."""
    for name in names:
        if names.count(name) > 1:
            raise TableError(file, name, "key", f"'{name}' stands for two things")


def _check_factors(file: Path, stocks: Mapping[str, Stock], known: set[str]) -> None:
    for stock in stocks.values():
        for flow in stock.flows:
            for field, names in (("factors", flow.factors), ("lacking", flow.lacking)):
                for name in names:
                    if name not in known:
                        row = f"{stock.key}.{flow.key}"
                        raise TableError(file, row, field, f"'{name}' is no stock and no dial")
