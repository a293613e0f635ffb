"""The calls between doors and the registry over Redis, so that doors can be processes or machines of their
own.

Redis and not PostgreSQL: all that is needed is passing messages on, in order, to who listens. Redis does that
for messages of any size and writes nothing; PostgreSQL's NOTIFY takes at most 8,000 bytes, and a commit each.
Nothing is kept here: the registry keeps everything in its own file before it acknowledges it.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec import Struct

from maatwerk_live.core.batch import Conn
from maatwerk_live.core.protocol import Farewell, FromPhone, FromStage
from maatwerk_live.server.bus import AnyHello, Kind, ToConnections, ToRegistry

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.client import PubSub

HOUSE = "maatwerk:registry"
DOORS = "maatwerk:doors"
# Calls wait this long for others to go with, in seconds.
TOGETHER = 0.005
# How often the registry says that it is there, and how long a door waits for that, in seconds.
ALIVE_EVERY = 2.0
GONE_AFTER = 7.0


class BusError(RuntimeError):
    """The bus cannot be used: ``reason`` says why; empty when the extension for it is missing."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(url, reason)


class _Call(Struct, frozen=True, tag_field="t", array_like=True):
    """One call of :class:`~maatwerk_live.server.bus.ToRegistry` or
    :class:`~maatwerk_live.server.bus.ToConnections`."""


class Arrived(_Call, frozen=True, tag="arrived"):
    conn: Conn
    hello: AnyHello
    here: str
    address: str


class Said(_Call, frozen=True, tag="said"):
    conn: Conn
    message: FromPhone | FromStage


class Left(_Call, frozen=True, tag="left"):
    conn: Conn


class Admit(_Call, frozen=True, tag="admit"):
    conn: Conn
    room: int
    kind: Kind
    welcome: bytes


class Send(_Call, frozen=True, tag="send"):
    conn: Conn
    payload: bytes


class Dismiss(_Call, frozen=True, tag="dismiss"):
    conn: Conn
    reason: Farewell


class Acks(_Call, frozen=True, tag="acks"):
    acks: list[tuple[Conn, int]]


class Cast(_Call, frozen=True, tag="cast"):
    room: int
    kind: Kind
    payload: bytes


class Alive(_Call, frozen=True, tag="alive"):
    """The registry is there. A door that hears nothing of it lets no page believe that all is well."""


class NewRegistry(_Call, frozen=True, tag="new_house"):
    """The registry started anew and knows no connection: all come in again."""


ForHouse: TypeAlias = Arrived | Said | Left
ForDoors: TypeAlias = Admit | Send | Dismiss | Acks | Cast | NewRegistry | Alive
_FOR_HOUSE: msgspec.msgpack.Decoder[list[ForHouse]] = msgspec.msgpack.Decoder(list[ForHouse])
_FOR_DOORS: msgspec.msgpack.Decoder[list[ForDoors]] = msgspec.msgpack.Decoder(list[ForDoors])


def door_channel(number: int) -> str:
    """What one door listens to, beside what all doors hear."""
    return f"maatwerk:door:{number}"


class RedisChannel:
    """A connection to Redis that speaks in batches and hears in order."""

    def __init__(self, url: str) -> None:
        try:
            from redis.asyncio import Redis
        except ImportError:
            raise BusError(url, "") from None
        self._url = url
        try:
            self._redis: Redis = Redis.from_url(url)
        except ValueError as error:
            raise BusError(url, str(error)) from None
        self._waiting: dict[str, list[_Call]] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def hear(self, channels: Sequence[str], heard: Callable[[bytes], None]) -> None:
        """Listen, from now on.

        Raises
        ------
        BusError
            When Redis cannot be reached.
        """
        from redis.exceptions import RedisError

        pubsub = self._redis.pubsub(ignore_subscribe_messages=True)
        try:
            await pubsub.subscribe(*channels)
        except (RedisError, OSError) as error:
            raise BusError(self._url, str(error)) from None
        self._hearing = asyncio.create_task(self._hear(pubsub, heard))

    async def _hear(self, pubsub: PubSub, heard: Callable[[bytes], None]) -> None:
        from redis.exceptions import RedisError

        while True:
            try:
                # A lost connection is made again, with its channels, by the next call.
                message = await pubsub.get_message(timeout=None)
            except (RedisError, OSError):
                await asyncio.sleep(1)
                continue
            if message:
                heard(message["data"])

    def say(self, channel: str, call: _Call) -> None:
        """Send a call, together with others of this moment."""
        self._waiting.setdefault(channel, []).append(call)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        from redis.exceptions import RedisError

        await asyncio.sleep(TOGETHER)
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            for channel, calls in waiting.items():
                try:
                    await self._redis.publish(channel, msgspec.msgpack.encode(calls))
                except (RedisError, OSError):
                    # Lost, as a phone's message may be: what is not acknowledged is sent again.
                    await asyncio.sleep(0.1)
        self._flushing = None

    async def close(self) -> None:
        """Send what is waiting and hang up."""
        if self._flushing:
            await self._flushing
        if self._hearing:
            self._hearing.cancel()
        await self._redis.aclose()


