"""Whatever stands in an answers file: a test cell gives a builtin float and is silent on stderr."""

from __future__ import annotations

import json
import os
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from handed_in import (
    ASSIGNMENT,
    EXERCISE,
    HOSTILE,
    answers_file,
    half_fields,
    model_fields,
    right_response,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, framework
from maatwerk_grading import bridge
from maatwerk_grading.bridge import (
    Shown,
    answer_in,
    clean,
    closed,
    judge,
    number,
    parse_book,
    points,
    show_written,
    summative,
    written,
)
from maatwerk_learner.answers import Answer

CRITERIA = tuple(EXERCISE.points)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
FIELDS = tuple(
    {**model_fields(5, 95), "own_case": "", "justification": "", "counter_argument": "", "change_mind": ""}
)
# Answers in which some fields are as they should be, and others are anything at all.
ANSWERS = st.fixed_dictionaries(
    {}, optional={f: st.just(model_fields(5, 95).get(f, "tekst")) | JSON | st.just(HOSTILE) for f in FIELDS}
)
BOOKS = ANSWERS.map(answers_file) | JSON.map(lambda anything: json.dumps(anything).encode())


@given(st.binary(max_size=300) | BOOKS)
@example(b"")
@example(b"\xff\xfe{}")
@example(b"[" * 100_000)
@example(b'{"schema": "maatwerk.answers", "version": 1e999}')
@example(b"9" * 5000)
@example(answers_file({"loyalties": {"burgers": 10**400}}))
@example(answers_file({"placement": {"person": float("nan"), "group": True}}))
@example(answers_file({"justification": HOSTILE * 100}))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_float_within_bounds(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("answers.json").write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for lang in LANGUAGES:
            for criterion in CRITERIA:
                scored = points(EXERCISE.key, criterion, lang=lang)
                assert type(scored) is float
                assert 0.0 <= scored <= EXERCISE.points[criterion]
            written(EXERCISE.key, lang=lang)
    assert capfd.readouterr().err == ""
    assert Path("answers.json").read_bytes() == content
    assert list(Path().iterdir()) == [Path("answers.json")]


@given(BOOKS)
@settings(max_examples=150, deadline=None)
def test_both_languages_give_the_same_points(content: bytes) -> None:
    answer = answer_in(parse_book(content), EXERCISE.key)
    for criterion in CRITERIA:
        dutch, english = (judge(answer, EXERCISE, criterion, lang, framework())[0] for lang in LANGUAGES)
        assert dutch == english


QUIZ = ASSIGNMENT.closed[0]
KEPT = st.fixed_dictionaries(
    {},
    optional={
        item.key: JSON
        | st.fixed_dictionaries({}, optional={"response": JSON | st.just(right_response(item))})
        for item in QUIZ.items
    },
)


@given(KEPT | JSON)
@example({item.key: {"response": {"person": 10**400, "group": float("nan")}} for item in QUIZ.items})
@example({item.key: {"response": HOSTILE} for item in QUIZ.items})
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_response_to_a_closed_item_gives_a_float_and_a_clear_line(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("answers.json").write_bytes(answers_file({}, {QUIZ.key: kept}, own=kept))
    shown = _shown(monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for item in QUIZ.items:
            dutch, english = (closed(QUIZ.key, item.key, lang=lang) for lang in LANGUAGES)
            assert type(dutch) is float and 0.0 <= dutch <= 1.0 and dutch == english
            own = summative(item.key, "Vraag?", "ja", "nee", right=1)
            assert type(own) is float and own in (0.0, 1.0)
    assert capfd.readouterr().err == ""
    assert all(len(one.plain.splitlines()) >= 3 or "answers.json" in one.plain for one in shown)
    assert all(Tags(one.html).found <= HARMLESS for one in shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_file_it_says_so(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = _shown(monkeypatch)
    assert points(EXERCISE.key, "spanning", lang=lang) == 0.0
    written(EXERCISE.key, lang=lang)
    assert closed(QUIZ.key, QUIZ.items[0].key, lang=lang) == 0.0
    assert summative("een", "Vraag?", "ja", "nee", right=1, lang=lang) == 0.0
    assert all("answers.json" in one.plain for one in shown)
    assert list(Path().iterdir()) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("make", ["folder", "pipe", "large"])
def test_what_is_no_answers_file_is_refused_without_waiting(
    make: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if make == "folder":
        Path("answers.json").mkdir()
    elif make == "pipe":
        os.mkfifo("answers.json")
    else:
        Path("answers.json").write_bytes(b" " * (bridge.LARGEST_FILE + 1))
    shown = _shown(monkeypatch)
    assert points(EXERCISE.key, "plaatsing") == 0.0
    assert "answers.json" in shown[0].plain


def test_the_half_answer_is_read_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("answers.json").write_bytes(answers_file(half_fields()))
    assert points(EXERCISE.key, "nadelen") == pytest.approx(4 / 3)
    assert points(EXERCISE.key, "plaatsing") == 1.0


class Tags(HTMLParser):
    """Which elements and attributes a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs} or {(tag, "")}


HARMLESS = {
    *[("div", "lang"), ("p", ""), ("strong", "")],
    *[("pre", name) for name in ("class", "dir", "style")],
}


@given(st.text() | st.text(alphabet="<>&\"'/=\x1b\u202escript$\\ "))
@example(HOSTILE)
def test_free_text_never_becomes_markup(text: str) -> None:
    answer = Answer.parse({"justification": text})
    for lang in LANGUAGES:
        shown = show_written(answer, lang, framework())
        assert Tags(shown.html).found <= HARMLESS
        for form in (shown.html, shown.plain):
            form.encode("utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", form)


def test_clean_keeps_what_people_write() -> None:
    kept = "Één regel,\n\ttab, e\u0301, עברית, emoji 👩\u200d🚒, “quotes”, 5 < 6 & 7"
    assert clean(kept) == kept
    assert clean("a\x1b[31mb\u202ec\ud800d\x00") == "a[31mbcd"


@pytest.mark.parametrize(
    ("value", "nl", "en"), [(0.0, "0", "0"), (10.0, "10", "10"), (4 / 3, "1,33", "1.33"), (0.5, "0,5", "0.5")]
)
def test_numbers_read_as_people_write_them(value: float, nl: str, en: str) -> None:
    assert (number(value, "nl"), number(value, "en")) == (nl, en)


def test_a_criterion_that_leaves_its_bounds_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    real = bridge.CRITERIA["spanning"]

    def generous(*arguments: Any) -> Any:
        outcome = real(*arguments)
        return type(outcome)(outcome.criterion, 3.0, outcome.maximum, outcome.feedback, outcome.places)

    monkeypatch.setattr(bridge, "CRITERIA", {**bridge.CRITERIA, "spanning": generous})
    with pytest.raises(ValueError, match="spanning"):
        judge(Answer.parse({}), EXERCISE, "spanning", "nl", framework())


def _shown(monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    shown: list[Shown] = []
    monkeypatch.setattr(bridge, "display", shown.append)
    return shown
