"""A real server in a process of its own, and clients that speak with it as the pages do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 30.0


@dataclass
class Running:
    """A running ``maatwerk live``."""

    process: subprocess.Popen[str]
    port: int
    code: str
    token: str
    board_key: str
    said: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def live(data: Path, *arguments: str, port: int = 0) -> Iterator[Running]:
    """Run ``maatwerk live`` until the block ends."""
    command = [sys.executable, "-m", "maatwerk_app.cli", "live", "--lang", "nl", "--data", str(data)]
    command += ["--bind", "127.0.0.1", "--port", str(port), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _running(process)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def _running(process: subprocess.Popen[str]) -> Running:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if "maatwerk live wipe" in line:
            break
    stage = re.search(r":(\d+)/stage#(\w+)\.([\w-]+)", said)
    board = re.search(r"/board#\w+\.([\w-]+)", said)
    assert stage and board, said
    return Running(process, int(stage[1]), stage[2], stage[3], board[1], said)


@dataclass
class Client:
    """One connection. ``heard`` are all messages so far."""

    connection: WebSocketClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        while True:
            message = await self.connection.read_message()
            if message is None:
                self.closed = True
                self._news.set()
                return
            self.heard.append(json.loads(message))
            self._news.set()

    async def say(self, **message: object) -> None:
        await self.connection.write_message(json.dumps(message))

    async def until(self, kind: str, after: int = 0, **fields: object) -> dict[str, Any]:
        """The first message of this kind with these fields, among those after the first ``after``."""
        return await self.until_that(kind, lambda m: all(m.get(k) == v for k, v in fields.items()), after)

    async def until_that(
        self, kind: str, wanted: Callable[[dict[str, Any]], bool], after: int = 0
    ) -> dict[str, Any]:
        """The first message of this kind of which something is so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in self.heard[after:]:
                    if message["t"] == kind and wanted(message):
                        return message
                assert not self.closed, f"closed before {kind}: {self.heard[-3:]}"
                self._news.clear()
                await self._news.wait()

    async def until_closed(self) -> str:
        """Wait for the end; the value is the reason that was given, or nothing."""
        async with asyncio.timeout(PATIENCE):
            while not self.closed:
                self._news.clear()
                await self._news.wait()
        return str(self.heard[-1].get("reason", "")) if self.heard and self.heard[-1]["t"] == "bye" else ""

    async def command(self, t: str, **fields: object) -> dict[str, Any]:
        """A facilitator's command; the value is what the screen shows afterwards."""
        seen = len(self.heard)
        await self.say(t=t, version=self.version, **fields)
        await self.until("done", seen)
        return self.latest("stage")

    @property
    def version(self) -> int:
        return int(self.latest("stage")["board"]["version"])

    def latest(self, kind: str) -> dict[str, Any]:
        return next(message for message in reversed(self.heard) if message["t"] == kind)


class Told:
    """What somebody who follows a board was told, from another thread."""

    def __init__(self) -> None:
        self._news: Queue[dict[str, Any]] = Queue()

    def __call__(self, **news: Any) -> None:
        self._news.put(news)

    def until(self, name: str, wanted: Callable[[Any], object] = bool) -> Any:
        """The next value of this name of which something is so."""
        while True:
            news = self._news.get(timeout=PATIENCE)
            if name in news and wanted(news[name]):
                return news[name]


@asynccontextmanager
async def connected(address: str, kind: str, origin: str | None = None) -> AsyncIterator[Client]:
    """A connection that has said nothing yet."""
    headers = {"Origin": origin} if origin else {}
    url = f"{address.replace('http', 'ws')}ws/{kind}"
    connection = await websocket_connect(HTTPRequest(url, headers=headers, connect_timeout=PATIENCE))
    client = Client(connection)
    listening = asyncio.create_task(client.listen())
    try:
        yield client
    finally:
        connection.close()
        listening.cancel()


@asynccontextmanager
async def phone(running: Running, **hello: object) -> AsyncIterator[Client]:
    """A participant who is in."""
    async with connected(running.address, "phone") as client:
        await client.say(t="hello", v=1, code=running.code, **hello)
        await client.until("welcome")
        yield client


@asynccontextmanager
async def board(running: Running) -> AsyncIterator[Client]:
    """The board."""
    async with connected(running.address, "board") as client:
        await client.say(t="hello_board", v=1, code=running.code, key=running.board_key)
        await client.until("board")
        yield client


@asynccontextmanager
async def stage(running: Running) -> AsyncIterator[Client]:
    """The facilitator's screen."""
    async with connected(running.address, "stage") as client:
        await client.say(t="hello_stage", v=1, code=running.code, token=running.token)
        await client.until("stage")
        yield client
