"""What was saved, what deserves attention, and what the reasoning is worth so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets
from maatwerk import Language, framework

from maatwerk_widgets.form import FORM_TEXTS, NOTHING_SAID
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.saving import AnswerKeeper
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
    watches : dict
        Of which kept answers the page is to show the state, as :func:`~maatwerk_widgets.autosave.keep_safe`
        gives it.
    conflicts : list of dict
        Answers that two windows gave differently: ``field``, and ``mine`` and ``other`` in words.
    chosen : dict
        What the learner chose: ``field``, ``other`` (whether the other one), and a ``count`` that grows.
    """

    _esm = one_module(STATIC / "feedback.js")
    _css = looks("feedback.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    status = traitlets.Dict(dict(NOTHING_SAID)).tag(sync=True)
    notices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    outcomes = traitlets.List(traitlets.Dict()).tag(sync=True)
    total = traitlets.Unicode("").tag(sync=True)
    watches = data_trait(traitlets.Dict())
    conflicts = data_trait(traitlets.List(traitlets.Dict()))
    chosen = traitlets.Dict().tag(sync=True)

    def __init__(self, lang: Language = "nl", *, scored: bool = False, **kwargs: Any) -> None:
        self._keeper: AnswerKeeper | None = None
        self._names: frozenset[str] | None = None
        self.set_trait("content", {"words": words("feedback", lang, FORM_TEXTS), "scored": scored})
        super().__init__(lang=lang, **kwargs)

    def watch(self, keeper: AnswerKeeper, watches: Mapping[str, Any], names: Sequence[str] | None) -> None:
        """Show the state of what ``keeper`` keeps; of conflicts only those about ``names``, or all."""
        self._keeper = keeper
        self._names = None if names is None else frozenset(names)
        self.set_trait("watches", dict(watches))

    def report(self) -> None:
        """Show how saving stands now."""
        if self._keeper is None:
            return
        self.status, self.notices = self._keeper.status, self._keeper.notices
        found = [
            {
                "field": field,
                "mine": in_words(self._keeper.fields.get(field), self.lang),
                "other": in_words(other, self.lang),
            }
            for field, other in self._keeper.conflicts.items()
            if self._names is None or field in self._names
        ]
        self.set_trait("conflicts", found)

    @traitlets.observe("chosen")
    def _choose(self, change: Mapping[str, Any]) -> None:
        field, other = change["new"].get("field"), change["new"].get("other")
        if self._keeper is not None and isinstance(field, str):
            self._keeper.choose(field, other is True)
            self.report()

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


def in_words(value: object, lang: Language) -> str:
    """An answer of any kind as a learner can tell it from another; pure."""
    word = words("saving", lang, FORM_TEXTS)
    if value in (None, "", {}, []):
        return word["no_answer"]
    if isinstance(value, str):
        # Half of a sign cannot be sent.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        if set(value) == {"person", "group"}:
            return word["place"].format(**value)
        known = _names(lang)
        parts = [f"{known.get(str(key), str(key))}: {_part(one, lang)}" for key, one in value.items()]
        return in_words("\n".join(parts), lang)
    return in_words(str(value), lang)


def _part(value: object, lang: Language) -> str:
    if isinstance(value, Mapping):
        return (
            in_words(value, lang)
            if set(value) == {"person", "group"}
            else ", ".join(map(str, value.values()))
        )
    return number(value, lang) if isinstance(value, int | float) else str(value)


def _names(lang: Language) -> dict[str, str]:
    fw = framework()
    return {
        **{key: one.name[lang] for key, one in fw.loyalties.items()},
        **{key: one.question[lang] for key, one in fw.considerations.items()},
        **{key: one.name[lang] for key, one in fw.practices.items()},
        **{key: one.name[lang] for key, one in fw.perspectives.items()},
    }
