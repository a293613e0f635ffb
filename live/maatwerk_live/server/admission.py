"""Who comes in when: a burst of people at once, more at a steady rate, in the order in which they came."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

from maatwerk_live.core.batch import Conn
from maatwerk_live.server.rate_limit import TokenBucket

# How often it is looked whose turn it is, in seconds.
BEAT = 0.05


class AdmissionQueue:
    """People at the door of one workshop.

    They keep their connection while they wait. To send them away and let them try again would make them wait
    longer, and thousands who come back every few seconds cost more than the hall itself.

    Parameters
    ----------
    rate : float
        People a second.
    burst : int
        So many more come in at once.
    let_in : callable
        Is told whose turn it is.
    """

    def __init__(self, rate: float, burst: int, let_in: Callable[[Conn], None]) -> None:
        self._rate = rate
        self._turns = TokenBucket(rate, burst, time.monotonic())
        self._let_in = let_in
        # In order; of a dict, whoever leaves is out at once.
        self._waiting: dict[Conn, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, conn: Conn) -> int:
        """Come in, or wait; the value is about how many seconds, 0 for who is in."""
        if not self._waiting and self._turns.take(time.monotonic()):
            self._let_in(conn)
            return 0
        self._waiting[conn] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BEAT, self._next)
        return math.ceil(len(self._waiting) / self._rate)

    def leave(self, conn: Conn) -> None:
        """Wait no longer."""
        self._waiting.pop(conn, None)

    def _next(self) -> None:
        while self._waiting and self._turns.take(time.monotonic()):
            conn = next(iter(self._waiting))
            del self._waiting[conn]
            self._let_in(conn)
        self._timer = asyncio.get_running_loop().call_later(BEAT, self._next) if self._waiting else None
