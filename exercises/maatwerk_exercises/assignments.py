"""Which exercises make up which assignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maatwerk import Text
from maatwerk.content import content_root
from maatwerk.loader import Record, read_rows

from maatwerk_exercises.exercises import Exercise, load_exercises
from maatwerk_exercises.itembank import AnyItem, item_bank, items_about, items_by_key
from maatwerk_exercises.rating import RatingExercise, load_rating_exercises


@dataclass(frozen=True, slots=True)
class ClosedQuiz:
    """Closed items after each other, a point each.

    Parameters
    ----------
    key : str
        What the answers file and the gradebook know it by; the same in no two assignments.
    title : Text
        Its heading.
    items : tuple of Choice, Matching, Ordering or Placing
        In the order in which they are asked.
    """

    key: str
    title: Text
    items: tuple[AnyItem, ...]


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
    closed : tuple of ClosedQuiz
        Closed items, after everything else.
    """

    key: str
    title: Text
    intro: Text
    dilemmas: tuple[Exercise, ...]
    ratings: tuple[RatingExercise, ...]
    closed: tuple[ClosedQuiz, ...] = ()


@cache
def assignments() -> Mapping[str, Assignment]:
    """The assignments of the installed course by key, read once."""
    return load_assignments(content_root() / "exercises" / "items")


@cache
def closed_quizzes() -> Mapping[str, ClosedQuiz]:
    """The quizzes of all assignments by key."""
    return {quiz.key: quiz for assignment in assignments().values() for quiz in assignment.closed}


def closed_cell_name(quiz: ClosedQuiz, item: AnyItem) -> str:
    """The name of the cell that marks a closed item; nbgrader allows no full stop in it."""
    return f"closed-{quiz.key}-{item.key.replace('.', '-')}"


def load_assignments(directory: Path) -> Mapping[str, Assignment]:
    """Read ``assignments.toml`` in ``directory``, and the exercises that it names.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    exercises = load_exercises(directory)
    ratings = load_rating_exercises(directory)
    quizzes: set[str] = set()
    return read_rows(
        directory / "assignments.toml", "assignment", lambda r: _assignment(r, exercises, ratings, quizzes)
    )


def _assignment(
    r: Record,
    exercises: Mapping[str, Exercise],
    ratings: Mapping[str, RatingExercise],
    quizzes: set[str],
) -> Assignment:
    return Assignment(
        key=r.key(),
        title=r.text("title"),
        intro=r.text("intro"),
        dilemmas=tuple(exercises[key] for key in r.choices("dilemmas", tuple(exercises))),
        ratings=tuple(ratings[key] for key in r.choices("ratings", tuple(ratings)))
        if r.has("ratings")
        else (),
        closed=_closed(r, quizzes),
    )


def _closed(r: Record, quizzes: set[str]) -> tuple[ClosedQuiz, ...]:
    """The quizzes of one assignment; ``quizzes`` are the keys of all that were read so far."""
    found = []
    asked: dict[str, AnyItem] = {}
    for record in r.records("closed"):
        quiz = ClosedQuiz(record.key(), record.text("title"), _items(record))
        if quiz.key in quizzes:
            raise record.error("key", f"'{quiz.key}' is the key of another quiz already; choose a new one")
        quizzes.add(quiz.key)
        for item in quiz.items:
            other = asked.setdefault(item.fact, item)
            if other is not item:
                raise record.error(
                    _field(record), f"'{item.key}' and '{other.key}' ask the same; leave one of them out"
                )
        found.append(quiz)
    return tuple(found)


def _field(r: Record) -> str:
    return "items" if r.has("items") else "about"


def _items(r: Record) -> tuple[AnyItem, ...]:
    """Named one by one, or a number of them about a place in the essay."""
    if r.has("items") == r.has("about"):
        raise r.error("items", "either 'items', or 'about' with 'count', is needed: one of the two")
    if r.has("items"):
        keys = r.strings("items")
        twice = [key for key, times in Counter(keys).items() if times > 1]
        if not keys or twice:
            raise r.error("items", f"one or more keys of items, each once, are needed, not {keys!r}")
        try:
            return items_by_key(item_bank(), keys)
        except KeyError as error:
            raise r.error("items", str(error.args[0])) from None
    place = r.place("about")
    count = r.number("count")
    if count < 1 or not count.is_integer():
        raise r.error("count", f"a whole number of items, at least 1, is needed, not {count:g}")
    try:
        return items_about(item_bank(), f"{place.kind} {place.number}", int(count))
    except KeyError as error:
        raise r.error("count", f"ask fewer ({error.args[0]})") from None
