"""The closed items of an assignment: what the form keeps is what the grader marks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.assignments import closed_quizzes
from maatwerk_exercises.itembank import mark
from maatwerk_grading import bridge
from maatwerk_grading.bridge import SUMMATIVE, closed, closed_key, option_key, summative
from maatwerk_widgets import closed_form, summative_form
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import QuestionForm
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.quiz_view import item_view

QUIZ = closed_quizzes()["vormen"]


def parts(form: Any) -> tuple[Any, FeedbackPanel]:
    widget, panel = form.children
    assert isinstance(panel, FeedbackPanel)
    return widget, panel


def first_option(quiz: Quiz, key: str) -> str:
    (view,) = (one for one in quiz.content["items"] if one["key"] == key)
    option: str = view["options"][0]["key"]
    return option


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_keeps_an_answer_that_is_then_marked_alike(
    lang: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bridge, "display", lambda shown: None)
    quiz, panel = parts(closed_form(QUIZ.key, lang))
    assert isinstance(quiz, Quiz) and list(quiz.items) == [item.key for item in QUIZ.items]
    assert not Path("answers.json").exists(), "opening it saves nothing"
    choices = [item for item in QUIZ.items if item.family == "cell"]
    for number, item in enumerate(choices, 1):
        response = first_option(quiz, item.key)
        quiz.submitted = {
            "number": number,
            "item": item.key,
            "response": response,
            "confidence": "gok",
        }
        assert quiz.results[item.key]["text"] == mark(item, response).feedback[lang]
        assert closed(QUIZ.key, item.key, lang) == mark(item, response).share
    assert panel.status["state"] == "saved"
    kept = json.loads(Path("answers.json").read_text())["answers"][closed_key(QUIZ.key)]
    assert set(kept) == {item.key for item in choices}
    again, _ = parts(closed_form(QUIZ.key, lang))
    assert again.results == quiz.results


def test_a_quiz_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(KeyError, match=r"nergens.*vormen"):
        closed_form("nergens")


ASKED = json.dumps([{"key": "een", "ask": "Wat eerst?", "options": ["Dit", "Dat"]}])


def test_a_summative_form_tells_that_an_answer_was_saved_and_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown: list[bridge.Shown] = []
    monkeypatch.setattr(bridge, "display", shown.append)
    form, panel = parts(summative_form(ASKED))
    assert isinstance(form, QuestionForm)
    before = form.content
    form.edits = {"een": option_key("Dat")}
    assert panel.status["state"] == "saved" and panel.outcomes == []
    assert form.content == before and form.reply["text"] == ""
    again, _ = parts(summative_form(ASKED, "en"))
    assert again.values == {"een": option_key("Dat")}
    # What the hidden test makes of it; it never names the right one.
    assert summative("een", "Wat eerst?", "Dit", "Dat", right=2) == 1.0
    assert summative("een", "Wat eerst?", "Dit", "Dat", right=1) == 0.0
    assert "Gekozen antwoord: Dat" in shown[1].plain and "Dit" not in shown[1].plain
    assert json.loads(Path("answers.json").read_text())["answers"][SUMMATIVE] == {"een": option_key("Dat")}


def test_the_view_of_an_item_has_no_key() -> None:
    assert all("right" not in item_view(item, bridge.framework(), "nl") for item in QUIZ.items)
