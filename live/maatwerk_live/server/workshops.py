"""All workshops of one server: who is let in where, and when they are wiped."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from maatwerk import LANGUAGES, Language

from maatwerk_live.content import command_words
from maatwerk_live.core.batch import Answer, Conn, Newcomer, Order, ReportAsked
from maatwerk_live.core.protocol import (
    AddressChoice,
    Admit,
    AskReport,
    Case,
    ChooseAddress,
    Command,
    Done,
    DoorNow,
    Farewell,
    FromPhone,
    FromStage,
    Hello,
    HelloBoard,
    InLine,
    Refused,
    Remove,
    Removed,
    Report,
    ReportKind,
    Trouble,
    Waiting,
    write,
)
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Event
from maatwerk_live.defaults import PER_ADDRESS
from maatwerk_live.report.files import report, report_name
from maatwerk_live.server.addresses import Found
from maatwerk_live.server.admission import AdmissionQueue
from maatwerk_live.server.bus import AnyHello, Kind, ToConnections
from maatwerk_live.server.crowds import Crowds, place_of
from maatwerk_live.server.rate_limit import Buckets, TokenBucket
from maatwerk_live.server.store import DAY, Store, trouble_of
from maatwerk_live.server.workshop import RunningWorkshop, room_at

T = TypeVar("T")

HOUR = 60 * 60.0
# How long to wait when old workshops cannot be wiped just now, in seconds.
WIPE_AGAIN_AFTER = 60.0
# How often it is seen to that the file is still there, and in trouble whether that is over, in seconds.
WATCH_EVERY = 1.0
# How often the facilitator hears at most who is at the door, in seconds.
DOOR_EVERY = 1.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is allowed.

    Parameters
    ----------
    people : int
        The most people in one workshop.
    joins_rate, joins_burst : float, int
        New people in one workshop: a second, and in a burst. More wait for their turn.
    per_address, waiting_per_address : int
        How many come in from one address by themselves, 0 for all; and how many more may wait there. A school
        may have one address for all its phones: see :mod:`maatwerk_live.server.crowds`.
    guesses_rate, guesses_burst : float, int
        Room codes that turn out wrong, over all connections together: a second, and in a burst. At 10 a
        second it takes more than a year to try half of all codes.
    guesses_rate_each, guesses_burst_each : float, int
        The same from one address: so that one who guesses does not keep others out.
    keep_days : float
        How long after the last thing that happened in it a workshop is wiped.
    """

    people: int = 6_000
    joins_rate: float = 100
    joins_burst: int = 1_000
    per_address: int = PER_ADDRESS
    waiting_per_address: int = 1_000
    guesses_rate: float = 10
    guesses_burst: int = 300
    guesses_rate_each: float = 1
    guesses_burst_each: int = 30
    keep_days: float = 30


@dataclass(frozen=True, slots=True)
class _Seat:
    workshop: RunningWorkshop
    kind: Kind
    who: int | None = None


def now_in_milliseconds() -> int:
    """The time since 1970."""
    return time.time_ns() // 1_000_000


