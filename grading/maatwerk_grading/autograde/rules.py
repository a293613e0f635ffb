"""What a mark depends on besides the submission, as a fingerprint: when it changes, all are graded again.

It covers what scores and what is left behind, and nothing else: a greeting that was corrected, or a word in a
report, regrades nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import maatwerk
import maatwerk_exercises
import maatwerk_learner
from maatwerk.content import content_root

import maatwerk_grading
from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.source import SourceAssignment

# By package, what a cell of an assignment runs, and the words that it shows; a test holds it to what is read.
_SCORING: Mapping[ModuleType, tuple[str, ...]] = {
    maatwerk: ("*.py", "tables/*.toml"),
    maatwerk_exercises: (
        "__init__.py",
        "exercises.py",
        "itembank/*.py",
        "itembank/*.toml",
        "itembank/data/*.toml",
    ),
    maatwerk_learner: ("__init__.py", "answers.py", "answers_texts.toml"),
    maatwerk_grading: ("bridge.py", "bridge_texts.toml", "criteria.py", "criteria_texts.toml"),
}
# What puts the cells back, runs them, reads their marks, and writes the gradebook and the autograded folder.
_WRITING = (
    *("autograded", "by_nbgrader", "cells", "fast_path", "grader", "gradebook", "late_penalty", "marks"),
    *("notebook", "shell", "source", "submission"),
)
_ITEMS = ("dilemma-*.toml", "marking.toml")
# Explains words in the chapters; no exercise asks for it, and no feedback shows it.
_NOT_SCORED = frozenset({"glossary.toml"})


def scoring_files() -> Iterator[Path]:
    """The files of the course that decide on a mark, or on what is written beside it, in a fixed order."""
    folders = [(_folder(package), patterns) for package, patterns in _SCORING.items()]
    folders.append((Path(__file__).parent, tuple(f"{name}.py" for name in _WRITING)))
    folders.append((content_root() / "exercises" / "items", _ITEMS))
    for folder, patterns in folders:
        for pattern in patterns:
            yield from (file for file in sorted(folder.glob(pattern)) if file.name not in _NOT_SCORED)


def _folder(package: ModuleType) -> Path:
    return Path(package.__path__[0])


def fingerprint(course: Course, assignment: SourceAssignment, masters: Mapping[str, Path]) -> bytes:
    """A fingerprint of all that marks and files depend on besides the submission.

    Parameters
    ----------
    course : Course
        Its settings count, not where it is.
    assignment : SourceAssignment
        As it was released.
    masters : mapping
        The instructor's own files, by their path in a learner's folder.
    """
    settings = (course.permissions, course.shared, course.ignored, sorted(course.not_overwritten))
    made = hashlib.sha256(repr((assignment, settings, sorted(masters))).encode())
    for file in (*scoring_files(), *masters.values()):
        made.update(file.read_bytes())
    return made.digest()
