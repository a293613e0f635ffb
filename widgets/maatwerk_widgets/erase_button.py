"""The button that erases a learner's answers, after it has said what goes and asked whether they are sure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from maatwerk import Language
from maatwerk_learner.answers import TEXTS
from maatwerk_learner.erase import Erased, answers_in, erase_answers
from maatwerk_learner.locking import when_free

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.overview import COURSE_TEXTS
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class EraseButton(anywidget.AnyWidget):
    """Erase everything, in two steps.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    folder : Path
        The learner's copy of the course.
    afterwards : callable, optional
        Called when something was erased.

    Attributes
    ----------
    asked : int
        How often the first button was pressed: each time ``files`` is brought up to date.
    confirmed : int
        How often the learner said that they are sure.
    files : list of str
        What would be erased now; ``listed`` counts how often it was brought up to date.
    said : dict
        What was done: ``text``, the ``files`` that are gone and the ``problems`` with what to do. ``count``
        tells one time from the next.
    """

    _esm = one_module(STATIC / "erase_button.js")
    _css = looks("erase_button.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    asked = traitlets.Int(0).tag(sync=True)
    confirmed = traitlets.Int(0).tag(sync=True)
    files = data_trait(traitlets.List(traitlets.Unicode()))
    listed = data_trait(traitlets.Int(0))
    said = data_trait(traitlets.Dict())

    def __init__(
        self, lang: Language = "nl", folder: Path = Path(), afterwards: Callable[[], None] | None = None
    ) -> None:
        self._folder = folder
        self._afterwards = afterwards
        self.set_trait("content", words("erase", lang, COURSE_TEXTS))
        super().__init__(lang=lang)

    @traitlets.observe("asked")
    def _list(self, _change: object) -> None:
        with self.hold_sync():
            self.set_trait("files", [one.as_posix() for one in answers_in(self._folder)])
            self.set_trait("listed", self.listed + 1)

    @traitlets.observe("confirmed")
    def _erase(self, change: dict[str, int]) -> None:
        # A view that is made again starts from what it last saved: that is no press of the button.
        if change["new"] <= change["old"]:
            return

        def say(erased: Erased) -> None:
            self.set_trait("said", {"count": self.confirmed, **erased_in_words(erased, self.lang)})
            if self._afterwards is not None:
                self._afterwards()

        when_free(
            self._folder,
            lambda: say(erase_answers(self._folder)),
            lambda: say(Erased((), (TEXTS["busy"],))),
        )


def erased_in_words(erased: Erased, lang: Language) -> dict[str, Any]:
    """What was erased and what was not; pure."""
    word = words("erase", lang, COURSE_TEXTS)
    if erased.problems:
        text = word["partly" if erased.files else "failed"]
    else:
        text = word["done" if erased.files else "nothing"]
    return {
        "text": text,
        "files": [one.as_posix() for one in erased.files],
        "problems": [problem[lang] for problem in erased.problems],
    }
