"""How much the live workshop bears: ``python -m benchmarks.live``. One run prints everything.

On loopback, with the server and the phones each in a process of their own: how long an answer takes from a
phone to the board, and its acknowledgement back; what that costs the server, and whether every answer was
kept; over websockets and over plain HTTP. Beside it a bare Tornado fan-in, Voilà with a notebook of two
sliders, and the same hall under attack. ``--short`` is a trial run.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import psutil

from benchmarks.phones import Board, Phone, Sent, come_in, drag
from benchmarks.voila import measure_voila
from tests.live.clients import Running, live, stage
from tests.live.hostile import ATTACKS
from tests.live.wire import connect

LOADS: tuple[tuple[int, float], ...] = ((10, 5), (100, 5), (1_000, 5), (5_000, 1), (10_000, 0.5))
# Where no websocket gets through, over plain HTTP.
OVER_HTTP = (1_000, 1.0)
# All phones come from this machine, and are more than a workshop usually holds.
ALL = ("--per-address", "0", "--people", "20000")
SECONDS = 30.0
BARE_PORT = 8798
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Result:
    """One load: ``cpu`` in parts of a core, memory in megabytes, and in kilobytes ``per_person``."""

    people: int
    rate: float
    latencies: Sequence[float]
    acks: Sequence[float]
    cpu: float
    megabytes: float
    per_person: float
    kept: str

    def line(self, name: str) -> str:
        p50, p95, p99 = (1000 * quantile(self.latencies, part) for part in (0.50, 0.95, 0.99))
        acks = f"  acks p99 {1000 * quantile(self.acks, 0.99):6.1f} ms" if self.acks else ""
        return (
            f"{name:<10} {self.people:>6} × {self.rate:g}/s"
            f"   p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms{acks}   CPU {100 * self.cpu:5.1f}%"
            f"   {self.megabytes:6.1f} MB ({self.per_person:5.1f} kB each)   {self.kept}"
        )


@dataclass(frozen=True)
class RunningWorkshop:
    """Our server, filled: ``empty`` is what it held before anybody came."""

    running: Running
    process: psutil.Process
    empty: float
    round_id: int
    phones: list[Phone]
    sent: Sent

    @property
    def hello(self) -> bytes:
        """The board's."""
        running = self.running
        hello = {"t": "hello_board", "v": 1, "code": running.code, "key": running.board_key}
        return json.dumps(hello).encode()


def quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def memory(process: psutil.Process) -> float:
    """What a process holds, shared pages counted by share, in bytes."""
    return float(process.memory_full_info().pss)


async def measure(
    process: psutil.Process,
    port: int,
    phones: list[Phone],
    empty: float,
    rate: float,
    seconds: float,
    round_id: int,
    hello: bytes,
    sent: Sent,
) -> Result:
    """Draw on a board while everybody drags."""
    board = Board(sent)
    wire = await connect(port, "/ws/board", board.heard)
    if hello:
        wire.say(hello)
    await asyncio.sleep(1)
    await drag(phones, rate, min(2, seconds), round_id)
    await asyncio.sleep(1)
    board.latencies.clear()
    for phone in phones:
        phone.acks.clear()
    before, began = process.cpu_times(), monotonic()
    await drag(phones, rate, seconds, round_id)
    took = monotonic() - began
    after = process.cpu_times()
    await asyncio.sleep(2)
    cpu = (after.user + after.system - before.user - before.system) / took
    held = memory(process)
    each = (held - empty) / len(phones) / 1024
    acks = [one for phone in phones for one in phone.acks]
    return Result(len(phones), rate, board.latencies, acks, cpu, held / MEGABYTE, each, "")


@asynccontextmanager
async def hall(people: int, data: Path, transport: str = "socket") -> AsyncIterator[RunningWorkshop]:
    """Our server with an open round in which everybody placed once; in the end all is acknowledged."""
    with live(data, *ALL) as running:
        process = psutil.Process(running.process.pid)
        empty = memory(process)
        async with stage(running) as leader:
            shown = await leader.command("open", case="scootmobiel", asks=["place", "argue"], hidden=False)
        round_id = shown["board"]["round"]["id"]
        sent = Sent()
        phones = await come_in(running.port, running.code, people, sent, transport)
        for phone in phones:
            phone.place(round_id)
        await until_acked(phones)
        yield RunningWorkshop(running, process, empty, round_id, phones, sent)
        await until_acked(phones)
        for phone in phones:
            phone.wire.transport.abort()


