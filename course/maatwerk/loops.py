"""The four dynamics as causal loops: quantities, signed arrows, and the circles that they close. Pure.

An arrow with ``+`` says that more of its source gives more of its target, and less gives less; an arrow with
``-`` says that more gives less, and less gives more. A loop strengthens itself when the number of its ``-``
arrows is even: whatever comes round comes back in the same direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from maatwerk.citation import Citation
from maatwerk.loader import Record, read_table
from maatwerk.model import TOLD_BY, ToldBy
from maatwerk.text import Text

Sign = Literal["+", "-"]
Direction = Literal["more", "less"]
Polarity = Literal["reinforcing", "balancing"]

SIGNS: tuple[Sign, Sign] = ("+", "-")
DIRECTIONS: tuple[Direction, Direction] = ("more", "less")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something of which there can be more or less, with the words for it."""

    key: str
    name: Text
    more: Text
    less: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Arrow:
    """One step of a loop: what a change in ``source`` does to ``target``, and why.

    ``told_by`` says whether the essay itself draws this arrow, or the course, to close the circle.
    """

    source: str
    target: str
    sign: Sign
    why: Text
    told_by: ToldBy
    places: tuple[Citation, ...]

    @property
    def key(self) -> str:
        """Its two ends: the same arrow may stand in several loops."""
        return f"{self.source}-{self.target}"


@dataclass(frozen=True, slots=True)
class Loop:
    """A circle of arrows, told from its first quantity, which starts in the direction ``starts``.

    ``dynamic`` is the key of the dynamic (table 4.1) that it belongs to. Source: sections 4.1-4.4.
    """

    key: str
    dynamic: str
    name: Text
    gist: Text
    starts: Direction
    arrows: tuple[Arrow, ...]
    places: tuple[Citation, ...]

    @property
    def polarity(self) -> Polarity:
        """Whether the loop strengthens or slows itself; follows from its arrows alone."""
        return polarity([arrow.sign for arrow in self.arrows])

    @property
    def minuses(self) -> int:
        """How many of its arrows turn the direction round."""
        return [arrow.sign for arrow in self.arrows].count("-")

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Which way each arrow's source moves, and at the end the first source, once round."""
        found = [self.starts]
        for arrow in self.arrows:
            found.append(passed_on(found[-1], arrow.sign))
        return tuple(found)


def polarity(signs: Sequence[Sign]) -> Polarity:
    """Reinforcing when the number of minus signs is even, balancing when it is odd."""
    return "reinforcing" if signs.count("-") % 2 == 0 else "balancing"


def passed_on(direction: Direction, sign: Sign) -> Direction:
    """Which way a target moves when its source moves in ``direction``."""
    if sign == "+":
        return direction
    return "less" if direction == "more" else "more"


def read_loops(file: Path, dynamics: Sequence[str]) -> tuple[Mapping[str, Quantity], Mapping[str, Loop]]:
    """The quantities and the loops of one file, each by key.

    Raises
    ------
    TableError
        Also when a loop is not closed, an arrow has another sign elsewhere, or a dynamic has no loop.
    """
    table = read_table(file)
    quantities = table.rows("quantity", _quantity)
    signs: dict[tuple[str, str], Sign] = {}
    loops = table.rows("loop", lambda r: _loop(r, tuple(quantities), dynamics, signs))
    table.finish()
    for dynamic in dynamics:
        if dynamic not in {loop.dynamic for loop in loops.values()}:
            raise table.error("loop", f"the dynamic '{dynamic}' has no loop")
    used = {end for pair in signs for end in pair}
    for quantity in quantities:
        if quantity not in used:
            raise table.error("quantity", f"no arrow reaches '{quantity}'")
    return quantities, loops


def _quantity(r: Record) -> Quantity:
    return Quantity(r.key(), r.text("name"), r.text("more"), r.text("less"), r.text("meaning"))


def _loop(
    r: Record, quantities: Sequence[str], dynamics: Sequence[str], signs: dict[tuple[str, str], Sign]
) -> Loop:
    loop = Loop(
        key=r.key(),
        dynamic=r.choice("dynamic", dynamics),
        name=r.text("name"),
        gist=r.text("gist"),
        starts=r.choice("starts", DIRECTIONS),
        arrows=tuple(r.rows("arrow", lambda inner: _arrow(inner, quantities, signs)).values()),
        places=r.places(),
    )
    for arrow, following in pairwise((*loop.arrows, loop.arrows[0])):
        if arrow.target != following.source:
            problem = f"'{arrow.key}' ends at '{arrow.target}', and '{following.key}' starts elsewhere"
            raise r.error("arrow", problem)
    return loop


def _arrow(r: Record, quantities: Sequence[str], signs: dict[tuple[str, str], Sign]) -> Arrow:
    arrow = Arrow(
        source=r.choice("source", quantities),
        target=r.choice("target", quantities),
        sign=r.choice("sign", SIGNS),
        why=r.text("why"),
        told_by=r.choice("told_by", TOLD_BY),
        places=r.places(),
    )
    if signs.setdefault((arrow.source, arrow.target), arrow.sign) != arrow.sign:
        raise r.error("sign", f"'{arrow.source}' to '{arrow.target}' has another sign in another loop")
    return arrow
