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
