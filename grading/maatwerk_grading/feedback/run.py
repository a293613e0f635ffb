"""Making the feedback pages of an assignment, in nbgrader's own place: ``feedback/<student>/<assignment>``.

nbgrader's ``release_feedback`` and formgrader find them there as if ``nbgrader generate_feedback`` had made
them. A page says in its head what it was made from, and is left alone as long as that is the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import maatwerk
from maatwerk import Language, Text, framework
from maatwerk.content import content_root
from sqlalchemy import Connection

from maatwerk_grading.autograde.batch import opened_gradebook, read_released
from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.notebook import LARGEST_NOTEBOOK
from maatwerk_grading.autograde.refused import is_notice
from maatwerk_grading.autograde.source import SourceAssignment, SourceNotebook
from maatwerk_grading.autograde.submission import ANSWERS, SECRET, TIMESTAMP
from maatwerk_grading.bridge import LARGEST_FILE, Unusable, parse_book
from maatwerk_grading.bridge import TEXTS as ANSWER_TEXTS
from maatwerk_grading.feedback.build import Plan, sheet
from maatwerk_grading.feedback.marks import NotebookGiven, Submitted, students, submitted
from maatwerk_grading.feedback.page import FINGERPRINT, feedback_page
from maatwerk_grading.feedback.sheet import Handed, Who
from maatwerk_grading.feedback.words import TEXTS

# So many submissions are asked of the gradebook at once.
PART = 200
_HEAD = 2000
_MADE_FROM = re.compile(rf'<meta name="{FINGERPRINT}" content="([0-9a-f]*)">')
_CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Outcome(Enum):
    """What became of somebody's pages."""

    MADE = "made"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one learner's pages.

    Parameters
    ----------
    student : str
        The learner's name in the gradebook.
    outcome : Outcome
        Whether they were made.
    waiting : bool
        Whether something still waits for a person.
    refused : bool
        Whether the submission could not be graded.
    reason : str
        Why there is no page.
    """

    student: str
    outcome: Outcome
    waiting: bool = False
    refused: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Desk:
    """All that making a page needs; the same for every learner.

    Parameters
    ----------
    course : Course
        The course folder.
    plans : mapping
        What was asked, by notebook.
    rules : str
        A fingerprint of all that pages depend on besides the submission.
    force : bool
        Whether to make again what has not changed.
    """

    course: Course
    plans: Mapping[str, Plan]
    rules: str
    force: bool


def make_all(course: Course, pattern: str | None, otherwise: Language, force: bool) -> Iterator[Made]:
    """Make the pages of everybody whose name matches, and say what became of each.

    Parameters
    ----------
    pattern : str, optional
        Of the learners' names, as a shell matches them.
    otherwise : {"nl", "en"}
        The language of an assignment that has none of the course's own cells.

    Raises
    ------
    CannotGradeError
        When there is no such assignment, or no gradebook.
    """
    with opened_gradebook(course) as engine:
        assignment = read_released(engine, course)
        desk = Desk(course, plans(course, assignment, otherwise), rules(assignment), force)
        with engine.connect() as connection:
            known = [
                name
                for name in students(connection, assignment)
                if fnmatchcase(name, pattern or course.everyone) and name not in course.excluded
            ]
            for at in range(0, len(known), PART):
                for one in submitted(connection, assignment, known[at : at + PART]):
                    yield _made(one, desk)


def plans(course: Course, assignment: SourceAssignment, otherwise: Language) -> Mapping[str, Plan]:
    """What was asked, by notebook."""
    return {
        name: plan(course.folder(course.source, ".") / f"{name}.ipynb", assignment.name, source, otherwise)
        for name, source in assignment.notebooks.items()
    }


def plan(file: Path, assignment: str, source: SourceNotebook, otherwise: Language) -> Plan:
    """What was asked in one notebook, in the order of that ``file``; the gradebook keeps no order."""
    order = []
    for cell in notebook_cells(file):
        kind = cell.get("metadata", {}).get("nbgrader", {})
        if isinstance(kind, dict) and isinstance(kind.get("grade_id"), str):
            order.append(kind["grade_id"])
    return Plan(assignment, source, tuple(order), source.language(otherwise), framework())


def notebook_cells(file: Path) -> Sequence[Mapping[str, Any]]:
    """The cells of a notebook, or none when there is no notebook to read."""
    return tuple(_notebook(file).get("cells", ()))


def _notebook(file: Path) -> Mapping[str, Any]:
    content = _read(file, LARGEST_NOTEBOOK)
    try:
        found = json.loads(content or b"")
    except (ValueError, RecursionError):
        return {}
    usable = isinstance(found, dict) and isinstance(found.get("cells"), list)
    return found if usable and all(isinstance(cell, dict) for cell in found["cells"]) else {}


def _read(file: Path, largest: int) -> bytes | None:
    """A plain file's content, when it is there and no larger than it may be; no link is followed."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
        with open(os.open(file, _CAREFULLY), "rb") as opened:  # noqa: PTH123  (a descriptor)
            content = opened.read(largest + 1)
    except OSError:
        return None
    return content if len(content) <= largest else None


