"""An answers file may hold anything: it is read as it was written, or refused with a clear reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Placement
from maatwerk_learner.answers import (
    LONGEST_TEXT,
    TEXTS,
    VERSION,
    Answer,
    AnswerBook,
    AnswerError,
    NewerVersionError,
)

WORDS = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)
ANSWERS = st.builds(
    Answer,
    placement=st.none() | st.builds(Placement, st.integers(0, 100), st.floats(0, 100)),
    loyalties=st.dictionaries(WORDS, st.integers(0, 100), max_size=5),
    tension=st.none() | WORDS,
    effects=st.dictionaries(WORDS, st.dictionaries(WORDS, WORDS, max_size=2), max_size=4),
    justification=st.none() | WORDS,
)


@given(ANSWERS)
def test_an_answer_comes_back_as_it_was_written(answer: Answer) -> None:
    assert Answer.parse(json.loads(json.dumps(answer.to_json()))) == answer


@given(st.dictionaries(WORDS, st.dictionaries(WORDS, JSON, max_size=3), max_size=3), st.integers(0), WORDS)
def test_a_book_comes_back_as_it_was_written(
    answers: dict[str, dict[str, Any]], revision: int, saved_at: str
) -> None:
    book = AnswerBook(answers, revision, saved_at)
    again = AnswerBook.parse(json.loads(json.dumps(book.to_json())))
    assert repr(again) == repr(book)  # nan is not equal to itself


@given(JSON)
def test_any_json_is_a_book_or_a_clear_error(data: object) -> None:
    with pytest.raises(AnswerError) as raised:
        AnswerBook.parse(data)
    for lang in LANGUAGES:
        assert raised.value.message(lang) == TEXTS["no_book"][lang]


@given(st.sampled_from(sorted(Answer.__dataclass_fields__)), JSON)
def test_any_json_in_a_field_is_an_answer_or_an_error_that_names_the_field(name: str, value: object) -> None:
    try:
        answer = Answer.parse({name: value})
    except AnswerError as error:
        for lang in LANGUAGES:
            assert TEXTS[f"field_{name}"][lang] in error.message(lang)
    else:
        assert answer == Answer.parse(answer.to_json())


@pytest.mark.parametrize(
    "fields",
    [
        {"placement": {"person": float("nan"), "group": 5}},
        {"placement": {"person": True, "group": 5}},
        {"placement": {"person": 5}},
        {"placement": {"person": 5, "group": 5, "naam": "Jan"}},
        {"placement": {"person": 100.01, "group": 5}},
        {"loyalties": {"burgers": -1}},
        {"loyalties": {"burgers": 101}},
        {"loyalties": {"burgers": 10**400}},
        {"loyalties": {"burgers": 5.0}},
        {"tension": 7},
        {"effects": {"burger": "voordeel"}},
        {"justification": "a" * (LONGEST_TEXT + 1)},
    ],
    ids=repr,
)
def test_what_is_no_answer_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(AnswerError):
        Answer.parse(fields)


@pytest.mark.parametrize("fields", [None, [], "tekst", 3])
def test_what_holds_no_fields_is_refused(fields: object) -> None:
    with pytest.raises(AnswerError, match="Fill in the form again"):
        Answer.parse(fields)


def test_a_field_of_another_kind_of_exercise_is_left_alone() -> None:
    assert Answer.parse({"quiz.begin": [1], "tension": None}) == Answer()


def test_a_newer_version_is_told_from_damage() -> None:
    book = AnswerBook().to_json() | {"version": VERSION + 1}
    with pytest.raises(NewerVersionError, match="newer version"):
        AnswerBook.parse(book)
    for version in (0, True, "1", 1.0, None):
        with pytest.raises(AnswerError, match="no answers file") as raised:
            AnswerBook.parse(book | {"version": version})
        assert not isinstance(raised.value, NewerVersionError)


def test_a_change_makes_the_next_revision_and_leaves_the_rest() -> None:
    book = AnswerBook({"a": {"x": 1, "y": 2}, "b": {"z": 3}}, 4, "toen")
    changed = book.changed("a", {"x": None, "w": [5]}, "nu")
    assert changed == AnswerBook({"a": {"y": 2, "w": [5]}, "b": {"z": 3}}, 5, "nu")
    assert book.answers["a"] == {"x": 1, "y": 2}


@pytest.mark.parametrize("value", [None, [1], "tekst", 3], ids=repr)
def test_one_exercise_that_is_null_does_not_throw_the_others_away(value: object) -> None:
    data = AnswerBook({"a": {"x": 1}}, 4, "toen").to_json()
    data["answers"]["b"] = value
    book = AnswerBook.parse(data)
    assert (book.answers, book.spoiled) == ({"a": {"x": 1}}, {"b": value})
    # It is no answer, and still nothing that a save of something else may take away.
    assert AnswerBook.parse(book.changed("a", {"x": 2}, "nu").to_json()).spoiled == {"b": value}
    again = book.changed("b", {"y": 3}, "nu")
    assert (again.answers["b"], dict(again.spoiled)) == ({"y": 3}, {})
