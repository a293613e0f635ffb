"""The workshop as a state machine: whatever people and facilitator do, in whatever order."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from maatwerk_live.core import view
from maatwerk_live.core.aggregate import AT_LEAST, Point
from maatwerk_live.core.protocol import (
    Again,
    Argue,
    Ask,
    AskKind,
    Close,
    Command,
    End,
    FromPhone,
    Hide,
    Join,
    Joining,
    Lock,
    Moderate,
    Open,
    OpenTyped,
    Picture,
    Place,
    Reopen,
    Reset,
    Standing,
    Support,
    TakeRole,
    Timer,
    TimeUp,
    Undo,
    Weigh,
    read_act,
    write,
)
from maatwerk_live.core.session import (
    Event,
    RefusedError,
    Session,
    Stage,
    decide_answer,
    decide_command,
    evolve,
    release,
)

from tests.live.strategies import CASES, DIVISIONS, PLACES, ROLES

ROOM = view.Room("nl", Joining("http://hal/join", "ABCDEF", ()), "http://hal/board#ABCDEF.x", CASES)
ASKS: st.SearchStrategy[list[AskKind]] = st.lists(
    st.sampled_from(("role", "place", "weigh", "argue")), min_size=1, unique=True
)
PEOPLE = st.integers(1, 8)
ROUNDS = st.integers(0, 1)


class Workshop(RuleBasedStateMachine):
    """The real thing beside a model: who stands where in which round, and what came before."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.log: list[Event] = []
        self.now = 1_000
        self.places: dict[int, dict[int, Point]] = {}
        self.before: list[Stage] = []

    def happen(self, who: int | None, act: object) -> None:
        self.now += 1
        one = Event(self.now, who, act)  # type: ignore[arg-type]
        self.log.append(one)
        self.session = evolve(self.session, [one])

    def answer(self, who: int, make: object, back: int) -> bool:
        """Let a person answer, for this round or one before; whether it counted."""
        stage = self.session.stage
        number = stage.rounds[-1].id - back if stage.rounds else back
        message: FromPhone = make(self.session.seqs.get(who, 0) + 1, number)  # type: ignore[operator]
        if who not in self.session.seqs:
            self.happen(who, Join(b"x"))
            message = make(1, number)  # type: ignore[operator]
        try:
            decided = decide_answer(self.session, who, message)
        except RefusedError:
            assert stage.phase != "open" or back or message.__struct_config__.tag not in stage.rounds[-1].asks
            return False
        assert stage.phase == "open" and not back
        self.happen(who, decided)
        return True

    def command(self, command: Command) -> bool:
        """Let the facilitator do something; whether it was done."""
        stage, version = self.session.stage, self.session.version
        try:
            act = decide_command(self.session, command, CASES)
        except RefusedError:
            return False
        self.happen(None, act)
        if isinstance(command, Undo):
            assert self.session.stage == replace(self.before.pop(), ends=None)
        elif not isinstance(command, Moderate):
            self.before.append(stage)
        if not isinstance(command, Moderate):
            assert self.session.version == version + 1
        return True

    @rule(who=PEOPLE, place=PLACES, back=ROUNDS)
    def someone_places(self, who: int, place: Point, back: int) -> None:
        if self.answer(who, lambda seq, number: Place(seq, number, *place), back):
            self.places.setdefault(self.session.stage.rounds[-1].id, {})[who] = place

    @rule(data=st.data(), place=PLACES)
    def the_hall_places(self, data: st.DataObject, place: Point) -> None:
        for who in range(1, 9):
            self.someone_places(who, data.draw(PLACES), 0)

    @rule(who=PEOPLE, weights=DIVISIONS, back=ROUNDS)
    def someone_weighs(self, who: int, weights: dict[str, int], back: int) -> None:
        self.answer(who, lambda seq, number: Weigh(seq, number, weights), back)

    @rule(who=PEOPLE, role=ROLES)
    def someone_takes_a_chair(self, who: int, role: str | None) -> None:
        self.answer(who, lambda seq, number: TakeRole(seq, number, role), 0)

    @rule(who=PEOPLE, text=st.sampled_from(["ja", "<script>", "  nee  "]))
    def someone_argues(self, who: int, text: str) -> None:
        self.answer_argument(lambda seq, number: Argue(seq, number, "voor", text), who)

    @rule(who=PEOPLE, argument=st.integers(1, 4), on=st.booleans())
    def someone_supports(self, who: int, argument: int, on: bool) -> None:
        self.answer_argument(lambda seq, number: Support(seq, number, argument, on), who)

    def answer_argument(self, make: object, who: int) -> None:
        stage = self.session.stage
        if stage.phase == "open" and "argue" in stage.rounds[-1].asks and who in self.session.seqs:
            message: FromPhone = make(self.session.seqs[who] + 1, stage.rounds[-1].id)  # type: ignore[operator]
            try:
                self.happen(who, decide_answer(self.session, who, message))
            except RefusedError as refused:
                assert refused.reason in ("enough", "unknown_argument")

    @rule(case=st.sampled_from(list(CASES)), asks=ASKS, hidden=st.booleans())
    def open(self, case: str, asks: list[AskKind], hidden: bool) -> None:
        self.command(Open(self.session.version, case, tuple(asks), hidden))

    @rule(asks=ASKS)
    def open_typed(self, asks: list[AskKind]) -> None:
        self.command(OpenTyped(self.session.version, "Een eigen zaak", asks=tuple(asks)))

    @precondition(lambda self: self.session.stage.rounds)
    @rule(asks=ASKS, hidden=st.booleans())
    def again(self, asks: list[AskKind], hidden: bool) -> None:
        self.command(Again(self.session.version, tuple(asks), hidden))

    @rule(
        kind=st.sampled_from([Close, Reopen, Reset, Undo]),
        behind=st.sampled_from([0, 0, 0, 1]),
    )
    def step(self, kind: type[Close | Reopen | Reset | Undo], behind: int) -> None:
        if self.session.version >= behind:
            done = self.command(kind(self.session.version - behind))
            assert not (done and behind), "a stale command was carried out"

    @rule(kind=st.sampled_from([Hide, Lock]), on=st.booleans())
    def switch(self, kind: type[Hide | Lock], on: bool) -> None:
        self.command(kind(self.session.version, on))

    @rule(asks=ASKS)
    def ask(self, asks: list[AskKind]) -> None:
        self.command(Ask(self.session.version, tuple(asks)))

    @rule(seconds=st.sampled_from([0, 60]))
    def timer(self, seconds: int) -> None:
        self.command(Timer(self.session.version, seconds))

    @precondition(lambda self: self.session.stage.ends)
    @rule()
    def time_is_up(self) -> None:
        self.before.append(self.session.stage)
        self.happen(None, TimeUp())
        assert self.session.stage.phase == "closed"

    @rule(argument=st.integers(1, 4), standing=st.sampled_from(["shown", "waiting", "removed"]))
    def moderate(self, argument: int, standing: Standing) -> None:
        self.command(Moderate(argument, standing))

    @precondition(lambda self: len(self.log) > 30)
    @rule()
    def end(self) -> None:
        self.command(End(self.session.version))

    @invariant()
    def everybody_stands_where_they_last_stood(self) -> None:
        for round_ in self.session.stage.rounds:
            assert view.places_of(self.session, round_) == self.places.get(round_.id, {})

    @invariant()
    def the_count_of_answers_is_what_counting_them_gives(self) -> None:
        for round_ in self.session.stage.rounds:
            ballots = self.session.ballots_of(round_).values()
            placed, weighed = ([one for one in ballots if one.place], [one for one in ballots if one.weights])
            assert self.session.answered_in(round_) == (len(placed), len(weighed))

    @invariant()
    def a_round_is_about_something_before_it_is_open(self) -> None:
        stage = self.session.stage
        assert bool(stage.rounds) == (stage.phase in ("open", "closed")) or stage.phase == "ended"
        assert stage.ends is None or stage.phase == "open"

    @invariant()
    def nothing_shows_that_is_hidden_or_of_fewer_than_five(self) -> None:
        board = view.board_state(self.session, ROOM, self.now, (1, 2))
        if board.hidden:
            assert board.dots is None and board.picture == type(board.picture)()
        if board.placed < AT_LEAST:
            assert view.drawn_places(self.session) == {}
            assert (
                board.picture.summary is None and board.picture.movement is None and not board.picture.roles
            )
        if board.weighed < AT_LEAST:
            assert board.picture.weighing is None
        waiting = {a.id for a in self.session.arguments.values() if a.standing != "shown"}
        assert not waiting & {a.id for a in board.arguments}

    @invariant()
    def who_they_are_makes_no_difference_to_what_is_shown(self) -> None:
        """With every person another person's number, all screens show the same."""
        names = {who: 100 - who for who in range(1, 9)}
        renamed = [replace(one, who=names[one.who] if one.who else None) for one in self.log]
        other = evolve(Session(), renamed)
        for show in (
            lambda s: view.stage_state(s, ROOM, 0),
            lambda s: view.board_state(s, ROOM, 0, None),
            lambda s: view.phone_state(s, "nl", 0),
        ):
            assert write(show(other)) == write(show(self.session))

    def teardown(self) -> None:
        """What happened, written and read back, makes the same workshop, however it is cut in pieces."""
        again = [Event(one.at, one.who, read_act(write(one.act))) for one in self.log]
        assert evolve(Session(), again) == self.session
        half = len(again) // 2
        assert evolve(evolve(Session(), again[:half]), again[half:]) == self.session


