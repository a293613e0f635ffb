"""One workshop while it runs: takes messages, has what happened kept, and tells every screen.

Nothing is shown, answered or acted upon before it is on the disk. What the disk refuses never happened: it is
refused at once, phones keep their answers, and nothing is carried out later by itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from operator import is_
from time import perf_counter
from typing import Protocol

import segno
from msgspec.structs import replace

from maatwerk_live.core import view
from maatwerk_live.core.aggregate import Point
from maatwerk_live.core.batch import (
    BatchResult,
    Clock,
    Conn,
    Item,
    Newcomer,
    Order,
    ReportAsked,
    process_batch,
)
from maatwerk_live.core.protocol import (
    AddressChoice,
    BoardState,
    Case,
    Done,
    Farewell,
    Join,
    Joining,
    MineIs,
    PhoneState,
    PictureNow,
    Refused,
    Released,
    Removed,
    ReportKind,
    StageState,
    Tick,
    Trouble,
    Welcome,
    write,
)
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Event, Session, evolve
from maatwerk_live.server.bus import ToConnections
from maatwerk_live.server.store import WipedError, trouble_of

# The board's beat, in seconds: what happens in one beat is kept and drawn together.
BEAT = 0.05
# How often the picture is drawn anew at most, and which part of the time may go to working it out.
PICTURE_EVERY = 0.5
PICTURE_SHARE = 0.02
# How often it is told at most who is there.
HERE_EVERY = 1.0
# More than this waiting for the disk is not taken in: phones keep it and send it again.
MOST_WAITING = 50_000

Keep = Callable[[Sequence[Event]], Awaitable[None]]


class Host(Protocol):
    """Who seats people, and hears what a workshop cannot deal with itself."""

    def seated(self, workshop: RunningWorkshop, conn: Conn, who: int) -> bool:
        """A newcomer is in; ``False`` when the connection is gone by then."""

    def turned_away(self, conn: Conn, reason: Farewell) -> None:
        """Somebody who was to come in does not, or is put out."""

    def wiped(self, workshop: RunningWorkshop) -> None:
        """The room turns out to be gone."""

    def refused(self, trouble: Trouble) -> None:
        """The disk refuses."""

    def report(self, workshop: RunningWorkshop, conn: Conn, kind: ReportKind) -> None:
        """A report is asked of the workshop as it is."""

    def stepped(self, workshop: RunningWorkshop) -> None:
        """The facilitator, or the clock, took a step."""

    def moved(self, workshop: RunningWorkshop) -> None:
        """Somebody came or went."""


class RunningWorkshop:
    """A workshop.

    Parameters
    ----------
    record : RoomRecord
        Its keys.
    happened : iterable of Event
        What happened in it so far.
    doors : ToConnections
        How it speaks to screens.
    keep : callable
        Puts what happened on the disk; raises :class:`~maatwerk_live.server.store.WipedError` when the room
        is gone.
    room : view.Room
        What the screens need beside the session.
    host : Host
        Who else must know.
    clock : callable
        The time in milliseconds since 1970.
    """

    def __init__(
        self,
        record: RoomRecord,
        happened: Sequence[Event],
        doors: ToConnections,
        keep: Keep,
        room: view.Room,
        host: Host,
        clock: Callable[[], int],
    ) -> None:
        self.record = record
        # As it is on the disk: what anybody sees.
        self.session = evolve(Session(), happened)
        self.people = {
            one.act.digest: one.who
            for one in happened
            if isinstance(one.act, Join) and one.who and one.who not in self.session.removed
        }
        self.phones: dict[int, Conn] = {}
        self.boards: set[Conn] = set()
        self.stages: set[Conn] = set()
        self.trouble: Trouble | None = None
        # What phones were told last, and what it was made of.
        self._told: tuple[tuple[object, ...], PhoneState] | None = None
        self._doors = doors
        self._keep = keep
        self._room = room
        self._host = host
        self._waiting: list[Item] = []
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._turning: asyncio.Task[None] | None = None
        self._next_beat = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._picture_timer: asyncio.TimerHandle | None = None
        self._picture_every = PICTURE_EVERY
        self._here_timer: asyncio.TimerHandle | None = None
        # The order in which the board draws the dots: people's numbers, and where each stands in it.
        self._drawn: dict[int, int] = {}
        self._set_timer()

    # --- Who is here -----------------------------------------------------------------------------------

    def seat(self, conn: Conn, who: int, secret: str | None = None) -> None:
        """Let a person's phone in. An earlier connection of the same person is sent away."""
        before = self.phones.get(who)
        self.phones[who] = conn
        if before is not None:
            self._doors.dismiss(before, "elsewhere")
        else:
            self._here_soon()
        mine = view.mine(self.session, who)
        welcome = Welcome(self.session.seqs[who], self._state(self.session), mine, secret)
        self._doors.admit(conn, self.record.id, "phone", write(welcome))

    def seat_board(self, conn: Conn) -> None:
        """Let a board in."""
        self.boards.add(conn)
        self._doors.admit(conn, self.record.id, "board", write(self._board()))

    def seat_stage(self, conn: Conn, here: str) -> None:
        """Let a facilitator's screen in. Where it opened the pages is where others find them too."""
        self.stages.add(conn)
        if self._set_address(here):
            self._tell_boards()
        self._doors.admit(conn, self.record.id, "stage", write(self._stage()))

    def unseat(self, conn: Conn, who: int | None) -> None:
        """A connection is gone."""
        self.boards.discard(conn)
        self.stages.discard(conn)
        if who is not None and self.phones.get(who) == conn:
            del self.phones[who]
            self._here_soon()

    # --- What is said ----------------------------------------------------------------------------------

    def take(self, item: Item) -> bool:
        """Deal with a message in the next beat; ``False`` when there are too many."""
        if self.trouble:
            self._refuse([item])
            return True
        if len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append(item)
        if self._turning is None:
            self._turning = self._loop.create_task(self._turns())
        return True

    async def stop(self) -> None:
        """Finish what is waiting, and hold still."""
        for timer in (self._timer, self._picture_timer, self._here_timer):
            if timer:
                timer.cancel()
        self._next_beat = 0.0
        if self._turning is not None:
            await asyncio.wait([self._turning])

    def set_trouble(self, trouble: Trouble | None) -> None:
        """The disk refuses, for this reason, or does no more: everybody hears it."""
        if trouble == self.trouble:
            return
        self.trouble = trouble
        if trouble:
            items, self._waiting = self._waiting, []
            self._refuse(items)
        self._doors.cast(self.record.id, "phone", write(self._state(self.session)))
        self._tell_all()
        ends = self.session.stage.ends
        if trouble is None and ends is not None and ends <= self._clock():
            # Nobody could answer while the clock ran out: the round stays open until the facilitator says so.
            self.take(Clock(ends, late=True))

    async def _turns(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(max(0.0, self._next_beat - self._loop.time()))
                self._next_beat = self._loop.time() + BEAT
                items, self._waiting = self._waiting, []
                turn = process_batch(self.session, items, self._room.cases, self._clock())
                try:
                    if turn.happened:
                        await self._keep(turn.happened)
                except WipedError:
                    self._host.wiped(self)
                except (OSError, sqlite3.Error) as error:
                    # First these, so that each hears why it was refused; then all others hear it too.
                    self._refuse(items)
                    self._host.refused(trouble_of(error))
                else:
                    before, self.session = self.session, turn.session
                    self._tell(turn, before)
        finally:
            self._turning = None

    def _refuse(self, items: Sequence[Item]) -> None:
        """What was said never happened. Phones keep their answers, and send them again by themselves."""
        for item in items:
            if isinstance(item, Order):
                self._doors.send(item.conn, write(Refused(0, "trouble")))
            elif isinstance(item, Newcomer):
                self._host.turned_away(item.conn, "trouble")
            elif isinstance(item, ReportAsked):
                self._host.report(self, item.conn, item.kind)

    # --- What is told ----------------------------------------------------------------------------------

    def _tell(self, turn: BatchResult, before: Session) -> None:
        """Everybody hears what is kept now."""
        self._put_out(turn.happened)
        self._tell_phones(before)
        if self.session.version != before.version:
            self._tell_all()
        elif turn.happened:
            self._tell_changes(turn.happened)
        for newcomer, who in turn.newcomers:
            self.people[newcomer.digest] = who
            if self._host.seated(self, newcomer.conn, who):
                self.seat(newcomer.conn, who, newcomer.secret)
        for conn, seq, reason in turn.refused:
            self._doors.send(conn, write(Refused(seq, reason)))
        self._doors.acks(list(turn.acks.items()))
        for conn, version in turn.orders:
            self._doors.send(conn, write(Done(version)))
        for asked in turn.reports:
            self._host.report(self, asked.conn, asked.kind)

    def _put_out(self, happened: Sequence[Event]) -> None:
        going = {who for one in happened if isinstance(one.act, Removed) for who in one.act.people}
        if not going:
            return
        self.people = {digest: who for digest, who in self.people.items() if who not in going}
        for who in going & self.phones.keys():
            self._host.turned_away(self.phones[who], "removed")

    def _state(self, session: Session) -> PhoneState:
        # A whole workshop that comes back is told the same, and the picture in it is of everybody.
        of = (session.stage, session.arguments, session.shown)
        state = self._told[1] if self._told and all(map(is_, self._told[0], of)) else None
        if state is None or (state.version, state.trouble) != (session.version, self.trouble):
            state = view.phone_state(session, self.record.lang, 0, self.trouble)
            self._told = of, state
        return replace(state, now=self._clock())

    def _tell_phones(self, before: Session) -> None:
        """What changed for everybody; most often nothing, since people's answers change only the board."""
        session = self.session
        if session.version == before.version and session.arguments is before.arguments:
            return
        state = self._state(session)
        if state != replace(self._state(before), now=state.now):
            self._doors.cast(self.record.id, "phone", write(state))
        self._tell_mine(before)

    def _tell_all(self) -> None:
        """After a step of the facilitator."""
        self._set_timer()
        self._host.stepped(self)
        self._tell_boards()
        if self.stages:
            self._doors.cast(self.record.id, "stage", write(self._stage()))

    def _tell_mine(self, before: Session) -> None:
        """When a round with answers came back, everybody hears what theirs were."""
        now = self.session.stage.round
        was = before.stage.round
        if now is None or (was and was.id == now.id):
            return
        for who in self.session.ballots_of(now):
            if who in self.phones:
                message = MineIs(now.id, view.mine(self.session, who))
                self._doors.send(self.phones[who], write(message))

    def _tell_changes(self, happened: Sequence[Event]) -> None:
        if not (self.boards or self.stages):
            return
        current = self.session.stage.round
        now = Released(current.id, "place") if current else None
        drawn = any(one.act == now for one in happened)
        dots = self._moved() if drawn and self.boards else ()
        if dots is None:
            self._tell_boards()
        elif self.boards:
            self._doors.cast(self.record.id, "board", write(self._tick(dots)))
        if self.stages:
            self._doors.cast(self.record.id, "stage", write(self._tick()))
        self._picture_soon()

    def _tick(self, dots: tuple[int, ...] = ()) -> Tick:
        session = self.session
        current = session.stage.round
        placed, weighed = session.answered_in(current)
        number = current.id if current else 0
        return Tick(number, session.people, placed, weighed, dots, len(self.phones))

    def _moved(self) -> tuple[int, ...] | None:
        """The dots that moved or are new, as the board wants them; ``None`` when it is drawn anew.

        The numbers of the dots that changed are dealt out anew among them, in the order of where they are
        now: so that a number's way over the board is nobody's.
        """
        places = view.drawn_places(self.session)
        latest = self.session.shown_of(self.session.stage.round).latest
        new = [who for who in latest if who not in self._drawn]
        if not self._drawn or len(self._drawn) + len(new) != len(places):
            return None
        numbers = sorted(self._drawn[who] for who in latest if who in self._drawn)
        numbers += range(len(self._drawn), len(places))
        dots = []
        for number, who in zip(numbers, sorted(latest, key=lambda who: places[who]), strict=True):
            self._drawn[who] = number
            dots += [number, places[who][1], places[who][0]]
        return tuple(dots)

    def _board(self) -> BoardState:
        places: Mapping[int, Point] = view.drawn_places(self.session)
        if self._drawn.keys() != places.keys():
            # In the order of where they are: it says nothing about who, or who came first.
            order = sorted(places, key=lambda who: places[who])
            self._drawn = {who: number for number, who in enumerate(order)}
        drawn = sorted(self._drawn, key=lambda who: self._drawn[who])
        dots = tuple(part for who in drawn for part in (places[who][1], places[who][0]))
        return view.board_state(
            self.session, self._room, self._clock(), dots or None, len(self.phones), self.trouble
        )

    def _tell_boards(self) -> None:
        self._drawn = {}
        if self.boards:
            self._doors.cast(self.record.id, "board", write(self._board()))

    def _stage(self) -> StageState:
        return view.stage_state(self.session, self._room, self._clock(), len(self.phones), self.trouble)

    # --- By the clock ----------------------------------------------------------------------------------

    def _here_soon(self) -> None:
        self._host.moved(self)
        if self._here_timer is None and (self.boards or self.stages):
            self._here_timer = self._loop.call_later(HERE_EVERY, self._tell_here)

    def _tell_here(self) -> None:
        self._here_timer = None
        tick = write(self._tick())
        if self.boards:
            self._doors.cast(self.record.id, "board", tick)
        if self.stages:
            self._doors.cast(self.record.id, "stage", tick)

    def _picture_soon(self) -> None:
        if self._picture_timer is None:
            self._picture_timer = self._loop.call_later(self._picture_every, self._tell_picture)

    def _tell_picture(self) -> None:
        self._picture_timer = None
        current = self.session.stage.round
        if current is None or not (self.boards or self.stages):
            return
        began = perf_counter()
        picture = view.shown_picture(self.session)
        # A large workshop takes longer to work out: then less often, so that answers never wait for pictures.
        self._picture_every = max(PICTURE_EVERY, (perf_counter() - began) / PICTURE_SHARE)
        if self.boards:
            picture_now = PictureNow(current.id, picture, view.board_arguments(self.session))
            self._doors.cast(self.record.id, "board", write(picture_now))
        if self.stages:
            picture_now = PictureNow(current.id, picture, view.stage_arguments(self.session))
            self._doors.cast(self.record.id, "stage", write(picture_now))

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        ends = self.session.stage.ends
        if ends is not None and self.trouble is None:
            wait = max(0, ends - self._clock()) / 1000
            self._timer = self._loop.call_later(wait, lambda: self.take(Clock(ends)))

    def _set_address(self, here: str) -> bool:
        if self._room.joining.address:
            return False
        self._room = room_at(here, self.record, self._room.cases)
        return True

    def move_to(self, address: str, choices: Sequence[AddressChoice]) -> None:
        """Show another address where people find the pages, of these."""
        self._room = room_at(address, self.record, self._room.cases, choices)
        self._tell_boards()
        if self.stages:
            self._doors.cast(self.record.id, "stage", write(self._stage()))


def room_at(
    here: str, record: RoomRecord, cases: Mapping[str, Case], choices: Sequence[AddressChoice] = ()
) -> view.Room:
    """A room, whose pages are at the address ``here`` (ending in ``/``), or nobody knows yet (empty)."""
    if not here:
        return view.Room(record.lang, Joining("", record.code, ()), "", cases, tuple(choices))
    link = f"{here}join#{record.code}.{record.join_key}"
    rows = segno.make(link, error="m", micro=False).matrix
    qr = tuple("".join("1" if dark else "0" for dark in row) for row in rows)
    board_link = f"{here}board#{record.code}.{record.board_key}"
    joining = Joining(f"{here}join", record.code, qr)
    return view.Room(record.lang, joining, board_link, cases, tuple(choices))
