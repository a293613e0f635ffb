"""Everything that a learner answered in one zip, and back from it without losing what is there.

A browser may throw away what a site keeps in it, and people change computers. The zip of one assignment, as
it is handed in, can be put back as well.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from maatwerk import LANGUAGES, Text
from maatwerk_exercises.assignments import assignments

from maatwerk_learner.answers import TEXTS, AnswerBook, AnswerError
from maatwerk_learner.hand_in import ANSWERS_FILE
from maatwerk_learner.store import AnswerStore

# Far above what anybody writes; a zip can hold a thousand times its own size.
LARGEST = 4_000_000
# Of what was not put back so many files are named.
MOST_TOLD = 5
ASIDE = AnswerStore(Path(ANSWERS_FILE)).aside.name


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

    With them goes what another window's answer replaced.

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
            aside = AnswerStore(folder / place / ANSWERS_FILE).aside
            if aside.is_file():
                archive.writestr(f"{place}/{aside.name}" if place else aside.name, aside.read_bytes())
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
    found = _found(data)
    books = {place: one.book for place, one in found.places.items()}
    if not any(fields for book in books.values() for fields in book.answers.values()):
        raise AnswerError(TEXTS["backup_nothing"])
    notices: list[Text] = [_left_out(found.left_out)] if found.left_out else []
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
        store.put_back_aside(found.places[place].aside)
    return Restored(
        len(books.get("", AnswerBook()).answers),
        tuple(place for place in books if place),
        tuple(dict.fromkeys(notices)),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """The answers of one folder, and the text of the file beside them."""

    book: AnswerBook
    aside: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What is in a zip, by the folder that it belongs in (``""`` for the chapters), and what is no answer."""

    places: Mapping[str, _Place]
    left_out: tuple[str, ...]


def _found(data: bytes) -> _Found:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {_path(info): info for info in archive.infolist() if not info.is_dir()}
            where = _where(
                {path for path in members if path.name == ANSWERS_FILE and not _is_of_the_system(path)}
            )
            asides = {place: path.with_name(ASIDE) for place, path in where.items()}
            places = {
                place: _Place(
                    _book(archive, members[path]),
                    _text(archive, members[asides[place]]) if asides[place] in members else "",
                )
                for place, path in where.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # Encrypted is a RuntimeError, an unknown way to compress a NotImplementedError.
        raise AnswerError(TEXTS["backup_no_zip"]) from None
    taken = {*where.values(), *asides.values()}
    left_out = (path for path in members if path not in taken and not _is_of_the_system(path))
    return _Found(places, tuple(path.as_posix() for path in left_out if path.suffix != ".ipynb"))


def _path(info: zipfile.ZipInfo) -> PurePosixPath:
    # Some programs for Windows write the one stroke, some the other.
    return PurePosixPath(info.filename.replace("\\", "/"))


def _where(answers: Collection[PurePosixPath]) -> dict[str, PurePosixPath]:
    """Which file of answers is of which folder of the course.

    A backup that was unpacked (Safari does so by itself) and zipped again has a folder around all of it,
    whatever its name is. The chapters' answers are those nearest to the top.
    """
    found: dict[str, PurePosixPath] = {}
    for path in sorted(answers, key=lambda path: (len(path.parts), path)):
        place = path.parent.name if path.parent.name in assignments() else ""
        found.setdefault(place, path)
    return found


def _is_of_the_system(path: PurePosixPath) -> bool:
    """What macOS and Windows put into a zip of their own accord."""
    hidden = any(part == "__MACOSX" or part.startswith(".") for part in path.parts)
    return hidden or path.name.lower() in ("thumbs.db", "desktop.ini")


def _left_out(files: Sequence[str]) -> Text:
    shown = ", ".join(files[:MOST_TOLD]) + (", …" if len(files) > MOST_TOLD else "")
    return Text(**{lang: TEXTS["backup_left_out"][lang].format(files=shown) for lang in LANGUAGES})


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with archive.open(info) as file:
        return file.read(LARGEST).decode("utf-8", "replace")


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
