"""A workshop as a value: what may happen next, and what it becomes. Pure: no clock, no socket, no file.

``decide`` says whether an answer or a command may happen, and as what; ``evolve`` carries out what did. The
store keeps what happened, so that a restart is ``evolve`` over all of it.

The facilitator's steps change only the :class:`Stage`, which is small; ``undo`` brings the earlier one back.
Answers hang on a round's number, which is never given twice: a reset gives the round a new number, and
undoing the reset gives it its old number back, with all that was answered in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import msgspec

from maatwerk_live.core import privacy
from maatwerk_live.core.aggregate import Point
from maatwerk_live.core.privacy import Answers, Family, Shown
from maatwerk_live.core.protocol import (
    Act,
    Again,
    Argue,
    Ask,
    AskKind,
    Begin,
    Case,
    Close,
    Command,
    End,
    FromPhone,
    Hide,
    Hold,
    Join,
    Lock,
    Moderate,
    Open,
    OpenTyped,
    Phase,
    Place,
    Reason,
    Released,
    Remove,
    Removed,
    Reopen,
    Reset,
    Side,
    Standing,
    Support,
    TakeRole,
    Timer,
    TimeUp,
    Undo,
    Weigh,
    clean_paragraphs,
    clean_text,
    is_visible,
)

# How many of the facilitator's steps can be taken back.
LONGEST_HISTORY = 50
# How many arguments one person may give in a round.
MOST_ARGUMENTS = 5
# What stands where a removed text stood.
REMOVED = "-"

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

Kind: TypeAlias = Literal["place", "weigh"]
_KINDS_OF_RELEASE: tuple[Kind | Literal["split"], ...] = ("place", "weigh", "split")


@dataclass(frozen=True, slots=True)
class Round:
    """One case, put to the hall once. ``id`` is never used twice."""

    id: int
    case: Case
    asks: tuple[AskKind, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """All that the facilitator's steps change. ``ends``: when the clock closes the round, in milliseconds."""

    phase: Phase = "lobby"
    rounds: tuple[Round, ...] = ()
    hidden: bool = True
    locked: bool = False
    held: bool = False
    ends: int | None = None

    @property
    def round(self) -> Round | None:
        """The round that it is about now."""
        return self.rounds[-1] if self.rounds else None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's answers in one round."""

    place: Point | None = None
    weights: Mapping[str, int] | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """One reason. ``supporters`` are people's numbers, never shown."""

    id: int
    round: int
    who: int
    side: Side
    text: str
    standing: Standing = "waiting"
    supporters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Session:
    """A workshop.

    Parameters
    ----------
    stage : Stage
        What the facilitator sees to.
    history : tuple of Stage
        What can be gone back to, the latest last.
    version : int
        How many steps the facilitator (or the clock) took.
    next_round : int
        The number of the next round.
    seqs : mapping
        By person's number: the last message that counts.
    roles : mapping
        By person's number: the chair last taken.
    ballots : mapping
        By round's number, then by person's number. A person who answered nothing in a round is not in it.
    answered : mapping
        By round's number: how many people placed in it, and how many weighed.
    arguments : mapping
        By their own numbers, which run on over all rounds.
    removed : frozenset of int
        The numbers of people whom the facilitator put out.
    shown : mapping
        By round's number, what left the server of it.
    families : mapping
        By case's key, what left of all rounds about it.
    unseen : mapping
        By round's number and kind of answer, the people whose answer is perhaps not in what left.
    """

    stage: Stage = Stage()
    history: tuple[Stage, ...] = ()
    version: int = 0
    next_round: int = 1
    seqs: Mapping[int, int] = field(default_factory=lambda: _NOTHING)
    roles: Mapping[int, str | None] = field(default_factory=lambda: _NOTHING)
    ballots: Mapping[int, Mapping[int, Ballot]] = field(default_factory=lambda: _NOTHING)
    answered: Mapping[int, tuple[int, int]] = field(default_factory=lambda: _NOTHING)
    arguments: Mapping[int, Argument] = field(default_factory=lambda: _NOTHING)
    removed: frozenset[int] = frozenset()
    shown: Mapping[int, Shown] = field(default_factory=lambda: _NOTHING)
    families: Mapping[str, Family] = field(default_factory=lambda: _NOTHING)
    unseen: Mapping[tuple[int, Kind], frozenset[int]] = field(default_factory=lambda: _NOTHING)

    @property
    def people(self) -> int:
        """How many came in and were not removed."""
        return len(self.seqs) - len(self.removed)

    def ballots_of(self, round_: Round | None) -> Mapping[int, Ballot]:
        """The answers in a round."""
        return self.ballots.get(round_.id, _NOTHING) if round_ else _NOTHING

    def answered_in(self, round_: Round | None) -> tuple[int, int]:
        """How many people placed in a round, and how many weighed."""
        return self.answered.get(round_.id, (0, 0)) if round_ else (0, 0)

    def arguments_of(self, round_: Round | None) -> tuple[Argument, ...]:
        """The arguments in a round, the oldest first."""
        return tuple(a for a in self.arguments.values() if round_ and a.round == round_.id)

    def shown_of(self, round_: Round | None) -> Shown:
        """What left the server of a round."""
        return self.shown.get(round_.id, privacy.EMPTY) if round_ else privacy.EMPTY

    def turn_before(self, round_: Round | None) -> Round | None:
        """The round before about the same case."""
        turns = self.turns(round_) if round_ else ()
        return turns[-2] if len(turns) > 1 else None

    def turns(self, round_: Round) -> tuple[Round, ...]:
        """The rounds about the same case, up to and including this one."""
        upto = self.stage.rounds[: self.stage.rounds.index(round_) + 1]
        return tuple(one for one in upto if one.case.key == round_.case.key)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``who`` is a person's number; ``None`` for the facilitator and the clock.

    ``at`` is in milliseconds since 1970.
    """

    at: int
    who: int | None
    act: Act


class RefusedError(Exception):
    """Why something may not happen."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


