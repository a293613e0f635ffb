"""The ready-made workshops: they add up, can be played from begin to end, and a mistake in them is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk.loader import TableError
from maatwerk_exercises.exercises import exercises
from maatwerk_live.core.cases import course_cases
from maatwerk_live.core.plans import PLANS, Plan, plans_content, read_plans
from maatwerk_live.core.protocol import Again, Ask, Close, Command, End, Hide, Open, Reopen, Timer
from maatwerk_live.core.session import Event, Session, decide_command, evolve

PLAN = read_plans().plans


def test_there_are_plans_of_45_90_and_180_minutes() -> None:
    assert {key: plan.minutes for key, plan in PLAN.items()} == {"45": 45, "90": 90, "180": 180}
    for plan in PLAN.values():
        assert sum(step.minutes for step in plan.steps.values()) == plan.minutes


@pytest.mark.parametrize("plan", PLAN.values(), ids=PLAN)
def test_each_plan_can_be_played_from_begin_to_end(plan: Plan) -> None:
    session, cases = Session(), course_cases()

    def play(make: Callable[[int], Command]) -> None:
        nonlocal session
        act = decide_command(session, make(session.version), cases)
        session = evolve(session, [Event(0, None, act)])

    for step in plan.steps.values():
        if step.does == "open":
            play(lambda version, step=step: Open(version, step.case or "", step.asks))
        elif step.does == "again":
            play(lambda version, step=step: Again(version, step.asks))
        elif step.does == "ask":
            play(lambda version, step=step: Ask(version, step.asks))
            if session.stage.phase != "open":
                play(Reopen)
        elif step.does == "reveal":
            if session.stage.phase == "open":
                play(Close)
            play(lambda version: Hide(version, False))
        elif step.does == "close":
            play(Close)
        elif step.does == "end":
            play(End)
        if step.seconds:
            assert step.seconds <= 60 * step.minutes
            play(lambda version, step=step: Timer(version, step.seconds or 0))
        asks_phones = step.does in ("open", "again", "ask")
        assert (session.stage.phase == "open") == asks_phones or step.does == "nothing"
    assert session.stage.phase == "ended"


@pytest.mark.parametrize("plan", PLAN.values(), ids=PLAN)
def test_people_first_choose_alone_and_talk_in_two_before_the_hall_sees(plan: Plan) -> None:
    steps = list(plan.steps.values())
    first = next(n for n, step in enumerate(steps) if step.does == "open")
    assert [step.form for step in steps[first : first + 3]] == ["alleen", "tweetallen", "samen"]
    assert steps[first + 2].does == "reveal"


def test_there_is_a_question_about_each_case_but_a_persons_own() -> None:
    assert set(read_plans().about) == set(exercises()) - {"eigen-zaak"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_gets_all_of_it_in_one_language(lang: Language) -> None:
    given = msgspec.json.decode(plans_content(lang))
    assert [plan["key"] for plan in given["plans"]] == list(PLAN)
    for shown, plan in zip(given["plans"], PLAN.values(), strict=True):
        assert [step["title"] for step in shown["steps"]] == [
            step.title[lang] for step in plan.steps.values()
        ]


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ("minutes = 9\n", "minutes = 8\n", "minutes"),
        ('does = "dance"', 'does = "again"', "does"),
        ('case = "nergens"', 'case = "scootmobiel"', "case"),
        ('asks = ["zing"]', 'asks = ["place"]', "asks"),
        ("secondes = 240", "seconds = 240", "secondes"),
        ('key = "flew"', 'key = "few"', "key"),
    ],
)
def test_a_mistake_is_named(wrong: str, right: str, named: str, tmp_path: Path) -> None:
    good = PLANS.read_text(encoding="utf-8")
    file = tmp_path / "plans.toml"
    file.write_text(re.sub(re.escape(right), wrong, good, count=1), encoding="utf-8")
    with pytest.raises(TableError, match=named):
        read_plans(file)
