"""Any answers on the eight considerations are kept as they are; anything else is refused or left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk.profile import FURTHEST
from maatwerk_widgets import Chapter
from maatwerk_widgets.kept import kept_profile
from maatwerk_widgets.profile import ProfileSliders, profile_content
from maatwerk_widgets.profile_picture import profile_figure, profile_lines, profiles_compared

KEYS = tuple(framework().considerations)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=9),
    max_leaves=9,
)
PROFILES = st.dictionaries(st.sampled_from(KEYS), st.integers(-FURTHEST, FURTHEST))


@given(PROFILES)
def test_every_profile_can_be_given_and_comes_back(positions: dict[str, int]) -> None:
    sliders = ProfileSliders(positions=positions)
    assert sliders.positions == positions
    assert list(sliders.positions) == [key for key in KEYS if key in positions]
    assert kept_profile({"profile.x": positions}, "profile.x", framework()) == positions


@given(ANYTHING)
def test_whatever_stands_in_the_file_the_sliders_can_show_it(kept: Any) -> None:
    usable = kept_profile({"profile.x": kept}, "profile.x", framework())
    assert ProfileSliders(positions=usable).positions == usable


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("wrong", [{"vorm": 4}, {"vorm": 0.5}, {"vorm": True}, {"shape": 1}])
def test_another_value_is_refused_with_what_to_do(wrong: dict[str, Any], lang: Language) -> None:
    sliders = ProfileSliders(lang, positions={"plek": 2})
    with pytest.raises(traitlets.TraitError, match=r"(heel getal|whole number).*-3.*3.*vorm.*grondslag"):
        sliders.positions = wrong
    assert sliders.positions == {"plek": 2}


def test_the_middle_is_kept_and_is_not_the_same_as_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    sliders = Chapter("02-begrip", "nl", file).profile("before").children[0]
    sliders.positions = {"vorm": 0}
    again = Chapter("02-begrip", "nl", file).profile("before").children[0]
    assert again.positions == {"vorm": 0}
    again.positions = {}
    assert Chapter("02-begrip", "nl", file).profile("before").children[0].positions == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_groups_are_those_of_the_tables(lang: Language) -> None:
    groups = profile_content(framework(), lang)["groups"]
    assert [[c["key"] for c in group["considerations"]] for group in groups] == [
        ["vorm", "wanneer", "verschil", "zeggenschap"],
        ["gericht-op", "plek", "kosten", "grondslag"],
    ]
    assert [group["title"][-4:-1] for group in groups] == ["2.1", "2.3"]


# --- the picture, and what shifted ---

TWO = st.tuples(PROFILES, PROFILES).filter(all)


@given(PROFILES.filter(bool), st.sampled_from(LANGUAGES))
def test_the_figure_has_a_mark_for_each_answer_and_no_other(
    positions: dict[str, int], lang: Language
) -> None:
    (trace,) = profile_figure({"": positions}, framework(), lang).to_plotly_json()["data"]
    rows = dict(zip(trace["y"], trace["x"], strict=True))
    assert rows == {-KEYS.index(key): position for key, position in positions.items()}


@given(TWO, st.sampled_from(LANGUAGES))
def test_an_arrow_goes_from_each_answer_that_moved_to_where_it_went(
    profiles: tuple[dict[str, int], dict[str, int]], lang: Language
) -> None:
    before, after = profiles
    figure = profile_figure({"a": before, "b": after}, framework(), lang).to_plotly_json()
    arrows = {
        KEYS[-one["y"]]: (one["ax"], one["x"]) for one in figure["layout"]["annotations"] if one["showarrow"]
    }
    both = set(before) & set(after)
    assert arrows == {key: (before[key], after[key]) for key in both if before[key] != after[key]}
    assert len(profiles_compared(before, after, framework(), lang)) == (len(arrows) + 1 if both else 0)


@given(PROFILES.filter(bool), st.sampled_from(LANGUAGES))
def test_the_words_say_what_the_picture_shows(positions: dict[str, int], lang: Language) -> None:
    lines = dict(zip(KEYS, profile_lines({"": positions}, framework(), lang), strict=True))
    for key, consideration in framework().considerations.items():
        position = positions.get(key, 0)
        assert (consideration.left_short[lang] in lines[key]) is (position < 0)
        assert (consideration.right_short[lang] in lines[key]) is (position > 0)


def test_what_shifted_is_told_with_the_pole_that_it_went_towards() -> None:
    before, after = {"vorm": -2, "plek": 1, "kosten": 0}, {"vorm": 1, "plek": 1, "kosten": -1, "verschil": 3}
    assert profiles_compared(before, after, framework(), "nl") == [
        "Je profiel: 2 van de 3 antwoorden verschoven.",
        "Vorm: 3 stappen naar rechts, richting ‘regel’.",
        "Kosten: 1 stap naar links, richting ‘organisatie’.",
    ]
    assert len(profiles_compared(before, before, framework(), "en")) == 1


def test_the_chapter_compares_profiles_without_a_placement(tmp_path: Path) -> None:
    chapter = Chapter("02-begrip", "nl", tmp_path / "answers.json")
    compared = chapter.compare("before", "after")
    view, *_, picture = compared.children
    assert picture.content == {}
    for name, positions in (("before", {"vorm": -1}), ("after", {"vorm": 2})):
        chapter.profile(name).children[0].positions = positions
    assert "Vorm: 3 stappen naar rechts" in view.content["steps"][0]["intro"]
    assert picture.content["lines"][0] == (
        "Vorm: voor het lezen een beetje links (uitzondering), na het lezen duidelijk rechts (regel)."
    )
