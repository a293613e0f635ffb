"""Cronbach's alpha and its interval, against pingouin's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.report.measures import cronbach


@given(st.integers(5, 60), st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_alpha_and_its_interval_are_those_of_pingouin(learners: int, items: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    able = chance.normal(size=(learners, 1))
    points = np.round(able + chance.normal(size=(learners, items)), 1)
    names = [f"c{number}" for number in range(items)]
    scores = {f"s{row}": dict(zip(names, map(float, points[row]), strict=True)) for row in range(learners)}
    found = cronbach(scores, dict.fromkeys(names, 1.0))
    differing = pd.DataFrame(points).loc[:, lambda table: table.nunique() > 1]
    if differing.shape[1] < 2 or not differing.sum(axis=1).var():
        assert found is None
        return
    alpha, (low, high) = pingouin.cronbach_alpha(data=differing)
    assert found is not None and found.n == learners and found.items == differing.shape[1]
    assert found.alpha == pytest.approx(alpha)
    # pingouin rounds its interval to three decimals.
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-4)
