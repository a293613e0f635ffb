"""Where a decision stands on the plane: every point, the borders, and what is no point."""

from __future__ import annotations

import math
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import Framework, Placement, PlacementError, framework, load_framework
from maatwerk.framework import TABLES

POINTS = st.floats(0, 100) | st.integers(0, 100)


def keys(placement: Placement, fw: Framework | None = None) -> list[str]:
    return [variant.key for variant in placement.variants(fw or framework())]


@given(person=POINTS, group=POINTS)
def test_every_point_has_its_variants(person: float, group: float) -> None:
    fw = framework()
    found = Placement(person, group).variants(fw)
    levels = [
        {"low", "high"} if 45 <= points <= 55 else {"low"} if points < 45 else {"high"}
        for points in (person, group)
    ]
    assert {(v.person, v.group) for v in found} == {(p, g) for p in levels[0] for g in levels[1]}
    assert len(found) == len(levels[0]) * len(levels[1])
    # In table 5.1's order, whatever the number.
    assert [v.key for v in found] == [key for key in fw.variants if fw.variants[key] in found]


@pytest.mark.parametrize(
    ("person", "group", "expected"),
    [
        (0, 0, ["standaardisatie"]),
        (0, 100, ["beleidscategorieen"]),
        (100, 0, ["hardheidsclausule"]),
        (100, 100, ["standaardmaatwerk"]),
        (50, 0, ["standaardisatie", "hardheidsclausule"]),
        (50, 100, ["beleidscategorieen", "standaardmaatwerk"]),
        (0, 50, ["standaardisatie", "beleidscategorieen"]),
        (100, 50, ["hardheidsclausule", "standaardmaatwerk"]),
        (50, 50, ["standaardisatie", "beleidscategorieen", "hardheidsclausule", "standaardmaatwerk"]),
    ],
)
def test_corners_sides_and_middle(person: float, group: float, expected: list[str]) -> None:
    assert keys(Placement(person, group)) == expected


@pytest.mark.parametrize("edge", [45, 55])
def test_the_bands_edges_belong_to_the_band(edge: float) -> None:
    outside = math.nextafter(edge, 0 if edge < 50 else 100)
    assert len(keys(Placement(edge, 0))) == 2
    assert len(keys(Placement(outside, 0))) == 1
    assert len(keys(Placement(0, edge))) == 2
    assert len(keys(Placement(0, outside))) == 1


@given(border=st.integers(1, 99), data=st.data())
def test_border_and_band_are_data(
    border: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    band = data.draw(st.integers(0, min(border, 100 - border) - 1))
    tables = tmp_path_factory.mktemp("plane") / "tables"
    shutil.copytree(TABLES, tables)
    plane = (tables / "plane.toml").read_text(encoding="utf-8")
    moved = plane.replace("border = 50\nband = 5\n", f"border = {border}\nband = {band}\n")
    (tables / "plane.toml").write_text(moved, encoding="utf-8")
    fw = load_framework(tables)
    for points, expected in [
        (border - band - 0.5, ["standaardisatie"]),
        (border - band, ["standaardisatie", "beleidscategorieen"]),
        (border, ["standaardisatie", "beleidscategorieen"]),
        (border + band, ["standaardisatie", "beleidscategorieen"]),
        (border + band + 0.5, ["beleidscategorieen"]),
    ]:
        assert keys(Placement(0, points), fw) == expected


NO_POINTS = st.one_of(
    st.sampled_from(
        [math.nan, math.inf, -math.inf, True, False, None, "50", "", [50], 50j, 10**400, -(10**400)]
    ),
    st.floats(max_value=0, exclude_max=True),
    st.floats(min_value=100, exclude_min=True),
    st.integers(max_value=-1),
    st.integers(min_value=101),
    st.text(),
)


@given(value=NO_POINTS, other=POINTS)
def test_what_is_no_point_is_refused_by_axis(value: object, other: float) -> None:
    with pytest.raises(PlacementError) as refused:
        Placement(value, other)  # type: ignore[arg-type]
    assert refused.value.axis == "person"
    assert refused.value.value is value
    assert str(refused.value).startswith("person = ")

    with pytest.raises(PlacementError) as refused:
        Placement(other, value)  # type: ignore[arg-type]
    assert refused.value.axis == "group"
    assert str(refused.value).startswith("group = ")


def test_a_placement_does_not_move_by_itself() -> None:
    placement = Placement(20, 30)
    with pytest.raises(AttributeError):
        placement.person = 40  # type: ignore[misc]