class WorkshopRegistry:
    """The workshops.

    Parameters
    ----------
    store : Store
        Where they are kept.
    doors : ToConnections
        How it speaks to screens.
    cases : mapping
        The cases that a facilitator can choose.
    address : str
        Where others find the pages, ending in ``/``; empty: where the facilitator opened them.
    addresses : callable
        Gives all addresses where others may find them, the likely one first.
    limits : Limits
        How much is allowed.
    clock : callable
        The time in milliseconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        doors: ToConnections,
        cases: Mapping[str, Case],
        address: str = "",
        addresses: Callable[[], Sequence[Found]] = tuple,
        limits: Limits | None = None,
        clock: Callable[[], int] = now_in_milliseconds,
    ) -> None:
        self._store = store
        self._doors = doors
        self._cases = cases
        self._address = address
        self._own_addresses = addresses
        self._limits = limits or Limits()
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        # One thread for the file: commits come one after another, and the loop never waits for the disk.
        self._disk = ThreadPoolExecutor(1, "maatwerk-disk")
        # Who may come in is looked up here, never on the disk: a guess must cost nothing.
        self._rooms = {record.code: record for record in store.rooms()}
        self._workshops: dict[str, RunningWorkshop] = {}
        self._opening: dict[str, asyncio.Task[RunningWorkshop]] = {}
        # Who said hello and is not in yet; and if they wait for their turn, in which line.
        self._arriving: dict[Conn, AdmissionQueue | None] = {}
        # Where they come from: in memory only, and only until they are in.
        self._addresses: dict[Conn, str] = {}
        self._crowds: dict[str, Crowds] = {}
        self._door_timers: dict[str, asyncio.TimerHandle] = {}
        self._seats: dict[Conn, _Seat] = {}
        self._lines: dict[str, AdmissionQueue] = {}
        limits = self._limits
        self._guesses = TokenBucket(limits.guesses_rate, limits.guesses_burst, time.monotonic())
        self._guesses_from = Buckets(limits.guesses_rate_each, limits.guesses_burst_each)
        self._tasks: set[asyncio.Task[None]] = set()
        # Why nothing can be kept at the moment, if so.
        self._trouble: Trouble | None = None
        self._start(self._wipe_by_and_by())
        self._start(self._watch_the_disk())

    # --- Workshops -------------------------------------------------------------------------------------

    async def create(self, lang: Language) -> RoomRecord:
        """Begin a new workshop."""
        record = await self._on_disk(lambda: self._store.create(lang, self._clock()))
        self._rooms[record.code] = record
        return record

    def found_at(self, address: str) -> None:
        """Others find the pages here, ending in ``/``; nothing changes where that is known already."""
        self._address = self._address or address

    async def latest(self, since: int) -> RoomRecord | None:
        """The last workshop in which something happened since a moment, unless it was ended."""
        record = max(self._rooms.values(), key=lambda one: one.active, default=None)
        if record is None or record.active < since:
            return None
        workshop = await self._workshop(record)
        return record if workshop.session.stage.phase != "ended" else None

    async def close(self) -> None:
        """Keep what is waiting, and let everybody come back later."""
        for task in self._tasks:
            task.cancel()
        for workshop in self._workshops.values():
            await workshop.stop()
        for conn in [*self._seats, *self._arriving]:
            self._doors.dismiss(conn, "again")
        await self._on_disk(self._store.close)
        self._disk.shutdown()

    async def _workshop(self, record: RoomRecord) -> RunningWorkshop:
        """A workshop, from the disk when it does not run yet."""
        if record.code in self._workshops:
            return self._workshops[record.code]
        if record.code not in self._opening:
            self._opening[record.code] = self._loop.create_task(self._open(record))
        try:
            return await self._opening[record.code]
        finally:
            self._opening.pop(record.code, None)

    async def _open(self, record: RoomRecord) -> RunningWorkshop:
        happened = await self._on_disk(lambda: list(self._store.happened(record.id)))
        room = room_at(self._address, record, self._cases, self._choices(self._address))
        keep = functools.partial(self._keep, record.id)
        workshop = RunningWorkshop(record, happened, self._doors, keep, room, self, self._clock)
        workshop.set_trouble(self._trouble)
        self._workshops[record.code] = workshop
        return workshop

    async def _keep(self, room: int, happened: Sequence[Event]) -> None:
        await self._on_disk(lambda: self._store.keep(room, happened))

    def wiped(self, workshop: RunningWorkshop) -> None:
        """The workshop's data are gone: see :class:`~maatwerk_live.server.workshop.Host`."""
        self._workshops.pop(workshop.record.code, None)
        self._rooms.pop(workshop.record.code, None)
        self._crowds.pop(workshop.record.code, None)
        line = self._lines.pop(workshop.record.code, None)
        for conn, waits_in in list(self._arriving.items()):
            if waits_in is not None and waits_in is line:
                self._dismiss(conn, "gone")
        for conn, seat in list(self._seats.items()):
            if seat.workshop is workshop:
                self._dismiss(conn, "gone")

    def refused(self, trouble: Trouble) -> None:
        """The disk refuses: see :class:`~maatwerk_live.server.workshop.Host`. All halls are in the same
        file."""
        self._trouble = trouble
        for workshop in self._workshops.values():
            workshop.set_trouble(trouble)

    async def _watch_the_disk(self) -> None:
        """Notice a file that is gone also when nobody says anything, and when all is well again."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            in_trouble = self._trouble is not None
            try:
                await self._on_disk(self._store.probe if in_trouble else self._store.check)
            except (OSError, sqlite3.Error) as error:
                self.refused(trouble_of(error))
                continue
            if in_trouble:
                self._trouble = None
                for workshop in self._workshops.values():
                    workshop.set_trouble(None)

    async def _wipe_by_and_by(self) -> None:
        failing = False
        while True:
            try:
                await self._wipe()
            # A full disk, or another program that has the file: it passes, and what was promised still holds.
            except (OSError, sqlite3.Error) as error:
                if not failing:
                    said = (command_words(lang)["not_wiped"].format(reason=error) for lang in LANGUAGES)
                    _LOG.warning("%s", " / ".join(said))
                failing = True
                await asyncio.sleep(WIPE_AGAIN_AFTER)
            else:
                failing = False
                await asyncio.sleep(HOUR)

    async def _wipe(self) -> None:
        """Wipe workshops in which nothing happened for long, here in memory as well."""
        known = set(self._rooms)
        before = self._clock() - int(self._limits.keep_days * DAY)

        def wiped() -> set[str]:
            self._store.wipe(before)
            return known - {record.code for record in self._store.rooms()}

        for code in await self._on_disk(wiped):
            if code in self._workshops:
                self.wiped(self._workshops[code])
            self._rooms.pop(code, None)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._disk, work)

    @property
    def is_there(self) -> bool:
        """In the same process it always is: see :class:`~maatwerk_live.server.bus.ToRegistry`."""
        return True

    # --- Who is let in ---------------------------------------------------------------------------------

    def arrived(self, conn: Conn, hello: AnyHello, here: str, address: str = "") -> None:
        """See :meth:`~maatwerk_live.server.bus.ToRegistry.arrived`."""
        self._arriving[conn] = None
        self._addresses[conn] = address
        record = self._rooms.get(hello.code)
        if isinstance(hello, Hello):
            farewell = self._check_phone(hello, record, address)
        elif isinstance(hello, HelloBoard):
            farewell = None if record and _same(hello.key, record.board_key) else "forbidden"
        else:
            farewell = None if record and _same(hello.token, record.token) else "forbidden"
        if record is None or farewell is not None:
            self._dismiss(conn, farewell or "forbidden")
        elif record.code in self._workshops:
            self._seat(conn, hello, here, self._workshops[record.code])
        else:
            self._start(self._open_and_seat(conn, hello, here, record))

    def _check_phone(self, hello: Hello, record: RoomRecord | None, address: str) -> Farewell | None:
        """Why somebody with this code, and perhaps a key or a secret, hears nothing of a room."""
        if record and hello.key is not None and _same(hello.key, record.join_key):
            return None
        workshop = record and self._workshops.get(record.code)
        if workshop and hello.secret is not None and _digest(hello.secret) in workshop.people:
            return None
        # Who only has a code may be guessing. A right code costs nothing; but when too many were wrong, from
        # one place or in all, nobody there who only has a code hears whether it is right. Who scanned the QR
        # code walks past.
        now = time.monotonic()
        theirs = self._guesses_from.of(place_of(address), now)
        if not theirs.take(now):
            return "busy"
        if not self._guesses.take(now):
            theirs.give_back()
            return "busy"
        if record is None:
            return "unknown_code"
        theirs.give_back()
        self._guesses.give_back()
        return None

    async def _open_and_seat(self, conn: Conn, hello: AnyHello, here: str, record: RoomRecord) -> None:
        workshop = await self._workshop(record)
        if conn in self._arriving:
            self._seat(conn, hello, here, workshop)

    def _seat(self, conn: Conn, hello: AnyHello, here: str, workshop: RunningWorkshop) -> None:
        if isinstance(hello, Hello):
            self._seat_phone(conn, hello, workshop)
            return
        del self._arriving[conn]
        self._addresses.pop(conn, None)
        if isinstance(hello, HelloBoard):
            self._seats[conn] = _Seat(workshop, "board")
            workshop.seat_board(conn)
        else:
            self._seats[conn] = _Seat(workshop, "stage")
            workshop.seat_stage(conn, here)
            self.moved(workshop)

    def _seat_phone(self, conn: Conn, hello: Hello, workshop: RunningWorkshop) -> None:
        who = workshop.people.get(_digest(hello.secret)) if hello.secret else None
        if who is not None:
            self.seated(workshop, conn, who)
            workshop.seat(conn, who)
            return
        crowds = self._crowds_of(workshop)
        farewell = self._refusal(workshop, waiting=len(self._line(workshop)) + crowds.waiting)
        if farewell:
            self._dismiss(conn, farewell)
            return
        may = crowds.arrive(conn, self._addresses[conn], workshop.session.stage.held, self._clock())
        if may is None:
            self._dismiss(conn, "busy")
        elif may:
            self._stand_in_line(workshop, conn)
        else:
            self._doors.send(conn, write(Waiting()))
            self.moved(workshop)

    def _stand_in_line(self, workshop: RunningWorkshop, conn: Conn) -> None:
        line = self._line(workshop)
        self._arriving[conn] = line
        seconds = line.enter(conn)
        if seconds:
            self._doors.send(conn, write(InLine(seconds)))

    def _crowds_of(self, workshop: RunningWorkshop) -> Crowds:
        """Who comes from where to this workshop."""
        code, limits = workshop.record.code, self._limits
        if code not in self._crowds:
            self._crowds[code] = Crowds(limits.per_address, limits.waiting_per_address)
        return self._crowds[code]

    def stepped(self, workshop: RunningWorkshop) -> None:
        """A step was taken, perhaps at the door: see :class:`~maatwerk_live.server.workshop.Host`."""
        crowds, stage = self._crowds_of(workshop), workshop.session.stage
        if stage.locked or stage.phase == "ended":
            for conn in crowds.admit(0) or []:
                self._dismiss(conn, "locked")
        for conn in crowds.review(stage.held):
            self._stand_in_line(workshop, conn)
        self.moved(workshop)

    def moved(self, workshop: RunningWorkshop) -> None:
        """Somebody came or went: the facilitator hears it soon. See
        :class:`~maatwerk_live.server.workshop.Host`."""
        if workshop.stages and workshop.record.code not in self._door_timers:
            timer = self._loop.call_later(DOOR_EVERY, self._tell_door, workshop)
            self._door_timers[workshop.record.code] = timer

    def _tell_door(self, workshop: RunningWorkshop) -> None:
        self._door_timers.pop(workshop.record.code, None)
        crowds = self._crowds_of(workshop)
        told = DoorNow(
            len(workshop.phones),
            crowds.waiting,
            crowds.tell(workshop.phones.keys(), workshop.session.removed),
        )
        self._doors.cast(workshop.record.id, "stage", write(told))

    def _admit(self, workshop: RunningWorkshop, conn: Conn, number: int) -> None:
        found = self._crowds_of(workshop).admit(number)
        if found is None:
            self._doors.send(conn, write(Refused(0, "unknown_crowd")))
            return
        for one in found:
            self._stand_in_line(workshop, one)
        self.moved(workshop)
        self._doors.send(conn, write(Done(workshop.session.version)))

    def _put_out(self, workshop: RunningWorkshop, conn: Conn, number: int) -> None:
        """A crowd goes, those who wait as well; what it answered goes with the next beat."""
        crowd = self._crowds_of(workshop).find(number)
        if crowd is None:
            self._doors.send(conn, write(Refused(0, "unknown_crowd")))
            return
        crowd.open = False
        for one in [*crowd.waiting, *crowd.coming]:
            self._dismiss(one, "removed")
        going = tuple(crowd.people - workshop.session.removed)
        if not going:
            self._doors.send(conn, write(Done(workshop.session.version)))
        elif not workshop.take(Order(conn, Removed(going))):
            self._dismiss(conn, "again")
        self.moved(workshop)

    def _choose_address(self, workshop: RunningWorkshop, conn: Conn, url: str) -> None:
        found = self._choices(url)
        if not any(one.chosen for one in found):
            self._doors.send(conn, write(Refused(0, "unknown_address")))
            return
        workshop.move_to(url, found)
        self._doors.send(conn, write(Done(workshop.session.version)))

    def _choices(self, chosen: str) -> tuple[AddressChoice, ...]:
        return tuple(AddressChoice(one.url, one.kind, one.url == chosen) for one in self._own_addresses())

    def _line(self, workshop: RunningWorkshop) -> AdmissionQueue:
        """Who waits to come in for the first time."""
        code, limits = workshop.record.code, self._limits
        if code not in self._lines:
            let_in = functools.partial(self._let_in, workshop)
            self._lines[code] = AdmissionQueue(limits.joins_rate, limits.joins_burst, let_in)
        return self._lines[code]

    def _let_in(self, workshop: RunningWorkshop, conn: Conn) -> None:
        """It is somebody's turn; the door may have been locked since they came."""
        self._arriving[conn] = None
        secret = secrets.token_urlsafe(24)
        farewell = self._refusal(workshop)
        if farewell is None and not workshop.take(Newcomer(conn, secret, _digest(secret))):
            farewell = "busy"
        if farewell:
            self._dismiss(conn, farewell)

    def turned_away(self, conn: Conn, reason: Farewell) -> None:
        """Somebody goes: see :class:`~maatwerk_live.server.workshop.Host`."""
        self._dismiss(conn, reason)

    def seated(self, workshop: RunningWorkshop, conn: Conn, who: int) -> bool:
        """Give a person who is in a seat, if the connection is still there."""
        if conn not in self._arriving:
            return False
        del self._arriving[conn]
        self._addresses.pop(conn, None)
        self._crowds_of(workshop).seated(conn, who)
        self._seats[conn] = _Seat(workshop, "phone", who)
        return True

    def _refusal(self, workshop: RunningWorkshop, waiting: int = 0) -> Farewell | None:
        """Why nobody new is let in now."""
        if workshop.trouble:
            return "trouble"
        if workshop.session.stage.locked or workshop.session.stage.phase == "ended":
            return "locked"
        if workshop.session.people >= self._limits.people:
            return "full"
        # Some of those who wait may leave again: there is room for no more than the rest.
        return "busy" if workshop.session.people + waiting >= self._limits.people else None

    # --- What they say ---------------------------------------------------------------------------------

    def said(self, conn: Conn, message: FromPhone | FromStage) -> None:
        """See :meth:`~maatwerk_live.server.bus.ToRegistry.said`."""
        seat = self._seats.get(conn)
        if seat is None:
            self._dismiss(conn, "again")
            return
        item: Answer | Order | ReportAsked
        if seat.who is not None:
            item = Answer(conn, seat.who, cast(FromPhone, message))
        elif seat.kind == "stage" and isinstance(message, AskReport):
            item = ReportAsked(conn, message.kind)
        elif seat.kind == "stage" and isinstance(message, Admit):
            self._admit(seat.workshop, conn, message.crowd)
            return
        elif seat.kind == "stage" and isinstance(message, ChooseAddress):
            self._choose_address(seat.workshop, conn, message.url)
            return
        elif seat.kind == "stage" and isinstance(message, Remove) and message.crowd:
            self._put_out(seat.workshop, conn, message.crowd)
            return
        elif seat.kind == "stage":
            item = Order(conn, cast(Command, message))
        else:
            return
        if not seat.workshop.take(item):
            self._dismiss(conn, "again")

    def report(self, workshop: RunningWorkshop, conn: Conn, kind: ReportKind) -> None:
        """A report is asked: see :class:`~maatwerk_live.server.workshop.Host`."""
        self._start(self._report(conn, workshop, kind))

    async def _report(self, conn: Conn, workshop: RunningWorkshop, kind: ReportKind) -> None:
        """Worked out beside the rounds, from the workshop as it is now: answers never wait for it."""
        session, record = workshop.session, workshop.record
        text = await asyncio.to_thread(report, kind, session, record)
        self._doors.send(conn, write(Report(kind, report_name(kind, record), text)))

    def left(self, conn: Conn) -> None:
        """See :meth:`~maatwerk_live.server.bus.ToRegistry.left`."""
        line = self._arriving.pop(conn, None)
        if self._addresses.pop(conn, None) is not None:
            for code, crowds in self._crowds.items():
                if crowds.leave(conn):
                    self.moved(self._workshops[code])
        # Not "if line": an empty one counts as false.
        if line is not None:
            line.leave(conn)
        seat = self._seats.pop(conn, None)
        if seat:
            seat.workshop.unseat(conn, seat.who)

    def _dismiss(self, conn: Conn, reason: Farewell) -> None:
        self.left(conn)
        self._doors.dismiss(conn, reason)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _digest(secret: str) -> bytes:
    # The secret is long and random: a plain digest cannot be turned back.
    return hashlib.sha256(secret.encode()).digest()[:16]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
