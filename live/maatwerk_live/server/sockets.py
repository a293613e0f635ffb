"""The websockets: the usual line between a screen and the workshop."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from maatwerk_live.core.protocol import Bye, Farewell, write
from maatwerk_live.server.bus import Kind
from maatwerk_live.server.connections import (
    BEAT,
    LARGEST,
    LONGEST_BACKLOG,
    Address,
    Connection,
    ConnectionManager,
    Here,
    frame,
)
from maatwerk_live.server.quiet import log_quietly

# Seconds to say hello in.
PATIENCE = 10.0
# Pings find connections that are gone without a word, and keep idle ones open in routers that forget them.
# Tornado would ping everybody, with a task for each: in a hall of thousands that costs too much.
PING_EVERY = 25.0
PING = b"\x89\x00"


class Wire(Connection):
    """A websocket as a line. ``stream`` is where its frames go."""

    __slots__ = ("_impatient", "_parted", "_socket", "stream")

    def __init__(self, door: ConnectionManager, kind: Kind, here: str, address: str, socket: Socket) -> None:
        super().__init__(door, kind, here, address)
        self.stream: IOStream | None = None
        self._socket: Socket | None = socket
        self._impatient: asyncio.TimerHandle | None = None
        # Goodbye was said: a frame behind it is against the protocol, and browsers complain.
        self._parted = False

    def open(self, stream: IOStream) -> bool:
        """The connection stands; ``False`` when there are too many."""
        if not self._door.enter(self):
            return False
        stream.max_write_buffer_size = LONGEST_BACKLOG[self.kind]
        self.stream = stream
        self._impatient = asyncio.get_running_loop().call_later(PATIENCE, self._stranger_leaves)
        return True

    def gone(self) -> None:
        """The connection is gone."""
        self.settle()
        self.stream = self._socket = None
        self._door.leave(self)

    def push(self, packed: bytes) -> None:
        """Send a frame. Who reads too slowly is cut off, comes back, and gets the whole anew."""
        stream = self.stream
        if stream is None or self._parted:
            return
        self.quiet = False
        try:
            stream.write(packed)
        except StreamBufferFullError:
            self.cut_off()
        except StreamClosedError:
            pass

    def beat(self) -> None:
        """A beat is short and every twelve seconds: it is worth no more thought."""
        self.push(BEAT)

    def part(self, reason: Farewell) -> None:
        """Say goodbye and close."""
        self.push(frame(write(Bye(reason))))
        self._parted = True
        if self._socket is not None:
            self._socket.close(1000)

    def cut_off(self) -> None:
        """Close at once."""
        if self.stream is not None:
            self.stream.close()

    def settle(self) -> None:
        """No stranger any more."""
        if self._impatient:
            self._impatient.cancel()
            self._impatient = None
            self._door.introduced()

    def _stranger_leaves(self) -> None:
        self.settle()
        self.cut_off()


class Socket(WebSocketHandler):
    """Tornado's side of a websocket."""

    def initialize(self, door: ConnectionManager, here: Here, address: Address, kind: Kind) -> None:
        """Called by Tornado with what the route gives."""
        self._door = door
        self._kind: Kind = kind
        self.line = Wire(door, kind, here(self), address(self), self)
        # How often in a row nothing was heard when it was looked at, and when it will be again.
        self._silent = 0
        self._look: asyncio.TimerHandle | None = None

    @property
    def max_message_size(self) -> int:
        """In bytes; a larger one closes the connection."""
        return LARGEST[self._kind]

    @property
    def ping_interval(self) -> float:
        """None of Tornado's, whatever the server it runs in says."""
        return 0.0

    def prepare(self) -> None:
        """Called by Tornado at first: it takes what stands in this header for an address."""
        try:
            urlsplit(self.request.headers.get("Origin", ""))
        except ValueError:
            raise HTTPError(400) from None

    def check_origin(self, origin: str) -> bool:
        """Called by Tornado for a page of another site, or behind a proxy that hides the host's name."""
        may = super().check_origin(origin)
        if not may:
            self._door.foreign(origin)
        return may

    def open(self, *args: str, **kwargs: str) -> None:
        """Called by Tornado when the connection stands."""
        stream = self.ws_connection.stream if self.ws_connection else None
        if stream is None or not self.line.open(stream):
            self.close(1013)
            return
        self.set_nodelay(True)
        self._look = asyncio.get_running_loop().call_later(PING_EVERY, self._see_whether_here)

    def on_message(self, message: str | bytes) -> None:
        """Called by Tornado for each message."""
        if self.ws_connection is None:
            return
        self._silent = 0
        self.line.hear(message)

    def on_ping(self, data: bytes) -> None:
        """Called by Tornado for each ping, which it answers: a message like any other."""
        self._silent = 0
        if self.ws_connection is not None and not self.line.may():
            self.line.cut_off()

    def on_pong(self, data: bytes) -> None:
        """Called by Tornado for each pong."""
        self.on_ping(data)

    def on_close(self) -> None:
        """Called by Tornado when the connection is gone."""
        if self._look:
            self._look.cancel()
        self.line.gone()

    def _see_whether_here(self) -> None:
        """Ask who says nothing; cut off who does not answer that either."""
        if self._silent > 1:
            self.line.cut_off()
            return
        if self._silent:
            self.line.push(PING)
        self._silent += 1
        self._look = asyncio.get_running_loop().call_later(PING_EVERY, self._see_whether_here)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Called by Tornado when something went wrong here."""
        log_quietly(typ, value, tb)

    def _log(self) -> None:
        """Log nothing: a log would hold people's addresses."""
