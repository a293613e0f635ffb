"""The connections of one process: who speaks what, how much, and how fast, over whatever line.

Knows nothing of workshops; the registry does. A line is a websocket (:mod:`maatwerk_live.server.sockets`)
or a talk over plain HTTP (:mod:`maatwerk_live.server.talks`).
"""

from __future__ import annotations

import asyncio
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeAlias

from tornado.web import RequestHandler

from maatwerk_live.core.batch import Conn
from maatwerk_live.core.protocol import (
    BURST,
    LARGEST_FROM_PHONE,
    LARGEST_FROM_STAGE,
    RATE,
    Ack,
    Beat,
    Farewell,
    FromPhone,
    FromStage,
    Hello,
    HelloBoard,
    HelloStage,
    MessageError,
    Ping,
    Refused,
    number_of,
    read_command,
    read_from_board,
    read_from_phone,
    read_hello,
    write,
)
from maatwerk_live.server.bus import AnyHello, Kind, ToRegistry
from maatwerk_live.server.rate_limit import TokenBucket

# So many messages that cannot be read, and the connection is closed.
MOST_UNREADABLE = 10
# Connections that have not said hello yet.
MOST_STRANGERS = 2_000
# Bytes that wait for a slow reader, before it is cut off: it comes back and gets the whole anew.
LONGEST_BACKLOG = {"phone": 128 * 1024, "board": 1024 * 1024, "stage": 1024 * 1024}
# Who heard nothing for this long hears a beat, so that a page notices a line that is dead; in seconds. It is
# looked at once in this time: so nobody ever hears nothing for twice as long.
BEAT_EVERY = 6.0
# In so many parts, so that ten thousand phones never come all at once.
BEAT_PARTS = 24
# So many phones a beat hear up to where their messages are kept: in a small hall at once; where thousands
# drag at the same time each of them within a few beats, for some messages together.
ACKS_A_BEAT = 50
ACK_BEATS = 4
ACK_BEAT = 0.05
# Connections spoken to in one go, before others get a turn.
AT_ONCE = 100

Group: TypeAlias = tuple[int, Kind]
Here: TypeAlias = Callable[[RequestHandler], str]
Address: TypeAlias = Callable[[RequestHandler], str]

FIRST: dict[Kind, type[AnyHello]] = {"phone": Hello, "board": HelloBoard, "stage": HelloStage}
LARGEST: dict[Kind, int] = {
    "phone": LARGEST_FROM_PHONE,
    "board": LARGEST_FROM_PHONE,
    "stage": LARGEST_FROM_STAGE,
}
_READ: dict[Kind, Callable[[str | bytes], FromPhone | FromStage | Ping]] = {
    "phone": read_from_phone,
    "board": read_from_board,
    "stage": read_command,
}


class Connection(ABC):
    """One connection, whatever carries it. Nobody logs in; its first message settles what it may hear.

    Parameters
    ----------
    door : ConnectionManager
        Where it comes in.
    kind : {"phone", "board", "stage"}
        What it says it is.
    here, address : str
        Where it found the pages, and where it comes from. Neither is ever written down.
    """

    __slots__ = (
        "_bucket",
        "_door",
        "_met",
        "_unreadable",
        "address",
        "conn",
        "group",
        "here",
        "kind",
        "quiet",
    )

    def __init__(self, door: ConnectionManager, kind: Kind, here: str, address: str) -> None:
        self.conn: Conn = (0, 0)
        self.group: Group | None = None
        self.kind: Kind = kind
        self.here = here
        self.address = address
        # Nothing was said to it since it was last looked at.
        self.quiet = False
        self._door = door
        self._met = False
        self._unreadable = 0
        self._bucket = TokenBucket(RATE, BURST, time.monotonic())

    @abstractmethod
    def push(self, packed: bytes) -> None:
        """Say something: a message as :func:`frame` packs it."""

    @abstractmethod
    def beat(self) -> None:
        """Let who heard nothing for a while know that the server is there."""

    @abstractmethod
    def part(self, reason: Farewell) -> None:
        """Say goodbye and close."""

    @abstractmethod
    def cut_off(self) -> None:
        """Close at once, without a word: who floods, or does not read, would not hear it."""

    @abstractmethod
    def settle(self) -> None:
        """Called when it says who it is: no stranger any more."""

    def may(self) -> bool:
        """Whether it may do one thing more now."""
        return self._bucket.take(time.monotonic())

    def hear(self, message: str | bytes) -> None:
        """Deal with a message."""
        if not self.may():
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
                # With its number, if it has one: or else it would be sent again for ever.
                self.push(frame(write(Refused(number_of(message), "bad_message"))))

    def meet(self, hello: AnyHello) -> None:
        """Somebody says who they are."""
        if not isinstance(hello, FIRST[self.kind]):
            raise MessageError("another hello is needed here")
        self._met = True
        self.settle()
        self._door.registry.arrived(self.conn, hello, self.here, self.address)

    def _meet(self, message: str | bytes) -> None:
        self.meet(read_hello(message))

    def _hear(self, message: str | bytes) -> None:
        said = _READ[self.kind](message)
        if isinstance(said, Ping):
            if self._door.registry.is_there:
                self.push(BEAT)
        else:
            self._door.registry.said(self.conn, said)


