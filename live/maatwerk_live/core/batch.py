"""What a batch of messages comes to. Pure: session and messages in, what happened and who hears what out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from maatwerk_live.core.protocol import (
    Act,
    Argue,
    Case,
    Command,
    FromPhone,
    Join,
    Reason,
    Removed,
    ReportKind,
    Support,
    Timer,
    TimeUp,
)
from maatwerk_live.core.session import (
    Event,
    RefusedError,
    Session,
    decide_answer,
    decide_command,
    evolve,
    release,
)

# A connection: the door it came in by, and its number there.
Conn: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said."""

    conn: Conn
    who: int
    message: FromPhone


@dataclass(frozen=True, slots=True)
class Order:
    """What the facilitator said."""

    conn: Conn
    command: Command | Removed


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who comes in for the first time."""

    conn: Conn
    secret: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock ran out, if it is still this one; ``late`` when nobody could answer meanwhile."""

    ends: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """The facilitator wants a report: what may leave of earlier rounds leaves now, too."""

    conn: Conn
    kind: ReportKind


Item: TypeAlias = Answer | Order | Newcomer | Clock | ReportAsked


@dataclass(slots=True)
class BatchResult:
    """What came of a batch, to be told once ``happened`` is kept.

    Parameters
    ----------
    session : Session
        The workshop afterwards.
    happened : list
        What to keep, in order.
    acks : dict
        By connection: the last message that was dealt with.
    refused : list
        Connection, number of the message (0 for a command) and reason.
    newcomers : list
        Who came in, with their new number.
    orders : list
        Connections whose command was carried out, with the version that came of it.
    reports : list
        What reports to make of the workshop as it is then.
    """

    session: Session
    happened: list[Event] = field(default_factory=list)
    acks: dict[Conn, int] = field(default_factory=dict)
    refused: list[tuple[Conn, int, Reason]] = field(default_factory=list)
    newcomers: list[tuple[Newcomer, int]] = field(default_factory=list)
    orders: list[tuple[Conn, int]] = field(default_factory=list)
    reports: list[ReportAsked] = field(default_factory=list)


def process_batch(
    session: Session, items: Iterable[Item], cases: Mapping[str, Case], now: int
) -> BatchResult:
    """Deal with the messages in order. A message that was dealt with before only gets acknowledged again."""
    turn = BatchResult(session)
    # Decided but not carried out yet: whether an answer is allowed depends on the stage, save for arguments.
    waiting: list[Event] = []
    seqs: dict[int, int] = {}
    people = len(session.seqs)
    everything = False

    def catch_up() -> Session:
        turn.session = evolve(turn.session, waiting)
        waiting.clear()
        return turn.session

    def happen(who: int | None, act: Act) -> None:
        one = Event(now, who, act)
        turn.happened.append(one)
        waiting.append(one)

    for item in items:
        if isinstance(item, Answer):
            who, message = item.who, item.message
            if who in turn.session.removed:
                continue
            last = seqs.get(who) or session.seqs.get(who, 0)
            if message.seq > last:
                if isinstance(message, Argue | Support):
                    catch_up()
                try:
                    happen(who, decide_answer(turn.session, who, message))
                except RefusedError as refused:
                    turn.refused.append((item.conn, message.seq, refused.reason))
                last = seqs[who] = message.seq
            turn.acks[item.conn] = last
        elif isinstance(item, Newcomer):
            people += 1
            happen(people, Join(item.digest))
            turn.newcomers.append((item, people))
        elif isinstance(item, Order):
            try:
                happen(None, decide_command(catch_up(), item.command, cases))
                turn.orders.append((item.conn, catch_up().version))
            except RefusedError as refused:
                turn.refused.append((item.conn, 0, refused.reason))
        elif isinstance(item, ReportAsked):
            everything = True
            turn.reports.append(item)
        elif catch_up().stage.ends == item.ends:
            happen(None, Timer(turn.session.version, 0) if item.late else TimeUp())
            catch_up()
    catch_up()
    if turn.happened or everything:
        turn.session, released = release(turn.session, everything)
        turn.happened += [Event(now, None, act) for act in released]
    return turn
