"""The dynamics as causal loops: what the essay calls self-reinforcing is so by its arrows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import TableError, framework
from maatwerk.framework import TABLES
from maatwerk.loops import DIRECTIONS, SIGNS, Direction, Sign, passed_on, polarity, read_loops

# What the loops are by the essay's account of them; the file itself says it nowhere.
REINFORCING = {
    "verschil-vraagt-om-regels": "burgers",
    "overleven": "uitvoeringsambtenaren",
    "schuilen": "uitvoeringsambtenaren",
    "afstomping": "uitvoeringsambtenaren",
    "vertrouwen-slijt": "managers",
    "sturing-slijt": "bestuurders",
    "risicoregelreflex": "bestuurders",
}
# Each a reason why a rule looks like a solution: it does slow something down.
BALANCING = {"regels-dempen-verschil": "burgers", "ruimte-loopt-vol": "managers", "even-rust": "bestuurders"}

some_signs = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12)


def test_loops_have_the_polarity_that_the_essay_gives_them() -> None:
    found = {loop.key: (loop.dynamic, loop.polarity) for loop in framework().loops.values()}
    assert found == {
        **{key: (dynamic, "reinforcing") for key, dynamic in REINFORCING.items()},
        **{key: (dynamic, "balancing") for key, dynamic in BALANCING.items()},
    }


def test_every_dynamic_of_table_4_1_strengthens_itself() -> None:
    reinforcing = {loop.dynamic for loop in framework().loops.values() if loop.polarity == "reinforcing"}
    assert reinforcing == set(framework().dynamics)


def test_loops_stand_in_the_order_of_table_4_1() -> None:
    order = list(framework().dynamics)
    places = [order.index(loop.dynamic) for loop in framework().loops.values()]
    assert places == sorted(places)


def test_every_loop_cites_the_section_of_its_dynamic() -> None:
    sections = dict(zip(framework().dynamics, ("4.1", "4.2", "4.3", "4.4"), strict=True))
    for loop in framework().loops.values():
        assert f"paragraaf {sections[loop.dynamic]}" in [place.cite("nl") for place in loop.places]
        for arrow in loop.arrows:
            if arrow.told_by == "essay":
                assert [place.number for place in arrow.places if place.number.startswith("4.")]


def test_a_loop_visits_nothing_twice() -> None:
    for loop in framework().loops.values():
        visited = [arrow.source for arrow in loop.arrows]
        assert len(set(visited)) == len(visited)


@given(signs=some_signs, turn=st.integers(0, 11))
def test_it_does_not_matter_where_a_loop_is_told_from(signs: list[Sign], turn: int) -> None:
    turn %= len(signs)
    assert polarity(signs) == polarity(signs[turn:] + signs[:turn])


@given(signs=some_signs, turned=st.integers(0, 11))
def test_turning_one_arrow_round_turns_the_loop(signs: list[Sign], turned: int) -> None:
    turned %= len(signs)
    other = signs.copy()
    other[turned] = "-" if signs[turned] == "+" else "+"
    assert {polarity(signs), polarity(other)} == {"reinforcing", "balancing"}


@given(signs=some_signs, starts=st.sampled_from(DIRECTIONS))
def test_a_change_comes_back_the_same_way_only_in_a_reinforcing_loop(
    signs: list[Sign], starts: Direction
) -> None:
    direction = starts
    for sign in signs:
        direction = passed_on(direction, sign)
    assert (direction == starts) == (polarity(signs) == "reinforcing")


def test_every_loop_comes_back_as_its_polarity_says() -> None:
    for loop in framework().loops.values():
        assert len(loop.directions) == len(loop.arrows) + 1
        assert (loop.directions[0] == loop.directions[-1]) == (loop.polarity == "reinforcing")
        assert loop.minuses == [arrow.sign for arrow in loop.arrows].count("-")


@pytest.mark.parametrize(
    ("old", "new", "row", "field"),
    [
        ('target = "roep"', 'target = "buiten"', "verschil-vraagt-om-regels", "arrow"),
        ('target = "roep"', 'target = "rust"', "verschil-vraagt-om-regels.1", "target"),
        ('sign = "+"', 'sign = "-"', "regels-dempen-verschil.1", "sign"),
        ('sign = "+"', 'sign = "plus"', "verschil-vraagt-om-regels.1", "sign"),
        ('dynamic = "managers"', 'dynamic = "burgers"', "-", "loop"),
        ('key = "routines"', 'key = "gewoonten"', "overleven.2", "target"),
        ('told_by = "essay"', 'told_by = "iemand"', "verschil-vraagt-om-regels.1", "told_by"),
    ],
)
def test_a_planted_mistake_is_named(tmp_path: Path, old: str, new: str, row: str, field: str) -> None:
    file = tmp_path / "loops.toml"
    shutil.copy(TABLES / "loops.toml", file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    # A dynamic loses all its loops; of anything else the first one is enough.
    file.write_text(text.replace(old, new, -1 if field == "loop" else 1), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_loops(file, tuple(framework().dynamics))
    assert (caught.value.row, caught.value.field) == (row, field)


def test_a_quantity_that_nothing_reaches_is_named(tmp_path: Path) -> None:
    file = tmp_path / "loops.toml"
    text = (TABLES / "loops.toml").read_text(encoding="utf-8")
    words = "".join(
        f'{field}.nl = "los {field}"\n{field}.en = "loose {field}"\n'
        for field in ("name", "more", "less", "meaning")
    )
    file.write_text(f'{text}\n[[quantity]]\nkey = "los"\n{words}', encoding="utf-8")
    with pytest.raises(TableError, match="no arrow reaches 'los'"):
        read_loops(file, tuple(framework().dynamics))
