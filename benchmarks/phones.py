"""Thousands of phones in one process, with as little work a message as can be."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from time import monotonic

from tests.live.talk import Talk, talk
from tests.live.wire import Wire, connect

# Places per axis. From one update to the next a phone goes up by a stride, and past the edge a step aside: so
# it comes back to a place only after all of them. Most rules of privacy count only places that are new.
SIDE = 101
STRIDE = 7


class Sent:
    """What was sent and is not on the board yet, by place: a dot on the board says where, not whose it is."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[int, int], deque[Phone]] = {}

    def send(self, phone: Phone) -> None:
        """A phone's place; an earlier one that the board did not draw was overtaken."""
        self.forget(phone)
        phone.pending = (phone.group, phone.person)
        self._by_place.setdefault(phone.pending, deque()).append(phone)

    def forget(self, phone: Phone) -> None:
        """What this phone sent is no longer awaited."""
        if phone.pending:
            self._by_place[phone.pending].remove(phone)
            phone.pending = None

    def drawn(self, place: tuple[int, int]) -> float:
        """When what is drawn here was sent; 0 when nothing was awaited here."""
        waiting = self._by_place.get(place)
        if not waiting:
            return 0.0
        phone = waiting.popleft()
        phone.pending = None
        return phone.sent_at


class Phone:
    """One participant, with when it sent which place, and how long each acknowledgement took."""

    def __init__(self, number: int, sent: Sent) -> None:
        self.number = number
        self.group = number % SIDE
        self.person = number // SIDE % SIDE
        self.seq = 0
        self.acked = 0
        self.sent_at = 0.0
        self.pending: tuple[int, int] | None = None
        self.waiting: deque[tuple[int, float]] = deque()
        self.acks: list[float] = []
        self.wire: Wire | Talk
        self.welcome = asyncio.get_running_loop().create_future()
        self._sent = sent

    def heard(self, payload: bytes) -> None:
        if payload.startswith(b'{"t":"ack"'):
            self.acked = int(payload[payload.rindex(b":") + 1 : -1])
            now = monotonic()
            while self.waiting and self.waiting[0][0] <= self.acked:
                self.acks.append(now - self.waiting.popleft()[1])
        elif not self.welcome.done():
            message = json.loads(payload)
            if message["t"] in ("welcome", "bye"):
                self.welcome.set_result(message)

    def place(self, round_id: int) -> None:
        self.seq += 1
        self.sent_at = monotonic()
        self.waiting.append((self.seq, self.sent_at))
        self._sent.send(self)
        self.wire.say(
            b'{"t":"place","seq":%d,"round":%d,"person":%d,"group":%d}'
            % (self.seq, round_id, self.person, self.group)
        )

    def move(self, round_id: int) -> None:
        self.person += STRIDE
        if self.person >= SIDE:
            self.person %= SIDE
            self.group = (self.group + 1) % SIDE
        self.place(round_id)


class Board:
    """The board: how long what it draws took to get here."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent
        self.latencies: list[float] = []
        self.dots = 0

    def heard(self, payload: bytes) -> None:
        message = json.loads(payload)
        if message["t"] == "tick":
            now, dots = monotonic(), message.get("dots", [])
            self.dots += len(dots) // 3
            for place in zip(dots[1::3], dots[2::3], strict=True):
                sent_at = self._sent.drawn(place)
                if sent_at:
                    self.latencies.append(now - sent_at)


async def come_in(
    port: int, code: str, numbers: int, sent: Sent, transport: str = "socket", at_once: int = 50
) -> list[Phone]:
    """So many people join by typing the code; a thousand come in at once, the others wait in line."""
    phones = [Phone(number, sent) for number in range(numbers)]
    hello = json.dumps({"t": "hello", "v": 1, "code": code}).encode()
    turns = asyncio.Semaphore(at_once)

    async def one(phone: Phone) -> None:
        async with turns:
            if transport == "socket":
                phone.wire = await connect(port, "/ws/phone", phone.heard)
                phone.wire.say(hello)
            else:
                phone.wire = await talk(port, "phone", hello, phone.heard)
            message = await phone.welcome
        assert message["t"] == "welcome", message

    await asyncio.gather(*map(one, phones))
    return phones


async def drag(phones: list[Phone], rate: float, seconds: float, round_id: int) -> int:
    """Everybody moves so many times a second, evenly spread; the value is how many updates were sent."""
    began, sent = monotonic(), 0
    total = int(len(phones) * rate * seconds)
    while sent < total:
        due = min(total, int((monotonic() - began) * len(phones) * rate))
        while sent < due:
            phones[sent % len(phones)].move(round_id)
            sent += 1
        await asyncio.sleep(0.004)
    return sent
