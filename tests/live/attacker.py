"""Somebody who keeps all that ever left a workshop, and knows whose answer is whose by a mark of tests only.

In these workshops no two answers are the same value. So from what leaves (the messages of board and
facilitator, the report's table and notebook) it can be read whose answers each part of it is made of, without
asking the server. The attacker then does what one could do at home: add and subtract all of it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from itertools import chain, combinations
from math import gcd
from typing import Any

import msgspec
from maatwerk_live.core import view
from maatwerk_live.core.aggregate import AT_LEAST, Point, weighing
from maatwerk_live.core.protocol import Joining, write
from maatwerk_live.core.session import Session
from maatwerk_live.report.replay_notebook import steps_of
from maatwerk_live.report.report import report_csv, rounds_of

from tests.live.strategies import CASES

ROOM = view.Room("nl", Joining("http://hal/join", "ABCDEF", ()), "http://hal/board#ABCDEF.x", CASES)

# Whose answer, and which: what a row is made of.
Cell = tuple[int, str]


class Attacker:
    """Keeps everything.

    Parameters
    ----------
    whose : mapping
        By place, who gave it; a mapping that grows.
    """

    def __init__(self, whose: Mapping[Point, int]) -> None:
        self._whose = whose
        self.rows: dict[frozenset[Cell], None] = {}

    def look(self, session: Session) -> None:
        """Keep what all screens, the table and the notebook show now."""
        places = view.drawn_places(session)
        dots = tuple(part for person, group in places.values() for part in (group, person))
        screens = (
            view.board_state(session, ROOM, 0, dots or None),
            view.stage_state(session, ROOM, 0),
            view.phone_state(session, "nl", 0),
        )
        for screen in screens:
            self._read(json.loads(write(screen)))
        for step in steps_of(session, "nl"):
            self._read(json.loads(msgspec.json.encode(step.board)))
        for told in rounds_of(session):
            self._keep(told.places)
            self._check_means(told.places, json.loads(msgspec.json.encode(told.picture)))
        self._check_table(session)
        self._read_figures(session)

    def _read(self, told: dict[str, Any]) -> None:
        told = told.get("board", told)
        dots = told.get("dots") or []
        places = list(zip(dots[1::2], dots[::2], strict=True))
        self._keep(places)
        picture = told.get("picture", {})
        if places:
            self._check_means(places, picture)
        for role in picture.get("roles", []):
            self._keep(map(tuple, role["points"]))
        arrows = (picture.get("movement") or {}).get("arrows", [])
        self._keep((person, group) for person, group, _, _ in arrows)
        self._keep((person, group) for _, _, person, group in arrows)
        if told.get("hidden"):
            assert not dots and not picture, "something shows that is hidden"

    def _check_means(self, places: Iterable[Point], picture: Mapping[str, Any]) -> None:
        """The figures are about the very people of the dots, and no others."""
        summary, places = picture.get("summary"), list(places)
        if summary:
            assert summary["people"] == len(places)
            assert abs(summary["person"] - sum(person for person, _ in places) / len(places)) < 1e-9
        movement = picture.get("movement")
        if movement and movement["arrows"]:
            assert len(movement["arrows"]) == movement["moved"] <= movement["people"]

    def _check_table(self, session: Session) -> None:
        """The table says no more than the dots: its means are theirs."""
        rounds = {str(told.number): told for told in rounds_of(session)}
        for row in csv.DictReader(io.StringIO(report_csv(session, "nl"))):
            if row["measure"] == "people" and not row["group"]:
                assert int(row["value"]) == len(rounds[row["round"]].places)

    def _read_figures(self, session: Session) -> None:
        """Figures have no marks: here the attacker is told whose they are, and checks that it is true."""
        for one in rounds_of(session):
            shown = session.shown_of(one.round)
            assert one.picture.weighing == weighing(list(shown.weights.values()))
            self._add(frozenset((who, f"weights {points}") for who, points in shown.weights.items()))
        for family in session.families.values():
            for number in range(family.rows if family.cells else 0):
                row = [cell for cell, rows in (family.cells or {}).items() if rows >> number & 1]
                self._add(frozenset((who, str(divmod(place, 101))) for who, place in row))

    def _keep(self, places: Iterable[Any]) -> None:
        self._add(frozenset((self._whose[place], str(place)) for place in places))

    def _add(self, row: frozenset[Cell]) -> None:
        if row:
            self.rows[row] = None

    def found(self) -> set[int]:
        """Fewer than five people whom some sum of all that left is about; empty if there are none.

        By brute force: for every choice of up to four people, whether a sum of rows is about them alone.
        """
        holds: dict[Cell, int] = {}
        for number, row in enumerate(self.rows):
            for cell in row:
                holds[cell] = holds.get(cell, 0) | 1 << number
        ranks: dict[frozenset[int], int] = {}

        def rank_without(few: Iterable[int]) -> int:
            columns = frozenset(rows for (who, _), rows in holds.items() if who not in few)
            if columns not in ranks:
                ranks[columns] = rank(columns)
            return ranks[columns]

        people = sorted({who for who, _ in holds})
        whole = rank_without(())
        for few in chain.from_iterable(combinations(people, size) for size in range(1, AT_LEAST)):
            if rank_without(few) < whole:
                return set(few)
        return set()


def rank(columns: Iterable[int]) -> int:
    """How many of these vectors of bits are independent, in whole numbers."""
    basis: list[tuple[int, list[int]]] = []
    for bits in columns:
        vector = [bits >> at & 1 for at in range(bits.bit_length())]
        for lead, other in basis:
            if lead < len(vector) and vector[lead]:
                wide = max(len(vector), len(other))
                one = vector + [0] * (wide - len(vector))
                two = other + [0] * (wide - len(other))
                vector = [a * other[lead] - b * vector[lead] for a, b in zip(one, two, strict=True)]
                common = gcd(*vector) or 1
                vector = [a // common for a in vector]
        lead = next((at for at, a in enumerate(vector) if a), None)
        if lead is not None:
            basis.append((lead, vector))
    return len(basis)
