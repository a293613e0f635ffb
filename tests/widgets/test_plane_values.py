"""The Python side of the plane: it holds the truth, and says in the learner's language what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_widgets.plane import DecisionPlane
from traitlets import TraitError

POINTS = st.floats(0, 100)
NAMES = {"nl": "Maatwerk per groep", "en": "Maatwerk per group"}


def test_nothing_is_placed_until_somebody_chooses() -> None:
    assert DecisionPlane().placement is None
    assert DecisionPlane(person=20.0).placement is None
    assert DecisionPlane(person=20.0, group=30.0).placement == Placement(20, 30)


@given(POINTS, POINTS)
def test_what_was_placed_is_the_placement(person: float, group: float) -> None:
    plane = DecisionPlane()
    plane.place(Placement(person, group))
    assert plane.placement == Placement(person, group)
    plane.place(None)
    assert plane.placement is None


def test_placing_is_one_change_of_which_nobody_sees_half() -> None:
    plane = DecisionPlane(person=1, group=2)
    seen: list[Any] = []
    plane.observe(lambda _: seen.append(plane.placement), ["person", "group", "placed"])
    plane.place(Placement(80, 90))
    plane.place(None)
    assert set(seen) == {Placement(80, 90), None}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("value", [-0.1, 100.1, float("nan"), float("inf"), "50", True, [1]])
def test_what_is_no_number_of_points_is_refused_in_words(value: object, lang: Language) -> None:
    plane = DecisionPlane(lang)
    with pytest.raises(TraitError, match=f"{NAMES[lang]}.* 0 .*100") as refused:
        plane.group = value
    assert repr(value) in str(refused.value)
    assert plane.group == 50
    with pytest.raises(TraitError, match=NAMES[lang]):
        DecisionPlane(lang, person=50, group=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one",
    [
        {"label": "x", "person": 101, "group": 0},
        {"label": "x", "person": 1},
        {"label": 3, "person": 1, "group": 1},
        {"label": "x", "person": 1, "group": 1, "colour": "red"},
        "x",
    ],
)
@pytest.mark.parametrize(("lang", "said"), [("nl", "eerdere plaatsing"), ("en", "earlier placement")])
def test_an_impossible_earlier_placement_is_refused_in_words(one: Any, lang: Language, said: str) -> None:
    with pytest.raises(TraitError, match=f"(?i){said}"):
        DecisionPlane(lang, earlier=[one])
    plane = DecisionPlane(lang)
    with pytest.raises(TraitError, match=f"(?i){said}"):
        plane.earlier = [one]


def test_the_language_brings_all_words_along() -> None:
    plane = DecisionPlane()
    assert plane.content["variants"][1]["name"] == framework().variants["beleidscategorieen"].name["nl"]
    plane.lang = "en"
    assert plane.content["variants"][1]["name"] == framework().variants["beleidscategorieen"].name["en"]
    assert plane.content["plane"]["border"] == framework().plane.border
    with pytest.raises(TraitError):
        plane.content = {}
    with pytest.raises(TraitError):
        plane.reveal = "half"
