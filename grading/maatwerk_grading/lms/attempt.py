"""What one learner handed in at one time: notebook and answers of the assignment, whole, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from maatwerk_learner.hand_in import ANSWERS_FILE

from maatwerk_grading.autograde.notebook import LARGEST_NOTEBOOK
from maatwerk_grading.bridge import LARGEST_FILE
from maatwerk_grading.lms.downloads import Piece
from maatwerk_grading.lms.unpack import LARGEST_UPLOAD, Budget, RefusedError, files_in

# An LMS or a browser adds a number when a name is taken: answers-1.json, answers (2).json.
_NUMBERED = r"(?:[ _-]?\(?\d{1,3}\)?)?"
_ANSWERS = re.compile(rf"answers{_NUMBERED}\.json", re.IGNORECASE)
_OTHER_ARCHIVES = frozenset({".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zipx"})
_SHOWN = 3


class Readable(Protocol):
    """A file that can be read up to so many bytes."""

    def read(self, largest: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What belongs to the assignment.

    Parameters
    ----------
    assignment : str
        Its name.
    notebooks : tuple of str
        The names of its notebooks, without ``.ipynb``.
    others : frozenset of str
        The names of all other assignments of the course.
    """

    assignment: str
    notebooks: tuple[str, ...]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class Handed:
    """What is put in the learner's folder.

    Parameters
    ----------
    files : mapping of str to bytes
        By name.
    origins : mapping of str to Readable
        By name, what each was read from.
    renamed : str
        What the learner called the notebook, when that is another name than the assignment's.
    without_notebook : bool
        Whether there were answers and no notebook.
    """

    files: Mapping[str, bytes]
    origins: Mapping[str, Readable]
    renamed: str = ""
    without_notebook: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder in an upload, with what is needed from it."""

    folder: PurePosixPath
    answers: Mapping[str, Readable]
    notebooks: Mapping[str, Readable]


def read_attempt(pieces: Sequence[Piece], wanted: Wanted) -> Handed:
    """Read the files of one attempt.

    Raises
    ------
    RefusedError
        When they cannot be read, are not of this assignment, or leave a doubt which of them count.
    """
    budget = Budget()
    trees = [_tree((piece.name, piece) for piece in pieces)]
    seen = [str(piece.name) for piece in pieces]
    for piece in pieces:
        if piece.name.suffix.casefold() in _OTHER_ARCHIVES:
            # A picture or a note beside the work harms nobody; an archive may be the work.
            continue
        if piece.name.suffix.casefold() == ".zip":
            content = piece.read(LARGEST_UPLOAD)
            budget.spend(len(content), str(piece.name))
            for found in files_in(content, piece.name.name, budget):
                trees.append(_tree((one.path, one) for one in found))
                seen += (str(one.path) for one in found)
    answered = [place for tree in trees for place in _ours([one for one in tree if one.answers], wanted)]
    if answered:
        return _chosen(answered, wanted)
    places = [place for tree in trees for place in tree]
    return _only_notebook(places, pieces, seen, wanted)


def _tree(files: Iterable[tuple[PurePosixPath, Readable]]) -> list[_Place]:
    """The folders of one archive, or of what was uploaded loose."""
    folders: dict[PurePosixPath, tuple[dict[str, Readable], dict[str, Readable]]] = {}
    for path, file in files:
        if _ANSWERS.fullmatch(path.name):
            folders.setdefault(path.parent, ({}, {}))[0][path.name] = file
        elif path.suffix.casefold() == ".ipynb":
            folders.setdefault(path.parent, ({}, {}))[1][path.name] = file
    return [_Place(folder, *found) for folder, found in folders.items()]


def _ours(places: list[_Place], wanted: Wanted) -> list[_Place]:
    """Of one archive: what is in the assignment's folder; without one, what is of no other assignment."""
    named = [place for place in places if place.folder.name == wanted.assignment]
    return [place for place in named or places if _other(place, wanted) is None]


