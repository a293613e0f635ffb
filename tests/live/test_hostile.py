"""Hostile clients: none of them changes another's vote, or keeps the hall from going on."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.clients import Client, Running, live, phone, stage
from tests.live.hostile import ATTACKS, Target

HONEST = 6


@dataclass
class RunningWorkshop:
    """Honest people who placed, and the facilitator."""

    runner: asyncio.Runner
    data: Path
    target: Target
    leader: Client
    phones: list[Client]
    places: dict[int, tuple[int, int]]

    async def is_unharmed(self) -> None:
        """All are still in, their votes are as they were, and one of them can still vote."""
        assert not self.leader.closed and not any(one.closed for one in self.phones)
        assert self.kept() == self.places
        seq = 1 + max(one.latest("ack")["seq"] for one in self.phones)
        voter = seq % HONEST
        self.places[voter + 1] = (seq % 101, 50)
        await self.phones[voter].say(t="place", seq=seq, round=self.target.round, person=seq % 101, group=50)
        await self.phones[voter].until("ack", seq=seq)
        assert self.kept() == self.places

    def kept(self) -> dict[int, tuple[int, int]]:
        """Where the honest people stand, from the disk."""
        db = sqlite3.connect(self.data)
        rows = db.execute("SELECT who, act FROM happened WHERE who <= ? ORDER BY id", (HONEST,)).fetchall()
        db.close()
        places = {}
        for who, written in rows:
            act = json.loads(written)
            if act["t"] == "place":
                places[who] = (act["person"], act["group"])
        return places


async def begin(
    stack: AsyncExitStack, running: Running, data: Path, runner: asyncio.Runner
) -> RunningWorkshop:
    leader = await stack.enter_async_context(stage(running))
    await leader.command("open", case="scootmobiel")
    shown = await leader.command("again", asks=["place", "weigh", "argue"], hidden=False)
    number = shown["board"]["round"]["id"]
    phones = []
    for who in range(1, HONEST + 1):
        phones.append(await stack.enter_async_context(phone(running)))
        await phones[-1].say(t="place", seq=1, round=number, person=10 * who, group=10)
        await phones[-1].until("ack", seq=1)
    db = sqlite3.connect(data)
    join_key = db.execute("SELECT join_key FROM room").fetchone()[0]
    db.close()
    places = {who: (10 * who, 10) for who in range(1, HONEST + 1)}
    return RunningWorkshop(runner, data, Target(running, number, join_key), leader, phones, places)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorkshop]:
    data = tmp_path_factory.mktemp("live") / "workshops.db"
    stack = AsyncExitStack()
    # They all come from this machine: more than a crowd of one machine may be.
    with live(data, "--per-address", "0") as running, asyncio.Runner() as runner:
        yield runner.run(begin(stack, running, data, runner))
        runner.run(stack.aclose())


def test_there_are_sixty_of_them() -> None:
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("name", ATTACKS)
def test_harms_nobody(name: str, hall: RunningWorkshop) -> None:
    async def play() -> None:
        await ATTACKS[name](hall.target)
        await hall.is_unharmed()

    hall.runner.run(play())
