"""Phones that never give up, and a server that is killed.

``python -m tests.live.kill --kills 20 --phones 200`` does at length what ``test_kill.py`` does in short.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import random
import sqlite3
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from socket import create_server

from tests.live.clients import live, stage
from tests.live.talk import Talk, talk
from tests.live.wire import Wire, connect

PACE = 0.1
# All phones come from this machine: more than a crowd of one machine may be.
ALL = ("--per-address", "0")


class Stubborn:
    """A phone that keeps what was not acknowledged, comes back by itself, and sends it again."""

    def __init__(self, port: int, code: str, number: int, transport: str = "socket") -> None:
        self.port, self.code, self.transport = port, code, transport
        self.chance = random.Random(number)
        self.secret = ""
        self.seq = 0
        self.waiting: dict[int, tuple[int, int]] = {}
        self.acknowledged: dict[int, tuple[int, int]] = {}
        self.returns = 0
        self.resent = 0
        self.voting = True
        self._welcome: asyncio.Future[dict[str, object]]

    def heard(self, payload: bytes) -> None:
        message = json.loads(payload)
        if message["t"] == "welcome":
            self.secret = message.get("secret", self.secret)
            self._acked(message["seq"])
            self._welcome.set_result(message)
        elif message["t"] == "ack":
            self._acked(message["seq"])

    def _acked(self, upto: int) -> None:
        for seq in [seq for seq in self.waiting if seq <= upto]:
            self.acknowledged[seq] = self.waiting.pop(seq)

    async def take_part(self) -> None:
        while self.voting or self.waiting:
            with suppress(OSError, TimeoutError, EOFError):
                async with asyncio.timeout(20):
                    wire = await self._come_in()
                await self._vote(wire)
            await asyncio.sleep(0.1 + 0.2 * self.chance.random())

    async def _come_in(self) -> Wire | Talk:
        self._welcome = asyncio.get_running_loop().create_future()
        said = {"t": "hello", "v": 1, "code": self.code} | ({"secret": self.secret} if self.secret else {})
        hello = json.dumps(said).encode()
        wire: Wire | Talk
        if self.transport == "socket":
            wire = await connect(self.port, "/ws/phone", self.heard)
            wire.say(hello)
        else:
            wire = await talk(self.port, "phone", hello, self.heard)
        await self._welcome
        for seq in sorted(self.waiting):
            self.resent += 1
            self._send(wire, seq)
        self.returns += 1
        return wire

    async def _vote(self, wire: Wire | Talk) -> None:
        while not wire.closed and (self.voting or self.waiting):
            await asyncio.sleep(PACE * (0.5 + self.chance.random()))
            if self.voting and not wire.closed:
                self.seq += 1
                self.waiting[self.seq] = (self.chance.randint(0, 100), self.chance.randint(0, 100))
                self._send(wire, self.seq)
        wire.transport.abort()

    def _send(self, wire: Wire | Talk, seq: int) -> None:
        person, group = self.waiting[seq]
        message = {"t": "place", "seq": seq, "round": 1, "person": person, "group": group}
        wire.say(json.dumps(message).encode())


async def survive(data: Path, kills: int, people: int, transport: str = "socket") -> list[Stubborn]:
    """Kill the server so many times while so many people vote; all are acknowledged in the end."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with live(data, *ALL, port=port) as running:
        async with stage(running) as leader:
            await leader.command("open", case="scootmobiel")
        phones = [Stubborn(port, running.code, number, transport) for number in range(people)]
        votes = [asyncio.create_task(one.take_part()) for one in phones]
        await _all_voted(phones, 1)
        await asyncio.to_thread(running.kill)
    for kill in range(2, kills + 2):
        with live(data, *ALL, port=port) as running:
            assert running.code == phones[0].code, "it did not go on"
            await _all_voted(phones, kill)
            if kill <= kills:
                await asyncio.sleep(0.3 * random.random())
                await asyncio.to_thread(running.kill)
                continue
            for one in phones:
                one.voting = False
            async with asyncio.timeout(120):
                await asyncio.gather(*votes)
    return phones


async def _all_voted(phones: list[Stubborn], returns: int) -> None:
    """Wait until everybody is back and a vote of theirs was acknowledged since."""
    before = [len(one.acknowledged) for one in phones]
    async with asyncio.timeout(120):
        while any(
            one.returns < returns or len(one.acknowledged) <= count
            for one, count in zip(phones, before, strict=True)
        ):
            await asyncio.sleep(0.05)


def check(data: Path, phones: list[Stubborn]) -> int:
    """Every acknowledged vote is there, as it was given, and none is there twice; the value is how many."""
    db = sqlite3.connect(data)
    kept = [(who, json.loads(act)) for who, act in db.execute("SELECT who, act FROM happened ORDER BY id")]
    db.close()
    times = Counter((who, act.get("seq")) for who, act in kept if who)
    assert [key for key, count in times.items() if count > 1] == []
    votes = {(who, act["seq"]): (act["person"], act["group"]) for who, act in kept if act["t"] == "place"}
    who_has = {act["digest"]: who for who, act in kept if act["t"] == "join"}
    for one in phones:
        who = who_has[_digest(one.secret)]
        assert not one.waiting
        assert one.acknowledged == {seq: place for (person, seq), place in votes.items() if person == who}
    assert len(who_has) >= len(phones)
    return len(votes)


def _digest(secret: str) -> str:
    return base64.b64encode(hashlib.sha256(secret.encode()).digest()[:16]).decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--transport", choices=("socket", "http"), default="socket")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "workshops.db"
        phones = asyncio.run(survive(data, asked.kills, asked.phones, asked.transport))
        votes = check(data, phones)
    again = sum(one.resent for one in phones)
    print(f"{asked.kills} kills, {asked.phones} phones: {votes:,} votes acknowledged, all kept, none twice.")
    print(f"{again:,} were sent again.")


if __name__ == "__main__":
    main()
