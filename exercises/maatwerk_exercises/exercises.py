"""The dilemma exercises: what is asked, what it is worth, and the rubric for the part that a person marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from maatwerk import Text
from maatwerk.citation import Citation
from maatwerk.content import content_root
from maatwerk.loader import Record, TableError, read_rows, read_table

# What is marked automatically, in the order of the form. What each one asks: maatwerk_grading.criteria.
CRITERION_KEYS = (
    "plaatsing",
    "loyaliteiten",
    "spanning",
    "voordelen",
    "nadelen",
    "tweezijdigheid",
    "dynamiek",
    "tegenargument",
)


@dataclass(frozen=True, slots=True)
class Level:
    """What a rubric criterion looks like at some number of points."""

    points: int
    anchor: Text


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """One thing that a person looks at, with its levels from weak to strong."""

    key: str
    name: Text
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """How exercises are marked; several exercises may share one.

    Parameters
    ----------
    key : str
        What an exercise refers to it by.
    points : mapping of str to int
        The maximum of every automatic criterion.
    manual : str
        The key of the part that a person marks.
    rubric : mapping
        What that person looks at. The best levels together are :attr:`manual_points`.
    """

    key: str
    points: Mapping[str, int]
    manual: str
    rubric: Mapping[str, RubricCriterion]

    @property
    def manual_points(self) -> int:
        """The most points that a person can give."""
        return sum(criterion.levels[-1].points for criterion in self.rubric.values())


@dataclass(frozen=True, slots=True)
class Exercise:
    """A case to decide on.

    Parameters
    ----------
    key : str
        Its key in the answers file, in notebooks and in the gradebook.
    title, case, question : Text
        What the learner reads; ``case`` is Markdown.
    places : tuple of Citation
        Where the case stands in the essay.
    marking : Marking
        What it is worth, and the rubric for the part that a person marks.
    own_case : Text, optional
        Asks for a case from the learner's own work, before anything else in the form.
    """

    key: str
    title: Text
    case: Text
    question: Text
    places: tuple[Citation, ...]
    marking: Marking
    own_case: Text | None = None

    @property
    def points(self) -> Mapping[str, int]:
        """The maximum of every automatic criterion."""
        return self.marking.points

    @property
    def manual(self) -> str:
        """The key of the part that a person marks."""
        return self.marking.manual

    @property
    def rubric(self) -> Mapping[str, RubricCriterion]:
        """What that person looks at."""
        return self.marking.rubric

    @property
    def manual_points(self) -> int:
        """The most points that a person can give."""
        return self.marking.manual_points


@cache
def exercises() -> Mapping[str, Exercise]:
    """The exercises of the installed course by key, read once."""
    return load_exercises(content_root() / "exercises" / "items")


def load_exercises(directory: Path) -> Mapping[str, Exercise]:
    """Read every ``dilemma-<key>.toml`` in ``directory``, and how they are marked from ``marking.toml``.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    markings = read_markings(directory / "marking.toml")
    found = (read_exercise(file, markings) for file in sorted(directory.glob("dilemma-*.toml")))
    return MappingProxyType({exercise.key: exercise for exercise in found})


def read_markings(file: Path) -> Mapping[str, Marking]:
    """Read how exercises are marked.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    markings = read_rows(file, "marking", _marking)
    for marking in markings.values():
        _check_levels(file, marking)
    return markings


def read_exercise(file: Path, markings: Mapping[str, Marking]) -> Exercise:
    """Read one exercise.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    r = read_table(file)
    exercise = Exercise(
        key=r.key(),
        title=r.text("title"),
        case=r.text("case"),
        question=r.text("question"),
        places=r.places(),
        marking=markings[r.choice("marking", tuple(markings))],
        own_case=r.text("own_case") if r.has("own_case") else None,
    )
    r.finish()
    if file.stem != f"dilemma-{exercise.key}":
        raise r.error("key", f"'{exercise.key}' is not the file's name; call it dilemma-{exercise.key}.toml")
    return exercise


def _marking(r: Record) -> Marking:
    points = _points(r.record("points"))
    manual = r.string("manual")
    if manual in points:
        raise r.error("manual", f"'{manual}' is the name of an automatic criterion already")
    return Marking(r.key(), points, manual, r.rows("rubric", _rubric_criterion))


def _points(r: Record) -> Mapping[str, int]:
    return MappingProxyType({key: _whole(r, key) for key in CRITERION_KEYS})


def _whole(r: Record, field: str) -> int:
    points = r.number(field)
    if points < 1 or not points.is_integer():
        raise r.error(field, f"a whole number of points, at least 1, is needed, not {points:g}")
    return int(points)


def _rubric_criterion(r: Record) -> RubricCriterion:
    levels = tuple(_level(level) for level in r.records("level"))
    return RubricCriterion(r.key(), r.text("name"), levels)


def _level(r: Record) -> Level:
    points = r.number("points")
    if points < 0 or not points.is_integer():
        raise r.error("points", f"a whole number of points is needed, not {points:g}")
    return Level(int(points), r.text("anchor"))


def _check_levels(file: Path, marking: Marking) -> None:
    """The rubric is shown as one table, so that all criteria have the same levels, from 0 upwards."""
    wanted: tuple[int, ...] | None = None
    for criterion in marking.rubric.values():
        points = tuple(level.points for level in criterion.levels)
        if len(points) < 2 or points[0] != 0 or any(a >= b for a, b in pairwise(points)):
            raise TableError(
                file, criterion.key, "level", f"levels that rise from 0 are needed, not {points}"
            )
        if wanted is not None and points != wanted:
            problem = f"the same levels as in the other criteria are needed: {wanted}, not {points}"
            raise TableError(file, criterion.key, "level", problem)
        wanted = points
