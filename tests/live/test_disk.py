"""Trouble with the disk, with a real one: said at once on all screens, and nothing happens late by itself."""

from __future__ import annotations

import asyncio
import errno
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from maatwerk_live.core.batch import Answer, Newcomer, Order
from maatwerk_live.core.protocol import Hide, Open, Place, Timer
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Event, Session, evolve
from maatwerk_live.server.store import GoneError, trouble_of
from maatwerk_live.server.workshop import RunningWorkshop, room_at

from tests.live.clients import Running, board, live, phone, stage
from tests.live.strategies import CASES
from tests.live.test_turn import Doors, Host


def limited(running: Running, size: int) -> None:
    """Let the server's files grow no further, as on a full disk."""
    import resource

    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def trouble_and_back(
    running: Running, kind: str, begin: Callable[[], Any], end: Callable[[Any], None]
) -> None:
    async with AsyncExitStack() as stack:
        leader = await stack.enter_async_context(stage(running))
        screen = await stack.enter_async_context(board(running))
        one = await stack.enter_async_context(phone(running))
        shown = await leader.command("open", case="scootmobiel")
        number = shown["board"]["round"]["id"]
        await one.until("state", phase="open")
        await one.say(t="place", seq=1, round=number, person=1, group=1)
        await one.until("ack", seq=1)
        began = begin()

        # The first key is refused, and shown to nobody.
        version, everybody = leader.version, (leader, screen, one)
        seen = {id(client): len(client.heard) for client in everybody}
        await leader.say(t="hide", version=version, on=False)
        refused = await leader.until("refused", seen[id(leader)])
        assert (refused["seq"], refused["reason"]) == (0, "trouble")
        for client, message in ((leader, "stage"), (screen, "board"), (one, "state")):
            assert (await client.until(message, seen[id(client)], trouble=kind))["trouble"] == kind
        assert leader.latest("stage")["board"]["hidden"] and leader.version == version

        # So are all others, at once; answers are not acknowledged; newcomers hear why.
        for command in ("close", "reset", "end"):
            seen_now = len(leader.heard)
            await leader.say(t=command, version=version)
            assert (await leader.until("refused", seen_now))["reason"] == "trouble"
        await one.say(t="place", seq=2, round=number, person=2, group=2)
        with pytest.raises(AssertionError, match="trouble"):
            async with phone(running):
                pass
        await one.say(t="ping")
        await one.until("beat", seen[id(one)])
        assert one.latest("ack")["seq"] == 1

        end(began)
        await one.until_that("state", lambda m: "trouble" not in m, len(one.heard) - 1)
        await screen.until_that("board", lambda m: "trouble" not in m, len(screen.heard) - 1)
        # Nothing of what was refused was done since, and all works again.
        await asyncio.sleep(0.3)
        assert leader.latest("stage")["board"] | {"now": 0} == shown["board"] | {
            "now": 0,
            "placed": 1,
            "people": 1,
            "here": 1,
        }
        await one.say(t="place", seq=2, round=number, person=2, group=2)
        await one.until("ack", seq=2)
        await leader.command("close")
        await one.until("state", phase="closed")


def kept(data: Path) -> list[str]:
    db = sqlite3.connect(data)
    acts = [act for (act,) in db.execute("SELECT act FROM happened ORDER BY id")]
    db.close()
    return acts


