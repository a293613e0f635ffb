"""A dilemma exercise: the steps of a decision, kept as they change, with feedback at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets
from maatwerk import DEFAULT_LANGUAGE, Language, framework
from maatwerk.citation import cite_all
from maatwerk.text import as_language
from maatwerk_exercises.exercises import Exercise, exercises
from maatwerk_grading.criteria import assess
from maatwerk_learner.answers import Answer, AnswerError

from maatwerk_widgets.autosave import Kept, keep_safe
from maatwerk_widgets.feedback import FeedbackPanel, outcome
from maatwerk_widgets.form import FORM_TEXTS, QuestionForm
from maatwerk_widgets.kept import (
    Fields,
    kept_placement,
    kept_values,
    kept_weights,
    placement_field,
    weights_field,
)
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.plane import DecisionPlane
from maatwerk_widgets.questions import exercise_steps, headings, own_case_steps
from maatwerk_widgets.radar import RadarView
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper
from maatwerk_widgets.words import words


def exercise_form(key: str, lang: str = DEFAULT_LANGUAGE, path: str | Path = ANSWERS_FILE) -> ipywidgets.VBox:
    """The form of one exercise: what an assignment notebook shows.

    Parameters
    ----------
    key : str
        The exercise's key, such as ``"scootmobiel"``; its answer stands in the file under it.
    lang : {"nl", "en"}
        The language of all words.
    path : path
        The file that keeps the answer; it need not exist yet.

    Raises
    ------
    KeyError
        When there is no such exercise; the message names those there are.
    """
    language = as_language(lang)
    if key not in exercises():
        error = words("exercise", language, FORM_TEXTS)["error"]
        raise KeyError(error.format(key=key, keys=", ".join(exercises())))
    return ExerciseForm(exercises()[key], language, Path(path)).view


class ExerciseForm:
    """The widgets of one exercise over one answer in the answers file.

    Each widget shows its own fields of the answer, and saves only those: a field that cannot be read stays
    in the file as it is until the learner answers that part again.

    Parameters
    ----------
    exercise : Exercise
        What is asked, and what it is worth.
    lang : {"nl", "en"}
        The language of all words.
    path : Path
        The answers file.

    Attributes
    ----------
    view : ipywidgets.VBox
        All of it, in the order in which it is filled in.
    """

    def __init__(self, exercise: Exercise, lang: Language, path: Path) -> None:
        self._exercise = exercise
        self._lang = lang
        self._keeper = AnswerKeeper(exercise.key, lang, path)
        self.plane = DecisionPlane(lang)
        self.scales = LoyaltyScales(lang)
        self.own_case = QuestionForm(own_case_steps(exercise, lang), lang=lang)
        self.questions = QuestionForm(exercise_steps(framework(), lang), lang=lang)
        self.feedback = FeedbackPanel(lang, scored=True)
        self.radar = RadarView(lang)
        place, loyalties = (QuestionForm([heading], lang=lang) for heading in headings(lang))
        self._with_status = (self.own_case, place, loyalties, self.questions)
        self.view = ipywidgets.VBox(
            [
                *([self.own_case] if exercise.own_case else []),
                *(place, self.plane),
                *(loyalties, self.scales, self.radar),
                *(self.questions, self.feedback),
            ]
        )
        self.radar.follow(self.scales)
        self._keeper.follow(self._show)
        self._keep_safe()
        self._report()
        self.plane.observe(self._place_changed, ["person", "group", "placed"])
        self.scales.observe(self._weights_changed, "weights")
        for form in (self.own_case, self.questions):
            form.observe(self._answers_changed, "values")

    def _show(self, fields: Fields) -> None:
        placement = kept_placement(fields, "placement")
        if placement != self.plane.placement:
            self.plane.place(placement)
        self.scales.weights = kept_weights(fields, "loyalties", framework())
        for form in (self.own_case, self.questions):
            form.values = kept_values(fields, form.content["steps"])

    def _keep_safe(self) -> None:
        parts: list[tuple[Kept, list[str], Callable[[], Fields]]] = [
            (self.plane, ["placement"], lambda: {"placement": placement_field(self.plane.placement)}),
            (self.scales, ["loyalties"], lambda: {"loyalties": weights_field(self.scales.weights)}),
        ]
        for form in (self.own_case, self.questions):
            names = [question["key"] for one in form.content["steps"] for question in one["questions"]]
            if names:
                parts.append((form, names, lambda form=form: form.values))  # type: ignore[misc]
        for widget, names, fields in parts:
            watches = keep_safe(widget, self._keeper, self._lang, names, fields, self._report)
        # The state beside each step and below all is that of the whole exercise.
        every = {name: watches[name] for name in ("place", "key")}
        for one in self._with_status:
            one.set_trait("watches", every)
        self.feedback.watch(self._keeper, every, None)

    def _place_changed(self, _change: object) -> None:
        self._save({"placement": placement_field(self.plane.placement)})

    def _weights_changed(self, _change: object) -> None:
        self._save({"loyalties": weights_field(self.scales.weights)})

    def _answers_changed(self, change: Mapping[str, Any]) -> None:
        before, after = change["old"], change["new"]
        self._save({key: after[key] for key in after if after[key] != before.get(key)})

    def _save(self, fields: Fields) -> None:
        self._keeper.save(fields, lambda _saved: self._report())

    def _report(self) -> None:
        """Say what was saved, and what the saved answer is worth: the grader sees the same."""
        for widget in self._with_status:
            widget.status = self._keeper.status
        self.feedback.report()
        notices = [*self._keeper.notices]
        try:
            answer = Answer.parse(self._keeper.fields)
        except AnswerError as error:
            notices.append(error.message(self._lang))
            answer = Answer()
        self.feedback.notices = notices
        self.feedback.show_outcomes(self._outcomes(answer) if answer != Answer() else [])

    def _outcomes(self, answer: Answer) -> list[dict[str, Any]]:
        word = words("exercise", self._lang, FORM_TEXTS)
        return [
            outcome(
                word[f"criterion_{one.criterion}"],
                one.points,
                one.maximum,
                one.feedback[self._lang],
                cite_all(one.places, self._lang),
                self._lang,
            )
            for one in assess(answer, self._exercise, framework())
        ]
