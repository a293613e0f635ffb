"""Nobody can be told apart: from all that ever leaves a workshop, together, never fewer than five people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from maatwerk_live.core import privacy, session, view
from maatwerk_live.core.aggregate import Point
from maatwerk_live.core.batch import Answer, Item, Newcomer, Order, ReportAsked, process_batch
from maatwerk_live.core.protocol import (
    Again,
    AskKind,
    Close,
    End,
    FromPhone,
    Hide,
    Open,
    Place,
    Removed,
    Reopen,
    Reset,
    TakeRole,
    Undo,
    Weigh,
    read_act,
    write,
)
from maatwerk_live.core.session import Event, Session, evolve

from tests.live.attacker import ROOM, Attacker, rank
from tests.live.strategies import CASES, LOYALTIES

HERE = (0, 99)


class RunningWorkshop:
    """A workshop as the server holds it, and an attacker who keeps all that leaves."""

    def __init__(self) -> None:
        self.session = Session()
        self.log: list[Event] = []
        self.whose: dict[Point, int] = {}
        self.about: dict[Point, str] = {}
        self.attacker = Attacker(self.whose)

    def take(self, *items: Item) -> None:
        turn = process_batch(self.session, items, CASES, 1)
        self.session = turn.session
        self.log += turn.happened
        self.attacker.look(self.session)

    def join(self, people: int) -> None:
        first = len(self.session.seqs) + 1
        self.take(*(Newcomer((0, who), "s", who.to_bytes(2)) for who in range(first, first + people)))

    def order(self, make: Callable[[int], Any]) -> None:
        self.take(Order(HERE, make(self.session.version)))

    def open(self, *asks: AskKind, hidden: bool = True, case: str = "scootmobiel") -> None:
        self.order(lambda version: Open(version, case, asks or ("place",), hidden))

    def again(self, *asks: AskKind, hidden: bool = True) -> None:
        self.order(lambda version: Again(version, asks or ("place",), hidden))

    def reveal(self) -> None:
        self.order(lambda version: Hide(version, False))

    def answer(self, who: int, make: Callable[[int, int], FromPhone]) -> Answer:
        now = self.session.stage.round
        return Answer((0, who), who, make(self.session.seqs.get(who, 0) + 1, now.id if now else 0))

    def new_place(self, who: int) -> Point:
        """A place that nobody had before, so that the attacker knows whose it is."""
        number = len(self.whose)
        place = (number * 37 % 101, (number // 101 * 59 + number * 13) % 101)
        assert place not in self.whose
        self.whose[place] = who
        self.about[place] = self.case()
        return place

    def case(self) -> str:
        now = self.session.stage.round
        return now.case.key if now else ""

    def place(self, people: Iterable[int]) -> None:
        """Each at a new place, all in one beat."""
        self.take(*(self.answer(who, lambda s, r, w=who: Place(s, r, *self.new_place(w))) for who in people))

    def stay(self, people: Iterable[int]) -> None:
        """Each where they stood in the round before."""
        before = self.session.ballots_of(self.session.turn_before(self.session.stage.round))
        self.take(*(self.answer(who, lambda s, r, w=who: Place(s, r, *before[w].place)) for who in people))

    def picture(self) -> Any:
        return view.shown_picture(self.session)

    def dots(self) -> set[Point]:
        return set(view.drawn_places(self.session).values())


class Workshop(RuleBasedStateMachine):
    """People come, place, move, change chairs, leave and are removed, in whatever order."""

    @initialize(people=st.integers(5, 9), asks=st.sampled_from([("place",), ("role", "place", "weigh")]))
    def begin(self, people: int, asks: tuple[AskKind, ...]) -> None:
        self.hall = RunningWorkshop()
        self.hall.join(people)
        self.asks = asks
        self.hall.open(*asks)

    def some(self, data: st.DataObject) -> list[int]:
        people = [who for who in self.hall.session.seqs if who not in self.hall.session.removed]
        if not people:
            return []
        return data.draw(
            st.one_of(st.just(people), st.lists(st.sampled_from(people), unique=True, min_size=1))
        )

    @rule(data=st.data())
    def some_place(self, data: st.DataObject) -> None:
        self.hall.place(self.some(data))

    @rule(data=st.data())
    def some_go_back_to_where_they_once_stood(self, data: st.DataObject) -> None:
        # About this case: a place in another says nothing about this one.
        theirs: dict[int, list[Point]] = {}
        for place, case in self.hall.about.items():
            if case == self.hall.case():
                theirs.setdefault(self.hall.whose[place], []).append(place)
        back = [(who, data.draw(st.sampled_from(theirs[who]))) for who in self.some(data) if who in theirs]
        self.hall.take(*(self.hall.answer(who, lambda s, r, at=at: Place(s, r, *at)) for who, at in back))

    @rule(data=st.data(), role=st.sampled_from([None, "burger", "manager"]))
    def some_take_a_chair(self, data: st.DataObject, role: str | None) -> None:
        self.hall.take(*(self.hall.answer(who, lambda s, r: TakeRole(s, r, role)) for who in self.some(data)))

    @rule(data=st.data(), start=st.integers(0, 40))
    def some_weigh(self, data: st.DataObject, start: int) -> None:
        for who in self.some(data):
            points = dict.fromkeys(LOYALTIES, 0) | {
                LOYALTIES[0]: start + who,
                LOYALTIES[1]: 100 - start - who,
            }
            self.hall.take(self.hall.answer(who, lambda s, r, p=points: Weigh(s, r, p)))

    @rule(people=st.integers(1, 5))
    def newcomers(self, people: int) -> None:
        if len(self.hall.session.seqs) < 12:
            self.hall.join(people)

    @rule(on=st.booleans())
    def hide(self, on: bool) -> None:
        self.hall.order(lambda version: Hide(version, on))

    @rule(hidden=st.booleans())
    def again(self, hidden: bool) -> None:
        self.hall.again(*self.asks, hidden=hidden)

    @rule(case=st.sampled_from(sorted(CASES)))
    def other_case(self, case: str) -> None:
        self.hall.open(*self.asks, case=case)

    @rule(step=st.sampled_from([Close, Reopen, Reset, Undo, Undo, End]))
    def step(self, step: Callable[[int], Any]) -> None:
        self.hall.order(step)

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.hall.take(Order(HERE, Removed(tuple(self.some(data)[:7]))))

    @rule()
    def report(self) -> None:
        self.hall.take(ReportAsked(HERE, "csv"))

    @invariant()
    def the_rule_agrees_with_brute_force(self) -> None:
        for family in self.hall.session.families.values():
            assert family.cells is None or not privacy.isolates(family.cells)

    def teardown(self) -> None:
        assert self.hall.attacker.found() == set()
        # What left is known from the file alone: read back, the same has left.
        again = [Event(one.at, one.who, read_act(write(one.act))) for one in self.hall.log]
        assert evolve(Session(), again) == self.hall.session


Workshop.TestCase.settings = settings(max_examples=40, stateful_step_count=14, deadline=None)
TestWorkshop = Workshop.TestCase


# --- The cases that were found -------------------------------------------------------------------------


def hall(people: int, *asks: AskKind) -> RunningWorkshop:
    one = RunningWorkshop()
    one.join(people)
    one.open(*asks)
    return one


def test_six_place_twice_and_a_newcomer_joins_the_second_turn() -> None:
    one = hall(7)
    one.place(range(1, 7))
    one.reveal()
    one.again()
    one.place(range(1, 8))
    one.reveal()
    # The six, with their arrows; the newcomer's place is nowhere.
    assert one.picture().movement.people == 6 and len(one.picture().movement.arrows) == 6
    assert len(one.dots()) == 6 and not {place for place in one.dots() if one.whose[place] == 7}
    assert one.picture().withheld == ("place",)
    assert one.attacker.found() == set()


def test_one_mover_of_seven() -> None:
    one = hall(7)
    one.place(range(1, 8))
    one.reveal()
    before = one.dots()
    one.again()
    one.stay(range(1, 7))
    one.place([7])
    one.reveal()
    assert not one.dots() and one.picture().movement is None
    assert one.picture().withheld == ("place",)
    one.order(End)
    one.take(ReportAsked(HERE, "html"))
    assert one.attacker.found() == set()
    assert len(before) == 7


def test_nothing_but_counts_leaves_while_the_picture_is_hidden() -> None:
    """The sixth answer could be worked out from a picture twice a second."""
    one = hall(6, "place", "weigh")
    for who in range(1, 7):
        one.place([who])
        one.take(one.answer(who, lambda s, r: Weigh(s, r, dict.fromkeys(LOYALTIES, 20))))
        stage = view.stage_state(one.session, ROOM, 0)
        assert (stage.board.placed, stage.board.weighed) == (who, who)
        assert stage.board.picture == view.Picture() and stage.board.dots is None
    assert one.attacker.rows == {}
    one.reveal()
    assert one.picture().summary.people == 6 and one.picture().weighing.people == 6


def test_a_sixth_answer_in_the_open_waits_for_four_more() -> None:
    one = hall(10)
    one.reveal()
    one.place(range(1, 6))
    first = one.dots()
    assert len(first) == 5
    for who in range(6, 10):
        one.place([who])
        assert one.dots() == first
        assert one.picture().withheld == ("place",)
    one.place([10])
    assert len(one.dots()) == 10 and one.picture().withheld == ()


def test_a_phone_that_is_removed_is_not_found_by_what_is_missing() -> None:
    one = hall(7)
    one.place(range(1, 8))
    one.reveal()
    before = one.dots()
    one.take(Order(HERE, Removed((3,))))
    assert one.session.people == 6 and one.session.answered_in(one.session.stage.round) == (6, 0)
    assert one.dots() == before
    # As soon as five others are new, the removed one is gone from the picture, too.
    one.place(range(4, 8))
    one.place([1])
    assert len(one.dots()) == 6 and 3 not in {one.whose[place] for place in one.dots()}
    assert one.attacker.found() == set()


def test_a_crowd_of_ghosts_that_is_removed_goes_at_once() -> None:
    one = hall(26)
    one.place(range(1, 27))
    one.reveal()
    one.take(Order(HERE, Removed(tuple(range(7, 27)))))
    assert {one.whose[place] for place in one.dots()} == set(range(1, 7))


def test_a_chair_with_few_does_not_show_and_cannot_be_worked_out() -> None:
    one = hall(14, "role", "place")
    for who in range(1, 15):
        role = "burger" if who <= 6 else "manager" if who <= 12 else "bestuurder"
        one.take(one.answer(who, lambda s, r, role=role: TakeRole(s, r, role)))
    one.place(range(1, 15))
    one.reveal()
    # Two administrators would be what is left: so one more chair stays away.
    assert [chair.role for chair in one.picture().roles] in (["burger"], ["manager"])
    assert one.attacker.found() == set()


def test_the_chairs_of_one_round_and_the_movers_of_the_next_single_nobody_out() -> None:
    """Six citizens, of whom five move: chairs and arrows together would show the one who did not."""
    one = hall(12, "role", "place")
    for who in range(1, 13):
        one.take(one.answer(who, lambda s, r, w=who: TakeRole(s, r, "burger" if w <= 6 else "manager")))
    one.place(range(1, 13))
    one.reveal()
    assert len(one.picture().roles) == 2
    one.again("place")
    one.place(range(1, 6))
    one.stay(range(6, 13))
    one.reveal()
    assert one.attacker.found() == set()
    assert len(one.dots()) == 12


def test_a_room_of_three_hears_why_and_a_room_of_three_hundred_sees_it_all() -> None:
    few = hall(3)
    few.place(range(1, 4))
    few.reveal()
    assert few.picture() == view.Picture() and few.session.answered_in(few.session.stage.round) == (3, 0)
    many = hall(300, "role", "place", "weigh")
    chairs = ["burger", "manager", "bestuurder"]
    many.take(*(many.answer(who, lambda s, r, w=who: TakeRole(s, r, chairs[w % 3])) for who in range(1, 301)))
    many.place(range(1, 290))
    many.reveal()
    assert len(many.picture().roles) == 3 and many.picture().withheld == ()
    many.again("place")
    # Some stay, some do not answer again, three are new: as it goes.
    many.stay(range(1, 40))
    many.place(range(40, 285))
    many.place(range(290, 293))
    many.reveal()
    moved = many.picture().movement
    assert moved.people >= 240 and moved.moved == len(moved.arrows) >= 235
    assert many.picture().withheld == ("place",)


@pytest.mark.parametrize("gone", [1, 2, 4])
def test_a_class_of_twenty_five_sees_its_movement_though_a_few_did_not_choose_again(gone: int) -> None:
    one = hall(25)
    one.place(range(1, 26))
    one.reveal()
    one.again()
    one.stay(range(1, 3))
    one.place(range(3, 26 - gone))
    one.reveal()
    moved = one.picture().movement
    # Five of those who moved are left out, for who did not choose again to be among.
    assert moved and moved.moved == len(moved.arrows) == 23 - gone - 5
    assert one.attacker.found() == set()


# --- The test itself finds what is wrong ---------------------------------------------------------------


def test_with_any_part_of_the_rule_taken_away_the_attacker_finds_somebody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No rule at all: every change leaves at once.
    monkeypatch.setattr(privacy, "_enough", lambda found: True)
    one = hall(7)
    one.reveal()
    one.place(range(1, 7))
    one.place([7])
    assert one.attacker.found() == {7}
    monkeypatch.undo()

    # Splits without a look at what left before.
    monkeypatch.setattr(privacy, "isolates", lambda cells: False)
    one = hall(13, "role", "place")
    for who in range(1, 13):
        one.take(one.answer(who, lambda s, r, w=who: TakeRole(s, r, "burger" if w <= 6 else "manager")))
    one.place(range(1, 14))
    one.reveal()
    assert one.attacker.found() == {13}
    monkeypatch.undo()

    # Few newcomers go along with the others, and an arrow is missing.
    monkeypatch.setattr(privacy, "isolates", lambda cells: False)
    real = session._answers
    monkeypatch.setattr(session, "_answers", lambda *what: replace(real(*what), again=False))
    one = hall(7)
    one.place(range(1, 7))
    one.reveal()
    one.again()
    one.place(range(1, 8))
    one.reveal()
    assert one.attacker.found() == {7}


def test_the_rule_and_the_attacker_count_the_same() -> None:
    for columns in ([1, 2, 3], [3, 5, 6, 7], [1, 1, 2], [0b1011, 0b0110, 0b1101, 0b1000, 0b0001]):
        assert privacy._rank(columns) == rank(columns)