@cache
def _ours() -> bytes:
    """A fingerprint of the course's own code, tables, texts and templates."""
    made = hashlib.sha256()
    folders = (
        Path(maatwerk.__file__).parent,
        Path(__file__).parents[1],
        content_root() / "exercises" / "items",
    )
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".toml", ".j2", ".css") and "_content" not in file.parts:
                made.update(file.read_bytes())
    return made.digest()


def rules(assignment: SourceAssignment) -> str:
    """A fingerprint of all that pages depend on besides the submission."""
    return hashlib.sha256(_ours() + repr(assignment).encode()).hexdigest()


def handed_from(folder: Path, name: str, given: NotebookGiven, asked: Plan) -> tuple[Handed, bytes]:
    """What was handed in, from an autograded folder, and the bytes that it was read from."""
    answers = _read(folder / ANSWERS, LARGEST_FILE)
    if answers is not None:
        book = parse_book(answers)
    else:
        there = (folder / ANSWERS).exists()
        book = Unusable(ANSWER_TEXTS["unreadable" if there else "missing"])
    notebook = (_read(folder / f"{name}.ipynb", LARGEST_NOTEBOOK) or b"") if asked.reads_notebooks else b""
    cells = notebook_cells(folder / f"{name}.ipynb") if asked.reads_notebooks else ()
    return Handed(book, given, cells), b"\0".join((answers or b"", notebook))


def refused_because(one: Submitted, folder: Path, name: str) -> Text | None:
    """Why a notebook could not be graded; ``None`` when it was."""
    given = one.notebooks.get(name, NotebookGiven())
    file = folder / f"{name}.ipynb"
    if one.refused and (not file.exists() or is_notice(_notebook(file))):
        return TEXTS.get(f"refused_{one.refused}", TEXTS["refused_unknown"])
    # As nbgrader leaves behind what it could not autograde.
    return None if given.marked or file.exists() else TEXTS["refused_unknown"]


def _made(one: Submitted, desk: Desk) -> Made:
    outcomes, waiting, refused = [], False, False
    try:
        folder = desk.course.folder(desk.course.autograded, one.student)
        target = desk.course.folder(desk.course.feedback, one.student)
        for name, asked in desk.plans.items():
            given = one.notebooks.get(name, NotebookGiven())
            because = refused_because(one, folder, name)
            who = Who(one.name or one.student, one.handed_in, because)
            handed, content = handed_from(folder, name, given, asked)
            waiting |= because is None and any(grade.waiting for grade in given.grades.values())
            refused |= because is not None
            made_from = hashlib.sha256(repr((desk.rules, name, who, given)).encode() + content).hexdigest()
            file = target / f"{name}.html"
            if not desk.force and _stands(file, made_from):
                outcomes.append(Outcome.UNCHANGED)
                continue
            page = feedback_page(sheet(asked, who, handed), made_from)
            _write(desk.course, file, page.encode("utf-8", "replace"))
            outcomes.append(Outcome.MADE)
        _hand_out(one.student, desk, target)
    # One learner's files never keep the others from their pages.
    except Exception as error:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        return Made(one.student, Outcome.FAILED, reason=reason)
    outcome = Outcome.MADE if Outcome.MADE in outcomes else Outcome.UNCHANGED
    return Made(one.student, outcome, waiting, refused)


def _stands(file: Path, made_from: str) -> bool:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            found = _MADE_FROM.search(opened.read(_HEAD))
    except OSError:
        return False
    return found is not None and found[1] == made_from


def _hand_out(student: str, desk: Desk, target: Path) -> None:
    """What nbgrader asks for beside the pages, to hand them out: when it was handed in, and its secret."""
    folders = (
        desk.course.folder(desk.course.autograded, student),
        desk.course.folder(desk.course.submitted, student),
    )
    for name in (TIMESTAMP, SECRET):
        content = next(
            (found for folder in folders if (found := _read(folder / name, LARGEST_FILE)) is not None), None
        )
        if content is not None and _read(target / name, LARGEST_FILE) != content:
            _write(desk.course, target / name, content)


def _write(course: Course, file: Path, content: bytes) -> None:
    """Put a file in its place at once, with nbgrader's permissions."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if course.shared:
        for folder in (file.parent, file.parent.parent):
            folder.chmod(folder.stat().st_mode | 0o2770)
    waiting = file.with_name(f".{file.name}.part")
    try:
        waiting.write_bytes(content)
        waiting.chmod(course.feedback_permissions)
        waiting.replace(file)
    finally:
        waiting.unlink(missing_ok=True)


def page_of(
    connection: Connection,
    assignment: SourceAssignment,
    notebook: str,
    student: str,
    folder: Path,
    lang: Language,
) -> str:
    """One learner's page for one notebook, from the autograded ``folder``; nothing is written.

    Raises
    ------
    LookupError
        When the gradebook has no such notebook or submission.
    """
    asked = plan(folder / f"{notebook}.ipynb", assignment.name, assignment.notebooks[notebook], lang)
    found = next(submitted(connection, assignment, [student]), None)
    if found is None:
        raise LookupError(student)
    given = found.notebooks.get(notebook, NotebookGiven())
    who = Who(found.name or found.student, found.handed_in, refused_because(found, folder, notebook))
    handed, _ = handed_from(folder, notebook, given, asked)
    return feedback_page(sheet(asked, who, handed))