async def measure_ours(
    people: int, rate: float, seconds: float, folder: Path, transport: str = "socket"
) -> Result:
    data = folder / f"{people}-{transport}.db"
    async with hall(people, data, transport) as ours:
        result = await measure(
            ours.process,
            ours.running.port,
            ours.phones,
            ours.empty,
            rate,
            seconds,
            ours.round_id,
            ours.hello,
            ours.sent,
        )
        lost = sum(phone.wire.closed for phone in ours.phones)
    sent = sum(phone.seq for phone in ours.phones)
    note = f"{places_kept(data):,} of {sent:,} kept" + (f", {lost} connections lost" if lost else "")
    return replace(result, kept=note)


def places_kept(data: Path) -> int:
    db = sqlite3.connect(data)
    (count,) = db.execute('SELECT count(*) FROM happened WHERE act LIKE \'{"t":"place"%\'').fetchone()
    db.close()
    return int(count)


async def measure_hostile(people: int, rate: float, seconds: float, folder: Path) -> None:
    """The same hall twice: in peace, and while all hostile clients of the tests go at it."""
    data = folder / "hostile.db"
    async with hall(people, data) as ours:
        measured = (
            ours.process,
            ours.running.port,
            ours.phones,
            ours.empty,
            rate,
            seconds,
            ours.round_id,
            ours.hello,
            ours.sent,
        )
        calm = await measure(*measured)
        with attackers(ours, data):
            attacked = await measure(*measured)
        lost = sum(phone.wire.closed for phone in ours.phones)
    print(replace(calm, kept="in peace").line("maatwerk"))
    print(replace(attacked, kept=f"{len(ATTACKS)} attacks, {lost} connections lost").line("attacked"))
    ratio = quantile(attacked.latencies, 0.99) / quantile(calm.latencies, 0.99)
    print(f"{'':<10} p99 {ratio:.2f} × in peace", flush=True)


@contextmanager
def attackers(ours: RunningWorkshop, data: Path) -> Iterator[None]:
    db = sqlite3.connect(data)
    (join_key,) = db.execute("SELECT join_key FROM room").fetchone()
    db.close()
    running = ours.running
    keys = {
        "port": running.port,
        "code": running.code,
        "token": running.token,
        "board_key": running.board_key,
    }
    command = [sys.executable, "-m", "benchmarks.attackers", json.dumps(keys), str(ours.round_id), join_key]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


async def until_acked(phones: list[Phone]) -> None:
    async with asyncio.timeout(60):
        while any(phone.acked < phone.seq for phone in phones):
            await asyncio.sleep(0.1)


async def measure_bare(people: int, rate: float, seconds: float) -> Result:
    with bare() as process:
        empty = memory(process)
        sent = Sent()
        phones = await come_in(BARE_PORT, "", people, sent)
        for phone in phones:
            phone.place(1)
        await asyncio.sleep(1)
        result = await measure(process, BARE_PORT, phones, empty, rate, seconds, 1, b"", sent)
        for phone in phones:
            phone.wire.transport.abort()
    return replace(result, acks=(), kept="keeps nothing")


@contextmanager
def bare() -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "benchmarks.bare", str(BARE_PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            yield psutil.Process(process.pid)
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="5 s a load")
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--only", choices=("load", "http", "hostile", "voila"), action="append")
    parser.add_argument("--most", type=int, default=0, help="no load of more phones than this")
    asked = parser.parse_args()
    seconds = asked.seconds or (5.0 if asked.short else SECONDS)
    parts = asked.only or ("load", "http", "hostile", "voila")
    # A pause of ours would count as one of the server.
    gc.disable()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} at the start, {seconds:g} s each")
    ours: list[Result] = []
    if "load" in parts:
        with tempfile.TemporaryDirectory() as folder:
            for people, rate in LOADS:
                if asked.most and people > asked.most:
                    continue
                result = asyncio.run(measure_ours(people, rate, seconds, Path(folder)))
                ours.append(result)
                print(result.line("maatwerk"), flush=True)
                against = asyncio.run(measure_bare(people, rate, seconds))
                print(against.line("bare"), flush=True)
                cpu, held = result.cpu / against.cpu, result.per_person / against.per_person
                print(f"{'':<10} CPU {cpu:.2f} × bare, memory a phone {held:.2f} ×", flush=True)
    if "http" in parts:
        with tempfile.TemporaryDirectory() as folder:
            result = asyncio.run(measure_ours(*OVER_HTTP, seconds, Path(folder), "http"))
            print(result.line("over HTTP"), flush=True)
    if "hostile" in parts:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure_hostile(200, 5, seconds, Path(folder)))
    if "voila" in parts:
        measure_voila((1, 3) if asked.short else (1, 10, 25), ours[-2].per_person if ours else None)


if __name__ == "__main__":
    main()
