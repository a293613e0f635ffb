"""Keeping answers: every change goes to the answers file, and what another tab saved comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from maatwerk import Language, Text
from maatwerk_grading.store import AnswerStore, StoreError

from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.kept import Fields
from maatwerk_widgets.words import words

ANSWERS_FILE = "answers.json"


class AnswerKeeper:
    """The answers under one key of the answers file.

    Parameters
    ----------
    key : str
        An exercise's or a chapter's key.
    lang : {"nl", "en"}
        The language of the notices and of the saved state.
    path : Path
        The answers file.

    Attributes
    ----------
    fields : mapping
        The answers as they are now; a field without an answer is left out.
    status : dict
        ``state`` and ``text`` of the saved state, for a widget to show.
    notices : list of str
        What the learner must know.
    """

    def __init__(self, key: str, lang: Language, path: Path) -> None:
        self._key = key
        self._lang = lang
        self._words = words("saving", lang, FORM_TEXTS)
        self._store = AnswerStore(path)
        self._followers: list[Callable[[Fields], None]] = []
        self._waiting: Fields = {}
        self.fields: Fields = {}
        self.notices: list[str] = []
        self.status = {"state": "unsaved", "text": self._words["nothing"]}
        self.refresh()
        if self.fields:
            self.status = {"state": "saved", "text": self._words["restored"]}

    def refresh(self) -> Mapping[str, Fields]:
        """Read what the file holds by now: another notebook may have saved under the same key.

        Returns
        -------
        mapping
            All answers in the file; none when it cannot be read.
        """
        try:
            loaded = self._store.load()
        except StoreError as error:
            self._fail(error)
            return {}
        self.fields = _filled(loaded.book.answers.get(self._key, {}))
        self._tell(loaded.notices)
        return loaded.book.answers

    def follow(self, show: Callable[[Fields], None]) -> None:
        """Have ``show`` called with all fields now, and after every change, here or in another tab."""
        self._followers.append(show)
        show(self.fields)

    def save(self, fields: Fields) -> None:
        """Save those of ``fields`` that changed; an empty value takes the answer away."""
        # What could not be saved before goes along.
        wanted = {
            **self._waiting,
            **{name: value if _is_filled(value) else None for name, value in fields.items()},
        }
        changes = {name: value for name, value in wanted.items() if value != self.fields.get(name)}
        if not changes:
            return
        try:
            saved = self._store.save(self._key, changes, self.fields)
        except StoreError as error:
            self._waiting = changes
            self._fail(error)
            return
        self._waiting = {}
        self.fields = _filled(saved.book.answers.get(self._key, {}))
        self._tell(saved.notices)
        time = datetime.now().strftime("%H:%M")
        self.status = {"state": "saved", "text": self._words["saved"].format(time=time)}
        for show in self._followers:
            show(self.fields)

    def _fail(self, error: StoreError) -> None:
        self._tell([error.text])
        self.status = {"state": "error", "text": self._words["failed"]}

    def _tell(self, notices: Iterable[Text]) -> None:
        """Add what was not said yet."""
        said = [notice[self._lang] for notice in notices]
        self.notices = [*self.notices, *(one for one in said if one not in self.notices)]


def _filled(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if _is_filled(value)}


def _is_filled(value: object) -> bool:
    return value not in (None, "", {}, [])