Workshop.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestWorkshop = Workshop.TestCase


def opened() -> Session:
    session = Session()
    for who in range(1, 7):
        session = evolve(session, [Event(1, who, Join(b"x"))])
    act = decide_command(session, Open(0, "scootmobiel", ("place", "argue", "role")), CASES)
    return evolve(session, [Event(2, None, act)])


def test_undoing_a_reset_brings_all_answers_back() -> None:
    session = evolve(opened(), [Event(3, who, Place(1, 1, who, who)) for who in range(1, 7)])
    reset = evolve(session, [Event(4, None, Reset(session.version))])
    assert view.places_of(reset, reset.stage.round) == {}
    back = evolve(reset, [Event(5, None, Undo(reset.version))])
    assert view.places_of(back, back.stage.round) == view.places_of(session, session.stage.round)
    assert len(view.places_of(back, back.stage.round)) == 6


def test_a_chair_taken_in_one_round_is_kept_in_the_next_and_changes_nothing_behind() -> None:
    session = evolve(opened(), [Event(3, 1, TakeRole(1, 1, "burger")), Event(3, 1, Place(2, 1, 5, 5))])
    session = evolve(session, [Event(4, None, decide_command(session, Again(1), CASES))])
    session = evolve(session, [Event(5, 1, Place(3, 2, 6, 6)), Event(5, 1, TakeRole(4, 2, "manager"))])
    assert [session.ballots[number][1].role for number in (1, 2)] == ["burger", "manager"]


