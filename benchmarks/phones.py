"""A thousand phones in one process, with as little work a message as can be."""

from __future__ import annotations

import asyncio
import json
from time import monotonic

from tests.live.wire import Wire, connect

# An update changes the place upwards by this; 101 is prime, so that a place comes back after 101 updates.
STRIDE = 7
SCALE = 101


class Phone:
    """One participant, with when it sent which place."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.group = number % SCALE
        self.person = number // SCALE
        self.seq = 0
        self.acked = 0
        self.sent_at = [0.0] * SCALE
        self.wire: Wire
        self.welcome = asyncio.get_running_loop().create_future()

    def heard(self, payload: bytes) -> None:
        if payload.startswith(b'{"t":"ack"'):
            self.acked = int(payload[payload.rindex(b":") + 1 : -1])
        elif not self.welcome.done():
            message = json.loads(payload)
            if message["t"] in ("welcome", "bye"):
                self.welcome.set_result(message)

    def place(self, round_id: int) -> None:
        self.seq += 1
        self.sent_at[self.person] = monotonic()
        self.wire.say(
            b'{"t":"place","seq":%d,"round":%d,"person":%d,"group":%d}'
            % (self.seq, round_id, self.person, self.group)
        )

    def move(self, round_id: int) -> None:
        self.person = (self.person + STRIDE) % SCALE
        self.place(round_id)


class Board:
    """The board: which dot is whose, and how long each took to get here."""

    def __init__(self, phones: list[Phone]) -> None:
        self._phones = phones
        self._whose: dict[int, Phone] = {}
        self.latencies: list[float] = []
        self.dots = 0

    def heard(self, payload: bytes) -> None:
        message = json.loads(payload)
        if message["t"] == "board" and message.get("dots"):
            dots = message["dots"]
            starts = {(phone.group, phone.person): phone for phone in self._phones}
            pairs = enumerate(zip(dots[::2], dots[1::2], strict=True))
            self._whose = {number: starts[pair] for number, pair in pairs if pair in starts}
        elif message["t"] == "tick" and self._whose:
            now, dots = monotonic(), message.get("dots", [])
            self.dots += len(dots) // 3
            for number, person in zip(dots[::3], dots[2::3], strict=True):
                if number in self._whose:
                    self.latencies.append(now - self._whose[number].sent_at[person])


async def come_in(port: int, code: str, numbers: int, at_once: int = 50) -> list[Phone]:
    """So many people join by typing the code; a thousand come in at once, the others wait in line."""
    phones = [Phone(number) for number in range(numbers)]
    hello = json.dumps({"t": "hello", "v": 1, "code": code}).encode()
    turns = asyncio.Semaphore(at_once)

    async def one(phone: Phone) -> None:
        async with turns:
            phone.wire = await connect(port, "/ws/phone", phone.heard)
            phone.wire.say(hello)
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
