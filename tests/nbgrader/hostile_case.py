"""A broken or hostile submission as a case: how it is made, and what has to become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handed_in import CORNERS, EXERCISE, NAME, model_fields
from maatwerk_grading.autograde.results import State

FILE = f"{NAME}.ipynb"
ALL = float(sum(EXERCISE.points.values()))
GIGABYTE = 1_000_000_000
# What a hostile cell writes, wherever it can: nothing of this name may ever turn up.
TRACE = "gehackt"

# What no submission has to do with: hostile links lead there, and never to anything of this machine.
SECRET = "geheim.txt"
SECRET_CONTENT = b"dit blijft geheim"
SECRET_LINK = f"../../../{SECRET}"

# Why stock nbgrader is not asked for the same case.
RUNS = "nbgrader runs the learner's code"
FOLLOWS = "nbgrader follows the link"
STOPS = "nbgrader stops with all submissions"
SLOW = "nbgrader copies it all"
NAMES = "nbgrader's pages do not escape the name"

Make = Callable[[Path], object]

# What is said.
UNUSABLE = ("answers_unusable",)
NO_FILE = ("no_plain_file",)
NO_NOTEBOOK = ("no_notebook",)
REFUSED = ("refused_by_nbgrader",)
PUT_BACK = ("put_back",)
MISSING = ("missing_cells",)
OWN = ("own_code",)


@dataclass(frozen=True)
class Case:
    """A submission, and what becomes of it.

    Parameters
    ----------
    name : str
        What it is called here; also the student's name, unless ``student`` says otherwise.
    make : callable
        Spoils a whole submission; gets its folder.
    earns : float or None
        The automatic points; ``None`` when it is not graded.
    remarks : tuple of str
        The keys of what is said about it.
    unlike : str
        Why stock nbgrader is not compared with; empty when it has to do the same.
    student : str
        The name of the student's folder.
    """

    name: str
    make: Make
    earns: float | None = ALL
    remarks: tuple[str, ...] = ()
    unlike: str = ""
    student: str = ""

    @property
    def folder(self) -> str:
        """The name of the student's folder."""
        return self.student or self.name

    @property
    def state(self) -> State:
        """How it ends."""
        return State.FAILED if self.earns is None else State.GRADED


def good() -> dict[str, Any]:
    """The answer that every case starts with."""
    return model_fields(*CORNERS["laag-hoog"])


def sparse(name: str, size: int, folder: Path) -> None:
    """A file that says it is large, and takes no room."""
    with (folder / name).open("wb") as file:
        file.truncate(size)


def replaced(name: str, make: Callable[[Path], object], folder: Path) -> None:
    """Something else under the name of a file."""
    (folder / name).unlink()
    make(folder / name)


def put_secret(root: Path) -> None:
    """Put the secret in a course folder."""
    (root / SECRET).write_bytes(SECRET_CONTENT)


def linked(target: str) -> Callable[[Path], None]:
    """A link, to be made where a file was expected."""
    return lambda path: path.symlink_to(target)


def written(name: str, content: bytes, folder: Path) -> None:
    """A file with this content."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def renamed(old: str, new: str, folder: Path) -> None:
    """A file under another name."""
    (folder / old).rename(folder / new)