def test_a_removed_argument_leaves_no_text_anywhere() -> None:
    session = evolve(opened(), [Event(3, 1, Argue(1, 1, "voor", "geheim"))])
    session = evolve(session, [Event(4, None, Moderate(1, "removed"))])
    assert "geheim" not in str(session)
    with pytest.raises(RefusedError, match="unknown_argument"):
        decide_command(session, Moderate(1, "shown"), CASES)


def test_the_clock_of_an_undone_step_does_not_come_back() -> None:
    session = evolve(
        opened(), [Event(3, None, Timer(1, 60)), Event(4, None, Close(2)), Event(5, None, Undo(3))]
    )
    assert (session.stage.phase, session.stage.ends) == ("open", None)


def test_phones_hear_of_no_votes_and_no_waiting_argument() -> None:
    session = evolve(
        opened(), [Event(3, 1, Argue(1, 1, "voor", "a")), Event(3, 2, Argue(1, 1, "tegen", "b"))]
    )
    session = evolve(session, [Event(4, None, Moderate(2, "shown")), Event(5, 3, Support(1, 1, 2, True))])
    told = json.loads(write(view.phone_state(session, "nl", 0)))
    assert told["arguments"] == [{"id": 2, "side": "tegen", "text": "b"}]
    board = view.board_state(session, ROOM, 0, None)
    assert [(a.text, a.votes) for a in board.arguments] == [("b", 1)]


def test_phones_see_the_hall_once_the_round_is_closed_and_the_board_shows_it() -> None:
    session = evolve(opened(), [Event(3, who, Place(1, 1, 10 * who, 50)) for who in range(1, 7)])

    def step(command: Command) -> Session:
        after = evolve(session, [Event(4, None, decide_command(session, command, CASES))])
        return release(after)[0]

    def told() -> Picture | None:
        return view.phone_state(session, "nl", 0).picture

    session = step(Close(session.version))
    assert told() is None
    session = step(Hide(session.version, False))
    seen = told()
    assert seen and seen.summary and seen.summary.people == 6 and not seen.roles
    # While people choose, a phone shows nothing of what others chose.
    session = step(Reopen(session.version))
    assert told() is None
    session = step(Again(session.version, hidden=False))
    session = evolve(session, [Event(6, who, Place(2, 2, 90, 10 * who)) for who in range(1, 7)])
    session = step(Close(session.version))
    seen = told()
    assert seen and seen.movement and seen.movement.moved == 6 and seen.movement.arrows == ()
