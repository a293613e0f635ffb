"""Looking into what a learner uploaded, within bounds: nothing is extracted, and only what is needed is read.

A zip comes from anybody. Its names are never used as paths, its sizes are never believed, and one that is
damaged, locked or made to hurt is refused with a sentence, for this one learner.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from maatwerk import Text
from maatwerk.loader import read_texts

TEXTS = read_texts(Path(__file__).parent / "collect_texts.toml")
MEGABYTE = 1_000_000
LARGEST_UPLOAD = 50 * MEGABYTE
# Of one learner, all zips inside each other together.
LARGEST_IN_ALL = 200 * MEGABYTE
MOST_FILES = 5_000
MOST_ARCHIVES = 20
DEEPEST = 3
# Of the list of names in a zip, in bytes.
LARGEST_TABLE = 2 * MEGABYTE
LONGEST_NAME = 255
# What systems add by themselves.
_NOT_THEIRS = re.compile(
    r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\.ipynb_checkpoints)(/|$)|(^|/)\._"
)
_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_UTF8 = 0x800
_ENCRYPTED = 0x1


class RefusedError(Exception):
    """Why an upload cannot be used; ``text`` says so in both languages, with what to do."""

    def __init__(self, key: str, **words: str | int) -> None:
        self.text = say(key, **words)
        super().__init__(self.text.en)


def say(key: str, **words: str | int | Path | Text) -> Text:
    """A text of this command, filled in."""

    def said(lang: str) -> str:
        filled = {name: getattr(one, lang) if isinstance(one, Text) else one for name, one in words.items()}
        return str(getattr(TEXTS[key], lang)).format(**filled)

    return Text(nl=said("nl"), en=said("en"))


@dataclass(frozen=True, slots=True)
class Found:
    """A file in an archive.

    Parameters
    ----------
    path : PurePosixPath
        Its name there, which says nothing about whose it is.
    archive : zipfile.ZipFile
        Where it is in.
    info : zipfile.ZipInfo
        Where in there.
    """

    path: PurePosixPath
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self, largest: int) -> bytes:
        """What is in it.

        Raises
        ------
        RefusedError
            When it is larger, damaged, or locked.
        """
        return read_entry(self.archive, self.info, largest, str(self.path))


class Budget:
    """What is left to read of one learner's upload."""

    def __init__(self) -> None:
        self._bytes = LARGEST_IN_ALL
        self._archives = MOST_ARCHIVES

    def spend(self, count: int, file: str) -> None:
        """Take so many bytes.

        Raises
        ------
        RefusedError
            When there are not so many left.
        """
        self._bytes -= count
        if self._bytes < 0:
            raise RefusedError("upload_large", file=file, most=LARGEST_IN_ALL // MEGABYTE)

    def open(self, file: str, depth: int) -> None:
        """Take one archive.

        Raises
        ------
        RefusedError
            When there were too many already, or it is too deep inside others.
        """
        self._archives -= 1
        if self._archives < 0 or depth > DEEPEST:
            raise RefusedError("upload_nested", file=file)


def files_in(content: bytes, name: str, budget: Budget, depth: int = 1) -> Iterator[list[Found]]:
    """The files in a zip, and then those of each zip inside it, one list an archive.

    Raises
    ------
    RefusedError
        When it is damaged, locked, or made to hurt.
    """
    budget.open(name, depth)
    archive = open_zip(content, name)
    found = [Found(path, archive, info) for path, info in _entries(archive, name)]
    yield found
    for one in found:
        if one.path.suffix.casefold() == ".zip":
            inner = one.read(LARGEST_UPLOAD)
            budget.spend(len(inner), str(one.path))
            yield from files_in(inner, one.path.name, budget, depth + 1)


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip whose table of contents is within bounds.

    Raises
    ------
    RefusedError
        When it is empty, damaged, or holds too many files.
    """
    if not content:
        raise RefusedError("upload_empty", file=name)
    end = content.rfind(_END_OF_ZIP, max(0, len(content) - _LONGEST_COMMENT - 22))
    if end < 0 or len(content) < end + 22:
        raise RefusedError("upload_cut_off" if content.startswith(b"PK") else "upload_kind", file=name)
    count, size = struct.unpack("<HI", content[end + 10 : end + 16])
    if count > MOST_FILES or size > LARGEST_TABLE:
        raise RefusedError("upload_many", file=name)
    with _readable(name):
        return zipfile.ZipFile(io.BytesIO(content))
    raise AssertionError


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int, name: str) -> bytes:
    """What is in one entry of a zip, whatever the zip says its size is.

    Raises
    ------
    RefusedError
        When it is larger, damaged, or locked.
    """
    if info.flag_bits & _ENCRYPTED:
        raise RefusedError("upload_password", file=name)
    with _readable(name), archive.open(info) as opened:
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise RefusedError("upload_large", file=name, most=largest // MEGABYTE)
    return content


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; macOS writes UTF-8 and does not say so."""
    if not info.flag_bits & _UTF8:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def entry_date(info: zipfile.ZipInfo) -> datetime | None:
    """The date of an entry, by the clock of the machine that made the zip; ``None`` when it has none."""
    try:
        # Zips count from 1980: that is what a program writes that does not know.
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def is_theirs(name: str) -> bool:
    """Whether a person made a file, and no system by itself."""
    return _NOT_THEIRS.search(name) is None


def _entries(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
    seen: set[str] = set()
    above: set[str] = set()
    for info in archive.infolist():
        said = entry_name(info).replace("\\", "/")
        if not is_theirs(said):
            continue
        path = PurePosixPath(said)
        if any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in path.parts):
            raise RefusedError("upload_long_name", file=name, name=said[:40])
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", said):
            raise RefusedError("upload_path", file=name, name=said[:80])
        if info.flag_bits & _ENCRYPTED:
            raise RefusedError("upload_password", file=name)
        if info.is_dir() or said.endswith("/"):
            above.add(str(path))
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise RefusedError("upload_path", file=name, name=said[:80])
        if str(path) in seen or str(path) in above:
            raise RefusedError("upload_clash", file=name, name=said[:80])
        seen.add(str(path))
        above.update(map(str, path.parents))
        yield path, info
    if both := seen & above:
        raise RefusedError("upload_clash", file=name, name=sorted(both)[0][:80])


class _readable:  # noqa: N801  (a context manager)
    """Says of everything that goes wrong in a damaged zip that it is damaged."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, NotImplementedError):
            raise RefusedError("upload_method", file=self._name) from error
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise RefusedError("upload_password", file=self._name) from error
        damaged = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, OSError, RuntimeError)
        if isinstance(error, (*damaged, OverflowError, MemoryError, LookupError)):
            raise RefusedError("upload_cut_off", file=self._name) from error
