"""Whoever writes an exercise makes one file; a mistake there names file, row, field and what is needed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from maatwerk import LANGUAGES
from maatwerk.content import content_root
from maatwerk.loader import TableError
from maatwerk_exercises.exercises import exercises, load_exercises

ITEMS = content_root() / "exercises" / "items"


def test_every_exercise_of_the_course_can_be_read() -> None:
    assert set(exercises()) == {file.stem.removeprefix("dilemma-") for file in ITEMS.glob("dilemma-*.toml")}
    for exercise in exercises().values():
        assert exercise.manual_points == sum(c.levels[-1].points for c in exercise.rubric.values()) > 0
        for lang in LANGUAGES:
            assert exercise.question[lang].endswith(("?", "."))


Defect = Callable[[str], str]

DEFECTS: dict[str, tuple[Defect, str]] = {
    "a language is missing": (
        lambda t: t.replace('title.en = "The covered mobility scooter"\n', ""),
        r"row '-', field 'title\.en'",
    ),
    "an unknown field": (lambda t: f"sterren = 5\n{t}", "field 'sterren': is not a field"),
    "a criterion without points": (
        lambda t: t.replace("spanning = 2\n", ""),
        "row 'standaard.points', field 'spanning'",
    ),
    "half a point": (lambda t: t.replace("spanning = 2\n", "spanning = 1.5\n"), "a whole number of points"),
    "no points at all": (lambda t: t.replace("spanning = 2\n", "spanning = 0\n"), "at least 1"),
    "an unknown criterion": (
        lambda t: t.replace("spanning = 2\n", "spanning = 2\nsier = 1\n"),
        "field 'sier'",
    ),
    "another place in the essay": (
        lambda t: t.replace("hoofdstuk 3", "hoofdstuk 9"),
        "no place in the essay",
    ),
    "another name than the file's": (
        lambda t: t.replace('"scootmobiel"', '"fiets"'),
        "call it dilemma-fiets",
    ),
    "a manual part named as a criterion": (
        lambda t: t.replace('"verantwoording"', '"spanning"'),
        "field 'manual'",
    ),
    "levels that do not rise": (
        lambda t: t.replace("points = 2\nanchor", "points = 1\nanchor", 1),
        "row 'gronden', field 'level'",
    ),
    "other levels than the first": (
        lambda t: t[::-1].replace("2 = stniop", "3 = stniop", 1)[::-1],
        "row 'uitlegbaar', field 'level'",
    ),
    "a criterion twice": (lambda t: t.replace('"prijs"', '"gronden"'), "'gronden' stands twice"),
    "another way of marking": (
        lambda t: t.replace('marking = "standaard"', 'marking = "streng"'),
        "'streng' is none of",
    ),
    "no TOML": (lambda t: t + "=", "cannot be read"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str, tmp_path: Path) -> None:
    plant, said = DEFECTS[name]
    changed = []
    for file in ("marking.toml", "dilemma-scootmobiel.toml"):
        whole = (ITEMS / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(plant(whole), encoding="utf-8")
        if plant(whole) != whole:
            changed.append(tmp_path / file)
    with pytest.raises(TableError, match=said) as raised:
        load_exercises(tmp_path)
    assert raised.value.file in changed


def test_a_folder_without_exercises_has_none(tmp_path: Path) -> None:
    shutil.copy(ITEMS / "marking.toml", tmp_path)
    assert load_exercises(tmp_path) == {}
