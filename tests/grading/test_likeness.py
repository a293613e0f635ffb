"""Whose answers are alike: copies are told however they were saved, and who worked alone is left in peace."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, framework
from maatwerk_exercises.assignments import assignments
from maatwerk_grading.autograde.report import MOST_PAIRS, Report
from maatwerk_grading.autograde.results import Result, State
from maatwerk_grading.likeness import Likeness, Sketch, sketch, texts_of
from maatwerk_grading.own_texts import own_texts
from maatwerk_grading.report.page import report_page
from maatwerk_grading.report.source import Copies, Marks, read_submitted
from maatwerk_learner.answers import AnswerBook

from benchmarks.likeness import KINDS, a_class, a_real_class, book, compared, found, replaced

COPIES = Path(__file__).parent / "data" / "copies"
ASSIGNMENT = assignments()["opdracht-3-dilemmas"]
REAL = a_real_class(68)


def read(name: str) -> AnswerBook:
    return AnswerBook.parse(json.loads((COPIES / name / "answers.json").read_text(encoding="utf-8")))


def told(books: dict[str, AnswerBook]) -> dict[str, str]:
    """Who gave the same answers as whom."""
    likeness = Likeness()
    return {student: first for student, one in books.items() if (first := likeness.add(student, sketch(one)))}


def test_a_copy_is_told_whatever_was_done_to_the_file() -> None:
    names = sorted(one.name for one in COPIES.iterdir())
    assert len(names) == 5
    original, *copies = names
    assert told({name: read(name) for name in names}) == dict.fromkeys(copies, original)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_grade_says_of_each_copy_whose_it_is_like(lang: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(one.name for one in COPIES.iterdir())
    report = Report(lang, len(names))
    for name in names:
        report.add(Result(name, State.GRADED, sketch=sketch(read(name))))
    report.alike(lambda name: texts_of(read(name)), tuple)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == names[1:]
    assert all(names[0] in line for line in lines)


CASE = {
    "placement": {"person": 29, "group": 47},
    "loyalties": {"burgers": 16, "rechtsstaat": 8, "organisatie": 24, "beroepsgroep": 42, "maatschappij": 10},
    "tension": "distantie",
    "effects": {"burger": {"voordeel": "a", "nadeel": "b"}, "manager": {"voordeel": "c"}},
}
EVEN = dict.fromkeys(CASE["loyalties"], 20)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"zoon": {}},
        {"zoon": {"justification": "Ja."}},
        {"zoon": {"justification": "Dat weet ik niet"}},
        {"zoon": {"placement": {"person": 50, "group": 50}}},
        {"zoon": {"placement": {"person": 29, "group": 47}}},
        {"zoon": CASE | {"loyalties": EVEN}},
        {"zoon": CASE | {"placement": {"person": 50, "group": 50}}},
        # All right, as many are; with the same certainty.
        {"closed-x": {f"i{n}": {"response": "a", "confidence": "zeker"} for n in range(28)}},
        {"zoon": {"justification": 7, "effects": [], "loyalties": "x", "placement": None}},
    ],
    ids=repr,
)
def test_short_empty_and_default_answers_are_not_alike(answers: Any) -> None:
    one = AnswerBook(answers, 1, "toen")
    assert told({"a": one, "b": one}) == {} and compared({"a": one, "b": one}) == ()


def test_the_same_case_decided_in_detail_is_told_and_one_other_choice_is_not() -> None:
    one = AnswerBook({"zoon": CASE, "keuring": {}}, 1, "toen")
    assert told({"a": one, "b": AnswerBook({"zoon": {**CASE, "dynamic": None}}, 9, "nu")}) == {"b": "a"}
    assert told({"a": one, "b": AnswerBook({"zoon": {**CASE, "tension": "misbruik"}}, 1, "toen")}) == {}


def test_planted_copies_of_texts_are_noticed_and_independent_texts_are_not() -> None:
    """Measured, not hoped for: see benchmarks/likeness.py for the kinds."""
    noticed = found(REAL, 20)
    for kind in KINDS:
        right, wrong = noticed[kind][0], noticed[f"{kind}: wrongly"][0]
        assert wrong == 0, kind
        # Who replaced two of five words wrote most of the phrases anew.
        assert right >= (0 if "40 %" in kind else 17), kind
    hard, pairs = noticed["nothing (independent pairs)"]
    assert (hard, pairs) == (0, 68 * 67 // 2)
    # Everybody puts together the same few phrases, and a third uses the same stock sentences.
    assert len(compared(a_class(150, 1))) <= 1


def test_a_sentence_that_many_use_or_that_the_assignment_gives_is_nobodys() -> None:
    shared = " ".join(texts_of(REAL["p00000"])["scootmobiel/justification"].split()[:20])
    many = {
        name: book({"zoon/justification": f"{shared} {texts_of(one)['scootmobiel/justification']}"})
        for name, one in list(REAL.items())[:30]
    }
    assert compared(many) == ()
    quoted = f"In de zaak staat: {ASSIGNMENT.dilemmas[0].case['nl'][:400]}"
    two = {name: book({"zoon/justification": quoted}) for name in "ab"}
    likeness = Likeness()
    for name, one in two.items():
        # Different elsewhere, or they would be the same answers altogether.
        answers = {**one.answers, "keuring": {"change_mind": name}}
        likeness.add(name, sketch(AnswerBook(answers)))
    texts = {name: texts_of(one) for name, one in two.items()}
    assert likeness.alike(texts.__getitem__, lambda: own_texts(ASSIGNMENT.key)) == ()
    assert [one.student for one in likeness.alike(texts.__getitem__)] == ["b"]


def test_a_text_moved_to_another_question_is_noticed_and_who_and_where_is_told() -> None:
    text = texts_of(REAL["p00001"])["scootmobiel/justification"]
    mixed = {**REAL, "z": book({"keuring/change_mind": replaced(text, 0.15, random.Random(1))})}
    (pair,) = compared(mixed)
    assert (pair.student, pair.other, pair.places) == ("z", "p00001", ("keuring/change_mind",))
    assert 0.7 < pair.similarity < 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("woord " * 40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.dictionaries(st.text(max_size=8), st.dictionaries(st.text(max_size=8), JSON, max_size=3), max_size=3)
)
def test_whatever_was_answered_can_be_compared(answers: dict[str, dict[str, Any]]) -> None:
    one = AnswerBook(answers)
    assert sketch(one) == sketch(AnswerBook(json.loads(json.dumps(answers))))
    compared({"a": one, "b": one, "c": AnswerBook()})


def test_answers_nested_without_end_do_no_harm() -> None:
    nested: Any = "x"
    for _ in range(20_000):
        nested = {"a": nested}
    assert sketch(AnswerBook({"zoon": {**CASE, "diep": nested}})).identity == ""


def test_a_ring_of_copiers_is_told_briefly(capsys: pytest.CaptureFixture[str]) -> None:
    text = texts_of(REAL["p00002"])["scootmobiel/justification"]
    ring = {f"r{n:02}": book({"zoon/justification": text, "keuring/change_mind": f"{n}"}) for n in range(40)}
    report = Report("en", len(ring))
    for name, one in ring.items():
        report.add(Result(name, State.GRADED, sketch=sketch(one)))
    report.alike(lambda name: texts_of(ring[name]), tuple)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == MOST_PAIRS + 1 and f"{len(ring) - 1 - MOST_PAIRS} more pairs" in lines[-1]


def test_an_empty_sketch_is_no_ones() -> None:
    likeness = Likeness()
    assert [likeness.add(name, Sketch()) for name in "abc"] == [None] * 3
    assert likeness.alike(lambda _: {}) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_tells_it_and_punishes_nobody(lang: Any, tmp_path: Path) -> None:
    for one in COPIES.iterdir():
        folder = tmp_path / one.name / ASSIGNMENT.key
        folder.mkdir(parents=True)
        (folder / "answers.json").write_bytes((one / "answers.json").read_bytes())
    text = texts_of(REAL["p00003"])["scootmobiel/justification"]
    for name in ("los", "vast"):
        folder = tmp_path / name / ASSIGNMENT.key
        folder.mkdir(parents=True)
        written = {"zoon/justification": text, "keuring/change_mind": name}
        (folder / "answers.json").write_text(json.dumps(book(written).to_json()), encoding="utf-8")
    choices, copies = read_submitted(tmp_path, ASSIGNMENT.key, ["scootmobiel"])
    assert len(copies.same) == 4 and [(one.student, one.other) for one in copies.alike] == [("vast", "los")]
    assert len(choices[0].placements) == 5
    marks = Marks(ASSIGNMENT.key, {"los": {"a": 1.0}}, {"a": 1.0}, {}, {})
    page = report_page(marks, choices, None, ASSIGNMENT, framework(), lang, datetime(2026, 12, 1), copies)
    assert page.count("k1-origineel</td>") == 4
    assert '<th scope="row">vast</th><td>los</td>' in page and "100 %" in page
    nobody = report_page(marks, (), None, None, framework(), lang, datetime(2026, 12, 1), Copies())
    assert 'id="copies"' in nobody and "<td>los" not in nobody
