"""What doors and the registry say to each other: doors hold the connections, the registry holds the
workshops.

In one process they call each other. Over more than one, :mod:`maatwerk_live.server.redis_bus` carries their
calls. They may get lost on the way: a phone keeps what was not acknowledged and sends it again, and the
registry leaves
out what it has. So this needs no engine that keeps messages, only one that passes them on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from maatwerk_live.core.batch import Conn
from maatwerk_live.core.protocol import Farewell, FromPhone, FromStage, Hello, HelloBoard, HelloStage

Kind: TypeAlias = Literal["phone", "board", "stage"]
AnyHello: TypeAlias = Hello | HelloBoard | HelloStage


class ToRegistry(Protocol):
    """What a door tells the registry."""

    @property
    def is_there(self) -> bool:
        """Whether it hears: over a bus it may be gone."""

    def arrived(self, conn: Conn, hello: AnyHello, here: str, address: str) -> None:
        """Somebody says who they are; ``here`` is the address of the pages as they see it.

        ``address`` is where they come from. It limits how much comes from one place, and is never written
        down, on disk or in a log.
        """

    def said(self, conn: Conn, message: FromPhone | FromStage) -> None:
        """Somebody who was let in says something."""

    def left(self, conn: Conn) -> None:
        """A connection is gone."""


class ToConnections(Protocol):
    """What the registry tells the doors."""

    def admit(self, conn: Conn, room: int, kind: Kind, welcome: bytes) -> None:
        """Let a connection in, and say so to it."""

    def send(self, conn: Conn, payload: bytes) -> None:
        """Say something to one connection."""

    def dismiss(self, conn: Conn, reason: Farewell) -> None:
        """Say goodbye to a connection and close it."""

    def acks(self, acks: Sequence[tuple[Conn, int]]) -> None:
        """Tell phones up to where their messages are kept; soon, perhaps together with later ones."""

    def cast(self, room: int, kind: Kind, payload: bytes) -> None:
        """Say something to all connections of a kind in a room."""
