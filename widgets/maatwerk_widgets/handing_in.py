"""The last thing of an assignment: handing in, to the teacher where there is a way, and else as a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import anywidget
import traitlets
from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk.errors import CommandError
from maatwerk.text import as_language
from maatwerk_learner.exchange import Exchange, find_exchange
from maatwerk_learner.hand_in import handed_in, zipped

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

TEXTS = Path(__file__).parent / "hand_in_texts.toml"


def hand_in(assignment: str, lang: str = DEFAULT_LANGUAGE, folder: str | Path = ".") -> HandIn:
    """The button under an assignment.

    Parameters
    ----------
    assignment : str
        Its key, such as ``"opdracht-3-dilemmas"``.
    lang : {"nl", "en"}
        The language of all words.
    folder : path
        Where the answers are.
    """
    language = as_language(lang)
    return HandIn(assignment, language, Path(folder), find_exchange(language))


class HandIn(anywidget.AnyWidget):
    """Hands in what is in the answers file at that moment.

    A file goes from Python to the browser as bytes, so that it also works where the learner cannot reach the
    files of the machine that Python runs on.

    Parameters
    ----------
    assignment : str
        Its key.
    lang : {"nl", "en"}
        The language of all words.
    folder : Path
        Where the answers are.
    exchange : Exchange, optional
        The way to the teacher, where there is one.

    Attributes
    ----------
    teacher : bool
        Whether there is a way to the teacher.
    submitted, downloaded : int
        How often the learner pressed each of the buttons.
    file : bytes
        The zip that was last asked for.
    said : dict
        What was done: ``text``, the ``name`` of the file if one came, and whether it ``failed``. ``count``
        tells one time from the next.
    """

    _esm = one_module(STATIC / "hand_in.js")
    _css = looks("hand_in.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    teacher = data_trait(traitlets.Bool())
    submitted = traitlets.Int(0).tag(sync=True)
    downloaded = traitlets.Int(0).tag(sync=True)
    file = data_trait(traitlets.Bytes())
    said = data_trait(traitlets.Dict())

    def __init__(
        self,
        assignment: str,
        lang: Language = DEFAULT_LANGUAGE,
        folder: Path = Path(),
        exchange: Exchange | None = None,
    ) -> None:
        self._assignment = assignment
        self._folder = folder.resolve()
        self._exchange = exchange
        self._count = 0
        self.set_trait("content", words("hand_in", lang, TEXTS))
        self.set_trait("teacher", exchange is not None)
        super().__init__(lang=lang)

    @traitlets.observe("submitted")
    def _submit(self, change: dict[str, int]) -> None:
        # A view that is made again starts from what it last saved: that is no press of the button.
        if change["new"] <= change["old"] or self._exchange is None:
            return
        try:
            files = handed_in(self._folder, self._assignment, self.lang)
            self._exchange.submit(files, self._assignment, self.lang)
        except CommandError as error:
            self._say(str(error), failed=True)
            return
        time = datetime.now().strftime("%H:%M")
        self._say(self.content["teacher_done"].format(time=time))

    @traitlets.observe("downloaded")
    def _download(self, change: dict[str, int]) -> None:
        if change["new"] <= change["old"]:
            return
        try:
            made = zipped(handed_in(self._folder, self._assignment, self.lang), self._assignment)
        except CommandError as error:
            self._say(str(error), failed=True)
            return
        name = f"{self._assignment}.zip"
        with self.hold_sync():
            self.set_trait("file", made)
            done = self.content["copy_done" if self.teacher else "file_done"]
            self._say(done.format(file=name), name=name)

    def _say(self, text: str, name: str = "", failed: bool = False) -> None:
        self._count += 1
        self.set_trait("said", {"count": self._count, "text": text, "name": name, "failed": failed})
