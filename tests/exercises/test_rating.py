"""Rating arguments: quality and agreement are told apart, and no stance is judged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk.content import content_root
from maatwerk.loader import TableError
from maatwerk_exercises.rating import (
    ARGUMENT_SIDES,
    MARKS,
    TEXTS,
    ArgumentSide,
    Drive,
    RatingExercise,
    drive,
    feedback,
    load_rating_exercises,
    rating_exercises,
)

ITEMS = content_root() / "exercises" / "items"
EXERCISES = list(rating_exercises().values())
every = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
stances = pytest.mark.parametrize("stance", ARGUMENT_SIDES)


def test_there_is_something_to_rate() -> None:
    assert len(EXERCISES) >= 2


@every
@stances
def test_marks_by_quality_show_quality_only(exercise: RatingExercise, stance: ArgumentSide) -> None:
    marks = {key: 5 if one.quality == "strong" else 2 for key, one in exercise.arguments.items()}
    assert drive(exercise, stance, marks) == Drive(quality=3.0, agreement=0.0)
    assert feedback(Drive(3.0, 0.0)) == TEXTS["quality"]


@every
@stances
def test_marks_by_side_show_agreement_only(exercise: RatingExercise, stance: ArgumentSide) -> None:
    marks = {key: 4 if one.side == "for" else 1 for key, one in exercise.arguments.items()}
    found = drive(exercise, stance, marks)
    assert found == Drive(quality=0.0, agreement=3.0 if stance == "for" else -3.0)
    assert feedback(found) == TEXTS["own_side" if stance == "for" else "other_side"]


@every
def test_without_a_mark_there_is_nothing_to_say(exercise: RatingExercise) -> None:
    marks = dict.fromkeys(exercise.arguments, 3)
    assert feedback(drive(exercise, "for", marks) or Drive(9, 9)) == TEXTS["neither"]
    for bad in (0, 6, "4", None, 2.5):
        assert drive(exercise, "for", {**marks, next(iter(marks)): bad}) is None  # type: ignore[dict-item]


@given(st.data(), st.sampled_from(EXERCISES))
def test_the_two_stances_mirror_each_other(data: st.DataObject, exercise: RatingExercise) -> None:
    """Who agrees and who disagrees with the verdict is looked at in the same way."""
    marks = {key: data.draw(st.sampled_from(MARKS)) for key in exercise.arguments}
    one, other = (drive(exercise, stance, marks) for stance in ARGUMENT_SIDES)
    assert one is not None and other is not None
    assert one.quality == other.quality
    assert one.agreement == pytest.approx(-other.agreement)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('quality = "weak"', 'quality = "strong"', "as many of each kind"),
        ('side = "for"', 'side = "voor"', "'voor' is none of for, against"),
        ('key = "volledig-terug"', 'key = "anders"', "call it rating-anders.toml"),
    ],
)
def test_a_planted_defect_is_found(old: str, new: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "rating-volledig-terug.toml"
    shutil.copy(ITEMS / file.name, file)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=said):
        load_rating_exercises(tmp_path)
