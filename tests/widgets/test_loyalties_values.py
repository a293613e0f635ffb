"""The Python side of the loyalties: any division is fine, and what is none is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.loyalties import LoyaltyScales
from traitlets import TraitError

KEYS = tuple(framework().loyalties)
NOTHING = dict.fromkeys(KEYS, 0)


@given(st.dictionaries(st.sampled_from(KEYS), st.integers(0, 100)))
def test_any_division_is_kept_and_counted(weights: dict[str, int]) -> None:
    scales = LoyaltyScales(weights=weights)
    assert scales.weights == NOTHING | weights
    assert list(scales.weights) == list(KEYS)
    assert scales.remaining == 100 - sum(weights.values())
    assert scales.complete == (scales.remaining == 0)
    assert set(scales.heaviest) <= {key for key, points in weights.items() if points}


@pytest.mark.parametrize(
    "weights",
    [
        NOTHING | {"burgers": -1},
        NOTHING | {"burgers": 101},
        NOTHING | {"burgers": 1.5},
        NOTHING | {"burgers": True},
        NOTHING | {"burgers": "10"},
        NOTHING | {"familie": 10},
        {"burgers": 10},
        {},
    ],
)
@pytest.mark.parametrize(("lang", "said"), [("nl", "heel getal van 0 tot"), ("en", "whole number from 0 to")])
def test_what_is_no_division_is_refused_in_words(weights: Any, lang: Language, said: str) -> None:
    scales = LoyaltyScales(lang)
    with pytest.raises(TraitError, match=f"{said}.*100.*burgers.*maatschappij"):
        scales.weights = weights
    assert scales.weights == NOTHING


def test_an_unknown_loyalty_to_restore_is_refused_in_words() -> None:
    with pytest.raises(TraitError, match="familie"):
        LoyaltyScales("nl", weights={"familie": 10})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_brings_all_words_along(lang: Language) -> None:
    scales = LoyaltyScales()
    scales.lang = lang
    for shown, loyalty in zip(scales.content["loyalties"], framework().loyalties.values(), strict=True):
        assert (shown["name"], shown["dilemma"]) == (loyalty.name[lang], loyalty.dilemma[lang])
    with pytest.raises(TraitError):
        scales.content = {}