def _chosen(ours: list[_Place], wanted: Wanted) -> Handed:
    """The one set of answers."""
    contents: dict[bytes, list[str]] = {}
    of: dict[bytes, list[tuple[_Place, Readable]]] = {}
    for place in ours:
        for name, file in place.answers.items():
            content = file.read(LARGEST_FILE)
            if not content.strip():
                raise RefusedError("upload_empty", file=str(place.folder / name))
            contents.setdefault(content, []).append(str(place.folder / name))
            of.setdefault(content, []).append((place, file))
    if len(contents) > 1:
        names = ", ".join(name for found in contents.values() for name in found)
        raise RefusedError("upload_several", names=names[:200])
    (answers,) = contents
    # The same answers twice: with the notebook beside them if there is one.
    place, answers_file = max(of[answers], key=lambda one: len(_our_notebooks(one[0], wanted)[0]))
    notebooks, renamed = _our_notebooks(place, wanted)
    files = {name: file.read(LARGEST_NOTEBOOK) for name, file in notebooks.items()}
    return Handed(
        {**files, ANSWERS_FILE: answers},
        {**notebooks, ANSWERS_FILE: answers_file},
        renamed,
        without_notebook=not files,
    )


def _only_notebook(places: list[_Place], pieces: Sequence[Piece], seen: list[str], wanted: Wanted) -> Handed:
    """A notebook without answers: that is graded too, with a sentence why it scores nothing."""
    candidates = [
        place
        for place in places
        if any(_plain_name(name, wanted) in wanted.notebooks for name in place.notebooks)
    ]
    if len(candidates) == 1:
        notebooks, renamed = _our_notebooks(candidates[0], wanted)
        if notebooks:
            files = {name: file.read(LARGEST_NOTEBOOK) for name, file in notebooks.items()}
            return Handed(files, notebooks, renamed)
    if len(candidates) > 1:
        names = ", ".join(str(place.folder / name) for place in candidates for name in place.notebooks)
        raise RefusedError("upload_several", names=names[:200])
    other = next((found for place in places if (found := _other(place, wanted)) is not None), None)
    if other is not None:
        raise RefusedError("upload_other_assignment", other=other, assignment=wanted.assignment)
    if not pieces:
        raise RefusedError("upload_text")
    if all(piece.size == 0 for piece in pieces):
        raise RefusedError("upload_empty", file=str(pieces[0].name))
    archive = next((one for one in pieces if one.name.suffix.casefold() in _OTHER_ARCHIVES), None)
    if archive is not None:
        raise RefusedError("upload_kind", file=str(archive.name))
    shown = ", ".join(name[-60:] for name in sorted(seen)[:_SHOWN])
    raise RefusedError("upload_nothing", names=shown or "-")


def _our_notebooks(place: _Place, wanted: Wanted) -> tuple[dict[str, Readable], str]:
    """The assignment's notebooks beside the answers, by their right names; and what one was called."""
    found: dict[str, Readable] = {}
    for name in wanted.notebooks:
        if exact := place.notebooks.get(f"{name}.ipynb"):
            found[f"{name}.ipynb"] = exact
    if found or len(wanted.notebooks) != 1:
        return found, ""
    # Renamed by the learner, or numbered by an LMS. With one notebook on both sides it can only be that one.
    mine = [name for name in place.notebooks if PurePosixPath(name).stem not in wanted.others]
    if len(mine) != 1:
        return {}, ""
    return {f"{wanted.notebooks[0]}.ipynb": place.notebooks[mine[0]]}, mine[0]


def _other(place: _Place, wanted: Wanted) -> str | None:
    """Which other assignment a folder, or all the notebooks in it, belong to."""
    names = {_plain_name(name, wanted) for name in place.notebooks}
    if names & {*wanted.notebooks, wanted.assignment}:
        return None
    return next(iter(sorted(names & wanted.others)), None) or (
        place.folder.name if place.folder.name in wanted.others else None
    )


def _plain_name(notebook: str, wanted: Wanted) -> str:
    """The stem of a notebook's name without the number that an LMS or a browser adds."""
    stem = PurePosixPath(notebook).stem
    if stem in wanted.notebooks or stem in wanted.others:
        return stem
    for name in _known(wanted):
        if re.fullmatch(re.escape(name) + _NUMBERED, stem):
            return name
    return stem


def _known(wanted: Wanted) -> Iterator[str]:
    yield from wanted.notebooks
    yield from wanted.others


def newest_of(pieces: Sequence[Piece]) -> datetime | None:
    """The newest date of any file of an attempt, when all have one."""
    dates = [piece.when for piece in pieces]
    return None if not dates or None in dates else max(date for date in dates if date is not None)
