"""What became of one submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from maatwerk_grading.autograde.marks import NotebookMarks
from maatwerk_grading.autograde.problems import Remark
from maatwerk_grading.likeness import Sketch

NO_SKETCH = Sketch()


class State(Enum):
    """How it ended. Values are keys of ``grade_texts.toml``."""

    GRADED = "state_graded"
    FAILED = "state_failed"
    UNCHANGED = "state_unchanged"
    BY_NBGRADER = "state_by_nbgrader"


class Known(Enum):
    """How far nbgrader would have come before it met the problem: what the gradebook knows of."""

    NOTHING = 0
    STUDENT = 1
    SUBMISSION = 2


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run left: the fingerprint of what it graded, nbgrader's own marks, or a refusal."""

    digest: str | None = None
    marked: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one submission.

    Parameters
    ----------
    student : str
        The learner's name in the gradebook.
    state : State
        How it ended.
    known : Known
        What the gradebook is told, when it failed.
    remarks : tuple of Remark
        What the instructor should know.
    timestamp : datetime or None
        When it was handed in, in UTC.
    notebooks : tuple of NotebookMarks
        The marks; empty unless it was graded.
    absent : tuple of str
        Notebooks that were not handed in, and earn nothing.
    digest : str
        A fingerprint of what was graded.
    sketch : Sketch
        What is kept of the answers to see whose are alike.
    """

    student: str
    state: State
    known: Known = Known.NOTHING
    remarks: tuple[Remark, ...] = ()
    timestamp: datetime | None = None
    notebooks: tuple[NotebookMarks, ...] = ()
    absent: tuple[str, ...] = ()
    digest: str = ""
    sketch: Sketch = NO_SKETCH
