"""A talk over plain HTTP with as little work a message as can be; speaks as :mod:`tests.live.wire` does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

# No answer for so long, and the talk is given up.
PATIENCE = 15.0


class Requests:
    """One connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, headers: str = "") -> tuple[int, bytes]:
        """Status and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{headers}"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.readuntil(b"\r\n\r\n")
            at = answer.lower().index(b"content-length:") + 15
            size = int(answer[at : answer.index(b"\r\n", at)])
            return int(answer[9:12]), await reader.readexactly(size)

    def abort(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].transport.abort()


class Talk:
    """A talk that goes on until it is closed: one request listens, one says."""

    def __init__(self, port: int, kind: str, heard: Callable[[bytes], None]) -> None:
        self._path = f"/talk/{kind}"
        self._heard = heard
        self._listening, self._saying = Requests(port), Requests(port)
        self._id = ""
        self._upto = 0
        self._to_say: list[str] = []
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.closed = False
        self.transport = self

    async def begin(self, hello: bytes) -> None:
        """Say hello, and go on by itself from there."""
        body = b'{"t":"talk_hello","hello":' + hello + b"}"
        self._take(*await self._listening.post(self._path, body))
        self._tasks = [asyncio.create_task(self._go_on(work)) for work in (self._listen, self._speak)]

    def say(self, payload: bytes) -> None:
        """Send a message with the next request."""
        self._to_say.append(payload.decode())
        self._news.set()

    def abort(self) -> None:
        """End it without a word."""
        self.closed = True
        for task in self._tasks:
            task.cancel()
        self._listening.abort()
        self._saying.abort()

    async def _go_on(self, work: Callable[[], Any]) -> None:
        with suppress(OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
            while not self.closed:
                await work()
        self.closed = True

    async def _listen(self) -> None:
        asked = {"t": "talk", "id": self._id, "after": self._upto}
        self._take(*await self._listening.post(self._path, json.dumps(asked).encode()))

    async def _speak(self) -> None:
        await self._news.wait()
        self._news.clear()
        while self._to_say:
            say, self._to_say = self._to_say[:40], self._to_say[40:]
            said = {"t": "talk", "id": self._id, "after": self._upto, "say": say}
            self._take(*await self._saying.post(self._path, json.dumps(said).encode()))

    def _take(self, status: int, body: bytes) -> None:
        assert status == 200, (status, body)
        answer = json.loads(body)
        self._id = answer["id"]
        messages, upto = answer["messages"], answer["upto"]
        for message in messages[max(0, self._upto - (upto - len(messages))) :]:
            self._heard(json.dumps(message, separators=(",", ":")).encode())
            if message["t"] == "bye":
                self.closed = True
        self._upto = max(self._upto, upto)


async def talk(port: int, kind: str, hello: bytes, heard: Callable[[bytes], None]) -> Talk:
    """A talk that said hello."""
    one = Talk(port, kind, heard)
    await one.begin(hello)
    return one
