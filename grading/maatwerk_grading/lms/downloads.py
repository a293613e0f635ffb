"""What was downloaded: a zip, the folder it was unpacked to, or one file, as packages by outermost name."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType

from maatwerk import Text
from maatwerk_learner.files import reason

from maatwerk_grading.lms.names import Outer, read_outer
from maatwerk_grading.lms.unpack import RefusedError, entry_date, entry_name, is_theirs, read_entry, say

MOST_FILES_IN_A_DOWNLOAD = 300_000
# What LMSs put beside the submissions, and what says nothing about whose work there is.
_BESIDE = frozenset({"index.html", "index.htm"})
_SHOWN = 3


class DownloadError(Exception):
    """Why a downloaded file cannot be used at all; ``text`` says so in both languages."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a package.

    Parameters
    ----------
    name : PurePosixPath
        What the learner calls it, with the folders that they made.
    size : int
        In bytes, as far as anybody says.
    when : datetime, optional
        The date that the LMS's zip has for it, by the LMS's clock.
    source : Source
        What can read it.
    key : zipfile.ZipInfo or Path
        Where it is in there.
    """

    name: PurePosixPath
    size: int
    when: datetime | None
    source: Source
    key: zipfile.ZipInfo | Path

    def read(self, largest: int) -> bytes:
        """What is in it.

        Raises
        ------
        RefusedError
            When it is larger than that, or cannot be read.
        """
        return self.source.read(self, largest)


@dataclass(frozen=True, slots=True)
class Package:
    """All that a download has under one outermost name.

    Parameters
    ----------
    shown : str
        That name, as the LMS gave it.
    readings : tuple of Outer
        What it may say; never empty.
    pieces : list of Piece
        The files.
    source : Source
        Which file or folder it came from.
    flat : bool
        Whether the outermost name is that of a file, which then holds what the learner called it.
    problem : Text, optional
        Why it cannot be used, when that is seen from the names alone.
    """

    shown: str
    readings: tuple[Outer, ...]
    pieces: list[Piece]
    source: Source
    flat: bool = False
    problem: Text | None = None

    @property
    def who(self) -> str:
        """The part of the name that says who it is, as the LMS wrote it."""
        said = self.readings[0].said if self.readings else None
        if said is not None and said.lms == "moodle":
            return f"{said.name}_{said.participant}" if said.participant else said.name
        return self.shown

    def named_by(self, outer: Outer) -> list[Piece]:
        """The files by the names that the learner gave them, now that it is known how to read the name."""
        if not self.flat or not outer.file:
            return self.pieces
        return [replace(piece, name=PurePosixPath(PurePosixPath(outer.file).name)) for piece in self.pieces]


class Source(AbstractContextManager["Source"]):
    """One file or folder that the instructor gave; open while it is read from.

    Parameters
    ----------
    path : Path
        Where it is.
    """

    # Whether the dates of its files are the LMS's. A folder has those of whoever unpacked it.
    keeps_dates = False

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """What the instructor calls it."""
        return self.path.name or self.path.resolve().name

    def files(self) -> Iterator[tuple[PurePosixPath, Piece]]:
        """Its files by full name; the piece's own name is that of the file."""
        raise NotImplementedError

    def read(self, piece: Piece, largest: int) -> bytes:
        """What is in one of its files."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Zip(Source):
    keeps_dates = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except OSError as error:
            raise DownloadError(say("file_unreadable", file=self.name, reason=reason(error))) from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, LookupError, zlib.error):
            raise DownloadError(say("file_no_zip", file=self.name)) from None

    def files(self) -> Iterator[tuple[PurePosixPath, Piece]]:
        for info in self._archive.infolist():
            said = entry_name(info).replace("\\", "/")
            link = stat.S_ISLNK(info.external_attr >> 16)
            if said.endswith("/") or link or not is_theirs(said):
                continue
            path = PurePosixPath(said)
            if path.parts:
                yield path, Piece(path, info.file_size, entry_date(info), self, info)

    def read(self, piece: Piece, largest: int) -> bytes:
        assert isinstance(piece.key, zipfile.ZipInfo)
        return read_entry(self._archive, piece.key, largest, str(piece.name))

    def close(self) -> None:
        self._archive.close()


class _Folder(Source):
    def files(self) -> Iterator[tuple[PurePosixPath, Piece]]:
        left = MOST_FILES_IN_A_DOWNLOAD
        waiting = [self.path]
        try:
            while waiting:
                for path in sorted(waiting.pop().iterdir()):
                    left -= 1
                    found = path.lstat()
                    name = PurePosixPath(path.relative_to(self.path).as_posix())
                    if left < 0 or not is_theirs(str(name)):
                        continue
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(path)
                    elif stat.S_ISREG(found.st_mode):
                        when = datetime.fromtimestamp(int(found.st_mtime))
                        yield name, Piece(name, found.st_size, when, self, path)
        except OSError as error:
            raise DownloadError(say("file_unreadable", file=self.name, reason=reason(error))) from None
        if left < 0:
            most = MOST_FILES_IN_A_DOWNLOAD
            raise DownloadError(say("file_too_many", file=self.name, most=most))

    def read(self, piece: Piece, largest: int) -> bytes:
        assert isinstance(piece.key, Path)
        try:
            with piece.key.open("rb") as opened:
                content = opened.read(largest + 1)
        except OSError as error:
            words = {"file": str(piece.name), "reason": error.strerror or str(error)}
            raise RefusedError("upload_unreadable", **words) from None
        if len(content) > largest:
            raise RefusedError("upload_large", file=str(piece.name), most=largest // 1_000_000)
        return content


class _File(_Folder):
    """One file that was handed in, by itself."""

    def files(self) -> Iterator[tuple[PurePosixPath, Piece]]:
        found = self.path.stat()
        when = datetime.fromtimestamp(int(found.st_mtime))
        name = PurePosixPath(self.name)
        yield name, Piece(name, found.st_size, when, self, self.path)


def read_download(path: Path, assignment: str, others: Iterable[str], opened: ExitStack) -> list[Package]:
    """What is in a file or folder that the instructor gave.

    Parameters
    ----------
    path : Path
        The zip of all submissions, the folder that it was unpacked to, or what one person handed in.
    assignment : str
        That is collected.
    others : iterable of str
        The names of all other assignments of the course.
    opened : ExitStack
        Keeps it open.

    Raises
    ------
    DownloadError
        When it cannot be used.
    """
    name = path.name or path.resolve().name
    if (other := other_assignment(name, assignment, others)) is not None:
        raise DownloadError(say("file_other_assignment", file=name, other=other, assignment=assignment))
    if not path.exists():
        raise DownloadError(say("file_missing", file=str(path)))
    own = read_outer(name)
    if path.is_dir():
        source: Source = opened.enter_context(_Folder(path))
    elif own:
        source = opened.enter_context(_File(path))
    elif path.suffix.casefold() == ".zip" or _begins_as_a_zip(path):
        source = opened.enter_context(_Zip(path))
    else:
        raise DownloadError(say("file_unknown_kind", file=name))
    files = list(source.files())
    if len(files) > MOST_FILES_IN_A_DOWNLOAD:
        raise DownloadError(say("file_too_many", file=name, most=MOST_FILES_IN_A_DOWNLOAD))
    if not own:
        return _packages(name, assignment, files, source)
    if _holds_others(path, files):
        raise DownloadError(say("file_two_meanings", file=name))
    return [Package(name, own, [piece for _, piece in files], source, flat=not path.is_dir())]


def _begins_as_a_zip(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _holds_others(path: Path, files: Sequence[tuple[PurePosixPath, Piece]]) -> bool:
    """Whether what is named after one person has names of an LMS in it, as a whole download has."""
    if path.is_dir():
        return _any_of_an_lms(full.parts[0] for full, _ in files)
    if path.suffix.casefold() != ".zip":
        return False
    try:
        with _Zip(path) as inside:
            return _any_of_an_lms(full.parts[0] for full, _ in inside.files())
    except DownloadError:
        # What one person handed in may be no zip; that is told where their work is read.
        return False


def _any_of_an_lms(names: Iterable[str]) -> bool:
    return any(one.said.lms != "generic" for name in set(names) for one in read_outer(name))


def other_assignment(name: str, assignment: str, others: Iterable[str]) -> str | None:
    """Which other assignment the name of a file names, and not the one that is collected."""
    plain = unicodedata.normalize("NFC", name).casefold()
    if _names(assignment, plain):
        return None
    return next((other for other in sorted(others, key=len, reverse=True) if _names(other, plain)), None)


def _names(assignment: str, plain: str) -> bool:
    word = re.escape(unicodedata.normalize("NFC", assignment).casefold())
    return re.search(rf"(?<![^\W_]){word}(?![^\W_])", plain) is not None


def _packages(
    name: str, assignment: str, files: list[tuple[PurePosixPath, Piece]], source: Source
) -> list[Package]:
    named = _unwrapped(files)
    found: dict[str, list[tuple[PurePosixPath, Piece]]] = {}
    for full, piece in named:
        found.setdefault(unicodedata.normalize("NFC", full.parts[0]), []).append((full, piece))
    readings = {top: read_outer(top) for top in found}
    # Where an LMS made the names, it made all of them: name__file is then what somebody else made up.
    if _any_of_an_lms(found):
        readings = {top: one for top, one in readings.items() if one and one[0].said.lms != "generic"}
    if not any(readings.values()):
        names = ", ".join(list(found)[:_SHOWN]) or "-"
        raise DownloadError(say("file_names_nobody", file=name, names=names, assignment=assignment))
    return [_package(top, readings.get(top, ()), found[top], source) for top in found]


def _unwrapped(files: list[tuple[PurePosixPath, Piece]]) -> list[tuple[PurePosixPath, Piece]]:
    """The files without the one folder around everything that whoever unpacks and packs again often adds."""
    named = [(full, piece) for full, piece in files if not _is_beside(full)]
    while named and len({full.parts[0] for full, _ in named}) == 1 and len(named[0][0].parts) > 1:
        if read_outer(unicodedata.normalize("NFC", named[0][0].parts[0])):
            break
        named = [(PurePosixPath(*full.parts[1:]), piece) for full, piece in named]
        named = [(full, piece) for full, piece in named if not _is_beside(full)]
    return named


def _package(
    top: str, readings: tuple[Outer, ...], files: list[tuple[PurePosixPath, Piece]], source: Source
) -> Package:
    flat = len(files[0][0].parts) == 1
    pieces = [
        replace(piece, name=PurePosixPath(top if flat else PurePosixPath(*full.parts[1:])))
        for full, piece in files
    ]
    problem = None
    if not readings:
        problem = say("whose_no_name")
    elif not flat and readings[0].said.lms == "generic":
        inner = (piece.name.parts[0] for piece in pieces if len(piece.name.parts) > 1)
        problem = say("file_two_meanings", file=top) if _any_of_an_lms(inner) else None
    return Package(top, readings, pieces, source, flat, problem)


def _is_beside(full: PurePosixPath) -> bool:
    return len(full.parts) == 1 and full.name.casefold() in _BESIDE
