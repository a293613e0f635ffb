"""Promise 1: for every place on the plane and every division of the points, some answer earns full marks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Placement, framework
from maatwerk.model import SIDES
from maatwerk.weighing import TOTAL, heaviest
from maatwerk_exercises.exercises import CRITERION_KEYS, Exercise, exercises
from maatwerk_grading.criteria import CRITERIA, assess, model_answer
from maatwerk_learner.answers import Answer

FW = framework()
LOYALTIES = tuple(FW.loyalties)
EVERY = sorted(exercises())
every_exercise = pytest.mark.parametrize("exercise", EVERY)

POINTS = st.integers(0, 100) | st.floats(0, 100, allow_nan=False)
PLACES = st.builds(Placement, POINTS, POINTS)


@st.composite
def divisions(draw: st.DrawFn) -> dict[str, int]:
    """Any division of exactly 100 points: four cuts in the line from 0 to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, TOTAL), min_size=4, max_size=4)))
    return dict(zip(LOYALTIES, (b - a for a, b in zip((0, *cuts), (*cuts, TOTAL), strict=True)), strict=True))


def earned(answer: Answer, exercise: Exercise) -> float:
    return sum(one.points for one in assess(answer, exercise, FW))


def most(exercise: Exercise) -> float:
    return float(sum(exercise.points.values()))


@given(PLACES, divisions(), st.sampled_from(EVERY))
@example(Placement(50, 50), {**dict.fromkeys(LOYALTIES, 0), "burgers": 100}, "scootmobiel")
@example(Placement(45, 55), dict.fromkeys(LOYALTIES, 20), "scootmobiel")
def test_some_answer_earns_everything_from_every_place_and_division(
    place: Placement, weights: dict[str, int], key: str
) -> None:
    exercise = exercises()[key]
    answer = model_answer(place, weights, exercise, FW)
    assert answer.placement == place
    assert answer.loyalties == weights
    assert earned(answer, exercise) == most(exercise)


@given(PLACES, PLACES, divisions())
def test_the_maximum_does_not_depend_on_the_place(
    one: Placement, other: Placement, weights: dict[str, int]
) -> None:
    exercise = exercises()["scootmobiel"]
    assert {
        outcome.maximum
        for place in (one, other)
        for outcome in assess(model_answer(place, weights, exercise, FW), exercise, FW)
    } == {float(points) for points in exercise.points.values()}


@given(PLACES, divisions(), divisions())
def test_only_the_tension_looks_at_how_the_points_were_divided(
    place: Placement, one: dict[str, int], other: dict[str, int]
) -> None:
    exercise = exercises()["scootmobiel"]
    answer = model_answer(place, one, exercise, FW)
    before = {o.criterion: o.points for o in assess(answer, exercise, FW)}
    after = {o.criterion: o.points for o in assess(replace(answer, loyalties=other), exercise, FW)}
    before.pop("spanning"), after.pop("spanning")
    assert before == after


@given(divisions())
def test_every_tension_of_every_heaviest_loyalty_earns_everything(weights: dict[str, int]) -> None:
    exercise = exercises()["scootmobiel"]
    for loyalty in heaviest(weights):
        for tension in FW.loyalties[loyalty].tensions:
            answer = Answer(loyalties=weights, tension=tension.key)
            outcome = CRITERIA["spanning"](answer, exercise, FW)
            assert outcome.points == outcome.maximum


CORNERS = [Placement(person, group) for person, group in product((5, 95), repeat=2)]


@pytest.mark.parametrize("place", CORNERS, ids=lambda p: f"{p.person}-{p.group}")
@pytest.mark.parametrize("side", SIDES)
def test_every_cell_of_the_own_table_is_right_also_one_of_two_tables(place: Placement, side: str) -> None:
    """Source note D3: what stands in two tables is right for both."""
    exercise = exercises()["scootmobiel"]
    (variant,) = place.variants(FW)
    effects = {p: {side: FW.statement(variant.key, p, side).key} for p in FW.perspectives}  # type: ignore[arg-type]
    key = {"voordeel": "voordelen", "nadeel": "nadelen"}[side]
    outcome = CRITERIA[key](Answer(placement=place, effects=effects), exercise, FW)
    assert outcome.points == outcome.maximum


