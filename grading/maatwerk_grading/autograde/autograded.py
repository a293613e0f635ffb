"""The autograded folder of one submission: made beside its place, and put there at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.submission import ANSWERS, TIMESTAMP, Submission

# Hidden, so that nbgrader takes it for no student. What a killed run leaves there goes at the next start.
STAGING = ".maatwerk"

# nbgrader's own: a shared course lets the group write, and new files belong to the group.
FOLDER, SHARED_FOLDER = 0o755, 0o2775


def staging(course: Course) -> Path:
    """Where folders are made: on the same disk as their place."""
    return course.root / course.autograded / STAGING


@contextmanager
def staged(course: Course) -> Iterator[None]:
    """A folder to make folders in; what an interrupted run has left in it goes first."""
    folder = staging(course)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if course.shared:
        folder.parent.chmod(SHARED_FOLDER)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def being_made(course: Course, submission: Submission, masters: Mapping[str, Path]) -> Iterator[Path]:
    """A new folder with all but the notebooks; it takes its place when all went well.

    Parameters
    ----------
    masters : mapping
        The instructor's own files, by their path in the folder; see :func:`master_files`.
    """
    made = Path(mkdtemp(dir=staging(course)))
    try:
        _copy(submission, masters, made)
        yield made
        _set_permissions(course, made)
        put_in_place(course, submission.student, made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove(course: Course, student: str) -> None:
    """Take a student's autograded folder away: what was handed in now cannot be graded."""
    place = course.folder(course.autograded, student)
    if place.exists():
        shutil.rmtree(place)


def put_notices(course: Course, student: str, files: Mapping[str, bytes]) -> None:
    """Put notebooks that say why there is nothing else, and a receipt, in a student's autograded folder."""
    made = Path(mkdtemp(dir=staging(course)))
    try:
        for name, content in files.items():
            (made / name).write_bytes(content)
        _set_permissions(course, made)
        put_in_place(course, student, made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def put_in_place(course: Course, student: str, made: Path) -> None:
    """Put a folder where nbgrader looks for it; what stands there goes."""
    place = course.folder(course.autograded, student)
    if place.exists():
        old = made.with_name(f"{made.name}.old")
        place.rename(old)
        made.rename(place)
        shutil.rmtree(old)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    made.rename(place)
    if course.shared:
        place.parent.chmod(SHARED_FOLDER)


def master_files(course: Course) -> dict[str, Path]:
    """The instructor's own files beside the notebooks, which replace the learner's."""
    source = course.folder(course.source, ".")
    found = {}
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if not course.ignores(name)]
        for file in files:
            path = Path(folder, file)
            name = str(path.relative_to(source))
            if not (course.ignores(file) or file.endswith(".ipynb") or name in course.not_overwritten):
                found[name] = path
    return found


def _copy(submission: Submission, masters: Mapping[str, Path], folder: Path) -> None:
    known: Mapping[str, object] = {ANSWERS: submission.answers, TIMESTAMP: submission.timestamp}
    for name, content in known.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
    others = {**{extra.name: extra.path for extra in submission.extras}, **masters}
    for name, original in others.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, target, follow_symlinks=name in masters)


def _set_permissions(course: Course, folder: Path) -> None:
    for name, _, files in os.walk(folder):
        for file in files:
            Path(name, file).chmod(course.permissions)
        Path(name).chmod(SHARED_FOLDER if course.shared else FOLDER)