def test_a_disk_without_room(tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"

    def fill() -> int:
        size = max(file.stat().st_size for file in tmp_path.iterdir())
        limited(running, size)
        return size

    with live(data) as running:
        unlimited = 2**40
        asyncio.run(trouble_and_back(running, "disk", fill, lambda _: limited(running, unlimited)))
    assert sum('"hide"' in act or '"reset"' in act or '"end"' in act for act in kept(data)) == 0


def test_a_database_that_another_program_holds(tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"

    def hold() -> sqlite3.Connection:
        other = sqlite3.connect(data, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return other

    def release(other: sqlite3.Connection) -> None:
        other.execute("ROLLBACK")
        other.close()

    with live(data) as running:
        asyncio.run(trouble_and_back(running, "locked", hold, release))
    assert sum('"hide"' in act or '"reset"' in act or '"end"' in act for act in kept(data)) == 0


def test_a_file_that_was_taken_away_and_put_back(tmp_path: Path) -> None:
    data, away = tmp_path / "workshops.db", tmp_path / "away.db"

    def take() -> None:
        data.rename(away)

    def put_back(_: None) -> None:
        away.rename(data)

    with live(data) as running:
        asyncio.run(trouble_and_back(running, "gone", take, put_back))
    assert sum('"place"' in act for act in kept(data)) >= 2


def test_a_file_that_is_gone_is_noticed_though_nobody_says_anything(tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"

    async def play(running: Running) -> None:
        async with stage(running) as leader, phone(running) as one:
            await leader.command("open", case="scootmobiel")
            for file in tmp_path.glob("workshops.db*"):
                file.unlink()
            await leader.until("stage", trouble="gone")
            await one.until("state", trouble="gone")

    with live(data) as running:
        asyncio.run(play(running))


def test_each_kind_of_trouble_is_known_by_what_the_disk_really_says(tmp_path: Path) -> None:
    data = tmp_path / "some.db"
    with sqlite3.connect(data) as db:
        db.execute("CREATE TABLE one (a)")
    db.close()
    only_read = sqlite3.connect(f"file:{data}?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError) as refused:
        only_read.execute("INSERT INTO one VALUES (1)")
    only_read.close()
    assert trouble_of(refused.value) == "readonly"
    small = sqlite3.connect(data, isolation_level=None)
    small.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as refused:
        small.execute("INSERT INTO one VALUES (zeroblob(100000))")
    small.close()
    assert trouble_of(refused.value) == "full"
    assert trouble_of(OSError(errno.ENOSPC, "No space left on device")) == "full"
    assert trouble_of(GoneError("x")) == "gone"
    assert trouble_of(OSError(errno.EIO, "Input/output error")) == "disk"


def test_a_clock_that_is_set_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    record = RoomRecord(1, "ABCDEF", "nl", "t" * 32, "b" * 32, "j" * 32, 0, 0)
    disk: list[Event] = []
    now = 10_000_000

    async def keep(happened: Sequence[Event]) -> None:
        disk.extend(happened)

    async def play() -> Session:
        nonlocal now
        hall = RunningWorkshop(record, [], Doors(), keep, room_at("", record, CASES), Host(), lambda: now)
        newcomers = [Newcomer((0, who), "s", bytes([who])) for who in range(1, 7)]
        for item in (*newcomers, Order((0, 99), Open(0, "scootmobiel")), Order((0, 99), Timer(1, 60))):
            hall.take(item)
        await hall.stop()
        for seq in (1, 2):
            for who in range(1, 7):
                hall.take(Answer((0, who), who, Place(seq, 1, 10 * who, seq)))
            await hall.stop()
            now -= 3_600_000
        hall.take(Order((0, 99), Hide(2, False)))
        await hall.stop()
        return hall.session

    session = asyncio.run(play())
    assert evolve(Session(), disk) == session
    assert {who: ballot.place for who, ballot in session.ballots[1].items()} == {
        who: (10 * who, 2) for who in range(1, 7)
    }
    assert len(session.shown[1].places) == 6


def test_a_server_that_stands_still_for_a_while_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"

    async def play(running: Running) -> None:
        async with stage(running) as leader, phone(running) as one:
            number = (await leader.command("open", case="scootmobiel"))["board"]["round"]["id"]
            await one.until("state", phase="open")
            running.process.send_signal(signal.SIGSTOP)
            for seq in range(1, 6):
                await one.say(t="place", seq=seq, round=number, person=seq, group=seq)
            await asyncio.sleep(1)
            assert not any(message["t"] == "ack" for message in one.heard)
            running.process.send_signal(signal.SIGCONT)
            await one.until("ack", seq=5)

    with live(data) as running:
        asyncio.run(play(running))
    assert sum('"t":"place"' in act for act in kept(data)) == 5
