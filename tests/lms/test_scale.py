"""The scale of a mark: fixed points, rounding, and nobody over the line by rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.lms.scale import Scale, written

SIXTY = Decimal(60)


@pytest.mark.parametrize(
    ("points", "line", "mark"),
    [
        (0, 55, "1.0"),
        (33, 55, "5.5"),
        (60, 55, "10.0"),
        (16.5, 55, "3.3"),
        (46.5, 55, "7.8"),
        (32.99, 55, "5.4"),
        (30, 50, "5.5"),
        (36, 60, "5.5"),
    ],
)
def test_a_mark_from_1_to_10(points: float, line: int, mark: str) -> None:
    assert Scale("mark", Decimal(line)).mark(points, SIXTY) == Decimal(mark)


def test_points_and_shares_are_rounded_half_up() -> None:
    assert Scale().mark(7.325, SIXTY) == Decimal("7.33")
    assert Scale().mark(0.1 + 0.2, SIXTY) == Decimal("0.30")
    assert Scale("percent").mark(20, SIXTY) == Decimal("33.33")
    assert Scale("percent").mark(20, SIXTY, Decimal(20)) == Decimal("6.67")
    assert Scale("percent").maximum(SIXTY) == 100
    with pytest.raises(ValueError, match="without points"):
        Scale("percent").mark(1, Decimal(0))


def test_a_cell_has_the_decimals_of_the_file() -> None:
    assert written(Decimal("7.30"), comma=True) == "7,30"
    assert written(Decimal("10.0"), comma=False) == "10.0"


@given(
    points=st.lists(st.integers(0, 6000).map(lambda cents: cents / 100), min_size=2, max_size=20),
    line=st.integers(1, 99).map(Decimal),
)
def test_more_points_never_give_less_and_the_line_is_exact(points: list[float], line: Decimal) -> None:
    scale = Scale("mark", line)
    marks = [scale.mark(one, SIXTY) for one in sorted(points)]
    assert marks == sorted(marks)
    for one in points:
        passed = Decimal(repr(one)) * 100 >= line * SIXTY
        assert (scale.mark(one, SIXTY) >= Decimal("5.5")) == passed
        assert 1 <= scale.mark(one, SIXTY) <= 10
