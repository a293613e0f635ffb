"""Any place of any card is kept as it is, and what is laid beside it is the same for every place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets import Chapter
from maatwerk_widgets.cards import PracticeCards, cards_content
from maatwerk_widgets.kept import kept_cards

KEYS = tuple(framework().practices)
POINTS = st.integers(0, 100)
SPOTS = st.fixed_dictionaries({"person": POINTS, "group": POINTS})
JUNK = st.none() | st.floats() | st.text(max_size=3) | st.dictionaries(st.text(max_size=6), st.integers())


@given(st.dictionaries(st.sampled_from(KEYS), SPOTS))
def test_every_place_of_every_card_can_be_given_and_comes_back(placements: dict[str, Any]) -> None:
    cards = PracticeCards(placements=placements)
    assert cards.placements == placements
    assert kept_cards({"cards.x": placements}, "cards.x", framework()) == placements


@given(st.dictionaries(st.sampled_from(KEYS), SPOTS | JUNK) | JUNK)
def test_whatever_stands_in_the_file_the_cards_can_show_it(kept: Any) -> None:
    usable = kept_cards({"cards.x": kept}, "cards.x", framework())
    assert PracticeCards(placements=usable).placements == usable


@given(st.dictionaries(st.sampled_from(KEYS), SPOTS), st.sampled_from(LANGUAGES))
def test_no_place_is_judged(placements: dict[str, Any], lang: Language) -> None:
    """Promise 1: what the cards can say does not depend on where they lie."""
    assert PracticeCards(lang, placements=placements).content == cards_content(framework(), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("wrong", [{"duo": {"person": 101, "group": 0}}, {"duo": [1, 2]}, {"dou": {}}])
def test_another_value_is_refused_with_what_to_do(wrong: dict[str, Any], lang: Language) -> None:
    with pytest.raises(traitlets.TraitError, match=r"'person'.*'group'.*100.*duo.*cak"):
        PracticeCards(lang).placements = wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_tells_of_its_own_case_and_asks_something(lang: Language) -> None:
    practices = cards_content(framework(), lang)["practices"]
    assert [p["key"] for p in practices] == list(KEYS)
    for number, practice in enumerate(practices, start=1):
        assert practice["thought"].endswith(f"2.2.{number})")
        assert practice["thought"].count("?") >= 1 or practice["key"] == "sbb"


def test_both_readings_of_the_inspectorate_are_on_its_card() -> None:
    """Source note D4: the essay gives two."""
    for lang in LANGUAGES:
        card = next(p for p in cards_content(framework(), lang)["practices"] if p["key"] == "ivho")
        assert len(card["meanings"]) == 2


def test_what_was_placed_is_back_in_a_new_session(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    Chapter("02-begrip", "nl", file).cards("first").children[0].placements = {
        "coa": {"person": 10, "group": 90}
    }
    again = Chapter("02-begrip", "en", file).cards("first").children[0]
    assert again.placements == {"coa": {"person": 10, "group": 90}}
