"""A form in which a learner rates arguments, and sees what drove the ratings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets
from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk.text import as_language
from maatwerk_exercises.rating import (
    ARGUMENT_SIDES,
    MARKS,
    TEXTS,
    ArgumentSide,
    RatingExercise,
    drive,
    feedback,
    rating_exercises,
)

from maatwerk_widgets.autosave import keep_safe
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import QuestionForm, Step, choice, group, option, scale, step
from maatwerk_widgets.kept import Fields, kept_values
from maatwerk_widgets.questions import shuffled
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper

STANCE = "stance"


def rating_form(key: str, lang: str = DEFAULT_LANGUAGE, path: str | Path = ANSWERS_FILE) -> ipywidgets.VBox:
    """The form of one rating exercise; every answer is kept at once.

    Parameters
    ----------
    key : str
        The exercise's key.
    lang : {"nl", "en"}
        The language of all words.
    path : path
        The file that keeps the answers.
    """
    exercise = rating_exercises()[key]
    language = as_language(lang)
    keeper = AnswerKeeper(f"rating-{key}", language, Path(path))
    form = QuestionForm(rating_steps(exercise, language), lang=language)
    panel = FeedbackPanel(language)

    def show(fields: Fields) -> None:
        form.values = kept_values(fields, rating_steps(exercise, language))

    def keep(_change: object) -> None:
        keeper.save(form.values, lambda _saved: panel.report())

    def reply(_change: object) -> None:
        said = rating_said(exercise, form.values, language)
        form.reply = {"state": "", "text": said[0]}
        form.show_steps(
            [*rating_steps(exercise, language), *([step(intro="\n".join(said[1:]))] if said[1:] else [])]
        )

    keeper.follow(show)
    form.observe(keep, "values")
    names = [question["key"] for one in rating_steps(exercise, language) for question in one["questions"]]
    watches = keep_safe(form, keeper, language, names, lambda: form.values, panel.report)
    panel.watch(keeper, watches, None)
    panel.report()
    form.observe(reply, "pressed")
    return ipywidgets.VBox([form, panel])


def rating_steps(exercise: RatingExercise, lang: Language) -> list[Step]:
    """The form: the learner's own view first, then a mark for every argument."""
    sides = [option(side, TEXTS[f"stance_{side}"][lang]) for side in ARGUMENT_SIDES]
    marks = [option(str(mark), TEXTS[f"mark_{mark}"][lang]) for mark in MARKS]
    stance = TEXTS["stance"][lang].format(verdict=exercise.verdict[lang])
    return [
        step([choice(STANCE, stance, [group(sides)], TEXTS["stance_help"][lang])]),
        step(
            [
                scale(one.key, TEXTS["rate"][lang].format(argument=one.text[lang]), marks)
                for one in shuffled(exercise.arguments.values())
            ],
            intro=TEXTS["intro"][lang],
            action=TEXTS["show"][lang],
        ),
    ]


def rating_said(exercise: RatingExercise, values: Mapping[str, Any], lang: Language) -> list[str]:
    """What drove the ratings, and then, once all are there, why each argument is strong or weak."""
    stance: ArgumentSide | None = next((one for one in ARGUMENT_SIDES if one == values.get(STANCE)), None)
    ratings = {key: int(values[key]) for key in exercise.arguments if str(values.get(key)) in map(str, MARKS)}
    found = drive(exercise, stance, ratings) if stance is not None else None
    if found is None:
        return [TEXTS["incomplete"][lang]]
    return [
        feedback(found)[lang],
        *(
            TEXTS["yours"][lang].format(
                argument=f"‘{one.text[lang]}’", mark=ratings[one.key], why=one.why[lang]
            )
            for one in shuffled(exercise.arguments.values())
        ),
    ]
