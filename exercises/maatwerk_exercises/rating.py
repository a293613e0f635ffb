"""Rating arguments: did quality or agreement drive the learner's ratings? Feedback only, never points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean
from types import MappingProxyType
from typing import Literal

from maatwerk import Text
from maatwerk.citation import Citation
from maatwerk.content import content_root
from maatwerk.loader import Record, TableError, read_table, read_texts

TEXTS = read_texts(Path(__file__).parent / "rating_texts.toml")

ArgumentSide = Literal["for", "against"]
Quality = Literal["strong", "weak"]

ARGUMENT_SIDES: tuple[ArgumentSide, ...] = ("for", "against")
QUALITIES: tuple[Quality, ...] = ("strong", "weak")
# From very weak to very strong.
MARKS = (1, 2, 3, 4, 5)
# A difference of one step on that scale is one that a person would notice.
NOTICEABLE = 1.0


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, with why it is strong or weak as an argument, whatever one thinks of the verdict."""

    key: str
    side: ArgumentSide
    quality: Quality
    text: Text
    why: Text


@dataclass(frozen=True, slots=True)
class RatingExercise:
    """A verdict, and arguments for and against it: as many strong as weak ones on either side."""

    key: str
    title: Text
    verdict: Text
    arguments: Mapping[str, Argument]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """What set the ratings apart, in steps on the scale (-4 to 4).

    Parameters
    ----------
    quality : float
        Mean of the strong arguments minus that of the weak ones.
    agreement : float
        Mean of the arguments on the learner's own side minus that of the others.
    """

    quality: float
    agreement: float


def drive(exercise: RatingExercise, stance: ArgumentSide, ratings: Mapping[str, int]) -> Drive | None:
    """What set the ratings apart; ``None`` as long as an argument has none.

    Parameters
    ----------
    stance : {"for", "against"}
        What the learner thinks of the verdict.
    ratings : mapping of str to int
        A mark of 1-5 by argument.
    """
    if any(ratings.get(key) not in MARKS for key in exercise.arguments):
        return None
    marked = [(argument, ratings[key]) for key, argument in exercise.arguments.items()]
    return Drive(
        quality=_difference((one.quality == "strong", mark) for one, mark in marked),
        agreement=_difference((one.side == stance, mark) for one, mark in marked),
    )


def feedback(found: Drive) -> Text:
    """What the learner may learn from it, without a judgement on the stance."""
    by_quality = found.quality >= NOTICEABLE
    by_agreement = abs(found.agreement) >= NOTICEABLE
    if by_quality and by_agreement:
        return TEXTS["both"]
    if by_quality:
        return TEXTS["quality"]
    if by_agreement:
        return TEXTS["own_side" if found.agreement > 0 else "other_side"]
    return TEXTS["neither"]


@cache
def rating_exercises() -> Mapping[str, RatingExercise]:
    """The rating exercises of the installed course by key, read once."""
    return load_rating_exercises(content_root() / "exercises" / "items")


def load_rating_exercises(directory: Path) -> Mapping[str, RatingExercise]:
    """Read every ``rating-<key>.toml`` in ``directory``.

    Raises
    ------
    TableError
        Naming file, row and field of a mistake, with what is needed there.
    """
    found = (_read(file) for file in sorted(directory.glob("rating-*.toml")))
    return MappingProxyType({exercise.key: exercise for exercise in found})


def _read(file: Path) -> RatingExercise:
    r = read_table(file)
    exercise = RatingExercise(
        key=r.key(),
        title=r.text("title"),
        verdict=r.text("verdict"),
        arguments=r.rows("argument", _argument),
        places=r.places(),
    )
    r.finish()
    if file.stem != f"rating-{exercise.key}":
        raise r.error("key", f"'{exercise.key}' is not the file's name; call it rating-{exercise.key}.toml")
    _check_balance(file, exercise)
    return exercise


def _argument(r: Record) -> Argument:
    return Argument(
        r.key(),
        r.choice("side", ARGUMENT_SIDES),
        r.choice("quality", QUALITIES),
        r.text("text"),
        r.text("why"),
    )


def _check_balance(file: Path, exercise: RatingExercise) -> None:
    """Without balance, quality and agreement could not be told apart."""
    counts = {
        (side, quality): sum((a.side, a.quality) == (side, quality) for a in exercise.arguments.values())
        for side in ARGUMENT_SIDES
        for quality in QUALITIES
    }
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{side} {quality}: {count}" for (side, quality), count in counts.items())
        raise TableError(file, "argument", "quality", f"as many of each kind are needed, not {said}")


def _difference(marks: Iterable[tuple[bool, int]]) -> float:
    listed = list(marks)
    one, other = ([mark for is_one, mark in listed if is_one is wanted] for wanted in (True, False))
    return fmean(one) - fmean(other)
