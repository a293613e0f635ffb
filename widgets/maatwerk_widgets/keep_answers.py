"""Downloading all answers as one file to keep, and putting such a file back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from maatwerk import Language, Text
from maatwerk_exercises.assignments import assignments
from maatwerk_learner.answers import TEXTS, AnswerError
from maatwerk_learner.backup import Restored, pack, restore
from maatwerk_learner.files import reason
from maatwerk_learner.locking import when_free

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.overview import COURSE_TEXTS
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class KeepAnswers(anywidget.AnyWidget):
    """Download my answers, and put a download back.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    folder : Path
        The learner's copy of the course.
    afterwards : callable, optional
        Called when something was put back.

    Attributes
    ----------
    downloaded : int
        How often the learner asked for the file.
    packed : dict
        The file: its ``name``, and ``data`` in base64. ``count`` tells one time from the next.
    given : dict
        The file that the learner chose to put back: ``data`` in base64, and ``count``.
    said : dict
        What was done: ``text``, and ``notices`` with what there is to know. ``count`` tells one time from the
        next.
    """

    _esm = one_module(STATIC / "keep_answers.js")
    _css = looks("keep_answers.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    downloaded = traitlets.Int(0).tag(sync=True)
    packed = data_trait(traitlets.Dict())
    given = traitlets.Dict().tag(sync=True)
    said = data_trait(traitlets.Dict())

    def __init__(
        self, lang: Language = "nl", folder: Path = Path(), afterwards: Callable[[], None] | None = None
    ) -> None:
        self._folder = folder
        self._afterwards = afterwards
        self._count = 0
        self._word = words("keep", lang, COURSE_TEXTS)
        self.set_trait("content", self._word)
        super().__init__(lang=lang)

    @traitlets.observe("downloaded")
    def _pack(self, change: dict[str, int]) -> None:
        # A view that is made again starts from what it last saved: that is no press of the button.
        if change["new"] <= change["old"]:
            return
        try:
            data = pack(self._folder)
        except AnswerError as error:
            self._say(error.message(self.lang))
            return
        except OSError as error:
            self._say(self._word["failed"].format(reason=reason(error)[self.lang]))
            return
        name = self._word["all_name"]
        with self.hold_sync():
            file = {"name": name, "data": base64.b64encode(data).decode(), "count": change["new"]}
            self.set_trait("packed", file)
            self._say(self._word["made"].format(name=name))

    @traitlets.observe("given")
    def _restore(self, change: dict[str, Any]) -> None:
        if change["new"].get("count", 0) <= change["old"].get("count", 0):
            return
        try:
            data = base64.b64decode(change["new"].get("data", ""), validate=True)
        except binascii.Error:
            self._say(TEXTS["backup_no_zip"][self.lang])
            return
        when_free(self._folder, lambda: self._put_back(data), lambda: self._say(TEXTS["busy"][self.lang]))

    def _put_back(self, data: bytes) -> None:
        try:
            restored = restore(data, self._folder)
        except AnswerError as error:
            self._say(error.message(self.lang))
            return
        self._say(restored_in_words(restored, self.lang), restored.notices)
        if self._afterwards is not None:
            self._afterwards()

    def _say(self, text: str, notices: Iterable[Text] = ()) -> None:
        self._count += 1
        said = {"text": text, "notices": [one[self.lang] for one in notices], "count": self._count}
        self.set_trait("said", said)


def restored_in_words(restored: Restored, lang: Language) -> str:
    """What was put back; pure."""
    word = words("keep", lang, COURSE_TEXTS)
    chapters = restored.chapters
    what = [assignments()[key].title[lang] for key in restored.assignments]
    if chapters:
        what = [word["chapters_one" if chapters == 1 else "chapters"].format(count=chapters), *what]
    return word["restored"].format(what=", ".join(what))