# --- May it happen? ------------------------------------------------------------------------------------

_ASKED_BY: Mapping[type, AskKind] = {
    Place: "place",
    Weigh: "weigh",
    TakeRole: "role",
    Argue: "argue",
    Support: "argue",
}


def decide_answer(session: Session, who: int, message: FromPhone) -> FromPhone:
    """A person's answer as it will count.

    Raises
    ------
    RefusedError
        When it may not be given now.
    """
    stage = session.stage
    if stage.phase != "open":
        raise RefusedError("ended" if stage.phase == "ended" else "not_open")
    current = stage.rounds[-1]
    if message.round != current.id:
        raise RefusedError("other_round")
    if _ASKED_BY[type(message)] not in current.asks:
        raise RefusedError("not_asked")
    if isinstance(message, Argue):
        if sum(a.who == who for a in session.arguments_of(current)) >= MOST_ARGUMENTS:
            raise RefusedError("enough")
        text = clean_text(message.text)
        if not is_visible(text):
            raise RefusedError("no_text")
        return msgspec.structs.replace(message, text=text)
    if isinstance(message, Support):
        argument = session.arguments.get(message.argument)
        if argument is None or argument.round != current.id or argument.standing != "shown":
            raise RefusedError("unknown_argument")
    return message


def decide_command(session: Session, command: Command | Removed, cases: Mapping[str, Case]) -> Act:
    """A facilitator's command as what will happen.

    Parameters
    ----------
    cases : mapping
        The cases that can be opened by their key.

    Raises
    ------
    RefusedError
        When it may not happen now.
    """
    stage = session.stage
    if isinstance(command, Moderate):
        return _decide_moderation(session, command)
    if isinstance(command, Remove):
        return _decide_removal(session, command.argument)
    if isinstance(command, Removed):
        return _removal(session, command.people)
    if command.version != session.version:
        raise RefusedError("stale")
    if stage.phase == "ended" and not isinstance(command, Undo):
        raise RefusedError("ended")
    match command:
        case Open(case=key, asks=asks, hidden=hidden):
            if key not in cases:
                raise RefusedError("unknown_case")
            return Begin(cases[key], asks, hidden)
        case OpenTyped(asks=asks, hidden=hidden):
            if not is_visible(clean_text(command.title)):
                raise RefusedError("no_text")
            return Begin(_typed_case(session.next_round, command), asks, hidden)
        case Again(asks=asks, hidden=hidden):
            return Begin(_current(stage).case, asks, hidden)
        case Undo():
            if not session.history:
                raise RefusedError("nothing_to_undo")
        case Ask() | Close() | Reopen() | Reset() | Timer():
            _current(stage)
    return command