class ConnectionManager:
    """All connections of one process.

    Parameters
    ----------
    number : int
        Which door this is.
    foreign : callable
        Is told of a site whose page tried to connect and may not; see ``--trust``.
    registry : ToRegistry
        Who hears what is said. Set later where the registry needs the door first.
    """

    registry: ToRegistry

    def __init__(self, number: int = 0, foreign: Callable[[str], None] = lambda origin: None) -> None:
        self.number = number
        self.foreign = foreign
        self._lines: dict[int, Connection] = {}
        self._groups: dict[Group, dict[int, Connection]] = {}
        self._last = 0
        self._strangers = 0
        # By connection; who waits longest comes first, also when more was kept since.
        self._due: dict[int, int] = {}
        self._ack_timer: asyncio.TimerHandle | None = None
        self._latest: dict[Group, bytes] = {}
        self._casting: dict[Group, asyncio.Task[None]] = {}
        self._parts: list[dict[int, Connection]] = [{} for _ in range(BEAT_PARTS)]
        self._part = 0
        self._beating: asyncio.TimerHandle | None = None

    # --- For lines -------------------------------------------------------------------------------------

    def enter(self, line: Connection) -> bool:
        """A new connection; ``False`` when there are too many that did not say who they are."""
        if self._strangers >= MOST_STRANGERS:
            return False
        self._strangers += 1
        self._last += 1
        line.conn = (self.number, self._last)
        self._lines[self._last] = line
        self._parts[self._last % BEAT_PARTS][self._last] = line
        if self._beating is None:
            self._beating = asyncio.get_running_loop().call_later(BEAT_EVERY / BEAT_PARTS, self._beat)
        return True

    def introduced(self) -> None:
        """A connection said hello, or left before it did."""
        self._strangers -= 1

    def leave(self, line: Connection) -> None:
        """A connection is gone."""
        number = line.conn[1]
        if self._lines.pop(number, None) is None:
            return
        self._parts[number % BEAT_PARTS].pop(number, None)
        if line.group and line.group in self._groups:
            self._groups[line.group].pop(number, None)
            if not self._groups[line.group]:
                del self._groups[line.group]
        self._due.pop(number, None)
        self.registry.left(line.conn)

    # --- For the registry: see maatwerk_live.server.bus.ToConnections -------------------------------------

    def admit(self, conn: Conn, room: int, kind: Kind, welcome: bytes) -> None:
        """Let a connection in, and say so to it."""
        line = self._lines.get(conn[1])
        if line:
            line.group = (room, kind)
            self._groups.setdefault(line.group, {})[conn[1]] = line
            line.push(frame(welcome))

    def send(self, conn: Conn, payload: bytes) -> None:
        """Say something to one connection."""
        line = self._lines.get(conn[1])
        if line:
            line.push(frame(payload))

    def dismiss(self, conn: Conn, reason: Farewell) -> None:
        """Say goodbye to a connection and close it."""
        line = self._lines.get(conn[1])
        if line:
            line.part(reason)

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
            for line in list(self._groups.get(group, {}).values()):
                line.push(packed)
            return
        # There are many phones, and only the latest state counts: whoever was not told yet hears that one.
        self._latest[group] = frame(payload)
        if group not in self._casting:
            self._casting[group] = asyncio.create_task(self._tell_phones(group))

    def everybody_again(self) -> None:
        """Let all connections come in anew."""
        for line in list(self._lines.values()):
            line.part("again")

    async def _tell_phones(self, group: Group) -> None:
        try:
            while (packed := self._latest.get(group)) is not None:
                lines = list(self._groups.get(group, {}).values())
                for start in range(0, len(lines), AT_ONCE):
                    for line in lines[start : start + AT_ONCE]:
                        line.push(self._latest[group])
                    await asyncio.sleep(0)
                if self._latest[group] is packed:
                    del self._latest[group]
        finally:
            del self._casting[group]

    def _tell_acks(self) -> None:
        for number in list(islice(self._due, max(ACKS_A_BEAT, len(self._due) // ACK_BEATS))):
            seq = self._due.pop(number)
            if number in self._lines:
                self._lines[number].push(frame(write(Ack(seq))))
        loop = asyncio.get_running_loop()
        self._ack_timer = loop.call_later(ACK_BEAT, self._tell_acks) if self._due else None

    def _beat(self) -> None:
        self._part = (self._part + 1) % BEAT_PARTS
        there = self.registry.is_there
        for line in list(self._parts[self._part].values()):
            # Without the registry nothing is kept or told: a page must notice that, as of a line that is
            # dead.
            if line.quiet and there:
                line.beat()
            line.quiet = True
        loop = asyncio.get_running_loop()
        self._beating = loop.call_later(BEAT_EVERY / BEAT_PARTS, self._beat) if self._lines else None


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


def payload_of(packed: bytes) -> bytes:
    """The message in a frame."""
    return packed[{126: 4, 127: 10}.get(packed[1], 2) :]


BEAT = frame(write(Beat()))
