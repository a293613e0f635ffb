"""The instructor's report: right figures, no conviction of a small group, and nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from statistics import correlation, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_exercises.assignments import assignments
from maatwerk_grading.report.measures import agreement, cronbach, item_measures
from maatwerk_grading.report.page import compare_markers, report_page
from maatwerk_grading.report.source import SMALLEST_GROUP, Choices, Marks, _choices
from maatwerk_learner.answers import Answer

NOW = datetime(2026, 11, 24, 12)
MAXIMA = {"a": 2.0, "b": 2.0, "c": 4.0}


def scores(*rows: tuple[float, float, float]) -> dict[str, dict[str, float]]:
    return {f"leerling-{n}": dict(zip(MAXIMA, row, strict=True)) for n, row in enumerate(rows)}


SPREAD = scores((0, 0, 0), (1, 1, 1), (1, 2, 2), (2, 1, 3), (2, 2, 4), (2, 2, 3))


def test_measures_agree_with_a_computation_by_hand() -> None:
    a, b, c = item_measures(SPREAD, MAXIMA)
    assert (a.p_value, b.p_value, c.p_value) == pytest.approx((8 / 12, 8 / 12, 13 / 24))
    columns = [[row[name] for row in SPREAD.values()] for name in MAXIMA]
    rest = [b_points + c_points for _, b_points, c_points in zip(*columns, strict=True)]
    assert a.item_rest == pytest.approx(correlation(columns[0], rest))
    found = cronbach(SPREAD, MAXIMA)
    assert found is not None
    totals = [sum(row.values()) for row in SPREAD.values()]
    assert found.alpha == pytest.approx(3 / 2 * (1 - sum(map(variance, columns)) / variance(totals)))
    assert found.low < found.alpha < found.high
    assert (found.n, found.items) == (6, 3)


def test_what_cannot_be_measured_is_not_guessed() -> None:
    few = dict(list(SPREAD.items())[:4])
    assert cronbach(few, MAXIMA) is None
    assert all(one.item_rest is None for one in item_measures(few, MAXIMA))
    same = scores(*[(1, 1, 4)] * 6)
    assert cronbach(same, MAXIMA) is None
    assert [one.item_rest for one in item_measures(same, MAXIMA)] == [None] * 3
    assert item_measures({}, MAXIMA) == ()


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 2), st.sampled_from([0.0, 4.0])), max_size=12))
def test_any_scores_give_measures_within_bounds(rows: list[tuple[float, float, float]]) -> None:
    for one in item_measures(scores(*rows), MAXIMA):
        assert -1e-9 <= one.p_value <= 1 + 1e-9
        assert one.item_rest is None or -1.0001 <= one.item_rest <= 1.0001
    found = cronbach(scores(*rows), MAXIMA)
    assert found is None or found.alpha <= 1.0001


def test_markers_who_agree_and_who_do_not() -> None:
    marks = [0.0, 1.0, 2.0, 2.0, 4.0, 6.0]
    same = agreement(marks, marks)
    assert (same.krippendorff, same.kappa) == pytest.approx((1.0, 1.0))
    turned = agreement(marks, marks[::-1])
    assert turned.krippendorff is not None and turned.krippendorff < 0
    assert turned.kappa is not None and turned.kappa < 0
    assert agreement([1.0], [1.0]).krippendorff is None
    assert agreement([3.0] * 6, [3.0] * 6).kappa is None
    assert agreement([], []).n == 0


def test_only_texts_that_both_marked_are_compared() -> None:
    marks = Marks(
        "x",
        {f"l{n}": {"auto": 1.0, "tekst": float(n % 3)} for n in range(6)},
        {"auto": 1.0},
        {"tekst": 6.0},
        {},
    )
    second = {(f"l{n}", "tekst"): float(n % 3) for n in range(5)}
    second |= {("l5", "auto"): 1.0, ("onbekend", "tekst"): 2.0}
    assert compare_markers(marks, second).n == 5
    # What the first has not marked yet is no mark of 0.
    unmarked = replace(marks, scores={**marks.scores, "l0": {"auto": 1.0}})
    assert compare_markers(unmarked, second).n == 4


@pytest.mark.parametrize("count", [SMALLEST_GROUP - 1, SMALLEST_GROUP])
def test_a_group_picture_needs_five_people(count: int) -> None:
    weights = {"burgers": 100}
    answers = [Answer(placement=Placement(91.73, n), loyalties=weights) for n in range(count)]
    found = _choices("scootmobiel", answers)
    shown = count >= SMALLEST_GROUP
    assert (len(found.placements), len(found.weights)) == ((count, count) if shown else (0, 0))
    # Whatever order they were handed in, the report has the same.
    assert _choices("scootmobiel", answers[::-1]) == found


def page(lang: Language, *choices: Choices, second: dict[tuple[str, str], float] | None = None) -> str:
    assignment = assignments()["opdracht-3-dilemmas"]
    automatic = {f"scootmobiel-{part}": 2.0 for part in assignment.dilemmas[0].points}
    rows = {
        f"<b>leerling-{n}</b>": {name: float((n + i) % 3) for i, name in enumerate(automatic)}
        for n in range(7)
    }
    manual = {"scootmobiel-verantwoording": 6.0}
    marks = Marks(assignment.key, rows, automatic, manual, {"<b>leerling-1</b>": 2})
    return report_page(marks, choices, second, assignment, framework(), lang, NOW)


GROUP = Choices(
    "scootmobiel",
    tuple(Placement(n * 11, 100 - n * 9) for n in range(8)),
    tuple({"burgers": 60 - n, "rechtsstaat": 40 + n} for n in range(8)),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_stands_by_itself_and_says_everything_in_tables(lang: Language) -> None:
    text = page(lang, GROUP)
    body = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", body)
    assert "<b>leerling" not in body and "&lt;b&gt;leerling-1" in body
    assert body.count("<figure") == body.count("<table") - 1 == 4
    for variant in framework().variants.values():
        assert variant.name[lang] in body
    assert "{" not in re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)


def test_a_small_group_is_told_why_there_is_no_picture() -> None:
    text = page("nl", Choices("scootmobiel", (), ()))
    assert "minder dan 5 volledige antwoorden" in text
    assert "Waar de groep de stip zette" not in text


def test_an_assignment_without_submissions_has_a_report_too() -> None:
    marks = Marks("eigen", {}, {"a": 1.0}, {}, {})
    assert "nog geen inzendingen" in report_page(marks, (), None, None, framework(), "nl", NOW)