def _decide_moderation(session: Session, command: Moderate) -> Moderate:
    argument = session.arguments.get(command.argument)
    if argument is None or argument.standing == "removed":
        raise RefusedError("unknown_argument")
    return command


def _decide_removal(session: Session, number: int) -> Removed:
    """Who gave an argument goes, also when its text went before."""
    argument = session.arguments.get(number)
    if argument is None:
        raise RefusedError("unknown_argument")
    return _removal(session, (argument.who,))


def _removal(session: Session, people: Iterable[int]) -> Removed:
    going = {who for who in people if who in session.seqs} - session.removed
    if not going:
        raise RefusedError("unknown_crowd")
    theirs = tuple(a.id for a in session.arguments.values() if a.who in going)
    return Removed(tuple(sorted(going)), theirs)


def _current(stage: Stage) -> Round:
    if stage.round is None:
        raise RefusedError("no_round")
    return stage.round


def _typed_case(number: int, typed: OpenTyped) -> Case:
    def both(text: str) -> dict[Any, str]:
        return {"nl": text, "en": text}

    return Case(
        f"eigen-{number}",
        both(clean_text(typed.title)),
        both(clean_paragraphs(typed.text)),
        both(clean_text(typed.question)),
        both(""),
    )


def release(session: Session, everything: bool = False) -> tuple[Session, list[Released]]:
    """Let what may leave the server now, and did not yet, leave: the workshop afterwards, and what happened.

    Nothing of a round whose picture is hidden. With ``everything``, and when the workshop is over, also what
    waits of earlier rounds: for a report.
    """
    stage = session.stage
    ended = stage.phase == "ended"
    rounds = stage.rounds if ended or everything else stage.rounds[-1:]
    if stage.hidden and not ended:
        rounds = tuple(one for one in rounds if one is not stage.round)
    found = []
    for one in rounds:
        for what in _KINDS_OF_RELEASE:
            waits = not session.shown_of(one).split if what == "split" else session.unseen.get((one.id, what))
            act = Released(one.id, what)
            if waits and (after := _release(session, act)):
                found.append(act)
                session = after
    return session, found


def _release(session: Session, act: Released) -> Session | None:
    """The workshop after something of a round left; ``None`` when it may not."""
    round_ = next((one for one in session.stage.rounds if one.id == act.round), None)
    if round_ is None:
        return None
    key = round_.case.key
    family = session.families.get(key, privacy.NO_FAMILY)
    answers = _answers(session, round_, family)
    waiting: frozenset[int] = frozenset()
    kind: Kind | None = None
    shown: Shown | None
    if act.what == "split":
        split = privacy.offer_split(answers, family)
        if split is None:
            return None
        shown, family = split
    elif act.what == "place":
        shown, kind = privacy.offer_places(answers, family), "place"
        if shown is None:
            return None
        family = privacy.add_places(family, shown)
        waiting = frozenset(who for who in answers.waiting if shown.places.get(who) != answers.place(who))
    else:
        shown, kind = privacy.offer_weights(answers, family), "weigh"
        if shown is None:
            return None
        family = privacy.add_weights(family, shown)
    unseen = {**session.unseen, (act.round, kind): waiting} if kind else session.unseen
    return replace(
        session,
        shown={**session.shown, act.round: shown},
        families={**session.families, key: family},
        unseen=unseen,
    )


