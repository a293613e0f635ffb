"""Whatever a class is like: nobody gets another one's work, and everything that happened is told."""

from __future__ import annotations

from classes import LMSS, Score, make, try_class
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_nobody_gets_anothers_work_and_everything_is_told(seed: int) -> None:
    score = Score()
    try_class(seed, score)
    assert not score.wrong
    assert not score.untold


def test_the_classes_are_of_every_kind_and_most_work_is_collected() -> None:
    """A collector that refuses everything makes no mistake either."""
    score = Score()
    for seed in range(120):
        try_class(seed, score)
    assert not score.wrong and not score.untold
    assert score.collected > 0.7 * score.submissions
    import random

    settings_ = [make(random.Random(seed)) for seed in range(120)]
    assert {one.lms for one in settings_} == set(LMSS)
    for feature in ("blind", "team", "flat", "has_list", "reused"):
        assert {getattr(one, feature) for one in settings_} == {True, False}
