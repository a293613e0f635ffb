"""Ready-made workshops, and what a facilitator can ask: ``plans.toml``, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from maatwerk import Language, Text
from maatwerk.loader import Record, read_table
from maatwerk_exercises.exercises import exercises

from maatwerk_live.core.protocol import LONGEST_TIMER, AskKind

PLANS = Path(__file__).parents[1] / "plans.toml"

Does: TypeAlias = Literal["nothing", "open", "again", "ask", "close", "reveal", "end"]
Form: TypeAlias = Literal["alleen", "tweetallen", "groepjes", "samen"]
When: TypeAlias = Literal["few", "agrees", "split", "scattered", "moved", "loyalties"]
# What needs to be told which questions the phones show.
_ASKING = ("open", "again", "ask")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan.

    Parameters
    ----------
    key : str
        Its name in the plan.
    title, screen : Text
        What it is called, and what the hall sees.
    minutes : int
        How long it takes.
    form : {"alleen", "tweetallen", "groepjes", "samen"}
        Who talks with whom.
    does : str
        What its button does; ``nothing`` when people only talk.
    case : str, optional
        The case that it opens.
    asks : tuple of str
        What the phones then ask.
    seconds : int, optional
        Where the clock is set.
    ask : tuple of Text
        What the facilitator says or asks.
    """

    key: str
    title: Text
    screen: Text
    minutes: int
    form: Form
    does: Does
    case: str | None
    asks: tuple[AskKind, ...]
    seconds: int | None
    ask: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A workshop of so many minutes; its steps take as long together."""

    key: str
    title: Text
    goal: Text
    minutes: int
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class Script:
    """What to ask when the hall stands so. ``key`` says when."""

    key: When
    ask: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What to ask about one case when the hall is split, and when it agrees."""

    key: str
    split: Text
    agrees: Text


@dataclass(frozen=True, slots=True)
class Plans:
    """The whole file."""

    plans: Mapping[str, Plan]
    scripts: Mapping[str, Script]
    about: Mapping[str, About]


def read_plans(file: Path = PLANS) -> Plans:
    """All plans and questions.

    Raises
    ------
    TableError
        When a field is missing, unknown or impossible, a case is none of the course's, a moment has no
        questions, or the minutes of a plan's steps do not add up.
    """
    table = read_table(file)
    found = Plans(
        plans=table.rows("plan", _plan),
        scripts=table.rows("script", _script),
        about=table.rows("about", _about),
    )
    table.finish()
    missing = set(get_args(When)) - set(found.scripts)
    if missing:
        raise table.error("script", f"'{min(missing)}' is missing")
    return found


def _plan(row: Record) -> Plan:
    plan = Plan(
        key=row.string("key"),
        title=row.text("title"),
        goal=row.text("goal"),
        minutes=_whole(row, "minutes"),
        steps=row.rows("step", _step),
    )
    total = sum(step.minutes for step in plan.steps.values())
    if total != plan.minutes:
        raise row.error("minutes", f"the steps take {total} minutes together")
    return plan


def _step(row: Record) -> Step:
    does = row.choice("does", get_args(Does))
    asking = does in _ASKING
    return Step(
        key=row.string("key"),
        title=row.text("title"),
        screen=row.text("screen"),
        minutes=_whole(row, "minutes"),
        form=row.choice("form", get_args(Form)),
        does=does,
        case=_case(row, "case") if does == "open" else None,
        asks=tuple(row.choices("asks", get_args(AskKind))) if asking else (),
        seconds=_whole(row, "seconds", LONGEST_TIMER) if asking and row.has("seconds") else None,
        ask=tuple(row.texts("ask")),
    )


def _script(row: Record) -> Script:
    return Script(row.choice("key", get_args(When)), tuple(row.texts("ask")))


def _about(row: Record) -> About:
    return About(_case(row, "key"), row.text("split"), row.text("agrees"))


def _case(row: Record, field: str) -> str:
    return row.choice(field, tuple(exercises()))


def _whole(row: Record, field: str, most: int = 600) -> int:
    value = row.value(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise row.error(field, f"a whole number from 1 to {most} is needed, not {value!r}")
    return value


@cache
def plans_content(lang: Language) -> bytes:
    """Everything in one language, as JSON, for the facilitator's page."""
    found = read_plans()

    def step(one: Step) -> dict[str, Any]:
        return {
            "key": one.key,
            "title": one.title[lang],
            "screen": one.screen[lang],
            "minutes": one.minutes,
            "form": one.form,
            "does": one.does,
            "case": one.case,
            "asks": one.asks,
            "seconds": one.seconds,
            "ask": [text[lang] for text in one.ask],
        }

    return msgspec.json.encode(
        {
            "plans": [
                {
                    "key": one.key,
                    "title": one.title[lang],
                    "goal": one.goal[lang],
                    "minutes": one.minutes,
                    "steps": [step(each) for each in one.steps.values()],
                }
                for one in found.plans.values()
            ],
            "scripts": {key: [text[lang] for text in one.ask] for key, one in found.scripts.items()},
            "about": {
                key: {"split": one.split[lang], "agrees": one.agrees[lang]}
                for key, one in found.about.items()
            },
        }
    )
