"""What the quiz shows of an item, before and after it was answered: pure.

Before the answer nothing is shown that tells what is right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from maatwerk import Framework, Language
from maatwerk.model import Axis
from maatwerk_exercises.itembank import (
    CONFIDENCES,
    Answered,
    AnyItem,
    Choice,
    Matching,
    Ordering,
    Placing,
    mark,
)

from maatwerk_widgets.words import words

QUIZ_TEXTS = Path(__file__).parent / "quiz_texts.toml"


def item_view(item: AnyItem, fw: Framework, lang: Language) -> dict[str, Any]:
    """An item as a question: without its key."""
    view: dict[str, Any] = {
        "key": item.key,
        "ask": item.ask[lang],
        "given": item.given[lang] if item.given is not None else "",
    }
    match item:
        case Choice():
            return view | {"kind": "choice", "options": _named(item.options, lang)}
        case Matching():
            return view | {
                "kind": "matching",
                "rows": _named(item.rows, lang),
                "options": _named(item.options, lang),
            }
        case Ordering():
            return view | {"kind": "ordering", "options": _named(item.options, lang)}
        case Placing():
            plane = fw.plane
            axes = {"person": _axis(plane.person, lang), "group": _axis(plane.group, lang)}
            return view | {"kind": "placing", "axes": axes}


def _named(rows: Collection[Any], lang: Language) -> list[dict[str, str]]:
    return [{"key": row.key, "text": row.text[lang]} for row in rows]


def _axis(axis: Axis, lang: Language) -> dict[str, str]:
    return {"name": axis.name[lang], "low": axis.low[lang], "high": axis.high[lang]}


def result_view(item: AnyItem, given: Answered, fw: Framework, lang: Language) -> dict[str, Any]:
    """What to show once it was answered: the outcome, what it teaches, and how it fits the confidence."""
    outcome = given.marked.outcome
    return {
        "response": given.response,
        "confidence": given.confidence,
        "state": outcome,
        "title": words("outcome", lang, QUIZ_TEXTS)[outcome],
        "text": given.marked.feedback[lang],
        "fit": words("fit", lang, QUIZ_TEXTS)[f"{outcome}_{given.confidence}"],
        "right": _right(item, given.response, fw),
    }


def _right(item: AnyItem, response: Any, fw: Framework) -> list[str]:
    """Which of the options, rows or corners that the quiz shows are right."""
    match item:
        case Choice():
            return sorted(item.right)
        case Matching():
            return [row.key for row in item.rows if response[row.key] in row.right]
        case Ordering():
            return []
        case Placing():
            return [f"{v.person}-{v.group}" for v in fw.variants.values() if v.key in item.right]


def summary(answers: Mapping[str, Answered], lang: Language) -> list[str]:
    """How it went, and how well the learner knew that beforehand: a line each."""
    end = words("end", lang, QUIZ_TEXTS)
    lines = [_counted(end["right"], list(answers.values()))]
    for confidence in CONFIDENCES:
        with_it = [one for one in answers.values() if one.confidence == confidence]
        if with_it:
            lines.append(_counted(end[confidence], with_it))
    return lines


def _counted(template: str, given: list[Answered]) -> str:
    right = sum(one.marked.outcome == "right" for one in given)
    return template.format(right=right, total=len(given))


def still_asked(item: AnyItem, response: object, confidence: object, lang: Language) -> str:
    """What is missing from an answer that cannot be marked yet."""
    marked = mark(item, response)
    said = [marked.feedback[lang]] if marked.outcome == "unanswered" else []
    if confidence not in CONFIDENCES:
        said.append(words("quiz", lang, QUIZ_TEXTS)["how_sure"])
    return " ".join(said)
