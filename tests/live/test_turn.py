"""A batch of messages: sent again, cut anywhere, or while the disk refuses, each counts exactly once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import maatwerk_live.server.workshop
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_live.core import view
from maatwerk_live.core.batch import Answer, Clock, Item, Newcomer, Order, process_batch
from maatwerk_live.core.protocol import Close, Hide, Open, Place, Refused, Timer, Trouble, write
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Event, Session
from maatwerk_live.server.rate_limit import TokenBucket
from maatwerk_live.server.workshop import RunningWorkshop, room_at

from tests.live.strategies import CASES, PLACES

RECORD = RoomRecord(1, "ABCDEF", "nl", "t" * 32, "b" * 32, "j" * 32, 0, 0)
PEOPLE = 3


def opened() -> list[Item]:
    newcomers = [Newcomer((0, who), "s", bytes([who])) for who in range(1, PEOPLE + 1)]
    return [*newcomers, Order((0, 99), Open(0, "scootmobiel"))]


SENT = st.lists(
    st.builds(
        lambda who, seq, place: Answer((0, who), who, Place(seq, 1, *place)),
        st.integers(1, PEOPLE),
        st.integers(1, 6),
        PLACES,
    ),
    max_size=30,
)


@given(SENT, st.lists(st.integers(0, 30), max_size=4))
def test_each_message_counts_once_however_it_is_sent_and_cut(sent: list[Answer], cuts: list[int]) -> None:
    session = process_batch(Session(), opened(), CASES, 1).session
    wanted: dict[int, tuple[int, tuple[int, int]]] = {}
    for answer in sent:
        message = answer.message
        assert isinstance(message, Place)
        if message.seq > wanted.get(answer.who, (0, (0, 0)))[0]:
            wanted[answer.who] = (message.seq, (message.person, message.group))
    happened: list[Event] = []
    acks: dict[Any, int] = {}
    ends = [0, *sorted(cuts), len(sent)]
    for start, end in pairwise(ends):
        turn = process_batch(session, sent[start:end], CASES, 2)
        session = turn.session
        happened += turn.happened
        acks |= turn.acks
    kept = {who: (session.seqs[who], ballot.place) for who, ballot in session.ballots.get(1, {}).items()}
    assert kept == wanted
    assert acks == {(0, who): seq for who, (seq, _) in wanted.items()}
    counted = [(one.who, one.act.seq) for one in happened if isinstance(one.act, Place)]
    assert len(set(counted)) == len(counted)


class Doors:
    """Writes down what is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *what: self.told.append((name, *what))

    def acked(self) -> dict[Any, int]:
        return {conn: seq for name, *what in self.told if name == "acks" for conn, seq in what[0]}


class Host:
    """Seats everybody, and writes down who is told what."""

    def __init__(self) -> None:
        self.away: list[tuple[Any, str]] = []
        self.troubles: list[str] = []

    def seated(self, hall: RunningWorkshop, conn: Any, who: int) -> bool:
        return True

    def turned_away(self, conn: Any, reason: str) -> None:
        self.away.append((conn, reason))

    def wiped(self, hall: RunningWorkshop) -> None: ...

    def refused(self, trouble: Trouble) -> None:
        self.troubles.append(trouble)

    def report(self, hall: RunningWorkshop, conn: Any, kind: str) -> None: ...

    def stepped(self, hall: RunningWorkshop) -> None: ...

    def moved(self, hall: RunningWorkshop) -> None: ...


def told(doors: Doors, kind: str) -> list[dict[str, Any]]:
    """What all screens of a kind were told, in order."""
    return [json.loads(what[-1]) for name, *what in doors.told if name == "cast" and what[1] == kind]


def test_what_the_disk_refuses_never_happened_and_never_does_by_itself() -> None:
    disk: list[Event] = []
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    refuses = False

    async def keep(happened: Sequence[Event]) -> None:
        if refuses:
            raise full
        disk.extend(happened)

    async def play() -> None:
        nonlocal refuses
        hall = RunningWorkshop(
            RECORD, [], doors, keep, room_at("http://hal/", RECORD, CASES), host, lambda: 1
        )
        hall.seat_stage((0, 99), "http://hal/")
        hall.seat_board((0, 98))
        for item in opened():
            assert hall.take(item)
        await hall.stop()
        before, refuses = hall.session, True
        doors.told.clear()
        newcomer = Newcomer((0, 4), "s", b"4")
        for item in (Answer((0, 1), 1, Place(1, 1, 5, 5)), Order((0, 99), Hide(1, False)), newcomer):
            assert hall.take(item)
        await hall.stop()
        # Refused at once, each in its way; nobody saw anything of it, and nothing of it is left.
        assert host.troubles == ["full"] and host.away == [((0, 4), "trouble")]
        assert ("send", (0, 99), write(Refused(0, "trouble"))) in doors.told
        assert doors.acked() == {} and hall.session is before
        assert not told(doors, "board") and not told(doors, "phone")
        hall.set_trouble("full")
        for kind in ("phone", "board", "stage"):
            assert told(doors, kind)[-1]["trouble"] == "full"
        # Meanwhile: answers stay on the phones, commands are refused, a clock does not close the round.
        for item in (Answer((0, 1), 1, Place(1, 1, 5, 5)), Order((0, 99), Close(1)), Clock(7)):
            assert hall.take(item)
        assert doors.told[-1] == ("send", (0, 99), write(Refused(0, "trouble")))
        refuses = False
        hall.set_trouble(None)
        await asyncio.sleep(0.1)
        await hall.stop()
        for kind in ("phone", "board", "stage"):
            assert "trouble" not in told(doors, kind)[-1]
        assert hall.session is before and len(disk) == len(opened())
        # Sent again, it counts once.
        assert hall.take(Answer((0, 1), 1, Place(1, 1, 5, 5)))
        await hall.stop()
        assert doors.acked() == {(0, 1): 1} and view.mine(hall.session, 1).place == (5, 5)

    doors, host = Doors(), Host()
    asyncio.run(asyncio.wait_for(play(), 30))


def test_a_clock_that_ran_out_while_nobody_could_answer_leaves_the_round_open() -> None:
    async def keep(happened: Sequence[Event]) -> None:
        pass

    async def play() -> None:
        now = 1_000
        hall = RunningWorkshop(
            RECORD, [], Doors(), keep, room_at("http://hal/", RECORD, CASES), Host(), lambda: now
        )
        for item in (*opened(), Order((0, 99), Timer(1, 60))):
            hall.take(item)
        await hall.stop()
        assert hall.session.stage.ends == 61_000
        hall.set_trouble("locked")
        now = 90_000
        hall.set_trouble(None)
        await hall.stop()
        assert (hall.session.stage.phase, hall.session.stage.ends) == ("open", None)

    asyncio.run(asyncio.wait_for(play(), 30))


def test_the_hall_takes_no_more_than_it_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.server.workshop, "MOST_WAITING", 2)

    async def keep(happened: Sequence[Event]) -> None:
        pass

    async def play() -> list[bool]:
        room = room_at("", RECORD, CASES)
        hall = RunningWorkshop(RECORD, [], Doors(), keep, room, Host(), lambda: 1)
        taken = [hall.take(item) for item in opened()[:3]]
        await hall.stop()
        return taken

    assert asyncio.run(play()) == [True, True, False]


def test_a_bucket_gives_a_burst_and_then_a_steady_rate() -> None:
    bucket = TokenBucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.6)] == [True, False]
    bucket.give_back()
    assert bucket.take(0.6)
    assert [bucket.take(1_000) for _ in range(4)] == [True, True, True, False]
