"""What learners hand in: full, half, nothing, damage and malice."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_exercises.assignments import assignments, closed_cell_name
from maatwerk_exercises.exercises import exercises
from maatwerk_exercises.itembank import AnyItem, Choice, Matching, Ordering, Placing
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.bridge import SUMMATIVE, closed_key, option_key
from maatwerk_grading.criteria import model_answer
from nbformat import NotebookNode

EXERCISE = exercises()["scootmobiel"]
# An assignment with more exercises; only the one above is answered.
ASSIGNMENT = assignments()["opdracht-3-dilemmas"]
NAME = ASSIGNMENT.key

# Every one of these would be recognised anywhere: no score, number of cells or version looks like it.
WEIGHTS = {"burgers": 41, "rechtsstaat": 29, "organisatie": 30, "beroepsgroep": 0, "maatschappij": 0}
POSITION = {"person": 91.73, "group": 88.64}
SENTINEL = "zeer-herkenbare-overtuiging"

HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)> \x1b[31mrood\x1b[0m \u202eomgekeerd\u202c "
    "\ud800 $\\href{javascript:alert(2)}{klik}$ [klik](javascript:alert(3)) `code` {{ 7*7 }} | cel |\n# kop"
)

CORNERS = {"laag-laag": (5, 5), "laag-hoog": (5, 95), "hoog-laag": (95, 5), "hoog-hoog": (95, 95)}


@dataclass(frozen=True)
class Submission:
    """One learner's folder: ``answers`` are the bytes of the answers file, if there is one."""

    student: str
    answers: bytes | None
    languages: tuple[Language, ...] = LANGUAGES
    tamper: Callable[[NotebookNode], None] | None = None
    timestamp: str | None = None


def answers_file(
    fields: Mapping[str, Any], closed: Mapping[str, Any] | None = None, own: Any = None
) -> bytes:
    """The bytes of an answers file with this answer to the exercise.

    ``closed`` are the answers to closed items, by quiz; ``own`` those to the instructor's own questions.
    """
    book = {
        "schema": "maatwerk.answers",
        "version": 1,
        "revision": 3,
        "saved_at": "2026-11-24T09:00:00+00:00",
        "answers": {
            EXERCISE.key: fields,
            **{closed_key(quiz): kept for quiz, kept in (closed or {}).items()},
            **({} if own is None else {SUMMATIVE: own}),
        },
    }
    # Half a surrogate pair has no bytes of its own: JSON writes it as an escape.
    return json.dumps(book).encode()


def right_response(item: AnyItem) -> Any:
    """A wholly right response to a closed item."""
    match item:
        case Choice():
            return min(item.right)
        case Matching():
            return {row.key: min(row.right) for row in item.rows}
        case Ordering():
            return [key for group in item.order for key in sorted(group)]
        case Placing():
            variant = framework().variants[min(item.right)]
            ends = {"low": 5, "high": 95}
            return {"person": ends[variant.person], "group": ends[variant.group]}


def model_fields(person: float, group: float) -> dict[str, Any]:
    """An answer that earns every automatic point from this place."""
    answer = model_answer(Placement(person, group), WEIGHTS, EXERCISE, framework())
    return dict(answer.to_json())


# What each part earns stands beside it; HALF_SCORES has the sums.
def half_fields() -> dict[str, Any]:
    fw = framework()

    def key(variant: str, perspective: str, side: Any) -> str:
        return fw.statement(variant, perspective, side).key

    here = fw_variant(*CORNERS["laag-laag"])
    other = fw_variant(*CORNERS["hoog-hoog"])
    return {
        "placement": {"person": 5, "group": 5},
        # Sums to 90: not divided yet.
        "loyalties": {**WEIGHTS, "organisatie": 20},
        # Belongs to a loyalty without points.
        "tension": "misbruik",
        "effects": {
            "burger": {"voordeel": key(here, "burger", "voordeel"), "nadeel": key(here, "burger", "nadeel")},
            "manager": {"nadeel": key(here, "manager", "nadeel")},
            # Does not stand here.
            "bestuurder": {"nadeel": key(other, "bestuurder", "nadeel")},
        },
        # For whom is not said.
        "dynamic": "managers",
        # Another variant, but no advantage of it.
        "counter_variant": other,
    }


# Of the instructor's own; the last one is never answered.
OWN_QUESTIONS = f"""
# ALLEEN-VOOR-DE-DOCENT
assignment = "{NAME}"

[[question]]
key = "mandaat"
ask = "Wie tekent bij ons een besluit boven 'de grens' van 5 % {{zoals dat heet}}?"
options = ["Het team", "De \\"directie\\" & raad", "Niemand: <b>dat</b> mag niet"]
right = "De \\"directie\\" & raad"

[[question]]
key = "termijn"
ask = "Binnen hoeveel weken bellen wij terug?"
options = ["Eén", "Twee"]
right = "Eén"

[[question]]
key = "open"
ask = "Waar staat ons kader?"
options = ["Op de site", "In het handboek"]
right = "In het handboek"
"""
OWN_RIGHT = {"mandaat": option_key('De "directie" & raad'), "termijn": option_key("Eén")}
HOSTILE_OWN = {"mandaat": HOSTILE, "termijn": {"Eén": 1e999}, "open": [HOSTILE]}
OWN_WRONG = {"mandaat": option_key("Het team"), "termijn": "1"}


