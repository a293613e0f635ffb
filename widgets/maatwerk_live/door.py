"""The websockets: who speaks what, how much, and how fast. Knows nothing of workshops; the house does."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import ClassVar, TypeAlias

from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError
from tornado.websocket import WebSocketHandler

from maatwerk_live.bus import Kind, ToHouse
from maatwerk_live.limits import Bucket
from maatwerk_live.protocol import (
    LARGEST_FROM_PHONE,
    LARGEST_FROM_STAGE,
    Ack,
    Bye,
    Farewell,
    FromPhone,
    FromStage,
    Hello,
    HelloBoard,
    HelloStage,
    MessageError,
    Refused,
    read_command,
    read_from_phone,
    read_hello,
    write,
)
from maatwerk_live.turn import Conn

# Messages that one connection may send: a second, and in a burst.
RATE = 20
BURST = 40
# So many messages that cannot be read, and the connection is closed.
MOST_UNREADABLE = 10
# Seconds to say hello in.
PATIENCE = 10.0
# Connections that have not said hello yet.
MOST_STRANGERS = 2_000
# Bytes that wait for a slow reader, before it is cut off: it comes back and gets the whole anew.
LONGEST_BACKLOG = {"phone": 128 * 1024, "board": 1024 * 1024, "stage": 1024 * 1024}
# Pings find connections that are gone without a word, and keep idle ones open in routers that forget them.
# Tornado would ping everybody, with a task for each: in a hall of thousands that costs too much.
PING_EVERY = 25.0
PING = b"\x89\x00"
# So many phones a beat hear up to where their messages are kept: in a small hall at once; where thousands
# drag at the same time a few seconds later, for many messages together.
ACKS_A_BEAT = 50
ACK_BEAT = 0.05
# Connections spoken to in one go, before others get a turn.
AT_ONCE = 100

Group: TypeAlias = tuple[int, Kind]


class Door:
    """All websockets of one process.

    Parameters
    ----------
    number : int
        Which door this is.
    house : ToHouse
        Who hears what is said. Set later where the house needs the door first.
    """

    house: ToHouse

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self._sockets: dict[int, Socket] = {}
        self._groups: dict[Group, dict[int, Socket]] = {}
        self._last = 0
        self._strangers = 0
        # By connection; who waits longest comes first, also when more was kept since.
        self._due: dict[int, int] = {}
        self._ack_timer: asyncio.TimerHandle | None = None
        self._latest: dict[Group, bytes] = {}
        self._casting: dict[Group, asyncio.Task[None]] = {}

    # --- For sockets -----------------------------------------------------------------------------------

    def enter(self, socket: Socket) -> bool:
        """A new connection; ``False`` when there are too many that did not say who they are."""
        if self._strangers >= MOST_STRANGERS:
            return False
        self._strangers += 1
        self._last += 1
        socket.conn = (self.number, self._last)
        self._sockets[self._last] = socket
        return True

    def introduced(self) -> None:
        """A connection said hello, or left before it did."""
        self._strangers -= 1

    def leave(self, socket: Socket) -> None:
        """A connection is gone."""
        number = socket.conn[1]
        if self._sockets.pop(number, None) is None:
            return
        if socket.group and socket.group in self._groups:
            self._groups[socket.group].pop(number, None)
            if not self._groups[socket.group]:
                del self._groups[socket.group]
        self._due.pop(number, None)
        self.house.left(socket.conn)

    # --- For the house: see maatwerk_live.bus.ToDoors --------------------------------------------------

    def admit(self, conn: Conn, room: int, kind: Kind, welcome: bytes) -> None:
        """Let a connection in, and say so to it."""
        socket = self._sockets.get(conn[1])
        if socket:
            socket.group = (room, kind)
            self._groups.setdefault(socket.group, {})[conn[1]] = socket
            socket.push(frame(welcome))

    def send(self, conn: Conn, payload: bytes) -> None:
        """Say something to one connection."""
        socket = self._sockets.get(conn[1])
        if socket:
            socket.push(frame(payload))

    def dismiss(self, conn: Conn, reason: Farewell) -> None:
        """Say goodbye to a connection and close it."""
        socket = self._sockets.get(conn[1])
        if socket:
            socket.part(reason)

    def acks(self, acks: Sequence[tuple[Conn, int]]) -> None:
        """Tell phones up to where their messages are kept; soon, perhaps together with later ones."""
        for (_, number), seq in acks:
            self._due[number] = seq
        if self._due and self._ack_timer is None:
            self._tell_acks()

    def cast(self, room: int, kind: Kind, payload: bytes) -> None:
        """Say something to all connections of a kind in a room."""
        group = (room, kind)
        if kind != "phone":
            packed = frame(payload)
            for socket in list(self._groups.get(group, {}).values()):
                socket.push(packed)
            return
        # There are many phones, and only the latest state counts: whoever was not told yet hears that one.
        self._latest[group] = frame(payload)
        if group not in self._casting:
            self._casting[group] = asyncio.create_task(self._tell_phones(group))

    def everybody_again(self) -> None:
        """Let all connections come in anew."""
        for socket in list(self._sockets.values()):
            socket.part("again")

    async def _tell_phones(self, group: Group) -> None:
        try:
            while (packed := self._latest.get(group)) is not None:
                sockets = list(self._groups.get(group, {}).values())
                for start in range(0, len(sockets), AT_ONCE):
                    for socket in sockets[start : start + AT_ONCE]:
                        socket.push(self._latest[group])
                    await asyncio.sleep(0)
                if self._latest[group] is packed:
                    del self._latest[group]
        finally:
            del self._casting[group]

    def _tell_acks(self) -> None:
        for number in list(islice(self._due, ACKS_A_BEAT)):
            seq = self._due.pop(number)
            if number in self._sockets:
                self._sockets[number].push(frame(write(Ack(seq))))
        loop = asyncio.get_running_loop()
        self._ack_timer = loop.call_later(ACK_BEAT, self._tell_acks) if self._due else None


class Socket(WebSocketHandler):
    """One websocket. Nobody logs in; what it may hear is settled by its first message."""

    kind: ClassVar[Kind]
    first: ClassVar[type]
    largest: ClassVar[int] = LARGEST_FROM_PHONE

    conn: Conn = (0, 0)
    group: Group | None = None

    def initialize(self, door: Door, here: Callable[[WebSocketHandler], str]) -> None:
        """Called by Tornado with what the route gives."""
        self._door = door
        self._here = here
        self._met = False
        self._unreadable = 0
        self._bucket = Bucket(RATE, BURST, time.monotonic())
        self._impatient: asyncio.TimerHandle | None = None
        # How often in a row nothing was heard when it was looked at, and when it will be again.
        self._silent = 0
        self._look: asyncio.TimerHandle | None = None

    @property
    def max_message_size(self) -> int:
        """In bytes; a larger one closes the connection."""
        return self.largest

    @property
    def ping_interval(self) -> float:
        """None of Tornado's, whatever the server it runs in says."""
        return 0.0

    def open(self, *args: str, **kwargs: str) -> None:
        """Called by Tornado when the connection stands."""
        if not self._door.enter(self):
            self.close(1013)
            return
        self.set_nodelay(True)
        self._stream().max_write_buffer_size = LONGEST_BACKLOG[self.kind]
        loop = asyncio.get_running_loop()
        self._impatient = loop.call_later(PATIENCE, self._stranger_leaves)
        self._look = loop.call_later(PING_EVERY, self._see_whether_here)

    def on_message(self, message: str | bytes) -> None:
        """Called by Tornado for each message."""
        if self.ws_connection is None:
            return
        self._silent = 0
        if not self._bucket.take(time.monotonic()):
            self.cut_off()
            return
        try:
            if self._met:
                self._hear(message)
            else:
                self._meet(message)
        except MessageError:
            self._unreadable += 1
            if self._unreadable >= MOST_UNREADABLE or not self._met:
                self.part("again" if self._met else "forbidden")
            else:
                self.push(frame(write(Refused(0, "bad_message"))))

    def on_ping(self, data: bytes) -> None:
        """Called by Tornado for each ping, which it answers: a message like any other."""
        self._silent = 0
        if self.ws_connection is not None and not self._bucket.take(time.monotonic()):
            self.cut_off()

    def on_pong(self, data: bytes) -> None:
        """Called by Tornado for each pong."""
        self.on_ping(data)

    def on_close(self) -> None:
        """Called by Tornado when the connection is gone."""
        self._settle()
        if self._look:
            self._look.cancel()
        self._door.leave(self)

    def _see_whether_here(self) -> None:
        """Ask who says nothing; cut off who does not answer that either."""
        if self._silent > 1:
            self.cut_off()
            return
        if self._silent:
            self.push(PING)
        self._silent += 1
        self._look = asyncio.get_running_loop().call_later(PING_EVERY, self._see_whether_here)

    def _meet(self, message: str | bytes) -> None:
        hello = read_hello(message)
        if not isinstance(hello, self.first):
            raise MessageError("another hello is needed here")
        self._met = True
        self._settle()
        self._door.house.arrived(self.conn, hello, self._here(self))

    def _hear(self, message: str | bytes) -> None:
        self._door.house.said(self.conn, self.read(message))

    def read(self, message: str | bytes) -> FromPhone | FromStage:
        """What this kind of connection may say once it is in: nothing."""
        raise MessageError("nothing is asked here")

    def _settle(self) -> None:
        """No stranger any more."""
        if self._impatient:
            self._impatient.cancel()
            self._impatient = None
            self._door.introduced()

    def _stranger_leaves(self) -> None:
        self._settle()
        self.cut_off()

    def push(self, packed: bytes) -> None:
        """Send a frame. Who reads too slowly is cut off, comes back, and gets the whole anew."""
        if self.ws_connection is None or self.ws_connection.is_closing():
            return
        try:
            self._stream().write(packed)
        except StreamBufferFullError:
            self.cut_off()
        except StreamClosedError:
            pass

    def cut_off(self) -> None:
        """Close at once, without a word: who floods, or does not read, would not hear it."""
        self._stream().close()

    def part(self, reason: Farewell) -> None:
        """Say goodbye and close."""
        self.push(frame(write(Bye(reason))))
        self.close(1000)

    def _stream(self) -> IOStream:
        stream = self.ws_connection.stream if self.ws_connection else None
        assert stream is not None
        return stream

    def _log(self) -> None:
        """Log nothing: a log would hold people's addresses."""


class PhoneSocket(Socket):
    """A participant's."""

    kind = "phone"
    first = Hello

    def read(self, message: str | bytes) -> FromPhone:
        """An answer."""
        return read_from_phone(message)


class BoardSocket(Socket):
    """The board's: it only listens."""

    kind = "board"
    first = HelloBoard


class StageSocket(Socket):
    """The facilitator's."""

    kind = "stage"
    first = HelloStage
    largest = LARGEST_FROM_STAGE

    def read(self, message: str | bytes) -> FromStage:
        """A command."""
        return read_command(message)


def frame(payload: bytes) -> bytes:
    """A text message as one websocket frame (RFC 6455, 5.2; a server does not mask).

    Tornado's ``write_message`` makes a frame and a task a connection; at thousands of messages a second that
    costs as much as the rest. So a frame is made once, and written to each connection's own stream.
    """
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 0x10000:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload
