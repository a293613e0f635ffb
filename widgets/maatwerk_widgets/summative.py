"""An instructor's own test questions: a form that tells that an answer was saved, and nothing more.

What is right is in no released notebook (see :mod:`maatwerk_grading.course_folder.own_questions`), so
nothing here could tell.
"""

from __future__ import annotations

import json
from pathlib import Path

import ipywidgets
from maatwerk import DEFAULT_LANGUAGE
from maatwerk.text import as_language
from maatwerk_grading.bridge import SUMMATIVE, option_key

from maatwerk_widgets.autosave import keep_safe
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import QuestionForm, choice, group, option, step
from maatwerk_widgets.kept import Fields, kept_values
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper


def summative_form(
    questions: str, lang: str = DEFAULT_LANGUAGE, path: str | Path = ANSWERS_FILE
) -> ipywidgets.VBox:
    """The questions in a form; every answer is kept at once.

    Parameters
    ----------
    questions : str
        A JSON list of ``{"key", "ask", "options"}``, as ``maatwerk teach questions`` writes it.
    lang : {"nl", "en"}
        The language of all words around the questions.
    path : path
        The file that keeps the answers; it need not exist yet.
    """
    language = as_language(lang)
    keeper = AnswerKeeper(SUMMATIVE, language, Path(path))
    steps = [
        step([choice(one["key"], one["ask"], [group([option(option_key(o), o) for o in one["options"]])])])
        for one in json.loads(questions)
    ]
    form = QuestionForm(steps, lang=language)
    panel = FeedbackPanel(language)

    def show(fields: Fields) -> None:
        form.values = kept_values(fields, steps)

    def keep(_change: object) -> None:
        keeper.save(form.values, lambda _saved: panel.report())

    keeper.follow(show)
    form.observe(keep, "values")
    names = [question["key"] for one in steps for question in one["questions"]]
    watches = keep_safe(form, keeper, language, names, lambda: form.values, panel.report)
    panel.watch(keeper, watches, None)
    panel.report()
    return ipywidgets.VBox([form, panel])
