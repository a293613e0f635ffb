"""One workshop while it runs: takes messages, has what happened kept, and tells every screen.

The board draws at once. A phone hears that its answer is kept, or is in, only when that is on the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

import segno

from maatwerk_live import view
from maatwerk_live.aggregate import Point
from maatwerk_live.bus import ToDoors
from maatwerk_live.keeper import Keep, Keeper
from maatwerk_live.protocol import (
    BoardState,
    Case,
    Done,
    Join,
    Joining,
    MineIs,
    Picture,
    PictureNow,
    Place,
    Refused,
    StageState,
    Tick,
    Trouble,
    Welcome,
    write,
)
from maatwerk_live.session import Happened, Session, evolve
from maatwerk_live.store import RoomRecord
from maatwerk_live.turn import Clock, Conn, Item, Turn, take_turn

# The board's beat, in seconds: what happens in one beat is drawn at once.
BEAT = 0.05
# How often the picture is drawn anew at most, and which part of the time may go to working it out.
PICTURE_EVERY = 0.5
PICTURE_SHARE = 0.02
# More than this waiting for the disk is not taken in: phones keep it and send it again.
MOST_WAITING = 50_000


class Hall:
    """A workshop.

    Parameters
    ----------
    record : RoomRecord
        Its keys.
    happened : iterable of Happened
        What happened in it so far.
    doors : ToDoors
        How it speaks to screens.
    keep : callable
        As :class:`~maatwerk_live.keeper.Keeper` has it.
    room : view.Room
        What the screens need beside the session.
    seated : callable
        Is told of a newcomer who is in; ``False`` when the connection is gone by then.
    wiped : callable
        Is told when the room turns out to be gone.
    clock : callable
        The time in milliseconds since 1970.
    """

    def __init__(
        self,
        record: RoomRecord,
        happened: Sequence[Happened],
        doors: ToDoors,
        keep: Keep,
        room: view.Room,
        seated: Callable[[Hall, Conn, int], bool],
        wiped: Callable[[Hall], None],
        clock: Callable[[], int],
    ) -> None:
        self.record = record
        self.session = evolve(Session(), happened)
        self.people = {one.act.digest: one.who for one in happened if isinstance(one.act, Join) and one.who}
        self.phones: dict[int, Conn] = {}
        self.boards: set[Conn] = set()
        self.stages: set[Conn] = set()
        self._doors = doors
        self._room = room
        self._seated = seated
        self._waiting: list[Item] = []
        # Up to where each person's messages are on the disk.
        self._kept_seqs = self.session.seqs
        self._keeper = Keeper(keep, self._answer, self._tell_trouble, lambda: wiped(self))
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._turning: asyncio.Task[None] | None = None
        self._next_beat = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._picture_timer: asyncio.TimerHandle | None = None
        self._picture_every = PICTURE_EVERY
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
        state = view.phone_state(self.session, self.record.lang, self._clock())
        mine = view.mine(self.session, who)
        welcome = Welcome(self._kept_seqs[who], state, mine, secret)
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

    # --- What is said ----------------------------------------------------------------------------------

    def take(self, item: Item) -> bool:
        """Deal with a message in the next beat; ``False`` when there are too many."""
        if len(self._waiting) + self._keeper.waiting >= MOST_WAITING:
            return False
        self._waiting.append(item)
        if self._turning is None:
            self._turning = self._loop.create_task(self._turns())
        return True

    async def stop(self) -> None:
        """Finish what is waiting, and hold still."""
        for timer in (self._timer, self._picture_timer):
            if timer:
                timer.cancel()
        self._next_beat = 0.0
        if self._turning is not None:
            await asyncio.wait([self._turning])
        await self._keeper.drain()

    async def _turns(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(max(0.0, self._next_beat - self._loop.time()))
                self._next_beat = self._loop.time() + BEAT
                items, self._waiting = self._waiting, []
                turn = take_turn(self.session, items, self._room.cases, self._clock())
                before, self.session = self.session, turn.session
                self._tell(turn, before)
                self._keeper.add(turn)
        finally:
            self._turning = None

    # --- What is told ----------------------------------------------------------------------------------

    def _tell(self, turn: Turn, before: Session) -> None:
        """What everybody may know before it is kept."""
        self._tell_phones(before)
        if self.session.version != before.version:
            self._tell_all()
        elif turn.happened:
            self._tell_changes(turn.happened)

    def _answer(self, turn: Turn) -> None:
        """What those who said something hear now that it is kept."""
        self._kept_seqs = turn.session.seqs
        for newcomer, who in turn.newcomers:
            self.people[newcomer.digest] = who
            if self._seated(self, newcomer.conn, who):
                self.seat(newcomer.conn, who, newcomer.secret)
        for conn, seq, reason in turn.refused:
            self._doors.send(conn, write(Refused(seq, reason)))
        self._doors.acks(list(turn.acks.items()))
        for conn, version in turn.orders:
            self._doors.send(conn, write(Done(version)))

    def _tell_phones(self, before: Session) -> None:
        """What changed for everybody; most often nothing, since people's answers change only the board."""
        session = self.session
        if session.version == before.version and session.arguments is before.arguments:
            return
        now = self._clock()
        state = view.phone_state(session, self.record.lang, now)
        if state != view.phone_state(before, self.record.lang, now):
            self._doors.cast(self.record.id, "phone", write(state))
        self._tell_mine(before)

    def _tell_all(self) -> None:
        """After a step of the facilitator."""
        self._set_timer()
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

    def _tell_changes(self, happened: Sequence[Happened]) -> None:
        if not (self.boards or self.stages):
            return
        current = self.session.stage.round
        placed, weighed = self.session.answered_in(current)
        number, people = (current.id if current else 0), self.session.people
        shows = view.may_show_dots(self.session, placed)
        if self.boards and shows != bool(self._drawn):
            self._tell_boards()
        elif self.boards:
            dots = self._moved(happened) if shows else ()
            tick = write(Tick(number, people, placed, weighed, dots))
            self._doors.cast(self.record.id, "board", tick)
        if self.stages:
            tick = write(Tick(number, people, placed, weighed))
            self._doors.cast(self.record.id, "stage", tick)
        self._picture_soon()

    def _moved(self, happened: Sequence[Happened]) -> tuple[int, ...]:
        """The dots that moved or are new, as the board wants them."""
        places: dict[int, Point] = {}
        for one in happened:
            if isinstance(one.act, Place):
                number = self._drawn.setdefault(one.who or 0, len(self._drawn))
                places[number] = (one.act.group, one.act.person)
        return tuple(part for number, (group, person) in places.items() for part in (number, group, person))

    def _board(self) -> BoardState:
        places = view.places_of(self.session, self.session.stage.round)
        if not view.may_show_dots(self.session, len(places)):
            self._drawn = {}
        elif self._drawn.keys() != places.keys():
            # In the order of where they are: it says nothing about who, or who came first.
            order = sorted(places, key=lambda who: places[who])
            self._drawn = {who: number for number, who in enumerate(order)}
        drawn = [places[who] for who in self._drawn]
        dots = tuple(part for person, group in drawn for part in (group, person))
        return view.board_state(self.session, self._room, self._clock(), dots if drawn else None)

    def _tell_boards(self) -> None:
        self._drawn = {}
        if self.boards:
            self._doors.cast(self.record.id, "board", write(self._board()))

    def _stage(self) -> StageState:
        trouble: Trouble | None = "disk" if self._keeper.trouble else None
        return view.stage_state(self.session, self._room, self._clock(), trouble)

    def _tell_trouble(self, trouble: bool) -> None:
        self._doors.cast(self.record.id, "stage", write(self._stage()))

    # --- By the clock ----------------------------------------------------------------------------------

    def _picture_soon(self) -> None:
        if self._picture_timer is None:
            self._picture_timer = self._loop.call_later(self._picture_every, self._tell_picture)

    def _tell_picture(self) -> None:
        self._picture_timer = None
        current = self.session.stage.round
        shown = not self.session.stage.hidden
        if current is None or not (self.boards or self.stages):
            return
        began = perf_counter()
        picture = view.picture(self.session)
        # A large hall takes longer to work out: then less often, so that answers never wait for pictures.
        self._picture_every = max(PICTURE_EVERY, (perf_counter() - began) / PICTURE_SHARE)
        if self.boards:
            picture_now = PictureNow(
                current.id, picture if shown else Picture(), view.board_arguments(self.session)
            )
            self._doors.cast(self.record.id, "board", write(picture_now))
        if self.stages:
            picture_now = PictureNow(current.id, picture, view.stage_arguments(self.session))
            self._doors.cast(self.record.id, "stage", write(picture_now))

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        ends = self.session.stage.ends
        if ends is not None:
            wait = max(0, ends - self._clock()) / 1000
            self._timer = self._loop.call_later(wait, lambda: self.take(Clock(ends)))

    def _set_address(self, here: str) -> bool:
        if self._room.joining.address:
            return False
        self._room = room_at(here, self.record, self._room.cases)
        return True


def room_at(here: str, record: RoomRecord, cases: Mapping[str, Case]) -> view.Room:
    """A room, whose pages are at the address ``here`` (ending in ``/``), or nobody knows yet (empty)."""
    if not here:
        return view.Room(record.lang, Joining("", record.code, ()), "", cases)
    link = f"{here}join#{record.code}.{record.join_key}"
    rows = segno.make(link, error="m", micro=False).matrix
    qr = tuple("".join("1" if dark else "0" for dark in row) for row in rows)
    board_link = f"{here}board#{record.code}.{record.board_key}"
    return view.Room(record.lang, Joining(f"{here}join", record.code, qr), board_link, cases)
