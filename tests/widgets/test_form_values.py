"""The form takes over what the learner changed, and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.form import QuestionForm, group, option, select, step, text
from maatwerk_widgets.questions import exercise_steps, headings


def small_form(**values: str) -> QuestionForm:
    questions = [
        text("words", "Woorden"),
        select("one", "Kies", [group([option("a", "A"), option("b", "B")])]),
    ]
    return QuestionForm([step(questions)], values=values)


def test_an_edit_becomes_a_value_and_is_observed() -> None:
    form = small_form(words="eerst", one="a")
    seen: list[dict[str, str]] = []
    form.observe(lambda change: seen.append(change["new"]), "values")
    form.edits = {"words": "daarna"}
    assert seen == [{"words": "daarna", "one": "a"}]


def test_an_old_edit_does_not_undo_what_came_from_elsewhere() -> None:
    form = small_form()
    form.edits = {"one": "a"}
    form.values = {**form.values, "one": "b"}
    form.edits = {"one": "a", "words": "verder"}
    assert form.values == {"one": "b", "words": "verder"}


def test_an_edit_of_an_unknown_question_is_not_taken_over() -> None:
    form = small_form()
    form.edits = {"placement": "niet van dit formulier"}
    assert form.values == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_steps_of_the_exercise_are_numbered_one_to_seven(lang: Language) -> None:
    steps = [*headings(lang), *exercise_steps(framework(), lang)]
    assert [one["number"] for one in steps] == list(range(1, 8))
    assert all(one["title"] for one in steps)


def test_the_options_of_both_languages_are_the_same_in_the_same_order() -> None:
    nl, en = (re.findall(r"'key': '([^']+)'", repr(exercise_steps(framework(), lang))) for lang in LANGUAGES)
    assert nl == en


def test_every_statement_of_a_perspective_and_side_can_be_chosen_once() -> None:
    grid = next(q for s in exercise_steps(framework(), "nl") for q in s["questions"] if q["kind"] == "grid")
    for row in grid["rows"]:
        for cell in row["cells"]:
            offered = [one["key"] for one in cell["groups"][0]["options"]]
            wanted = {
                key
                for key, s in framework().statements.items()
                if (s.perspective, s.side) == (row["key"], cell["key"])
            }
            assert set(offered) == wanted
            assert len(offered) == len(wanted)


def test_the_order_of_the_statements_does_not_follow_the_variants() -> None:
    """Else the nth option of every list would belong to the same table."""
    fw = framework()
    variants = list(fw.variants)
    grid = next(q for s in exercise_steps(fw, "nl") for q in s["questions"] if q["kind"] == "grid")
    orders = [
        [variants.index(fw.statements[one["key"]].variants[0]) for one in cell["groups"][0]["options"]]
        for row in grid["rows"]
        for cell in row["cells"]
    ]
    sorted_orders = [all(a <= b for a, b in pairwise(order)) for order in orders]
    assert sum(sorted_orders) < len(orders) / 2
    assert len({tuple(order) for order in orders}) > 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pattern_is_offered_without_its_actor(lang: Language) -> None:
    """Otherwise the question for whom would answer itself."""
    dynamic = next(
        q for s in exercise_steps(framework(), lang) for q in s["questions"] if q["key"] == "dynamic"
    )
    labels = " ".join(one["label"].lower() + one["note"].lower() for one in dynamic["groups"][0]["options"])
    assert len(dynamic["groups"][0]["options"]) == len(framework().dynamics)
    for row in framework().dynamics.values():
        assert row.actor[lang].lower().split(" (")[0] not in labels
