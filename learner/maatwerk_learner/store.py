"""The only place where an answers file is read or written for a learner: nothing that was saved is ever lost.

* A save is atomic: a crash leaves the old file or the new one, never half of one.
* A save happens under a lock, on top of what the file holds by then: two windows never undo each
  other's work.
* Where both changed the same field, the value that goes is kept in a file beside the answers.
* A file that cannot be understood is put aside under another name before anything is written.
* Opening answers changes nothing on disk: a grader may run a form over somebody's submission.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maatwerk import LANGUAGES, Language, Text

from maatwerk_learner.answers import TEXTS, AnswerBook, AnswerError, Fields, NewerVersionError
from maatwerk_learner.files import ESCAPED, reason, write_whole
from maatwerk_learner.locking import BusyError, locked

_MISSING = object()
# In a browser, JupyterLite keeps what is in this folder and nothing else; it puts Python there when it could.
_BROWSERS_FOLDER = Path("/drive")


class StoreError(AnswerError):
    """The answers could not be read or saved; the message says what to do."""


class _DamagedError(Exception):
    """The file holds something else than answers."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the file holds, and what the learner must know about it."""

    book: AnswerBook
    notices: tuple[Text, ...] = ()


class AnswerStore:
    """One learner's answers file.

    Parameters
    ----------
    path : Path
        The file; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Loaded:
        """What is in the file; an empty book when there is none, or when it is damaged. Reads only.

        Raises
        ------
        StoreError
            When the file cannot be read, or is one of a newer version: it is left as it is.
        """
        # No lock: that would be a file beside the answers, and a save replaces them at once.
        try:
            return Loaded(self._read() or AnswerBook())
        except _DamagedError:
            return Loaded(AnswerBook(), (TEXTS["damaged"],))

    def save(self, key: str, changes: Fields, base: Fields) -> Loaded:
        """Save fields of one exercise or chapter, on top of what the file holds now.

        Parameters
        ----------
        key : str
            The exercise's or chapter's key.
        changes : mapping
            The fields to save; ``None`` takes a field away.
        base : mapping
            The fields as they were when the learner began to change them. A field that another window has
            changed since then is kept aside before it is replaced.

        Returns
        -------
        Loaded
            All answers as they are now in the file.

        Raises
        ------
        StoreError
            When it could not be saved; the file is as it was.
        """
        if sys.platform == "emscripten" and not self.path.resolve().is_relative_to(_BROWSERS_FOLDER):
            raise StoreError(TEXTS["not_kept"])
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                notices = []
                try:
                    found = self._read()
                except _DamagedError:
                    notices.append(self._put_aside())
                    found = None
                # With no file any more, what the learner still sees is all there is.
                before = found or AnswerBook({key: base})
                now = _now()
                if replaced := _replaced(before.answers.get(key, {}), changes, base):
                    notices.append(self._keep_aside(key, replaced, now))
                book = before.changed(key, changes, now.isoformat(timespec="seconds"))
                write_whole(self.path, _as_text(book))
                return Loaded(book, tuple(notices))
        except OSError as error:
            raise StoreError(_filled("cannot_write", reason=reason(error))) from None

    def erase(self) -> tuple[Path, ...]:
        """Erase every answer, with what was put aside or left half written; no copy is kept.

        An empty book stays behind: another window that is still open learns from it that the answers it shows
        are gone, and does not save them again.

        Returns
        -------
        tuple of Path
            What was erased: the file itself and those beside it.

        Raises
        ------
        StoreError
            When something could not be erased.
        """
        try:
            # Without a trace there need not be a folder to lock.
            if not self.traces():
                return ()
            with self._locked():
                # Asked again: another window may have put something aside meanwhile.
                erased = self.traces()
                empty = AnswerBook(saved_at=_now().isoformat(timespec="seconds"))
                write_whole(self.path, _as_text(empty))
                for trace in erased:
                    if trace != self.path:
                        trace.unlink(missing_ok=True)
                return erased
        except OSError as error:
            raise StoreError(_filled("cannot_erase", file=self.path.name, reason=reason(error))) from None

    def replaced(self, key: str, fields: Fields) -> Mapping[str, Any]:
        """Answers that another window's save replaced, and that the learner has yet to choose from.

        Reads only.

        Parameters
        ----------
        key : str
            The exercise's or chapter's key.
        fields : mapping
            What stands in the file: what is the same there needs no choice.

        Returns
        -------
        mapping
            By field the other answer; of several the last.
        """
        found: dict[str, Any] = {}
        for line in self._aside():
            if line.get("key") != key:
                continue
            other, settled = line.get("fields"), line.get("settled")
            if line.get("choose") is True and isinstance(other, Mapping):
                found |= other
            if isinstance(settled, Mapping):
                found = {name: value for name, value in found.items() if settled.get(name, _MISSING) != value}
        return {name: value for name, value in found.items() if value and fields.get(name) != value}

    def settle(self, key: str, field: str, value: object) -> None:
        """Note that the learner has chosen: this other answer is asked about no more. It stays in its file.

        Raises
        ------
        StoreError
            When that could not be noted.
        """
        try:
            with self._locked():
                self._add_aside({"at": _now().isoformat(), "key": key, "settled": {field: value}})
        except OSError as error:
            raise StoreError(_filled("cannot_write", reason=reason(error))) from None

    def put_back_aside(self, text: str) -> None:
        """Add the lines of a backup's file of replaced answers that are not there yet.

        Raises
        ------
        StoreError
            When they could not be added.
        """
        known = {json.dumps(one, sort_keys=True) for one in self._aside()}
        new = [one for one in _lines(text) if json.dumps(one, sort_keys=True) not in known]
        if not new:
            return
        try:
            with self._locked():
                for line in new:
                    self._add_aside(line)
        except OSError as error:
            raise StoreError(_filled("cannot_write", reason=reason(error))) from None

    def traces(self) -> tuple[Path, ...]:
        """Every file that holds something of these answers: itself unless empty, and those beside it."""
        folder, name, stem = self.path.parent, self.path.name, self.path.stem
        patterns = (
            f"{stem}.damaged-*{self.path.suffix}",
            f"{stem}.other-window.jsonl",
            f".{name}.part",
            # JupyterLab's own copy, when the learner looked into one of them.
            f".ipynb_checkpoints/{stem}-checkpoint{self.path.suffix}",
            f".ipynb_checkpoints/{stem}.*-checkpoint.json*",
        )
        beside = sorted(one for pattern in patterns for one in folder.glob(pattern))
        return (*([] if self._is_empty() else [self.path]), *beside)

    def _is_empty(self) -> bool:
        try:
            book = self._read()
        except (StoreError, _DamagedError):
            return False
        return book is None or not book.answers

    def _read(self) -> AnswerBook | None:
        """What is in the file, or ``None`` when there is no file."""
        try:
            return AnswerBook.parse(json.loads(self.path.read_bytes().decode("utf-8")))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(_filled("cannot_read", file=self.path.name, reason=reason(error))) from None
        except NewerVersionError as error:
            raise StoreError(error.text) from None
        except (ValueError, RecursionError):
            raise _DamagedError from None

    def _put_aside(self) -> Text:
        """Give the damaged file another name, so that nothing is written over it."""
        aside = self._unused("damaged", self.path.suffix)
        self.path.rename(aside)
        return _filled("put_aside", file=aside.name)

    def _keep_aside(self, key: str, fields: Fields, now: datetime) -> Text:
        """Add the fields to the file of replaced answers, a line each time."""
        self._add_aside({"at": now.isoformat(), "key": key, "fields": dict(fields), "choose": True})
        return _filled("other_tab", file=self.aside.name)

    @property
    def aside(self) -> Path:
        """The file of replaced answers."""
        return self.path.with_name(f"{self.path.stem}.other-window.jsonl")

    def _add_aside(self, line: Mapping[str, object]) -> None:
        with self.aside.open("a", encoding="utf-8", errors=ESCAPED) as aside:
            aside.write(f"{json.dumps(line, ensure_ascii=False)}\n")
            aside.flush()
            os.fsync(aside.fileno())

    def _aside(self) -> Iterator[Mapping[str, Any]]:
        """The lines of that file that can be read: a crash may have left half of one."""
        try:
            text = self.aside.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        yield from _lines(text)

    def _unused(self, why: str, suffix: str) -> Path:
        """A name beside the file that is not in use: nothing that was put aside is ever overwritten."""
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        number = 0
        while True:
            mark = f"-{number}" if number else ""
            name = self.path.with_name(f"{self.path.stem}.{why}-{stamp}{mark}{suffix}")
            if not name.exists():
                return name
            number += 1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with locked(self.path):
                yield
        except BusyError:
            raise StoreError(TEXTS["busy"]) from None


def _lines(text: str) -> Iterator[Mapping[str, Any]]:
    for line in text.split("\n"):
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(read, Mapping):
            yield read


def _replaced(there: Fields, changes: Fields, base: Fields) -> Mapping[str, object]:
    """The fields in the file that another window changed too, and that ``changes`` would make disappear."""
    return {
        name: there[name]
        for name, value in changes.items()
        if there.get(name, _MISSING) not in (_MISSING, value, base.get(name, _MISSING))
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _as_text(book: AnswerBook) -> str:
    return json.dumps(book.to_json(), ensure_ascii=False, indent=1)


def _filled(key: str, **values: str | Text) -> Text:
    def in_language(lang: Language) -> str:
        words = {name: one[lang] if isinstance(one, Text) else one for name, one in values.items()}
        return TEXTS[key][lang].format(**words)

    return Text(**{lang: in_language(lang) for lang in LANGUAGES})
