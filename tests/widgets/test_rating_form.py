"""The rating form keeps every answer, and says what drove the ratings once all are there."""

from __future__ import annotations

import json
from pathlib import Path

from maatwerk_exercises.rating import TEXTS, rating_exercises
from maatwerk_widgets.form import QuestionForm
from maatwerk_widgets.rating import STANCE, rating_form, rating_said, rating_steps

KEY = "tweede-scootmobiel"
EXERCISE = rating_exercises()[KEY]
BY_SIDE = {key: "5" if one.side == "for" else "2" for key, one in EXERCISE.arguments.items()}


def form_in(path: Path) -> QuestionForm:
    form = rating_form(KEY, path=path).children[0]
    assert isinstance(form, QuestionForm)
    return form


def test_every_argument_is_asked_once_and_strong_ones_do_not_come_first() -> None:
    asked = [question["key"] for question in rating_steps(EXERCISE, "nl")[1]["questions"]]
    assert sorted(asked) == sorted(EXERCISE.arguments)
    qualities = [EXERCISE.arguments[key].quality for key in asked]
    assert qualities not in (sorted(qualities), sorted(qualities, reverse=True))


def test_an_incomplete_form_asks_for_the_rest() -> None:
    for values in ({}, {STANCE: "for"}, BY_SIDE, {**BY_SIDE, STANCE: "for", "hellend-vlak": "7"}):
        assert rating_said(EXERCISE, values, "nl") == [TEXTS["incomplete"].nl]


def test_a_complete_form_says_what_drove_it_and_why_each_argument_is_strong_or_weak() -> None:
    said = rating_said(EXERCISE, {**BY_SIDE, STANCE: "for"}, "en")
    assert said[0] == TEXTS["own_side"].en
    assert all(any(one.why.en in line for line in said[1:]) for one in EXERCISE.arguments.values())


def test_answers_come_back_and_the_button_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    form = form_in(path)
    assert not path.exists()
    form.edits = {**BY_SIDE, STANCE: "against"}
    assert json.loads(path.read_text())["answers"][f"rating-{KEY}"][STANCE] == "against"
    again = form_in(path)
    assert again.values == {**BY_SIDE, STANCE: "against"}
    again.pressed += 1
    assert again.reply["text"] == TEXTS["other_side"].nl
    assert EXERCISE.arguments["hellend-vlak"].why.nl in again.content["steps"][-1]["intro"]
