"""What was saved, what deserves attention, and what the reasoning is worth so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets
from maatwerk import Language

from maatwerk_widgets.form import FORM_TEXTS, NOTHING_SAID
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class FeedbackPanel(anywidget.AnyWidget):
    """The saved state, notices, and, when ``scored``, the outcome of every criterion.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    scored : bool
        Whether the panel shows outcomes; without them it is no more than a line.

    Attributes
    ----------
    status : dict
        ``state`` (saved, unsaved or error) and ``text``; a polite live region.
    notices : list of str
        What the learner must know, such as a damaged file that was put aside; said at once.
    outcomes : list of dict
        Made by :func:`outcome`.
    total : str
        The points together, in words.
    """

    _esm = one_module(STATIC / "feedback.js")
    _css = looks("feedback.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    status = traitlets.Dict(dict(NOTHING_SAID)).tag(sync=True)
    notices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    outcomes = traitlets.List(traitlets.Dict()).tag(sync=True)
    total = traitlets.Unicode("").tag(sync=True)

    def __init__(self, lang: Language = "nl", *, scored: bool = False, **kwargs: Any) -> None:
        self.set_trait("content", {"words": words("feedback", lang, FORM_TEXTS), "scored": scored})
        super().__init__(lang=lang, **kwargs)

    def show_outcomes(self, outcomes: Sequence[Mapping[str, Any]]) -> None:
        """Show these outcomes and their sum; none at all shows an invitation."""
        self.outcomes = [dict(one) for one in outcomes]
        if outcomes:
            total = self.content["words"]["total"]
            self.total = _points(
                total, sum(o["value"] for o in outcomes), sum(o["maximum"] for o in outcomes), self.lang
            )
        else:
            self.total = ""


def outcome(
    title: str, points: float, maximum: float, feedback: str, cite: str, lang: Language
) -> dict[str, Any]:
    """One criterion's outcome as the panel shows it."""
    mark = "full" if points >= maximum else "part" if points > 0 else "none"
    return {
        "title": title,
        "value": points,
        "maximum": maximum,
        "points": _points(words("feedback", lang, FORM_TEXTS)["points"], points, maximum, lang),
        "mark": mark,
        "feedback": feedback,
        "cite": cite,
    }


def _points(template: str, points: float, maximum: float, lang: Language) -> str:
    return template.format(points=number(points, lang), maximum=number(maximum, lang))


def number(value: float, lang: Language) -> str:
    """A number of at most one decimal, with the language's own decimal sign."""
    written = f"{round(value, 1):g}"
    return written.replace(".", ",") if lang == "nl" else written