def _answers(session: Session, round_: Round, family: Family) -> Answers:
    ballots, shown = session.ballots_of(round_), session.shown_of(round_)

    def place(who: int) -> Point | None:
        return ballots[who].place if who in ballots else None

    def division(who: int) -> Mapping[str, int] | None:
        return ballots[who].weights if who in ballots else None

    def role(who: int) -> str | None:
        return ballots[who].role if who in ballots else None

    return Answers(
        place,
        division,
        role,
        session.unseen.get((round_.id, "place"), frozenset()),
        session.unseen.get((round_.id, "weigh"), frozenset()),
        session.removed,
        shown,
        session.shown_of(session.turn_before(round_)),
        len(session.turns(round_)) > 1 and bool(family.places),
        "role" in round_.asks,
    )


# --- What it becomes -----------------------------------------------------------------------------------

# What comes by the thousand.
_Usual: TypeAlias = Join | Place | Weigh | TakeRole


def evolve(session: Session, happened: Iterable[Event]) -> Session:
    """What the workshop becomes. Everything in ``happened`` was decided on before."""
    usual: list[tuple[int, _Usual]] = []
    for one in happened:
        # People and answers come by the thousand: together, with one copy of the ballots.
        if isinstance(one.act, _Usual):
            assert one.who is not None
            usual.append((one.who, one.act))
            continue
        if usual:
            session = _evolve_usual(session, usual)
            usual = []
        session = _evolve_one(session, one)
    return _evolve_usual(session, usual) if usual else session


def _evolve_usual(session: Session, usual: Sequence[tuple[int, _Usual]]) -> Session:
    seqs, roles = dict(session.seqs), dict(session.roles)
    ballots: dict[int, dict[int, Ballot]] = {}
    answered = dict(session.answered)
    unseen: dict[tuple[int, Kind], set[int]] = {}
    for who, act in usual:
        if isinstance(act, Join):
            seqs[who] = 0
            continue
        seqs[who] = act.seq
        if act.round not in ballots:
            ballots[act.round] = dict(session.ballots.get(act.round, _NOTHING))
        ballot = ballots[act.round].get(who)
        if ballot is None:
            ballot = Ballot(role=roles.get(who))
        placed, weighed = answered.get(act.round, (0, 0))
        if isinstance(act, Place):
            if ballot.place is None:
                answered[act.round] = (placed + 1, weighed)
            ballot = Ballot((act.person, act.group), ballot.weights, ballot.role)
            unseen.setdefault((act.round, "place"), set()).add(who)
        elif isinstance(act, Weigh):
            if ballot.weights is None:
                answered[act.round] = (placed, weighed + 1)
            ballot = Ballot(ballot.place, act.weights, ballot.role)
            unseen.setdefault((act.round, "weigh"), set()).add(who)
        else:
            roles[who] = act.role
            ballot = Ballot(ballot.place, ballot.weights, act.role)
        ballots[act.round][who] = ballot
    waiting = {key: session.unseen.get(key, frozenset()) | found for key, found in unseen.items()}
    return replace(
        session,
        seqs=seqs,
        roles=roles,
        ballots={**session.ballots, **ballots},
        answered=answered,
        unseen={**session.unseen, **waiting} if waiting else session.unseen,
    )


