"""What the board says of a hall: right, never of fewer than five people, and never who."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import Placement, framework
from maatwerk_live.core.aggregate import (
    AT_LEAST,
    BETWEEN,
    Point,
    by_role,
    movement,
    summarise,
    tension,
    weighing,
)

from tests.live.strategies import DIVISIONS, LOYALTIES, PLACES, ROLES

HALLS = st.lists(PLACES, max_size=40)
MOVES = st.dictionaries(st.integers(1, 12), PLACES)


@given(HALLS)
def test_fewer_than_five_people_make_no_picture(points: list[Point]) -> None:
    assert (summarise(points) is None) == (len(points) < AT_LEAST)


@given(MOVES, MOVES)
def test_fewer_than_five_people_in_both_rounds_make_no_arrows(
    before: dict[int, Point], after: dict[int, Point]
) -> None:
    both = before.keys() & after.keys()
    pairs = [(before[who], after[who]) for who in both]
    found = movement(pairs)
    assert (found is None) == (len(both) < AT_LEAST)
    if found:
        assert found.people == len(both)
        assert found.moved == len(found.arrows) == sum(before[who] != after[who] for who in both)
        wanted = Counter((*before[who], *after[who]) for who in both if before[who] != after[who])
        assert Counter(found.arrows) == wanted
        assert found.crossed <= found.moved
        assert movement(pairs, arrows=False) == replace(found, arrows=())


@given(st.lists(DIVISIONS, max_size=12))
def test_fewer_than_five_divisions_make_no_picture(divisions: list[dict[str, int]]) -> None:
    assert (weighing(divisions) is None) == (len(divisions) < AT_LEAST)


@given(st.dictionaries(ROLES.filter(bool), HALLS))
def test_a_chair_shows_its_own_places_from_five_people(chairs: dict[str, list[Point]]) -> None:
    shown = by_role(chairs)
    assert [view.role for view in shown] == [
        role for role in framework().perspectives if len(chairs.get(role, ())) >= AT_LEAST
    ]
    for view in shown:
        assert view.summary.people == len(view.points)
        assert Counter(view.points) == Counter(chairs[view.role])


@given(st.lists(PLACES, min_size=AT_LEAST, max_size=40))
def test_the_centre_and_the_variants(points: list[Point]) -> None:
    found = summarise(points)
    assert found
    assert found.person == pytest.approx(sum(p for p, _ in points) / len(points))
    assert found.group == pytest.approx(sum(g for _, g in points) / len(points))
    assert 0 <= found.spread <= 50 * math.sqrt(2) + 1e-9
    fw = framework()
    at = [Placement(person, group).variants(fw) for person, group in points]
    wanted = Counter(variants[0].key if len(variants) == 1 else BETWEEN for variants in at)
    assert dict(found.variants) == {key: wanted[key] for key in (*fw.variants, BETWEEN)}


@given(st.lists(PLACES, min_size=AT_LEAST, max_size=20))
def test_nobody_moved_when_both_rounds_are_alike(points: list[Point]) -> None:
    found = movement([(point, point) for point in points])
    assert found
    assert (found.moved, found.crossed, found.distance, found.arrows) == (0, 0, 0, ())


@pytest.mark.parametrize(
    ("to", "crossed"),
    [((44, 10), 0), ((55, 10), 0), ((56, 10), 5), ((10, 56), 5), ((44, 50), 0), ((90, 90), 5)],
)
def test_a_border_is_crossed_from_clearly_low_to_clearly_high(to: Point, crossed: int) -> None:
    for before, after in (((10, 10), to), (to, (10, 10))):
        found = movement([(before, after)] * 5)
        assert found and found.crossed == crossed


@given(st.lists(DIVISIONS, min_size=AT_LEAST, max_size=30))
def test_the_pull_inside_and_between_is_what_the_hall_gives_to_both(divisions: list[dict[str, int]]) -> None:
    found = tension(divisions)
    means = {key: sum(one[key] for one in divisions) / len(divisions) for key in LOYALTIES}
    assert found.inside + found.between == pytest.approx(min(means[found.first], means[found.second]))
    assert found.inside + found.between == pytest.approx(sorted(means.values())[-2])
    assert max(means.values()) == pytest.approx(max(means[found.first], means[found.second]))
    assert found.to_first + found.to_second + found.even == len(divisions)
    assert LOYALTIES.index(found.first) < LOYALTIES.index(found.second)


def test_tension_tells_a_torn_person_from_a_torn_hall() -> None:
    def points(**given: int) -> dict[str, int]:
        return dict.fromkeys(LOYALTIES, 0) | given

    torn_people = tension([points(burgers=50, rechtsstaat=50)] * 6)
    torn_hall = tension([points(burgers=100)] * 3 + [points(rechtsstaat=100)] * 3)
    for found in (torn_people, torn_hall):
        assert (found.first, found.second) == ("burgers", "rechtsstaat")
    assert (torn_people.inside, torn_people.between) == (50, 0)
    assert (torn_hall.inside, torn_hall.between) == (0, 50)


@given(st.lists(DIVISIONS, min_size=AT_LEAST, max_size=30))
def test_shares_are_those_of_the_hall(divisions: list[dict[str, int]]) -> None:
    found = weighing(divisions)
    assert found
    assert list(found.loyalties) == list(LOYALTIES)
    assert sum(share.mean for share in found.loyalties.values()) == pytest.approx(100)
    for key, share in found.loyalties.items():
        given_points = [one[key] for one in divisions]
        assert min(given_points) <= share.low <= share.median <= share.high <= max(given_points)
        assert sum(share.bars) == len(divisions)
        assert share.bars[0] == given_points.count(0)
