"""What each screen shows of a workshop. Pure: a session in, messages out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maatwerk import Language
from msgspec.structs import replace

from maatwerk_live.aggregate import AT_LEAST, Point, by_role, movement, summarise, weighing
from maatwerk_live.protocol import (
    Argument,
    BoardState,
    Case,
    CaseName,
    Joining,
    Mine,
    PhoneState,
    Picture,
    RoundView,
    StageState,
    Trouble,
)
from maatwerk_live.session import Round, Session


@dataclass(frozen=True, slots=True)
class Room:
    """What a workshop's screens need beside the session. ``board_link`` is for the facilitator only."""

    lang: Language
    joining: Joining
    board_link: str
    cases: Mapping[str, Case]


def phone_state(session: Session, lang: Language, now: int, trouble: Trouble | None = None) -> PhoneState:
    """What all phones show."""
    stage = session.stage
    return PhoneState(
        version=session.version,
        lang=lang,
        phase=stage.phase,
        now=now,
        round=round_view(session),
        ends=stage.ends,
        arguments=tuple(
            Argument(a.id, a.side, a.text) for a in session.arguments_of(stage.round) if a.standing == "shown"
        ),
        trouble=trouble,
    )


def mine(session: Session, who: int) -> Mine:
    """What one person said in this round."""
    current = session.stage.round
    ballot = session.ballots_of(current).get(who)
    before = session.ballots_of(_turn_before(session)).get(who)
    return Mine(
        role=ballot.role if ballot else session.roles.get(who),
        place=ballot.place if ballot else None,
        earlier=before.place if before else None,
        weights=dict(ballot.weights) if ballot and ballot.weights else None,
        supports=tuple(a.id for a in session.arguments_of(current) if who in a.supporters),
    )


def board_state(session: Session, room: Room, now: int, dots: tuple[int, ...] | None) -> BoardState:
    """The whole board; ``dots`` are drawn in the order that the board keeps."""
    stage = session.stage
    placed, weighed = session.answered_in(stage.round)
    return BoardState(
        version=session.version,
        lang=room.lang,
        phase=stage.phase,
        now=now,
        hidden=stage.hidden,
        locked=stage.locked,
        joining=room.joining,
        people=session.people,
        placed=placed,
        weighed=weighed,
        round=round_view(session),
        ends=stage.ends,
        dots=None if stage.hidden else dots,
        picture=Picture() if stage.hidden else picture(session),
        arguments=board_arguments(session),
    )


def stage_state(session: Session, room: Room, now: int, trouble: Trouble | None) -> StageState:
    """The facilitator's screen: without dots, but with the picture also while it is hidden from the hall."""
    board = board_state(session, room, now, None)
    return StageState(
        board=replace(board, picture=picture(session), arguments=stage_arguments(session)),
        cases=tuple(CaseName(case.key, case.title) for case in room.cases.values()),
        can_undo=bool(session.history),
        board_link=room.board_link,
        trouble=trouble,
        held=session.stage.held,
    )


def board_arguments(session: Session) -> tuple[Argument, ...]:
    """The arguments of this round that the facilitator let through, with their votes."""
    return tuple(a for a in stage_arguments(session) if a.standing == "shown")


def stage_arguments(session: Session) -> tuple[Argument, ...]:
    """The arguments of this round, also those that wait."""
    return tuple(
        Argument(a.id, a.side, a.text, len(a.supporters), a.standing)
        for a in session.arguments_of(session.stage.round)
        if a.standing != "removed"
    )


def picture(session: Session) -> Picture:
    """What the hall said in this round, and how it moved since the round before about the same case."""
    current = session.stage.round
    places = places_of(session, current)
    ballots = session.ballots_of(current)
    before = places_of(session, _turn_before(session))
    return Picture(
        summary=summarise(list(places.values())),
        movement=movement(before, places),
        roles=by_role((ballots[who].role, place) for who, place in places.items()),
        weighing=weighing([b.weights for b in ballots.values() if b.weights is not None]),
    )


def places_of(session: Session, round_: Round | None) -> dict[int, Point]:
    """Where people placed the decision in a round, by their numbers."""
    ballots = session.ballots_of(round_)
    return {who: ballot.place for who, ballot in ballots.items() if ballot.place is not None}


def may_show_dots(session: Session, placed: int) -> bool:
    """Whether the board may draw the dots of so many people."""
    return not session.stage.hidden and placed >= AT_LEAST


def round_view(session: Session) -> RoundView | None:
    """The present round as everybody may see it."""
    current = session.stage.round
    if current is None:
        return None
    turn = len(session.turns(current))
    return RoundView(current.id, len(session.stage.rounds), turn, current.asks, current.case)


def _turn_before(session: Session) -> Round | None:
    current = session.stage.round
    turns = session.turns(current) if current else ()
    return turns[-2] if len(turns) > 1 else None
