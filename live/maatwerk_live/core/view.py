"""What each screen shows of a workshop. Pure: a session in, messages out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from maatwerk import Language
from msgspec.structs import replace

from maatwerk_live.core.aggregate import AT_LEAST, Point, summarise, weighing
from maatwerk_live.core.protocol import (
    AddressChoice,
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
    Withheld,
)
from maatwerk_live.core.session import Round, Session


@dataclass(frozen=True, slots=True)
class Room:
    """What a workshop's screens need beside the session. ``board_link`` is for the facilitator only."""

    lang: Language
    joining: Joining
    board_link: str
    cases: Mapping[str, Case]
    addresses: tuple[AddressChoice, ...] = ()


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
        picture=hall_picture(session),
    )


def hall_picture(session: Session) -> Picture | None:
    """What phones see of the hall as a whole, once a round is closed and the board shows it."""
    if session.stage.phase not in ("closed", "ended"):
        return None
    whole = shown_picture(session)
    moved = dataclasses.replace(whole.movement, arrows=()) if whole.movement else None
    kept = Picture(summary=whole.summary, movement=moved, weighing=whole.weighing)
    return kept if kept != Picture() else None


def mine(session: Session, who: int) -> Mine:
    """What one person said in this round."""
    current = session.stage.round
    ballot = session.ballots_of(current).get(who)
    before = session.ballots_of(session.turn_before(current)).get(who)
    return Mine(
        role=ballot.role if ballot else session.roles.get(who),
        place=ballot.place if ballot else None,
        earlier=before.place if before else None,
        weights=dict(ballot.weights) if ballot and ballot.weights else None,
        supports=tuple(a.id for a in session.arguments_of(current) if who in a.supporters),
    )


def board_state(
    session: Session,
    room: Room,
    now: int,
    dots: tuple[int, ...] | None,
    here: int = 0,
    trouble: Trouble | None = None,
) -> BoardState:
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
        picture=shown_picture(session),
        arguments=board_arguments(session),
        here=here,
        trouble=trouble,
    )


def stage_state(
    session: Session, room: Room, now: int, here: int = 0, trouble: Trouble | None = None
) -> StageState:
    """The facilitator's screen: without dots; the picture while the hall may see it, and not before."""
    board = board_state(session, room, now, None, here, trouble)
    return StageState(
        board=replace(board, arguments=stage_arguments(session)),
        cases=tuple(CaseName(case.key, case.title) for case in room.cases.values()),
        can_undo=bool(session.history),
        board_link=room.board_link,
        trouble=trouble,
        held=session.stage.held,
        addresses=room.addresses,
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
    """What left of this round of what the hall said, and how it moved since the round before."""
    current = session.stage.round
    shown = session.shown_of(current)
    return Picture(
        summary=summarise(list(shown.places.values())),
        movement=shown.movement,
        roles=shown.roles,
        weighing=weighing(list(shown.weights.values())),
        withheld=_withheld(session),
    )


def _withheld(session: Session) -> tuple[Withheld, ...]:
    """What of this round stands still or stays away so that nobody can be told apart."""
    current = session.stage.round
    if current is None:
        return ()
    shown, ballots = session.shown_of(current), session.ballots_of(current)
    placed, weighed = session.answered_in(current)
    found: list[Withheld] = []
    theirs = [(who, ballots[who]) for who in session.unseen.get((current.id, "place"), ()) if who in ballots]
    if placed >= AT_LEAST and any(shown.places.get(who) != ballot.place for who, ballot in theirs):
        found.append("place")
    theirs = [(who, ballots[who]) for who in session.unseen.get((current.id, "weigh"), ()) if who in ballots]
    if weighed >= AT_LEAST and any(shown.weights.get(who) != ballot.weights for who, ballot in theirs):
        found.append("weigh")
    if shown.places:
        if not shown.movement and session.shown_of(session.turn_before(current)).places:
            found.append("movement")
        if "role" in current.asks and not shown.roles:
            found.append("roles")
    return tuple(found)


def places_of(session: Session, round_: Round | None) -> dict[int, Point]:
    """Where people placed the decision in a round, by their numbers."""
    ballots = session.ballots_of(round_)
    return {who: ballot.place for who, ballot in ballots.items() if ballot.place is not None}


def shown_picture(session: Session) -> Picture:
    """The picture, unless it is hidden: then nothing of it leaves, not to the facilitator either."""
    return Picture() if session.stage.hidden else picture(session)


def drawn_places(session: Session) -> Mapping[int, Point]:
    """The places that the board draws, by people's numbers; none while the picture is hidden."""
    return {} if session.stage.hidden else session.shown_of(session.stage.round).places


def round_view(session: Session) -> RoundView | None:
    """The present round as everybody may see it."""
    current = session.stage.round
    if current is None:
        return None
    turn = len(session.turns(current))
    return RoundView(current.id, len(session.stage.rounds), turn, current.asks, current.case)