def closed_right() -> dict[str, Any]:
    """Every closed item of the assignment, wholly right; with how sure, as the form keeps it."""
    return {
        quiz.key: {
            item.key: {"response": right_response(item), "confidence": "zeker", "outcome": "wrong"}
            for item in quiz.items
        }
        for quiz in ASSIGNMENT.closed
    }


def closed_half() -> tuple[dict[str, Any], dict[str, float]]:
    """Closed items in every state, and what each is worth."""
    kept: dict[str, Any] = {}
    worth: dict[str, float] = {}
    states = itertools.cycle(("right", "other", "hostile", "open"))
    for quiz in ASSIGNMENT.closed:
        given = kept[quiz.key] = {}
        for item, state in zip(quiz.items, states, strict=False):
            response, share = _in_state(item, state)
            if state != "open":
                given[item.key] = {"response": response}
            worth[closed_cell_name(quiz, item)] = share
    return kept, worth


def _in_state(item: AnyItem, state: str) -> tuple[Any, float]:
    right = right_response(item)
    if state == "right":
        return right, 1.0
    if state == "hostile":
        return {"person": HOSTILE, "group": [1e999]}, 0.0
    if state == "open":
        return None, 0.0
    match item:
        case Matching():
            # One line on another option than the right one.
            row = item.rows[0]
            other = next(one.key for one in item.options if one.key not in row.right)
            return {**right, row.key: other}, (len(item.rows) - 1) / len(item.rows)
        case Choice():
            return next(one.key for one in item.options if one.key not in item.right), 0.0
    raise AssertionError(f"no other response known for {item.key}")


HALF_SCORES = {
    "plaatsing": 1.0,
    "loyaliteiten": 0.0,
    "spanning": 1.0,
    "voordelen": 1.0,
    "nadelen": 4 / 3,
    "tweezijdigheid": 1.0,
    "dynamiek": 1.0,
    "tegenargument": 1.0,
}


def fw_variant(person: float, group: float) -> str:
    """The one variant at a corner."""
    (variant,) = Placement(person, group).variants(framework())
    return variant.key


def _edit_test_cell(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = f"float({cell.metadata.nbgrader.points})"
            cell.metadata.nbgrader.points = 2


def _delete_test_cell(notebook: NotebookNode) -> None:
    gone = cell_name(EXERCISE, "spanning")
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != gone]


EVIL_MARKDOWN = (
    "# Mijn aantekening\n\n<script>alert('uit-een-cel')</script><img src=x onerror=alert(2)>\n\n"
    "[klik](javascript:alert(3)) ![x](https://example.org/x.png) ![x](attachment:weg.png)"
)


def _add_own_cells(notebook: NotebookNode) -> None:
    own = [
        {"cell_type": "markdown", "id": "van-mij", "metadata": {}, "source": EVIL_MARKDOWN},
        {
            "cell_type": "raw",
            "id": "ruw",
            "metadata": {"raw_mimetype": "text/html"},
            "source": EVIL_MARKDOWN,
        },
    ]
    notebook.cells = [nbformat.from_dict(cell) for cell in own] + notebook.cells


# Two of the learners say when they handed in, one of them late.
DUE = "2026-11-24 12:00:00 UTC"
IN_TIME, LATE = "2026-11-24 11:59:59.999999 UTC", "2026-11-24 12:00:01 UTC"


def submissions() -> tuple[Submission, ...]:
    """All of them. Dutch has every one; English those that show that the languages are equal."""
    sentinel = {**model_fields(*POSITION.values()), "justification": f"Omdat {SENTINEL}."}
    rubbish = {quiz.key: {item.key: HOSTILE for item in quiz.items} for quiz in ASSIGNMENT.closed}
    nulls = dict.fromkeys((quiz.key for quiz in ASSIGNMENT.closed), None)
    hostile = dict.fromkeys(("own_case", "justification", "counter_argument", "change_mind"), HOSTILE)
    return (
        *(
            Submission(f"hoek-{name}", answers_file(model_fields(*at)), ("nl",))
            for name, at in CORNERS.items()
        ),
        Submission("midden", answers_file(model_fields(50, 50), closed_right(), OWN_RIGHT)),
        Submission("leeg", answers_file({})),
        Submission("geen-bestand", None, ("nl",)),
        Submission("half", answers_file(half_fields(), closed_half()[0], OWN_WRONG)),
        Submission("beschadigd", answers_file(model_fields(5, 5))[:-40]),
        Submission("vijandig", answers_file({**model_fields(5, 95), **hostile}, rubbish, HOSTILE_OWN)),
        Submission("herkenbaar", answers_file(sentinel)),
        Submission("sjoemel", answers_file({}), ("nl",), _edit_test_cell),
        Submission("gewist", answers_file(model_fields(5, 5)), ("nl",), _delete_test_cell),
        Submission("aantekening", answers_file(model_fields(5, 5)), ("nl",), _add_own_cells, IN_TIME),
        # What is no answer in one part of the file takes nothing from the others.
        Submission("te-laat", answers_file(model_fields(5, 5), nulls), ("nl",), timestamp=LATE),
    )
