"""The closed items of an assignment: the quiz of the chapters, kept beside the assignment."""

from __future__ import annotations

from pathlib import Path

import ipywidgets
from maatwerk import DEFAULT_LANGUAGE
from maatwerk.text import as_language
from maatwerk_exercises.assignments import closed_quizzes
from maatwerk_grading.bridge import closed_key

from maatwerk_widgets.autosave import keep_safe
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper
from maatwerk_widgets.words import words


def closed_form(key: str, lang: str = DEFAULT_LANGUAGE, path: str | Path = ANSWERS_FILE) -> ipywidgets.VBox:
    """The closed items of one quiz, with the saved state below them; every answer is kept at once.

    Parameters
    ----------
    key : str
        The quiz's key in ``assignments.toml``.
    lang : {"nl", "en"}
        The language of all words.
    path : path
        The file that keeps the answers; it need not exist yet.

    Raises
    ------
    KeyError
        When there is no such quiz; the message names those there are.
    """
    language = as_language(lang)
    quizzes = closed_quizzes()
    if key not in quizzes:
        error = words("exercise", language, FORM_TEXTS)["error"]
        raise KeyError(error.format(key=key, keys=", ".join(quizzes)))
    keeper = AnswerKeeper(closed_key(key), language, Path(path))
    quiz = Quiz(quizzes[key].items, language)
    panel = FeedbackPanel(language)

    def keep(_change: object) -> None:
        keeper.save(quiz.kept(), lambda _saved: panel.report())

    keeper.follow(quiz.restore)
    quiz.observe(keep, "answers")
    watches = keep_safe(quiz, keeper, language, list(quiz.items), quiz.kept, panel.report)
    panel.watch(keeper, watches, None)
    panel.report()
    return ipywidgets.VBox([quiz, panel])