def _evolve_one(session: Session, one: Event) -> Session:
    stage, who = session.stage, one.who
    match one.act:
        case Argue(seq=seq, round=number, side=side, text=text):
            assert who is not None
            argument = Argument(len(session.arguments) + 1, number, who, side, text)
            arguments = {**session.arguments, argument.id: argument}
            return replace(session, seqs={**session.seqs, who: seq}, arguments=arguments)
        case Support(seq=seq, argument=number, on=on):
            assert who is not None
            argument = session.arguments[number]
            supporters = argument.supporters | {who} if on else argument.supporters - {who}
            arguments = {**session.arguments, number: replace(argument, supporters=supporters)}
            return replace(session, seqs={**session.seqs, who: seq}, arguments=arguments)
        case Moderate(argument=number, standing=standing):
            argument = replace(session.arguments[number], standing=standing)
            if standing == "removed":
                argument = replace(argument, text=REMOVED)
            return replace(session, arguments={**session.arguments, number: argument})
        case Removed(people=people):
            return _without(session, frozenset(people))
        case Released() as act:
            # Of a file that another version wrote, what may not leave by our rule stays.
            return _release(session, act) or session
        case Begin(case=case, asks=asks, hidden=hidden):
            rounds = (*stage.rounds, Round(session.next_round, case, asks))
            session = replace(session, next_round=session.next_round + 1)
            return _step(session, replace(stage, phase="open", rounds=rounds, hidden=hidden, ends=None))
        case Reset():
            fresh = replace(stage.rounds[-1], id=session.next_round)
            session = replace(session, next_round=session.next_round + 1)
            rounds = (*stage.rounds[:-1], fresh)
            return _step(session, replace(stage, rounds=rounds, phase="open", ends=None))
        case Ask(asks=asks):
            rounds = (*stage.rounds[:-1], replace(stage.rounds[-1], asks=asks))
            return _step(session, replace(stage, rounds=rounds))
        case Close() | TimeUp():
            return _step(session, replace(stage, phase="closed", ends=None))
        case Reopen():
            return _step(session, replace(stage, phase="open", ends=None))
        case Hide(on=on):
            return _step(session, replace(stage, hidden=on))
        case Lock(on=on):
            return _step(session, replace(stage, locked=on))
        case Hold(on=on):
            return _step(session, replace(stage, held=on))
        case Timer(seconds=seconds):
            ends = one.at + 1000 * seconds if seconds else None
            # A clock is for answering: setting one on a closed round opens it.
            return _step(session, replace(stage, ends=ends, phase="open" if seconds else stage.phase))
        case End():
            return _step(session, replace(stage, phase="ended", ends=None))
        case Undo():
            # What was undone does not come back with a clock that has run out since.
            back = replace(session.history[-1], ends=None)
            return replace(session, stage=back, history=session.history[:-1], version=session.version + 1)
    raise AssertionError(f"this is carried out elsewhere: {one.act!r}")


def _without(session: Session, going: frozenset[int]) -> Session:
    """The workshop as if these people never answered. Their numbers are never given to others."""
    ballots = {
        number: {who: ballot for who, ballot in theirs.items() if who not in going}
        for number, theirs in session.ballots.items()
    }
    answered = {
        number: (
            sum(one.place is not None for one in theirs.values()),
            sum(one.weights is not None for one in theirs.values()),
        )
        for number, theirs in ballots.items()
    }
    arguments = {
        number: replace(one, text=REMOVED, standing="removed", supporters=frozenset())
        if one.who in going
        else replace(one, supporters=one.supporters - going)
        for number, one in session.arguments.items()
    }
    roles = {who: role for who, role in session.roles.items() if who not in going}
    unseen = dict(session.unseen)
    for number, shown in session.shown.items():
        key: tuple[int, Kind] = (number, "place")
        unseen[key] = unseen.get(key, frozenset()) | (going & shown.places.keys())
    session = replace(session, ballots=ballots, answered=answered, arguments=arguments, roles=roles)
    removed = session.removed | going
    return replace(session, removed=removed, unseen=unseen, version=session.version + 1)


def _step(session: Session, stage: Stage) -> Session:
    history = (*session.history, session.stage)[-LONGEST_HISTORY:]
    return replace(session, stage=stage, history=history, version=session.version + 1)
