"""Which exercises make up which assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maatwerk import Text
from maatwerk.loader import Record, read_rows

from maatwerk_grading.content import content_root
from maatwerk_grading.exercises import Exercise, load_exercises
from maatwerk_grading.rating import RatingExercise, load_rating_exercises


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a learner hands in at once: one notebook, with one answers file beside it.

    Parameters
    ----------
    key : str
        The name that nbgrader, the learner's folder and the gradebook know it by.
    title, intro : Text
        What the learner reads first; ``intro`` is Markdown.
    dilemmas : tuple of Exercise
        In the order of the notebook.
    ratings : tuple of RatingExercise
        Arguments to rate, after the dilemmas; without points.
    """

    key: str
    title: Text
    intro: Text
    dilemmas: tuple[Exercise, ...]
    ratings: tuple[RatingExercise, ...]


@cache
def assignments() -> Mapping[str, Assignment]:
    """The assignments of the installed course by key, read once."""
    return load_assignments(content_root() / "exercises" / "items")


def load_assignments(directory: Path) -> Mapping[str, Assignment]:
    """Read ``assignments.toml`` in ``directory``, and the exercises that it names.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    exercises = load_exercises(directory)
    ratings = load_rating_exercises(directory)
    return read_rows(
        directory / "assignments.toml", "assignment", lambda r: _assignment(r, exercises, ratings)
    )


def _assignment(
    r: Record, exercises: Mapping[str, Exercise], ratings: Mapping[str, RatingExercise]
) -> Assignment:
    return Assignment(
        key=r.key(),
        title=r.text("title"),
        intro=r.text("intro"),
        dilemmas=tuple(exercises[key] for key in r.choices("dilemmas", tuple(exercises))),
        ratings=tuple(ratings[key] for key in r.choices("ratings", tuple(ratings)))
        if r.has("ratings")
        else (),
    )