@given(st.sampled_from(CORNERS), st.data())
def test_a_cell_of_another_table_alone_earns_nothing(place: Placement, data: st.DataObject) -> None:
    exercise = exercises()["scootmobiel"]
    (variant,) = place.variants(FW)
    strange = [s for s in FW.statements.values() if variant.key not in s.variants]
    statement = data.draw(st.sampled_from(strange))
    answer = Answer(placement=place, effects={statement.perspective: {statement.side: statement.key}})
    for outcome in assess(answer, exercise, FW):
        if outcome.criterion in ("voordelen", "nadelen", "tweezijdigheid"):
            assert outcome.points == 0


def test_more_right_cells_never_cost_points_and_a_wrong_one_never_pays() -> None:
    exercise = exercises()["scootmobiel"]
    place = Placement(95, 95)
    (variant,) = place.variants(FW)
    right = {p: {"voordeel": FW.statement(variant.key, p, "voordeel").key} for p in FW.perspectives}
    earned_by = [
        CRITERIA["voordelen"](
            Answer(placement=place, effects=dict(list(right.items())[:count])), exercise, FW
        ).points
        for count in range(len(right) + 1)
    ]
    assert earned_by == sorted(earned_by)
    assert earned_by[-1] == exercise.points["voordelen"]
    wrong = FW.statement("standaardisatie", "bestuurder", "voordeel").key
    for count in range(len(right)):
        effects = dict(list(right.items())[:count]) | {"bestuurder": {"voordeel": wrong}}
        with_wrong = CRITERIA["voordelen"](Answer(placement=place, effects=effects), exercise, FW).points
        assert with_wrong <= earned_by[count]


@pytest.mark.parametrize("place", CORNERS, ids=lambda p: f"{p.person}-{p.group}")
def test_arguing_for_the_own_variant_is_no_counter_argument(place: Placement) -> None:
    exercise = exercises()["scootmobiel"]
    (own,) = place.variants(FW)
    statement = FW.statement(own.key, "burger", "voordeel").key
    answer = Answer(placement=place, counter_variant=own.key, counter_statement=statement)
    assert CRITERIA["tegenargument"](answer, exercise, FW).points == 0


@every_exercise
def test_an_empty_answer_earns_nothing_and_is_told_what_to_do(exercise: str) -> None:
    outcomes = assess(Answer(), exercises()[exercise], FW)
    assert [one.criterion for one in outcomes] == list(CRITERION_KEYS)
    for one in outcomes:
        assert one.points == 0
        assert one.feedback.nl != one.feedback.en
        assert one.places


ANYTHING = st.none() | st.text(max_size=12) | st.sampled_from([*FW.statements, *FW.dynamics, *FW.variants])


@settings(max_examples=300)
@given(
    st.builds(
        Answer,
        placement=st.none() | PLACES,
        loyalties=st.dictionaries(st.sampled_from(LOYALTIES) | st.text(max_size=5), st.integers(0, 100)),
        tension=st.none() | st.sampled_from(sorted(FW.tensions())) | st.text(max_size=12),
        effects=st.dictionaries(
            st.sampled_from([*FW.perspectives, "niemand"]),
            st.dictionaries(st.sampled_from([*SIDES, "midden"]), ANYTHING.filter(bool)),
        ),
        dynamic=ANYTHING,
        dynamic_actor=ANYTHING,
        counter_variant=ANYTHING,
        counter_statement=ANYTHING,
    )
)
def test_every_answer_gets_points_within_bounds_and_words_in_both_languages(answer: Answer) -> None:
    for exercise in exercises().values():
        for one in assess(answer, exercise, FW):
            assert type(one.points) is float
            assert 0 <= one.points <= one.maximum == exercise.points[one.criterion]
            for lang in LANGUAGES:
                assert one.feedback[lang].strip()
                assert "{" not in one.feedback[lang]
