"""More doors than one, over a real Redis: said at one, drawn at another, and a new registry loses nothing."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.live.clients import Running, board, connected, live, phone, stage


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Debian's Redis, which keeps nothing; the value is its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("Redis is missing. On Debian or Ubuntu: apt-get install -y redis-server", pytrace=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()


@contextmanager
def extra_door(url: str) -> Iterator[int]:
    """A door in a process of its own; the value is its port."""
    command = [sys.executable, "-m", "maatwerk_app.cli", "live", "--lang", "en", "door", "--bus", url]
    command += ["--bind", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline().split("port ")[1].split(",")[0])
        finally:
            process.terminate()


def test_a_hall_with_two_doors_survives_a_new_house(tmp_path: Path) -> None:
    async def before(here: Running, there: Running) -> list[str]:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(stage(here))
            screen = await stack.enter_async_context(board(there))
            phones = [await stack.enter_async_context(phone(door)) for door in (here, there) * 3]
            number = (await leader.command("open", case="scootmobiel", hidden=False))["board"]["round"]["id"]
            for one in phones:
                await one.until("state", phase="open")
                await one.say(t="place", seq=1, round=number, person=10, group=90)
            for one in phones:
                await one.until("ack", seq=1)
            await screen.until("board", placed=6)
            for one in phones:
                await one.say(t="place", seq=2, round=number, person=20, group=80)
            for one in phones:
                await one.until("ack", seq=2)
            drawn = await screen.until_that("tick", lambda m: m.get("dots"))
            assert {(80, 20)} == {
                tuple(drawn["dots"][at + 1 : at + 3]) for at in range(0, len(drawn["dots"]), 3)
            }
            # As if in the middle of a round: no goodbye, and the doors stay.
            await asyncio.to_thread(here.kill)
            return [one.latest("welcome")["secret"] for one in phones]

    async def after(here: Running, there: Running, secrets: list[str], left: asyncio.Task[str]) -> None:
        assert await left == "again"
        for door, secret in zip((here, there) * 3, secrets, strict=True):
            async with phone(door, secret=secret) as back:
                welcome = back.latest("welcome")
                assert welcome["mine"]["place"] == [20, 80]
                assert welcome["seq"] == 2

    async def play(url: str, port: int) -> None:
        data = tmp_path / "workshops.db"
        with live(data, "--bus", url) as here:
            there = replace(here, port=port)
            secrets = await before(here, there)
        async with AsyncExitStack() as stack:
            # This one is at the extra door while there is no registry, until there is a new one.
            waiting = await stack.enter_async_context(connected(there.address, "phone"))
            left = asyncio.create_task(waiting.until_closed())
            with live(data, "--bus", url) as here:
                assert here.code == there.code
                await after(here, there, secrets, left)

    with redis_server(tmp_path) as url, extra_door(url) as port:
        asyncio.run(play(url, port))
