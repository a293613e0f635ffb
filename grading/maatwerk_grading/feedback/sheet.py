"""What a feedback page says, as data: no HTML but what Markdown became, no files, no gradebook.

A sheet is made from the released cells (which say what was asked), the answers that were handed in, and what
the gradebook gave. So it holds for any assignment that is put together from the course's own cells, and shows
what else an instructor put in as it stands in the notebook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from maatwerk import Framework, Language, Text
from maatwerk_learner.answers import AnswerBook
from markupsafe import Markup

from maatwerk_grading.bridge import Unusable, clean
from maatwerk_grading.feedback.marks import NotebookGiven

State = Literal["full", "part", "none", "waiting"]

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Score:
    """Points out of a maximum, and whether a person still has to look.

    Parameters
    ----------
    points, maximum : float
        ``points`` is what there is so far.
    waiting : float
        How many of the points still wait for a person; 0 when none do.
    """

    points: float
    maximum: float
    waiting: float = 0.0

    @property
    def state(self) -> State:
        """In a word."""
        if self.waiting:
            return "waiting"
        if self.points >= self.maximum - ROUNDING:
            return "full"
        return "part" if self.points > 0 else "none"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was chosen: what it is, and what was chosen; ``share`` (0-100) is drawn as a bar."""

    label: str
    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that the computer looked at: what was chosen, what it earned, and why."""

    key: str
    title: str
    score: Score
    chosen: tuple[Line, ...]
    said: str
    cited: str
    by_person: bool


@dataclass(frozen=True, slots=True)
class RubricLevel:
    """A level of a rubric criterion; ``chosen`` when it is the learner's."""

    points: int
    anchor: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RubricRow:
    """A criterion of the rubric."""

    name: str
    levels: tuple[RubricLevel, ...]


@dataclass(frozen=True, slots=True)
class ByPerson:
    """What a person made of a text."""

    score: Score
    rubric: tuple[RubricRow, ...]
    comment: Markup | None


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A case: what was asked, chosen and written, and what it earned; ``answered`` if anything was."""

    key: str
    title: str
    score: Score
    case: Markup
    question: str
    plane: Markup | None
    answered: bool
    criteria: tuple[Criterion, ...]
    written: tuple[Line, ...]
    by_person: ByPerson | None
    kind: Literal["dilemma"] = "dilemma"


@dataclass(frozen=True, slots=True)
class Question:
    """A closed question: what was answered, and what is to be learned from it."""

    ask: str
    given: str
    answer: tuple[str, ...]
    score: Score
    said: tuple[str, ...]
    by_person: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """Closed questions after each other."""

    key: str
    title: str
    score: Score
    questions: tuple[Question, ...]
    kind: Literal["questions"] = "questions"


@dataclass(frozen=True, slots=True)
class Rated:
    """An argument, the mark that it got, and why it is strong or weak."""

    argument: str
    mark: str
    why: str


@dataclass(frozen=True, slots=True)
class Rating:
    """Arguments that were rated, without points."""

    key: str
    title: str
    verdict: str
    stance: str
    said: str
    rated: tuple[Rated, ...]
    score: None = None
    kind: Literal["rating"] = "rating"


@dataclass(frozen=True, slots=True)
class OtherCell:
    """A cell of an instructor's own making: its text, or what the learner wrote in it."""

    title: str
    body: Markup
    outputs: tuple[str, ...]
    score: Score | None
    comment: Markup | None


@dataclass(frozen=True, slots=True)
class Others:
    """Cells of an instructor's own making, in the order of the notebook."""

    key: str
    title: str
    score: Score | None
    cells: tuple[OtherCell, ...]
    kind: Literal["others"] = "others"


Section = Dilemma | Questions | Rating | Others


@dataclass(frozen=True, slots=True)
class Improve:
    """Where there is still something to gain: a criterion in a section, or a case that was left open."""

    anchor: str
    title: str
    section: str
    score: Score


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole page.

    Parameters
    ----------
    lang : {"nl", "en"}
        Of the assignment.
    title : str
        Of the assignment.
    name : str
        The learner's, or the name that the gradebook knows.
    handed_in : datetime, optional
        In UTC.
    refused : str
        Why it could not be graded; empty when it was.
    problem : str
        Why the answers do not count; empty when they do.
    total : Score
        Of everything, after the penalty.
    penalty : float
        Points taken off because it was late.
    waiting : int
        How many parts still wait for a person.
    sections : tuple
        The parts, in the order of the notebook.
    improve : tuple of Improve
        Where the most can still be gained.
    remarks : tuple
        The anchors and titles of the sections with a person's comment.
    """

    lang: Language
    title: str
    name: str
    handed_in: datetime | None
    refused: str
    problem: str
    total: Score
    penalty: float
    waiting: int
    sections: tuple[Section, ...]
    improve: tuple[Improve, ...]
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """What a sheet is made from, besides what was asked.

    Parameters
    ----------
    book : AnswerBook or Unusable
        The answers.
    given : NotebookGiven
        What they earned.
    cells : sequence of mapping
        The autograded notebook's; empty unless there are cells of an instructor's own making.
    """

    book: AnswerBook | Unusable
    given: NotebookGiven
    cells: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Who:
    """Whose page it is."""

    name: str
    handed_in: datetime | None
    refused: Text | None


def added(scores: Sequence[Score]) -> Score:
    """Their sum."""
    return Score(
        sum(one.points for one in scores),
        sum(one.maximum for one in scores),
        sum(one.waiting for one in scores),
    )


def worth(cell: str, maximum: float, given: NotebookGiven) -> Score:
    """What a cell earned; a cell that the gradebook does not know earned nothing, and waits."""
    grade = given.grades.get(cell)
    if grade is None or grade.waiting:
        points = grade.score if grade else 0.0
        # What a person gave before stays until that person has looked again.
        return Score(points, maximum, max(0.0, maximum - points) or maximum)
    return Score(grade.score, maximum)


def harmless(text: str) -> str:
    """A learner's text without what steers a page or turns its reading direction."""
    return clean(text).strip()


@dataclass(frozen=True, slots=True)
class Asked:
    """The language and the tables that all sections are told in."""

    lang: Language
    framework: Framework
