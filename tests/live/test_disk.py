"""Trouble with the disk, with a real one: said at once on all screens, and nothing happens late by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.live.clients import Running, board, live, phone, stage


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
