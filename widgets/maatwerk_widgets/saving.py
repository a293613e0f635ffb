"""Keeping answers: every change goes to the answers file, and what another tab saved comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from maatwerk import Language, Text
from maatwerk_learner.answers import TEXTS, Fields
from maatwerk_learner.locking import when_free
from maatwerk_learner.store import AnswerStore, StoreError

from maatwerk_widgets.words import FORM_TEXTS, words

ANSWERS_FILE = "answers.json"
_NEVER = object()


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
    key, path : str, Path
        As given.
    fields : mapping
        The answers as they are now; a field without an answer is left out.
    status : dict
        ``state`` and ``text`` of the saved state, for a widget to show; ``at``, when that was, in UTC.
    notices : list of str
        What the learner must know.
    conflicts : mapping
        By field, the other answer that two windows left to choose from.
    """

    def __init__(self, key: str, lang: Language, path: Path) -> None:
        self.key = key
        self.path = path
        self._lang = lang
        self._words = saving_words(lang)
        self._store = AnswerStore(path)
        self._followers: list[Callable[[Fields], None]] = []
        self._waiting: Fields = {}
        self._bases: dict[str, Any] = {}
        self._thens: list[Callable[[bool], None]] = []
        self._page: dict[str, Any] = {}
        self._is_silent = False
        self._own: dict[str, Any] = {}
        self.fields: Fields = {}
        self.notices: list[str] = []
        self.conflicts: Fields = {}
        self.status = {"state": "unsaved", "text": self._words["nothing"]}
        self.refresh()
        if self.fields:
            self.status = {"state": "saved", "text": self._words["restored"]}

    @property
    def current(self) -> Fields:
        """The answers as they are here: those in the file, and those on their way to it."""
        return _filled({**self.fields, **self._waiting})

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
        self.fields = _filled(loaded.book.answers.get(self.key, {}))
        self.conflicts = self._store.replaced(self.key, self.fields)
        self._tell(loaded.notices)
        return loaded.book.answers

    def look(self) -> None:
        """Show what another window saved meanwhile; what could not be saved here yet stays in sight."""
        before = self.fields, self.conflicts
        self.refresh()
        if (self.fields, self.conflicts) != before:
            self._show()

    def follow(self, show: Callable[[Fields], None]) -> None:
        """Have ``show`` called with all fields now, and after every change, here or in another tab."""
        self._followers.append(show)
        show(self.fields)

    @contextmanager
    def based_on(self, names: Iterable[str], base: object) -> Iterator[None]:
        """What the page saw in the file when it began to change what is saved within the block; as JSON."""
        outer = self._page
        if isinstance(base, Mapping):
            self._page = outer | {name: _value(base.get(name)) for name in names}
        try:
            yield
        finally:
            self._page = outer

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Keep nothing of what changes within the block."""
        outer, self._is_silent = self._is_silent, True
        try:
            yield
        finally:
            self._is_silent = outer

    def save(self, fields: Fields, then: Callable[[bool], None] | None = None) -> None:
        """Save those of ``fields`` that changed; an empty value takes the answer away.

        ``then`` is called once it was written, with ``True``, or when that failed. In a browser that is
        later: another window may be writing.
        """
        if self._is_silent:
            return
        # What could not be saved before goes along.
        wanted = {
            **self._waiting,
            **{name: value if _is_filled(value) else None for name, value in fields.items()},
        }
        changes = {name: value for name, value in wanted.items() if value != self.fields.get(name)}
        if not changes:
            self._waiting = {}
            if then is not None:
                then(True)
            return
        for name in changes:
            # What the page saw first counts, until it was written.
            self._bases.setdefault(name, self._base(name))
        self._waiting = changes
        if then is not None:
            self._thens.append(then)
        when_free(self.path, self._write, self._is_busy)

    def _base(self, name: str) -> Any:
        """What the page saw of a field; what was saved here last counts, though it may not know yet."""
        there = self.fields.get(name)
        return self._page.get(name, there) if self._own.get(name, _NEVER) != there else there

    def disown(self, names: Iterable[str]) -> None:
        """Take what was saved here last for what somebody else saved."""
        for name in names:
            self._own.pop(name, None)

    def choose(self, field: str, other: bool) -> None:
        """Settle a conflict: take the other answer, or keep the one that stands in the file."""
        if field not in self.conflicts:
            return
        value = self.conflicts[field]

        def settle() -> None:
            try:
                self._store.settle(self.key, field, value)
            except StoreError as error:
                self._fail(error)
                return
            self.conflicts = {name: one for name, one in self.conflicts.items() if name != field}
            self._show()
            if other:
                # Not that the one that goes now is asked about in its turn.
                self._store.settle(self.key, field, self.fields.get(field))
                self.save({field: value})

        when_free(self.path, settle, self._is_busy)

    def _write(self) -> None:
        if not self._waiting:
            return
        base = _filled({**self.fields, **self._bases})
        try:
            saved = self._store.save(self.key, self._waiting, base)
        except StoreError as error:
            self._fail(error)
            self._answer(False)
            return
        self._own |= self._waiting
        self._waiting, self._bases = {}, {}
        self.fields = _filled(saved.book.answers.get(self.key, {}))
        self.conflicts = self._store.replaced(self.key, self.fields)
        self._tell(saved.notices)
        now = datetime.now().astimezone()
        self.status = {
            "state": "saved",
            "text": self._words["saved"].format(time=now.strftime("%H:%M")),
            # The page knows what time it is where the learner is: a server may be in another time zone.
            "at": now.isoformat(timespec="seconds"),
        }
        self._show()
        self._answer(True)

    def _is_busy(self) -> None:
        self._fail(StoreError(TEXTS["busy"]))
        self._answer(False)

    def _answer(self, saved: bool) -> None:
        thens, self._thens = self._thens, []
        for then in thens:
            then(saved)

    def _show(self) -> None:
        for show in self._followers:
            show(self.current)

    def _fail(self, error: StoreError) -> None:
        self._tell([error.text])
        self.status = {"state": "error", "text": self._words["failed"]}

    def _tell(self, notices: Iterable[Text]) -> None:
        """Add what was not said yet."""
        said = [notice[self._lang] for notice in notices]
        self.notices = [*self.notices, *(one for one in said if one not in self.notices)]


def saving_words(lang: Language) -> dict[str, str]:
    """What is said of saving."""
    return words("saving", lang, FORM_TEXTS)


def _value(written: object) -> Any:
    """A field that the page keeps as JSON; ``None`` when there was none, or it cannot be read."""
    try:
        return json.loads(written) if isinstance(written, str) else None
    except (ValueError, RecursionError):
        return None


def _filled(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if _is_filled(value)}


def _is_filled(value: object) -> bool:
    return value not in (None, "", {}, [])
