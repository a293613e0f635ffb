"""Places, divisions and cases for the live workshop's tests."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st
from maatwerk import framework
from maatwerk_live.core.aggregate import Point
from maatwerk_live.core.protocol import Case

POINTS = st.integers(0, 100)
PLACES: st.SearchStrategy[Point] = st.tuples(POINTS, POINTS)
ROLES = st.sampled_from([None, *framework().perspectives])
LOYALTIES = tuple(framework().loyalties)


def _divide(cuts: list[int]) -> dict[str, int]:
    ends = [0, *sorted(cuts), 100]
    return dict(zip(LOYALTIES, (b - a for a, b in pairwise(ends)), strict=True))


DIVISIONS = st.lists(POINTS, min_size=4, max_size=4).map(_divide)


def case(key: str) -> Case:
    return Case(
        key,
        *(
            {"nl": f"{key} {part}", "en": f"{key} {part} (en)"}
            for part in ("title", "text", "question", "cite")
        ),
    )


CASES = {key: case(key) for key in ("scootmobiel", "giften")}
