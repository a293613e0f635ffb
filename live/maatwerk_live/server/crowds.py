"""Who comes from where to one workshop. In memory only: no address is ever written down, or in a log.

Most phones in a room may share one address: a school's network shows one to the world, and so does one
machine that pretends to be a hall. Nothing but the facilitator's own eyes tells these apart. So from one
address a number of people come in by themselves; more of them wait, until the facilitator lets that crowd in,
or puts it out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from maatwerk_live.core import protocol
from maatwerk_live.core.batch import Conn

# A crowd of fewer than this is none: the facilitator hears of no single phone where it is.
LEAST = 20


def place_of(address: str) -> str:
    """What counts as one place: an address, or with IPv6 the network that one household or machine gets."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


@dataclass(slots=True)
class Crowd:
    """All who come from one place.

    Parameters
    ----------
    id : int
        What the facilitator's screen calls it.
    since : int
        When the first came, in milliseconds.
    people : set of int
        Who came in from there.
    coming : set
        The connections of those who are about to.
    waiting : dict
        The connections of those who wait, in order.
    open : bool
        Whether the facilitator let it in.
    """

    id: int
    since: int
    people: set[int] = field(default_factory=set)
    coming: set[Conn] = field(default_factory=set)
    waiting: dict[Conn, None] = field(default_factory=dict)
    open: bool = False


class Crowds:
    """The crowds of one workshop.

    Parameters
    ----------
    free : int
        How many come in by themselves from one place; 0 for as many as like to.
    most_waiting : int
        How many may wait from one place.
    """

    def __init__(self, free: int, most_waiting: int) -> None:
        self._free = free
        self._most_waiting = most_waiting
        self._crowds: dict[str, Crowd] = {}
        self._from: dict[Conn, Crowd] = {}

    @property
    def waiting(self) -> int:
        """How many wait, in all."""
        return sum(len(crowd.waiting) for crowd in self._crowds.values())

    def find(self, number: int) -> Crowd | None:
        """The crowd that the facilitator's screen calls so."""
        return next((crowd for crowd in self._crowds.values() if crowd.id == number), None)

    def arrive(self, conn: Conn, address: str, held: bool, now: int) -> bool | None:
        """Somebody new comes: whether they come in, or wait; ``None`` when there is no room to wait."""
        crowd = self._crowds.setdefault(place_of(address), Crowd(len(self._crowds) + 1, now))
        if self._may(crowd, held):
            crowd.coming.add(conn)
        elif len(crowd.waiting) >= self._most_waiting:
            return None
        else:
            crowd.waiting[conn] = None
        self._from[conn] = crowd
        return conn in crowd.coming

    def seated(self, conn: Conn, who: int) -> None:
        """Somebody new is in."""
        crowd = self._from.pop(conn, None)
        if crowd:
            crowd.coming.discard(conn)
            crowd.people.add(who)

    def leave(self, conn: Conn) -> bool:
        """Somebody goes before they were in; whether they were to come here."""
        crowd = self._from.pop(conn, None)
        if crowd is None:
            return False
        crowd.coming.discard(conn)
        crowd.waiting.pop(conn, None)
        return True

    def admit(self, number: int) -> list[Conn] | None:
        """Let in who waits: of one crowd, which is open from now on, or of all with 0.

        ``None`` when there is no such crowd.
        """
        found = self.find(number)
        if number and found is None:
            return None
        if found:
            found.open = True
        return self._call([found] if found else self._crowds.values())

    def review(self, held: bool) -> list[Conn]:
        """Who waited and need not any more."""
        found: list[Conn] = []
        for crowd in self._crowds.values():
            while crowd.waiting and self._may(crowd, held):
                found += self._call([crowd], 1)
        return found

    def tell(self, here: Collection[int], removed: Collection[int]) -> tuple[protocol.Crowd, ...]:
        """The crowds as the facilitator's screen has them, the largest first."""
        told = []
        for crowd in self._crowds.values():
            people = crowd.people - set(removed)
            if len(people) + len(crowd.waiting) >= LEAST or crowd.waiting:
                there = len(people & set(here))
                told.append(
                    protocol.Crowd(crowd.id, len(people), there, len(crowd.waiting), crowd.since, crowd.open)
                )
        return tuple(sorted(told, key=lambda one: -one.people - one.waiting))

    def _may(self, crowd: Crowd, held: bool) -> bool:
        if crowd.open:
            return True
        return not held and (not self._free or len(crowd.people) + len(crowd.coming) < self._free)

    def _call(self, crowds: Iterable[Crowd], most: int | None = None) -> list[Conn]:
        found: list[Conn] = []
        for crowd in crowds:
            for conn in list(crowd.waiting)[:most]:
                del crowd.waiting[conn]
                crowd.coming.add(conn)
                found.append(conn)
        return found
