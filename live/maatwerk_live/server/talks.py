"""Talks over plain HTTP, for networks that let no websocket through: the same messages, by long polling.

A client posts what it says and hears what is new in the answer. Long polling and not server-sent events:
what stops websockets often holds back an answer until it is whole, too.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Collection
from urllib.parse import urlsplit

import msgspec
from tornado.httputil import HTTPServerRequest

from maatwerk_live.core.protocol import Bye, Farewell, Heard, MessageError, TalkHello, write
from maatwerk_live.server.bus import Kind
from maatwerk_live.server.connections import (
    BEAT,
    LONGEST_BACKLOG,
    Connection,
    ConnectionManager,
    frame,
    payload_of,
)

# How long an answer waits for news, in seconds: for who only listens a beat ends it sooner.
LISTEN_FOR = 10.0
# An answer to who said something waits for the acknowledgement, and no longer than this.
ANSWER_WITHIN = 1.0
# News of one moment goes in one answer.
TOGETHER = {"phone": 0.02, "board": 0.1, "stage": 0.05}
# Who asks nothing for so long is gone.
GONE_AFTER = 25.0
# A request larger than this is no talk: forty messages fit in it.
LARGEST_TALK = 64 * 1024


class Talk(Connection):
    """A line of which each part is one request. Messages are numbered, and kept until they were heard."""

    __slots__ = ("_first", "_flushing", "_held", "_seen", "_size", "_talks", "_waiting", "ended", "id")

    def __init__(self, talks: Talks, kind: Kind, here: str, address: str) -> None:
        super().__init__(talks.door, kind, here, address)
        self._talks = talks
        self.id = secrets.token_urlsafe(24)
        # What was not heard yet; the number of the first of it.
        self._held: deque[bytes] = deque()
        self._first = 1
        self._size = 0
        # Requests that wait: who said something last first, then who listens.
        self._waiting: dict[bool, asyncio.Future[None]] = {}
        self._flushing: asyncio.TimerHandle | None = None
        self._seen = time.monotonic()
        self.ended = False

    def push(self, packed: bytes) -> None:
        """Keep a message until it was heard. Who does not come for it in time starts anew."""
        if self.ended:
            return
        self.quiet = False
        payload = payload_of(packed)
        self._held.append(payload)
        self._size += len(payload)
        if self._size > LONGEST_BACKLOG[self.kind]:
            self.cut_off()
        elif self._waiting and self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(TOGETHER[self.kind], self._answer_one)

    def beat(self) -> None:
        """Who waits hears it; who has not asked for long is gone."""
        if self._waiting:
            self.push(BEAT)
        elif time.monotonic() - self._seen > GONE_AFTER:
            self.cut_off()

    def part(self, reason: Farewell) -> None:
        """Say goodbye; who asks once more hears it."""
        self.push(frame(write(Bye(reason))))
        self._end()

    def cut_off(self) -> None:
        """End it without a word: the next request finds nothing, and begins anew."""
        self._held.clear()
        self._end()

    def settle(self) -> None:
        """It begins with its hello: it never was a stranger."""

    async def turn(self, after: int, say: list[str], gone: asyncio.Future[None]) -> Heard:
        """One request: what is said, and what there is to hear."""
        self._seen = time.monotonic()
        self._forget(after)
        for message in say:
            self.hear(message)
        if not self._held and not self.ended:
            await self._news(speaks=bool(say), gone=gone)
        self._seen = time.monotonic()
        return self.heard(after)

    def heard(self, after: int) -> Heard:
        """What came after a message."""
        start = max(0, after + 1 - self._first)
        held = tuple(msgspec.Raw(payload) for payload in list(self._held)[start:])
        return Heard(self.id, self._first + len(self._held) - 1, held)

    async def _news(self, speaks: bool, gone: asyncio.Future[None]) -> None:
        before = self._waiting.get(speaks)
        if before and not before.done():
            before.set_result(None)
        waiting = self._waiting[speaks] = asyncio.get_running_loop().create_future()
        await asyncio.wait(
            [waiting, gone],
            timeout=ANSWER_WITHIN if speaks else LISTEN_FOR,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if self._waiting.get(speaks) is waiting:
            del self._waiting[speaks]

    def _answer_one(self) -> None:
        """One request is enough; the others go on waiting."""
        self._flushing = None
        for speaks in (True, False):
            waiting = self._waiting.get(speaks)
            if waiting and not waiting.done():
                waiting.set_result(None)
                return

    def _forget(self, heard: int) -> None:
        while self._held and self._first <= heard:
            self._size -= len(self._held.popleft())
            self._first += 1

    def _end(self) -> None:
        if not self.ended:
            self.ended = True
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_result(None)
            self._door.leave(self)
            # A last word is kept for a while for who comes for it.
            if self._held:
                asyncio.get_running_loop().call_later(GONE_AFTER, self._talks.forget, self)
            else:
                self._talks.forget(self)


class Talks:
    """All talks of one door."""

    def __init__(self, door: ConnectionManager) -> None:
        self.door = door
        self._talks: dict[str, Talk] = {}

    def begin(self, kind: Kind, hello: TalkHello, here: str, address: str) -> Talk | None:
        """A new talk; ``None`` when there are too many."""
        talk = Talk(self, kind, here, address)
        if not self.door.enter(talk):
            return None
        self.door.introduced()
        self._talks[talk.id] = talk
        try:
            talk.meet(hello.hello)
        except MessageError:
            talk.part("forbidden")
        return talk

    def find(self, number: str, kind: Kind) -> Talk | None:
        """A talk that goes on, or that ended and was not told yet."""
        talk = self._talks.get(number)
        return talk if talk and talk.kind == kind else None

    def forget(self, talk: Talk) -> None:
        """A talk that ended is no more."""
        self._talks.pop(talk.id, None)


def is_from_here(request: HTTPServerRequest, trusted: Collection[str]) -> bool:
    """Whether a request comes from our own page, as Tornado decides it for websockets."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site in ("same-origin", "none") or origin is None:
        return True
    try:
        own = site is None and urlsplit(origin).netloc.lower() == request.host.lower()
    except ValueError:
        return False
    return own or origin in trusted
