"""A whole hall at the door: everybody comes in, in order, without being sent away."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from maatwerk_live.core.batch import Conn
from maatwerk_live.core.protocol import Hello, HelloStage, Lock
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.server import workshops as workshops_module
from maatwerk_live.server.admission import AdmissionQueue
from maatwerk_live.server.store import DAY, Store
from maatwerk_live.server.workshops import Limits, WorkshopRegistry, now_in_milliseconds

PATIENCE = 30.0


class Heard:
    """Doors that write down what each connection hears."""

    def __init__(self) -> None:
        self.by: dict[Conn, list[dict[str, Any]]] = {}
        self.welcomed: list[Conn] = []

    def admit(self, conn: Conn, room: int, kind: str, welcome: bytes) -> None:
        self.send(conn, welcome)
        self.welcomed.append(conn)

    def send(self, conn: Conn, payload: bytes) -> None:
        self.by.setdefault(conn, []).append(msgspec.json.decode(payload))

    def dismiss(self, conn: Conn, reason: str) -> None:
        self.by.setdefault(conn, []).append({"t": "bye", "reason": reason})

    def acks(self, acks: Sequence[tuple[Conn, int]]) -> None: ...

    def cast(self, room: int, kind: str, payload: bytes) -> None: ...

    async def until(self, conn: Conn, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in self.by.get(conn, []):
                    if message["t"] == kind:
                        return message
                await asyncio.sleep(0.005)


@asynccontextmanager
async def workshop(folder: Path, limits: Limits) -> AsyncIterator[tuple[WorkshopRegistry, Heard, RoomRecord]]:
    heard = Heard()
    registry = WorkshopRegistry(Store(folder / "live.db"), heard, {}, limits=limits)
    record = await registry.create("nl")
    yield registry, heard, record
    await registry.close()


def people(count: int) -> list[Conn]:
    return [(0, number) for number in range(1, count + 1)]


def test_all_come_in_in_order_and_no_faster_than_allowed() -> None:
    async def play() -> None:
        inside: list[Conn] = []
        line = AdmissionQueue(rate=400, burst=5, let_in=inside.append)
        everybody, began = people(45), time.monotonic()
        told = [line.enter(conn) for conn in everybody]
        assert inside == everybody[:5] and told[:5] == [0] * 5
        assert all(told[5:]) and told[5:] == sorted(told[5:])
        async with asyncio.timeout(PATIENCE):
            while len(line):
                await asyncio.sleep(0.01)
        # What is allowed at a rate comes back while the first are let in, too.
        assert time.monotonic() - began >= 39 / 400
        assert inside == everybody

    asyncio.run(play())


def test_who_leaves_takes_nobodys_turn() -> None:
    async def play() -> None:
        inside: list[Conn] = []
        line = AdmissionQueue(rate=50, burst=1, let_in=inside.append)
        first, goes, stays = people(3)
        for conn in (first, goes, stays):
            line.enter(conn)
        line.leave(goes)
        assert len(line) == 1
        async with asyncio.timeout(PATIENCE):
            while len(line):
                await asyncio.sleep(0.01)
        assert inside == [first, stays]

    asyncio.run(play())


def test_a_hall_that_comes_at_once_hears_how_long_and_is_let_in(tmp_path: Path) -> None:
    async def play() -> None:
        async with workshop(tmp_path, Limits(joins_rate=100, joins_burst=3)) as (registry, heard, record):
            for conn in people(20):
                registry.arrived(conn, Hello(1, record.code), "")
            for conn in people(20):
                await heard.until(conn, "welcome")
            assert heard.welcomed == people(20)
            in_line = [conn for conn in people(20) if heard.by[conn][0]["t"] == "in_line"]
            assert in_line == people(20)[3:]
            assert all(heard.by[conn][0]["seconds"] == 1 for conn in in_line)
            # Who was in before walks past: a whole hall may come back after a restart.
            secret = heard.by[(0, 1)][-1]["secret"]
            for conn in people(60)[20:]:
                registry.arrived(conn, Hello(1, record.code), "")
            registry.arrived((1, 1), Hello(1, record.code, secret=secret), "")
            assert heard.by[(1, 1)][0]["t"] == "welcome"

    asyncio.run(play())


def test_a_door_locked_in_the_meantime_is_locked_for_who_waits(tmp_path: Path) -> None:
    async def play() -> None:
        async with workshop(tmp_path, Limits(joins_rate=2, joins_burst=1)) as (registry, heard, record):
            registry.arrived((9, 9), HelloStage(1, record.code, record.token), "")
            version = (await heard.until((9, 9), "stage"))["board"]["version"]
            early, late = people(2)
            registry.arrived(early, Hello(1, record.code), "")
            registry.arrived(late, Hello(1, record.code), "")
            registry.said((9, 9), Lock(version, True))
            assert (await heard.until(late, "bye"))["reason"] == "locked"
            assert early in heard.welcomed and late not in heard.welcomed

    asyncio.run(play())


def test_no_more_wait_than_there_is_room_for(tmp_path: Path) -> None:
    async def play() -> None:
        limits = Limits(people=4, joins_rate=0.001, joins_burst=1)
        async with workshop(tmp_path, limits) as (registry, heard, record):
            first, *others = people(6)
            registry.arrived(first, Hello(1, record.code), "")
            await heard.until(first, "welcome")
            for conn in others:
                registry.arrived(conn, Hello(1, record.code), "")
            assert [heard.by[conn][0]["t"] for conn in others] == ["in_line"] * 3 + ["bye"] * 2
            assert heard.by[others[3]] == [{"t": "bye", "reason": "busy"}]
            # One of them goes, and there is room again.
            registry.left(others[0])
            registry.arrived((0, 7), Hello(1, record.code), "")
            assert heard.by[(0, 7)][0]["t"] == "in_line"

    asyncio.run(play())


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), OSError(28, "full")])
def test_a_disk_that_refuses_once_does_not_end_the_wiping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """Workshops are kept thirty days, and the first refusal of the disk stopped the wiping for good."""
    monkeypatch.setattr(workshops_module, "WIPE_AGAIN_AFTER", 0.01)
    refusals = [error, error]
    really = Store.wipe

    def wipe(store: Store, before: int | None = None) -> int:
        if refusals:
            raise refusals.pop()
        return really(store, before)

    async def play() -> None:
        store = Store(tmp_path / "live.db")
        old = store.create("nl", now_in_milliseconds() - 31 * DAY)
        new = store.create("nl", now_in_milliseconds() - 29 * DAY)
        monkeypatch.setattr(Store, "wipe", wipe)
        heard = Heard()
        registry = WorkshopRegistry(store, heard, {})
        async with asyncio.timeout(PATIENCE):
            while [record.code for record in await registry._on_disk(store.rooms)] != [new.code]:
                await asyncio.sleep(0.01)
        # Nobody gets in any more either: it is gone from memory too.
        registry.arrived((0, 1), Hello(1, old.code), "")
        assert heard.by[0, 1][-1]["reason"] == "unknown_code"
        await registry.close()

    with caplog.at_level(logging.WARNING):
        asyncio.run(play())
    # Told once, not every minute.
    assert caplog.text.count("could not be wiped yet") == 1 and str(error) in caplog.text
