"""A batch of messages: sent again, cut anywhere, or while the disk refuses, each counts exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import maatwerk_live.hall
import maatwerk_live.keeper
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_live.hall import Hall, room_at
from maatwerk_live.limits import Bucket
from maatwerk_live.protocol import Open, Place
from maatwerk_live.session import Happened, Session
from maatwerk_live.store import RoomRecord
from maatwerk_live.turn import Answer, Item, Newcomer, Order, take_turn

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
    session = take_turn(Session(), opened(), CASES, 1).session
    wanted: dict[int, tuple[int, tuple[int, int]]] = {}
    for answer in sent:
        message = answer.message
        assert isinstance(message, Place)
        if message.seq > wanted.get(answer.who, (0, (0, 0)))[0]:
            wanted[answer.who] = (message.seq, (message.person, message.group))
    happened: list[Happened] = []
    acks: dict[Any, int] = {}
    ends = [0, *sorted(cuts), len(sent)]
    for start, end in pairwise(ends):
        turn = take_turn(session, sent[start:end], CASES, 2)
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


def test_nothing_is_acknowledged_or_lost_while_the_disk_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.keeper, "RETRY_AFTER", 0.01)
    disk: list[Happened] = []
    refusals = [OSError("disk full")] * 3

    async def keep(happened: Sequence[Happened]) -> None:
        if disk and refusals:
            assert doors.acked() == {}
            raise refusals.pop()
        disk.extend(happened)

    async def play() -> None:
        hall = Hall(
            RECORD, [], doors, keep, room_at("http://hal/", RECORD, CASES), lambda *a: True, print, lambda: 1
        )
        hall.seat_stage((0, 99), "http://hal/")
        for item in opened():
            assert hall.take(item)
        await hall.stop()
        assert hall.take(Answer((0, 1), 1, Place(1, 1, 5, 5)))
        while not any(name == "cast" and b'"trouble":"disk"' in what[-1] for name, *what in doors.told):
            await asyncio.sleep(0.005)
        # What is said meanwhile waits too; and who comes back hears that nothing of theirs is kept yet.
        assert hall.take(Answer((0, 2), 2, Place(1, 1, 6, 6)))
        hall.seat((0, 11), 1)
        (welcome,) = [what[-1] for name, *what in doors.told if name == "admit" and what[0] == (0, 11)]
        assert b'"seq":0' in welcome and b'"place":[5,5]' in welcome
        while len(doors.acked()) < 2:
            await asyncio.sleep(0.005)
        await hall.stop()
        assert [one.who for one in disk if isinstance(one.act, Place)] == [1, 2]

    doors = Doors()
    asyncio.run(asyncio.wait_for(play(), 30))
    trouble = [
        b'"trouble":"disk"' in what[-1] for name, *what in doors.told if name == "cast" and what[1] == "stage"
    ]
    assert trouble[-1] is False and True in trouble


def test_the_hall_takes_no_more_than_it_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.hall, "MOST_WAITING", 2)

    async def keep(happened: Sequence[Happened]) -> None:
        pass

    async def play() -> list[bool]:
        room = room_at("", RECORD, CASES)
        hall = Hall(RECORD, [], Doors(), keep, room, lambda *a: True, print, lambda: 1)
        taken = [hall.take(item) for item in opened()[:3]]
        await hall.stop()
        return taken

    assert asyncio.run(play()) == [True, True, False]


def test_a_bucket_gives_a_burst_and_then_a_steady_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.6)] == [True, False]
    bucket.give_back()
    assert bucket.take(0.6)
    assert [bucket.take(1_000) for _ in range(4)] == [True, True, True, False]
