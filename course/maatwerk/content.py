"""Where the course's own files are: in the clone, or inside an installed wheel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import maatwerk
from maatwerk import Language


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the course, and where it goes in the learner's folder."""

    file: Path
    target: Path


def content_root() -> Path:
    """The folder that holds ``course/`` and ``exercises/``."""
    package = Path(maatwerk.__file__).parent
    packed = package / "_content"
    return packed if packed.is_dir() else package.parents[1]


def originals(root: Path, language: Language) -> tuple[Original, ...]:
    """Every file that a learner gets: the chapters, and one folder an assignment.

    Raises
    ------
    FileNotFoundError
        When there is not one chapter under ``root``.
    """
    return (*chapters(root, language), *assignments_in(root / "exercises" / language / "source"))


def chapters(root: Path, language: Language) -> tuple[Original, ...]:
    """The chapters, which stand in the learner's folder itself.

    Raises
    ------
    FileNotFoundError
        When there is not one chapter under ``root``.
    """
    files = sorted((root / "course" / language).glob("*.ipynb"))
    if not files:
        raise FileNotFoundError(root / "course" / language)
    return tuple(Original(file, Path(file.name)) for file in files)


def assignments_in(source: Path) -> tuple[Original, ...]:
    """The files of every assignment in ``source``, which has a folder for each; none when it is not there."""
    files = sorted(file for file in source.rglob("*") if file.is_file() and not _hidden(file, source))
    return tuple(Original(file, file.relative_to(source)) for file in files)


def _hidden(file: Path, under: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(under).parts)
