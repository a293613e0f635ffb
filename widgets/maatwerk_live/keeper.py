"""Between a workshop and the disk: what happened is kept in order, and only then acknowledged."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence

from maatwerk_live.session import Happened
from maatwerk_live.store import WipedError
from maatwerk_live.turn import Turn

# How long to wait when the disk refuses, in seconds.
RETRY_AFTER = 1.0

Keep = Callable[[Sequence[Happened]], Awaitable[None]]


class Keeper:
    """Keeps turns. While the disk is busy, more turns gather, and all of those go with its next commit.

    Parameters
    ----------
    keep : callable
        Puts what happened on the disk; raises :class:`~maatwerk_live.store.WipedError` when the room is gone.
    kept : callable
        Is told of each turn that is on the disk, in order: now it can be answered.
    trouble : callable
        Is told when the disk begins to refuse, and when it does no more.
    wiped : callable
        Is told when the room turns out to be gone.
    """

    def __init__(
        self,
        keep: Keep,
        kept: Callable[[Turn], None],
        trouble: Callable[[bool], None],
        wiped: Callable[[], None],
    ) -> None:
        self.trouble = False
        self._keep = keep
        self._kept = kept
        self._tell_trouble = trouble
        self._wiped = wiped
        self._waiting: list[Turn] = []
        self._count = 0
        self._keeping: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How much that happened is not on the disk yet."""
        return self._count

    def add(self, turn: Turn) -> None:
        """Keep a turn, after those before."""
        self._waiting.append(turn)
        self._count += len(turn.happened)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_all())

    async def drain(self) -> None:
        """Wait until all is kept, unless the disk refuses."""
        while self._keeping is not None and not self.trouble:
            await asyncio.wait([self._keeping], timeout=0.1)

    async def _keep_all(self) -> None:
        try:
            while self._waiting:
                turns, self._waiting = self._waiting, []
                happened = [one for turn in turns for one in turn.happened]
                while happened and not await self._try(happened):
                    await asyncio.sleep(RETRY_AFTER)
                self._count -= len(happened)
                for turn in turns:
                    self._kept(turn)
        except WipedError:
            self._wiped()
        finally:
            self._keeping = None

    async def _try(self, happened: Sequence[Happened]) -> bool:
        try:
            await self._keep(happened)
        except (OSError, sqlite3.Error):
            self._set_trouble(True)
            return False
        self._set_trouble(False)
        return True

    def _set_trouble(self, trouble: bool) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._tell_trouble(trouble)
