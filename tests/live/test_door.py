"""Connections that are gone without a word, that never say who they are, or that do not read."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import maatwerk_live.server.connections
import maatwerk_live.server.sockets
import pytest
from maatwerk_live.server.connections import ConnectionManager
from maatwerk_live.server.server import serve
from tornado.testing import bind_unused_port
from wire import connect

HELLO = b'{"t":"hello","v":1,"code":"ABCDEF"}'


class WorkshopRegistry:
    """Lets everybody in, and writes down who left."""

    def __init__(self, door: ConnectionManager) -> None:
        self.door = door
        self.here: set[Any] = set()
        self.awake = True
        self.gone = asyncio.Event()

    @property
    def is_there(self) -> bool:
        return self.awake

    def arrived(self, conn: Any, hello: object, here: str, address: str) -> None:
        self.here.add(conn)
        self.door.admit(conn, 1, "phone", b'{"t":"welcome"}')

    def said(self, conn: Any, message: object) -> None:
        pass

    def left(self, conn: Any) -> None:
        self.here.discard(conn)
        self.gone.set()


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[WorkshopRegistry, int]]:
    """A registry with a door, and the port where that listens; closed at the end of the block."""
    door = ConnectionManager()
    registry = WorkshopRegistry(door)
    door.registry = registry
    http = serve(door)
    socket, port = bind_unused_port(address="127.0.0.1")
    http.add_socket(socket)
    try:
        yield registry, port
    finally:
        http.stop()
        await http.close_all_connections()


@asynccontextmanager
async def mute(hello: bytes | None) -> AsyncIterator[WorkshopRegistry]:
    """A door, and a connection that perhaps says hello, and then neither speaks, answers pings, nor reads."""
    async with opened() as (registry, port), silent(port, hello):
        yield registry


@asynccontextmanager
async def silent(port: int, hello: bytes | None) -> AsyncIterator[None]:
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    key = base64.b64encode(b"0" * 16).decode()
    writer.write(
        f"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    if hello:
        writer.write(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    try:
        yield
    finally:
        writer.transport.abort()


async def until_gone(registry: WorkshopRegistry) -> None:
    async with asyncio.timeout(30):
        await registry.gone.wait()
    assert not registry.here


def test_a_half_open_socket_is_pinged_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.server.sockets, "PING_EVERY", 0.1)

    async def play() -> None:
        async with mute(HELLO) as registry:
            await until_gone(registry)

    asyncio.run(play())


def test_who_answers_pings_stays_and_who_speaks_is_not_pinged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.server.sockets, "PING_EVERY", 0.05)

    async def play() -> None:
        async with opened() as (registry, port):
            wires = [await connect(port, "/ws/phone", lambda _said: None) for _ in range(2)]
            quiet, speaker = wires
            for wire in wires:
                wire.say(HELLO)
            while quiet.pings < 5:
                speaker.say(b'{"t":"place","seq":1,"round":1,"person":1,"group":1}')
                await asyncio.sleep(0.01)
            assert len(registry.here) == 2
            assert speaker.pings < quiet.pings
            for wire in wires:
                wire.transport.abort()

    asyncio.run(play())


def test_who_never_says_hello_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.server.sockets, "PATIENCE", 0.1)

    async def play() -> None:
        async with mute(None) as registry:
            await until_gone(registry)

    asyncio.run(play())


def test_a_slow_reader_is_cut_off_and_holds_nobody_up() -> None:
    async def play() -> None:
        async with mute(HELLO) as registry:
            while not registry.here:
                await asyncio.sleep(0.01)
            (conn,) = registry.here
            # More than the system's own buffers hold.
            for _ in range(200):
                registry.door.send(conn, b"x" * 60_000)
            await until_gone(registry)

    asyncio.run(play())


def test_too_many_strangers_are_not_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maatwerk_live.server.connections, "MOST_STRANGERS", 0)

    async def play() -> None:
        async with mute(HELLO) as registry:
            await asyncio.sleep(0.2)
            assert not registry.here

    asyncio.run(play())


def test_who_hears_nothing_else_hears_a_beat_and_who_hears_enough_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maatwerk_live.server.connections, "BEAT_EVERY", 0.2)

    async def play() -> None:
        async with opened() as (registry, port):
            heard: dict[str, list[bytes]] = {"quiet": [], "busy": []}
            wires = [await connect(port, "/ws/phone", theirs.append) for theirs in heard.values()]
            for wire in wires:
                wire.say(HELLO)
            while len(registry.here) < 2:
                await asyncio.sleep(0.01)
            while heard["quiet"].count(b'{"t":"beat"}') < 3:
                registry.door.send(max(registry.here), b'{"t":"ack","seq":1}')
                await asyncio.sleep(0.02)
            assert heard["busy"].count(b'{"t":"beat"}') == 0
            # A door without its registry lets nobody believe that all is well.
            registry.awake = False
            before = heard["quiet"].count(b'{"t":"beat"}')
            wires[0].say(b'{"t":"ping"}')
            await asyncio.sleep(0.6)
            assert heard["quiet"].count(b'{"t":"beat"}') == before
            for wire in wires:
                wire.transport.abort()

    asyncio.run(play())
