"""The game of the dynamics stays in bounds, is the same every time, and behaves as table 4.1 claims.

The game illustrates: no number in it comes from the essay. What does come from there is the direction of
every claim below.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import TableError, framework
from maatwerk.framework import TABLES
from maatwerk.rounds import EMPTY, FULL, Points, Round, phases, read_game, strongest

GAME = framework().game
FIRST = {key: dial.start for key, dial in GAME.dials.items()}
# Nobody reacts to anything, whatever room is given.
CALM = {"verdragen": 100.0, "zoeken": 0.0, "voorwaarden": 0.0, "reflex": 0.0}

points = st.integers(0, 100).map(float)
some_dials = st.fixed_dictionaries(dict.fromkeys(GAME.dials, points))
some_moves = st.lists(some_dials, min_size=1, max_size=GAME.length)


def steady(dials: Points) -> tuple[Round, ...]:
    """A whole game with the dials left alone."""
    return GAME.play([dials] * GAME.length)


def course(played: tuple[Round, ...], stock: str) -> list[float]:
    return [one.stocks[stock] for one in played]


@given(moves=some_moves)
def test_no_stock_ever_leaves_its_bounds(moves: list[Points]) -> None:
    for one in GAME.play(moves):
        assert all(EMPTY <= value <= FULL for value in one.stocks.values())


@given(moves=some_moves)
def test_the_same_moves_give_the_same_game(moves: list[Points]) -> None:
    assert GAME.play(moves) == GAME.play([dict(dials) for dials in moves])


@given(moves=some_moves, cut=st.integers(0, 16))
def test_what_was_played_does_not_change_by_playing_on(moves: list[Points], cut: int) -> None:
    assert GAME.play(moves[:cut]) == GAME.play(moves)[:cut]


# Turning this dial up makes the course of that stock higher (+) or lower (-), in every round and whatever the
# other dials. Each row is a claim of chapter 4.
CLAIMS = [
    # 4.4: administrators answer incidents with measures; measures pile up, and each of them works less.
    ("reflex", "regels", "+"),
    ("reflex", "werking", "-"),
    ("reflex", "ruimte", "-"),
    ("reflex", "gevoeligheid", "-"),
    # 4.3: managers fill the room with conditions: more protocols, less room that is used, less trust.
    ("voorwaarden", "regels", "+"),
    ("voorwaarden", "ruimte", "-"),
    ("voorwaarden", "vertrouwen", "-"),
    # 4.2: officials seek cover: over-conformism, more rules, unused room, sensitivity that wears away.
    ("zoeken", "dekking", "+"),
    ("zoeken", "regels", "+"),
    ("zoeken", "ruimte", "-"),
    ("zoeken", "gevoeligheid", "-"),
    # 4.1: the less difference citizens accept, the more rules they call for.
    ("verdragen", "regels", "-"),
    ("verdragen", "ruimte", "+"),
]


@pytest.mark.parametrize(("dial", "stock", "direction"), CLAIMS)
@settings(max_examples=60, deadline=None)
@given(dials=some_dials, low=points, high=points)
def test_the_game_does_what_table_4_1_claims(
    dial: str, stock: str, direction: str, dials: Points, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    less, more = (course(steady({**dials, dial: value}), stock) for value in (low, high))
    if direction == "-":
        less, more = more, less
    # A rounding error is no effect.
    assert all(a <= b + 1e-9 for a, b in zip(less, more, strict=True))


@settings(max_examples=40, deadline=None)
@given(dials=some_dials)
def test_steering_loses_effect_as_long_as_there_are_rules(dials: Points) -> None:
    effect = [GAME.start["werking"], *course(steady(dials), "werking")]
    assert all(later < earlier for earlier, later in pairwise(effect))


@settings(max_examples=40, deadline=None)
@given(given_room=st.integers(60, 100).map(float))
def test_giving_room_is_not_yet_using_it(given_room: float) -> None:
    # The opening of chapter 4: 'more room is more maatwerk' is too short. The same room, other reactions.
    calm = steady({**CALM, "gegeven": given_room})[-1]
    reacting = steady(
        {"gegeven": given_room, "verdragen": 0, "zoeken": 100, "voorwaarden": 100, "reflex": 100}
    )[-1]
    assert reacting.stocks["ruimte"] < 20 < 60 < calm.stocks["ruimte"]


# One actor reacts strongly, the others hardly: the pattern that shows first is that actor's own.
ONE_ACTOR = [
    ({"verdragen": 5}, "roep-om-gelijkheid"),
    ({"zoeken": 90}, "overconformisme"),
    ({"voorwaarden": 90}, "protocollering"),
    ({"reflex": 90}, "risicoregelreflex"),
]


@pytest.mark.parametrize(("own", "pattern"), ONE_ACTOR)
def test_each_actor_brings_its_own_pattern(own: dict[str, float], pattern: str) -> None:
    hardly = {"gegeven": 80.0, "verdragen": 80.0, "zoeken": 20.0, "voorwaarden": 20.0, "reflex": 20.0}
    without = {key for one in steady(hardly) for key in one.patterns}
    first = next(one.patterns for one in steady({**hardly, **own}) if one.patterns)
    assert first == (pattern,)
    assert pattern not in without


def test_a_good_circle_can_show_too() -> None:
    assert "productief" in steady({**CALM, "gegeven": 80.0})[-1].patterns


def test_every_pattern_can_show_and_none_shows_at_the_start() -> None:
    games = [steady(FIRST), steady({**CALM, "gegeven": 80.0})]
    games += [steady({**FIRST, **own}) for own, _ in ONE_ACTOR]
    assert {key for played in games for one in played for key in one.patterns} == set(GAME.patterns)
    assert steady(FIRST)[0].patterns == ()


def test_late_restraint_does_not_undo_what_was_done() -> None:
    # 'Zeer hardnekkig': letting go halfway leaves more rules than never having begun.
    fierce, mild = {**FIRST, "reflex": 100.0}, {**FIRST, "reflex": 0.0}
    half = GAME.length // 2
    late = GAME.play([fierce] * half + [mild] * half)
    assert late[-1].stocks["regels"] > steady(mild)[-1].stocks["regels"] + 1
    assert late[-1].stocks["regels"] < steady(fierce)[-1].stocks["regels"] - 1


@given(moves=some_moves)
def test_phases_cover_every_round_once_and_differ_from_their_neighbours(moves: list[Points]) -> None:
    played = GAME.play(moves)
    found = phases(played)
    assert [n for phase in found for n in range(phase.first, phase.last + 1)] == list(
        range(1, len(played) + 1)
    )
    assert all(
        played[n - 1].patterns == phase.patterns
        for phase in found
        for n in range(phase.first, phase.last + 1)
    )
    assert all(a.patterns != b.patterns for a, b in pairwise(found))


def test_the_strongest_push_is_found() -> None:
    rules = GAME.stocks["regels"]
    flow = strongest(rules, "up", steady({**CALM, "gegeven": 50.0, "reflex": 100.0}))
    assert flow is not None and flow.key == "regels-reflex"
    assert strongest(GAME.stocks["werking"], "up", steady(FIRST)) is None


@pytest.mark.parametrize(
    ("old", "new", "row", "field"),
    [
        ("rounds = 16", "rounds = 0", "-", "rounds"),
        ("rounds = 16", "rounds = 2.5", "-", "rounds"),
        ("speed = 40", "speed = 80", "ruimte", "flow"),
        ("speed = 40", "speed = 140", "ruimte.ruimte-gegeven", "speed"),
        ('factors = ["gegeven"]', 'factors = ["gegegeven"]', "ruimte.ruimte-gegeven", "factors"),
        ('lacking = ["regels"]', 'lacking = ["Regels"]', "ruimte.ruimte-gegeven", "lacking"),
        ('key = "reflex"', 'key = "regels"', "regels", "key"),
        ('of = "dekking"', 'of = "reflex"', "overconformisme.1", "of"),
        ("points = 50", "points = 500", "overconformisme.1", "points"),
        ("start = 70", "start = -1", "gegeven", "start"),
        ('picture = "organisatie"', 'picture = "los"', "ruimte", "picture"),
    ],
)
def test_a_planted_mistake_is_named(tmp_path: Path, old: str, new: str, row: str, field: str) -> None:
    file = tmp_path / "rounds.toml"
    shutil.copy(TABLES / "rounds.toml", file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_game(file)
    assert (caught.value.row, caught.value.field) == (row, field)