class RemoteConnections:
    """All doors, as the registry sees them: see :class:`~maatwerk_live.server.bus.ToConnections`."""

    registry: ToRegistry

    def __init__(self, url: str) -> None:
        self._line = RedisChannel(url)
        self._alive: asyncio.Task[None] | None = None

    async def start(self, registry: ToRegistry) -> None:
        """Begin to listen for the registry, and let all doors know.

        Raises
        ------
        BusError
            When Redis cannot be reached.
        """
        self.registry = registry
        await self._line.hear([HOUSE], self._heard)
        self._line.say(DOORS, NewRegistry())
        self._alive = asyncio.create_task(self._say_alive())

    async def _say_alive(self) -> None:
        while True:
            await asyncio.sleep(ALIVE_EVERY)
            self._line.say(DOORS, Alive())

    async def close(self) -> None:
        """Hang up."""
        if self._alive:
            self._alive.cancel()
        await self._line.close()

    def _heard(self, data: bytes) -> None:
        for call in _FOR_HOUSE.decode(data):
            match call:
                case Arrived(conn, hello, here, address):
                    self.registry.arrived(conn, hello, here, address)
                case Said(conn, message):
                    self.registry.said(conn, message)
                case Left(conn):
                    self.registry.left(conn)

    def admit(self, conn: Conn, room: int, kind: Kind, welcome: bytes) -> None:
        """Let a connection in, and say so to it."""
        self._line.say(door_channel(conn[0]), Admit(conn, room, kind, welcome))

    def send(self, conn: Conn, payload: bytes) -> None:
        """Say something to one connection."""
        self._line.say(door_channel(conn[0]), Send(conn, payload))

    def dismiss(self, conn: Conn, reason: Farewell) -> None:
        """Say goodbye to a connection and close it."""
        self._line.say(door_channel(conn[0]), Dismiss(conn, reason))

    def acks(self, acks: Sequence[tuple[Conn, int]]) -> None:
        """Tell phones up to where their messages are kept."""
        by_door: dict[int, list[tuple[Conn, int]]] = {}
        for conn, seq in acks:
            by_door.setdefault(conn[0], []).append((conn, seq))
        for door, theirs in by_door.items():
            self._line.say(door_channel(door), Acks(theirs))

    def cast(self, room: int, kind: Kind, payload: bytes) -> None:
        """Say something to all connections of a kind in a room."""
        self._line.say(DOORS, Cast(room, kind, payload))


class RemoteRegistry:
    """The registry, as a door sees it: see :class:`~maatwerk_live.server.bus.ToRegistry`."""

    def __init__(self, url: str) -> None:
        self.number = secrets.randbits(52)
        # Set as soon as this door heard of a registry that started.
        self.found = asyncio.Event()
        self._heard_at = time.monotonic()
        self._line = RedisChannel(url)

    async def start(self, doors: ToConnections, everybody_again: Callable[[], None]) -> None:
        """Begin to listen for this door.

        Raises
        ------
        BusError
            When Redis cannot be reached.
        """
        self._doors = doors
        self._everybody_again = everybody_again
        await self._line.hear([DOORS, door_channel(self.number)], self._heard)

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    @property
    def is_there(self) -> bool:
        """Whether anything was heard of the registry lately."""
        return time.monotonic() - self._heard_at < GONE_AFTER

    def _heard(self, data: bytes) -> None:
        self._heard_at = time.monotonic()
        for call in _FOR_DOORS.decode(data):
            match call:
                case Admit(conn, room, kind, welcome):
                    self._doors.admit(conn, room, kind, welcome)
                case Send(conn, payload):
                    self._doors.send(conn, payload)
                case Dismiss(conn, reason):
                    self._doors.dismiss(conn, reason)
                case Acks(acks):
                    self._doors.acks(acks)
                case Cast(room, kind, payload):
                    self._doors.cast(room, kind, payload)
                case Alive():
                    pass
                case NewRegistry():
                    self.found.set()
                    self._everybody_again()

    def arrived(self, conn: Conn, hello: AnyHello, here: str, address: str) -> None:
        """Somebody says who they are."""
        self._line.say(HOUSE, Arrived(conn, hello, here, address))

    def said(self, conn: Conn, message: FromPhone | FromStage) -> None:
        """Somebody who was let in says something."""
        self._line.say(HOUSE, Said(conn, message))

    def left(self, conn: Conn) -> None:
        """A connection is gone."""
        self._line.say(HOUSE, Left(conn))
