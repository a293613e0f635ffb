"""Everything that a learner answered in one zip, and back from it without losing what is there.

A browser may throw away what a site keeps in it, and people change computers. The zip of one assignment, as
it is handed in, can be put back as well.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from maatwerk import LANGUAGES, Text

from maatwerk_grading.answers import TEXTS, AnswerBook, AnswerError
from maatwerk_grading.assignments import assignments
from maatwerk_grading.hand_in import ANSWERS_FILE
from maatwerk_grading.store import AnswerStore

# Far above what anybody writes; a zip can hold a thousand times its own size.
LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back.

    Parameters
    ----------
    chapters : int
        How many chapters.
    assignments : tuple of str
        The keys of the assignments.
    notices : tuple of Text
        What the learner must know.
    """

    chapters: int
    assignments: tuple[str, ...]
    notices: tuple[Text, ...]


def pack(folder: Path) -> bytes:
    """All answers in a learner's folder as one zip; those of an assignment under its key.

    Raises
    ------
    AnswerError
        When nothing was answered yet.
    OSError
        When a file cannot be read.
    """
    places = [place for place in ("", *assignments()) if _has_answers(folder / place)]
    if not places:
        raise AnswerError(TEXTS["backup_empty"])
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in places:
            # Not archive.write: a browser's files may date from 1970, and no zip can say so.
            name = f"{place}/{ANSWERS_FILE}" if place else ANSWERS_FILE
            archive.writestr(name, (folder / place / ANSWERS_FILE).read_bytes())
    return into.getvalue()


def restore(data: bytes, folder: Path) -> Restored:
    """Put the answers of a zip back; a different answer that stood there is kept in a file beside it.

    Nothing is changed unless all of the zip can be understood.

    Parameters
    ----------
    data : bytes
        What :func:`pack` made, or an assignment's zip to hand in.
    folder : Path
        The learner's copy of the course.

    Raises
    ------
    AnswerError
        When it is another file, a newer version's, or cannot be saved; with what to do.
    """
    books = _books(data)
    if not books:
        raise AnswerError(TEXTS["backup_nothing"])
    notices: list[Text] = []
    for place, book in books.items():
        store = AnswerStore(folder / place / ANSWERS_FILE)
        for key, fields in book.answers.items():
            there = store.load().book.answers.get(key, {})
            changes = {name: value for name, value in fields.items() if there.get(name) != value}
            if not changes:
                continue
            saved = store.save(key, changes, {})
            replaced = any(there.get(name) is not None for name in changes)
            notices += [_kept(store)] if replaced else saved.notices
    return Restored(
        len(books.get("", AnswerBook()).answers),
        tuple(place for place in books if place),
        tuple(dict.fromkeys(notices)),
    )


def _books(data: bytes) -> Mapping[str, AnswerBook]:
    """The answers in a zip by the folder that they belong in; ``""`` is that of the chapters."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {place: _book(archive, info) for place, info in _answers_in(archive)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # Encrypted is a RuntimeError, an unknown way to compress a NotImplementedError.
        raise AnswerError(TEXTS["backup_no_zip"]) from None


def _answers_in(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        if path.name == ANSWERS_FILE and (path.parent.name in assignments() or path.parent.name == ""):
            yield path.parent.name, info


def _book(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> AnswerBook:
    # What the zip says of its size need not be so.
    with archive.open(info) as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise AnswerError(TEXTS["backup_no_zip"])
    try:
        return AnswerBook.parse(json.loads(text))
    except AnswerError:
        raise
    except (ValueError, RecursionError):
        raise AnswerError(TEXTS["no_book"]) from None


def _has_answers(place: Path) -> bool:
    store = AnswerStore(place / ANSWERS_FILE)
    return store.path in store.traces()


def _kept(store: AnswerStore) -> Text:
    name = f"{store.path.stem}.other-window.jsonl"
    return Text(**{lang: TEXTS["backup_kept"][lang].format(file=name) for lang in LANGUAGES})
