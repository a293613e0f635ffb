"""What comes back when: surer is later, wrong is tomorrow, and no file and no clock breaks the schedule."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk_exercises.itembank import CONFIDENCES, Answered, Choice, Confidence, item_bank, mark
from maatwerk_learner.repetition import (
    LONGEST_DAYS,
    MOST_ITEMS,
    MOST_NEW,
    REPETITION,
    Card,
    coming,
    due,
    due_count,
    finished,
    reviewed,
    session,
)
from maatwerk_learner.store import AnswerStore

BANK = item_bank()
ITEM = BANK["cell.overvraagd"]
AMSTERDAM = timezone(timedelta(hours=1))
NOW = datetime(2026, 3, 2, 21, 30, tzinfo=AMSTERDAM)
DAY = timedelta(days=1)


def given_answer(right: bool = True, confidence: Confidence = "zeker", item: Any = ITEM) -> Answered:
    response = next(o.key for o in item.options if (o.key in item.right) == right)
    return Answered(response, confidence, mark(item, response))


def answer(state: Any, now: datetime, right: bool = True, confidence: Confidence = "zeker") -> dict[str, Any]:
    return {**state, **reviewed(state, ITEM, given_answer(right, confidence), now)}


def days(state: Any, key: str = ITEM.key) -> int:
    card = Card.parse(state[key])
    assert card is not None
    return (card.due - card.last).days


def many(count: int, now: datetime = NOW) -> dict[str, Any]:
    """A state in which as many choices, each on its own fact, were answered."""
    by_fact = {item.fact: item for item in BANK.values() if isinstance(item, Choice)}
    state: dict[str, Any] = {}
    for item in list(by_fact.values())[:count]:
        state |= reviewed(state, item, given_answer(item=item, confidence="gok"), now)
    return state


# --- one card ---


def test_the_surer_the_later_and_wrong_is_tomorrow() -> None:
    right = [days(answer({}, NOW, True, confidence)) for confidence in CONFIDENCES]
    assert right == sorted(right, reverse=True)
    assert len(set(right)) == 3
    assert {days(answer({}, NOW, False, confidence)) for confidence in CONFIDENCES} == {1}


def test_what_is_remembered_comes_back_later_each_time() -> None:
    state: dict[str, Any] = {}
    gaps, now = [], NOW
    for _ in range(5):
        state = answer(state, now, True, "twijfel")
        gaps.append(days(state))
        now += gaps[-1] * DAY
    assert gaps == sorted(gaps)
    assert gaps[0] < 7 < gaps[-1] <= LONGEST_DAYS


def test_what_is_forgotten_comes_back_tomorrow_or_soon_after() -> None:
    state = answer({}, NOW, True, "twijfel")
    later = answer(state, NOW + 2 * DAY, False)
    assert days(later) == 1


def test_partly_right_is_no_better_than_a_lucky_guess() -> None:
    item = BANK["match-actors.1"]
    response = {row.key: "burgers" for row in item.rows}  # type: ignore[union-attr]
    partly = Answered(response, "zeker", mark(item, response))
    state = reviewed({}, item, partly, NOW)
    assert days(state, item.key) == days(answer({}, NOW, True, "gok"))


def test_of_one_day_only_the_first_answer_counts() -> None:
    state = answer({}, NOW, False)
    assert reviewed(state, ITEM, given_answer(), NOW + timedelta(hours=1)) == {}
    # Half past midnight is another day, though less than 24 hours later.
    assert reviewed(state, ITEM, given_answer(), NOW + timedelta(hours=3)) != {}


def test_an_item_is_due_the_whole_of_its_day() -> None:
    state = answer({}, NOW, False)
    assert due(state, NOW + timedelta(hours=2)) == ()
    early_next_day = datetime(2026, 3, 3, 6, 0, tzinfo=AMSTERDAM)
    assert due(state, early_next_day) == (ITEM.key,)
    assert due_count(state, early_next_day) == 1


def test_a_clock_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2)
    for ask in (due_count, coming):
        with pytest.raises(ValueError, match="time zone"):
            ask({}, naive)
    with pytest.raises(ValueError, match="time zone"):
        reviewed({}, ITEM, given_answer(), naive)


def test_a_clock_that_ran_ahead_does_not_hide_an_item_for_ever() -> None:
    state = answer({}, NOW + 400 * DAY)
    assert due(state, NOW) == (ITEM.key,)
    mended = answer(state, NOW)
    assert due(mended, NOW) == ()
    assert days(mended) == days(answer({}, NOW))


# --- a file in which anything may stand ---

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
DAMAGED = st.fixed_dictionaries(
    {},
    optional={
        "last": MOMENTS | JSON,
        "due": MOMENTS | JSON,
        "stability": st.floats() | JSON,
        "difficulty": st.floats() | JSON,
    },
)
STATES = st.dictionaries(st.sampled_from(list(BANK)[:40]) | st.text(max_size=6), DAMAGED | JSON, max_size=4)


@given(state=STATES, right=st.booleans(), confidence=st.sampled_from(CONFIDENCES))
@settings(max_examples=100, deadline=None)
def test_any_state_can_be_read_and_gone_on_with(state: Any, right: bool, confidence: Confidence) -> None:
    assert 0 <= due_count(state, NOW) <= len(state)
    assert all(ahead >= 0 and count > 0 for ahead, count in coming(state, NOW).items())
    assert len(session(state, {}, BANK, NOW)) <= MOST_ITEMS
    after = answer(state, NOW, right, confidence)
    assert set(state) <= set(after)
    assert Card.parse(after.get(ITEM.key)) is not None or ITEM.key in state
    json.dumps(after[ITEM.key])


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans(), st.sampled_from(CONFIDENCES)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_history_gives_a_card_that_cannot_be_read_back(history: list[Any]) -> None:
    state: dict[str, Any] = {}
    now = NOW
    for gap, right, confidence in history:
        state = json.loads(json.dumps(answer(state, now, right, confidence)))
        card = Card.parse(state[ITEM.key])
        assert card is not None and card.to_json() == state[ITEM.key]
        assert 1 <= (card.due - card.last).days <= LONGEST_DAYS
        assert not card.is_due(now)
        now += gap * DAY


@pytest.mark.parametrize(
    "damage",
    [
        {"due": "9999-12-31T23:59:59+00:00"},
        {"due": "2020-01-01T00:00:00+00:00"},
        {"last": "2026-03-02T20:30:00"},
        {"stability": -1},
        {"stability": True},
        {"stability": float("nan")},
        {"difficulty": 11},
        {"difficulty": "5"},
    ],
    ids=str,
)
def test_a_damaged_card_counts_as_never_answered(damage: dict[str, Any]) -> None:
    state = answer({}, NOW)
    assert Card.parse(state[ITEM.key]) is not None
    assert Card.parse(state[ITEM.key] | damage) is None


def test_the_schedule_survives_the_answers_file(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "answers.json")
    state = answer({}, NOW, True, "twijfel")
    store.save(REPETITION, state, {})
    assert store.load().book.answers[REPETITION] == state


# --- a sitting ---

DONE = {"05-doorbreken": {"plane.after": {"person": 1, "group": 1}}}


def test_what_is_due_comes_first_and_new_items_come_after() -> None:
    state = answer({}, NOW, False)
    asked = session(state, DONE, BANK, NOW + DAY)
    assert asked[0] == ITEM
    assert len(asked) == 1 + MOST_NEW
    assert all(item.chapter == "5" and item.key not in state for item in asked[1:])


def test_new_items_come_from_finished_chapters_only() -> None:
    assert session({}, {}, BANK, NOW) == ()
    busy = {"05-doorbreken": {"plane.before": {"person": 1, "group": 1}}}
    assert session({}, busy, BANK, NOW) == ()
    both = DONE | {"02-begrip": {"profile.after": {"vorm": 50}}}
    assert finished(both) == {"2", "5"}
    assert {item.chapter for item in session({}, both, BANK, NOW)} <= {"2", "5"}


def test_a_sitting_is_at_most_a_dozen_items_and_never_two_on_one_fact() -> None:
    state = many(40)
    asked = session(state, DONE, BANK, NOW + 30 * DAY)
    assert len(asked) == MOST_ITEMS
    assert {item.key for item in asked} <= set(state)
    for day in range(3):
        asked = session({}, DONE, BANK, NOW + day * DAY)
        assert len({item.fact for item in asked}) == len(asked) == MOST_NEW


def test_a_fact_that_was_never_asked_comes_before_a_known_one_in_another_form() -> None:
    state = answer({}, NOW)
    asked = session(state, DONE, BANK, NOW + DAY)
    assert ITEM.fact not in {item.fact for item in asked}
    every_fact = {item.fact: item for item in BANK.values() if item.chapter == "5"}
    known = {item.key: state[ITEM.key] for item in every_fact.values()}
    again = session(known, DONE, BANK, NOW + DAY)
    assert again and not {item.key for item in again} & set(known)


def test_an_item_that_the_bank_no_longer_has_is_not_asked() -> None:
    state = {"cell.weg": answer({}, NOW, False)[ITEM.key]}
    assert session(state, {}, BANK, NOW + DAY) == ()


def test_a_month_of_five_minutes_a_day_stays_five_minutes_a_day() -> None:
    """Somebody who practises daily and is right three times in four meets most facts, without a heap."""
    state: dict[str, Any] = {}
    chapters = {f"0{n}-x": {"plane.after": 1} for n in range(2, 6)}
    backlog, seen = [], set()
    for day in range(30):
        now = NOW + day * DAY
        asked = session(state, chapters, BANK, now)
        for number, item in enumerate(asked):
            right = (number + day) % 4 != 0
            if isinstance(item, Choice):
                given = given_answer(right, "twijfel", item)
            else:
                # What it says does not matter here, only how it was marked.
                given = Answered(
                    None, "twijfel", mark(ITEM, "standaardmaatwerk" if right else "standaardisatie")
                )
            state |= reviewed(state, item, given, now)
            seen.add(item.fact)
        backlog.append(due_count(state, now))
    assert len(seen) > 50
    assert max(backlog) <= MOST_ITEMS


def test_what_comes_back_when_is_counted_by_day() -> None:
    state = many(5)
    assert coming(state, NOW) == {1: 5}
    assert coming(state, NOW + DAY) == {0: 5}
    assert coming({}, NOW) == {}
