"""Ghosts: a machine that pretends to be a hall fills nothing; a school behind one address is not kept out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from maatwerk_live.core.batch import Conn
from maatwerk_live.core.protocol import Admit, Hello, HelloStage, Hold, Lock, Open, Place, Remove
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.server.crowds import Crowds, place_of
from maatwerk_live.server.rate_limit import Buckets
from maatwerk_live.server.store import Store
from maatwerk_live.server.workshops import Limits, WorkshopRegistry

from tests.live.strategies import CASES
from tests.live.test_line import Heard

SCHOOL, GHOSTS, HOME = "192.0.2.1", "192.0.2.66", "198.51.100.7"
STAGE: Conn = (9, 9)


class Told(Heard):
    """Also what is cast to all screens of a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.casts: list[tuple[str, bytes]] = []

    def cast(self, room: int, kind: str, payload: bytes) -> None:
        self.casts.append((kind, payload))
        if kind == "stage":
            self.send(STAGE, payload)

    def last(self, kind: str) -> dict[str, Any]:
        return next(message for message in reversed(self.by[STAGE]) if message["t"] == kind)


@asynccontextmanager
async def workshop(
    folder: Path, monkeypatch: pytest.MonkeyPatch, **limits: Any
) -> AsyncIterator[tuple[WorkshopRegistry, Told, RoomRecord]]:
    monkeypatch.setattr("maatwerk_live.server.workshops.DOOR_EVERY", 0.02)
    told = Told()
    usual = {"joins_rate": 10_000, "joins_burst": 10_000}
    registry = WorkshopRegistry(Store(folder / "live.db"), told, CASES, limits=Limits(**usual | limits))
    record = await registry.create("nl")
    registry.arrived(STAGE, HelloStage(1, record.code, record.token), "", HOME)
    await told.until(STAGE, "stage")
    yield registry, told, record
    await registry.close()


def come(registry: WorkshopRegistry, record: RoomRecord, first: int, count: int, address: str) -> list[Conn]:
    conns: list[Conn] = [(0, number) for number in range(first, first + count)]
    for conn in conns:
        registry.arrived(conn, Hello(1, record.code, record.join_key), "", address)
    return conns


def kinds(told: Told, conns: list[Conn]) -> list[str]:
    return [told.by[conn][-1]["t"] if conn in told.by else "" for conn in conns]


async def until(wanted: Any) -> None:
    async with asyncio.timeout(20):
        while not wanted():
            await asyncio.sleep(0.01)


def test_a_crowd_of_ghosts_fills_nothing_and_goes_with_all_it_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        limits = {"per_address": 20, "waiting_per_address": 40, "people": 100}
        async with workshop(tmp_path, monkeypatch, **limits) as (registry, told, record):
            honest = come(registry, record, 1, 6, HOME)
            ghosts = come(registry, record, 1_000, 150, GHOSTS)
            await until(lambda: len(told.welcomed) == 1 + 6 + 20)
            assert kinds(told, ghosts) == ["welcome"] * 20 + ["waiting"] * 40 + ["bye"] * 90
            # They are 20, and 40 wait: there is room for who comes from elsewhere.
            late = come(registry, record, 500, 1, SCHOOL)
            await told.until(late[0], "welcome")
            registry.said(STAGE, Open(0, "scootmobiel"))
            await until(lambda: told.last("stage")["board"]["phase"] == "open")
            for conn in [*honest, *ghosts[:20]]:
                registry.said(conn, Place(1, 1, 5, 5))
            await until(lambda: told.last("tick")["placed"] == 26)
            # They vote and leave: 'in the room' counts who is there.
            for conn in ghosts[:20]:
                registry.left(conn)
            await until(lambda: told.last("door")["here"] == 7)
            (crowd,) = told.last("door")["crowds"]
            assert (crowd["people"], crowd["here"], crowd["waiting"]) == (20, 0, 40)
            registry.said(STAGE, Remove(crowd=crowd["id"]))
            await until(lambda: told.last("stage")["board"]["people"] == 7)
            assert told.last("stage")["board"]["placed"] == 6
            assert told.by[ghosts[30]][-1] == {"t": "bye", "reason": "removed"}
            await until(lambda: told.last("door")["waiting"] == 0 and "crowds" not in told.last("door"))
            # No way back with what they were given.
            secret = told.by[ghosts[0]][0]["secret"]
            registry.arrived((5, 5), Hello(1, record.code, record.join_key, secret), "", GHOSTS)
            await until(lambda: (5, 5) in told.by)
            assert told.by[(5, 5)][0]["t"] == "waiting"

    asyncio.run(play())


def test_a_school_behind_one_address_comes_in_with_one_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with workshop(tmp_path, monkeypatch) as (registry, told, record):
            phones = come(registry, record, 1, 300, SCHOOL)
            await until(lambda: len(told.welcomed) == 251 and "door" in kinds(told, [STAGE]))
            await until(lambda: told.last("door")["here"] == 250)
            (crowd,) = told.last("door")["crowds"]
            assert (crowd["people"], crowd["waiting"]) == (250, 50)
            registry.said(STAGE, Admit(crowd["id"]))
            await until(lambda: len(told.welcomed) == 301)
            assert set(kinds(told, phones)) == {"welcome"}
            more = come(registry, record, 400, 10, SCHOOL)
            await until(lambda: set(kinds(told, more)) == {"welcome"})

    asyncio.run(play())


def test_the_waiting_room_opens_and_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with workshop(tmp_path, monkeypatch) as (registry, told, record):
            registry.said(STAGE, Hold(0, True))
            await until(lambda: told.last("stage").get("held"))
            first, second = come(registry, record, 1, 2, HOME)
            third = come(registry, record, 3, 1, SCHOOL)[0]
            assert kinds(told, [first, second, third]) == ["waiting"] * 3
            registry.left(second)
            registry.said(STAGE, Admit())
            await told.until(first, "welcome")
            await told.until(third, "welcome")
            fourth = come(registry, record, 4, 1, HOME)[0]
            assert kinds(told, [fourth]) == ["waiting"]
            registry.said(STAGE, Hold(1, False))
            await told.until(fourth, "welcome")
            registry.said(STAGE, Hold(2, True))
            await until(lambda: told.last("stage").get("held"))
            fifth = come(registry, record, 5, 1, HOME)[0]
            registry.said(STAGE, Lock(3, True))
            assert (await told.until(fifth, "bye"))["reason"] == "locked"
            registry.said(STAGE, Admit(77))
            assert (await told.until(STAGE, "refused"))["reason"] == "unknown_crowd"

    asyncio.run(play())


def test_one_who_guesses_keeps_nobody_else_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with workshop(tmp_path, monkeypatch) as (registry, told, record):
            wrong: list[Conn] = [(1, number) for number in range(500)]
            for conn in wrong:
                registry.arrived(conn, Hello(1, "ZZZZZZ"), "", GHOSTS)
            reasons = [told.by[conn][-1]["reason"] for conn in wrong]
            assert reasons == ["unknown_code"] * 30 + ["busy"] * 470
            honest: list[Conn] = [(2, number) for number in range(22)]
            for conn in honest:
                registry.arrived(conn, Hello(1, record.code), "", f"198.51.100.{conn[1]}")
            for conn in honest:
                await told.until(conn, "welcome")
            # Who guesses hears no more, not even of a right code.
            registry.arrived((3, 3), Hello(1, record.code), "", GHOSTS)
            assert told.by[(3, 3)][-1]["reason"] == "busy"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_one_machine(address: str, place: str) -> None:
    assert place_of(address) == place


def test_so_many_places_are_remembered_and_no_more() -> None:
    buckets = Buckets(rate=0.001, burst=1, most=3)
    assert buckets.of("first", 0).take(0) and not buckets.of("first", 0).take(0)
    for other in "abc":
        buckets.of(other, 0)
    assert len(buckets._buckets) == 3 and buckets.of("first", 0).take(0)


def test_a_single_phone_is_no_crowd_for_the_facilitator_to_see() -> None:
    crowds = Crowds(free=250, most_waiting=10)
    for number in range(19):
        conn = (0, number)
        assert crowds.arrive(conn, HOME, held=False, now=1)
        crowds.seated(conn, number)
    assert crowds.tell(range(19), ()) == ()
