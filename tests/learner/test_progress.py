"""Progress follows from the chapters' own cells and the answers: nothing to keep up to date by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language
from maatwerk_learner.progress import (
    ASKS,
    SHOWS,
    Asked,
    Outline,
    asked_in,
    is_answered,
    progress,
    read_outlines,
)

COURSE = Path(__file__).parents[2] / "course"

BEFORE, AFTER = Asked("plane", "before"), Asked("plane", "after")
WORDS, QUESTION = Asked("reflection", "own-desk"), Asked("recall", "overvraagd")
OUTLINE = Outline("09-proef", "Hoofdstuk 9. Proef", (BEFORE, WORDS, QUESTION, AFTER))
PLACE = {"person": 10, "group": 20}


def test_nothing_answered_is_not_started() -> None:
    (found,) = progress([OUTLINE], {})
    assert (found.state, found.total, found.done) == ("new", 4, frozenset())
    assert found.parts() == {"before": (0, 1), "question": (0, 1), "reflection": (0, 1), "after": (0, 1)}


def test_each_answer_counts_once_and_all_of_them_make_it_done() -> None:
    answers: dict[str, Any] = {}
    values = (PLACE, "Morgen", {"cell.overvraagd": {}}, PLACE)
    for number, (one, value) in enumerate(zip(OUTLINE.asked, values, strict=True), start=1):
        answers[one.field] = value
        (found,) = progress([OUTLINE], {OUTLINE.stem: answers})
        assert len(found.done) == number
        assert found.state == ("done" if number == 4 else "busy")
    # An answer under another chapter, or to a question that is gone, counts for nothing.
    (found,) = progress([OUTLINE], {OUTLINE.stem: {"plane.gone": PLACE}, "08": {"plane.before": PLACE}})
    assert found.state == "new"


@pytest.mark.parametrize(
    ("method", "value", "answered"),
    [
        ("plane", PLACE, True),
        ("plane", None, False),
        ("reflection", "", False),
        ("scales", {"burgers": 60, "rechtsstaat": 40}, True),
        ("scales", {"burgers": 60}, False),
        ("scales", "all", False),
        ("recall", {}, False),
        ("recall", {"cell.overvraagd": {"confidence": "zeker"}}, True),
        ("profile", {"vorm": 0}, True),
        ("cards", {}, False),
    ],
)
def test_the_beginning_of_an_answer_is_no_answer(method: str, value: object, answered: bool) -> None:
    assert is_answered(Asked(method, "before"), value) is answered


def test_a_quiz_is_answered_when_all_its_items_are() -> None:
    (quiz,) = asked_in('chapter.quiz("recall", ["scene.a", "scene.b"])')
    assert quiz == Asked("quiz", "recall", ("scene.a", "scene.b"))
    assert not is_answered(quiz, {"scene.a": {}})
    # An item that the quiz asked before, and asks no more, does not count.
    assert not is_answered(quiz, {"scene.a": {}, "scene.old": {}})
    assert is_answered(quiz, {"scene.a": {}, "scene.b": {}})
    (about,) = asked_in('chapter.quiz("table", about="tabel 2.2")')
    assert is_answered(about, {"anything": {}}) and not is_answered(about, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(kept=st.dictionaries(st.sampled_from([one.field for one in OUTLINE.asked]), JSON))
def test_whatever_stands_in_the_answers_file_progress_is_told(kept: dict[str, Any]) -> None:
    (found,) = progress([OUTLINE], {OUTLINE.stem: kept})
    assert found.done <= set(OUTLINE.asked)
    assert sum(done for done, _ in found.parts().values()) == len(found.done)
    assert sum(total for _, total in found.parts().values()) == found.total


def test_a_changed_chapter_needs_no_change_here(tmp_path: Path) -> None:
    def write(*sources: str) -> None:
        cells = [{"cell_type": "markdown", "source": ["# Hoofdstuk 9. Proef\n", "\n", "Tekst."]}]
        cells += [{"cell_type": "code", "source": source} for source in sources]
        (tmp_path / "09-proef.ipynb").write_text(json.dumps({"cells": cells}))

    setup = 'from maatwerk_widgets import Chapter\nchapter = Chapter("09-proef", lang="nl")'
    write(setup, 'chapter.plane("before", reveal="nothing")', 'chapter.table("5.1")')
    assert read_outlines(tmp_path) == (Outline("09-proef", "Hoofdstuk 9. Proef", (BEFORE,)),)
    write(setup, 'chapter.plane("before")', 'chapter.reflection("own-desk")', 'chapter.plane("after")')
    assert read_outlines(tmp_path)[0].asked == (BEFORE, WORDS, AFTER)
    (tmp_path / "07-begrippen.ipynb").write_text(json.dumps({"cells": []}))
    assert [outline.stem for outline in read_outlines(tmp_path)] == ["09-proef"]


@pytest.mark.parametrize("source", ["", "chapter.plane(", "chapter.plane()", "other.plane('x')", "%time 1"])
def test_a_cell_that_asks_nothing_is_passed_over(source: str) -> None:
    assert asked_in(source) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_has_an_outline_with_its_own_title(language: Language) -> None:
    outlines = read_outlines(COURSE / language)
    assert [outline.stem for outline in outlines] == sorted(
        p.stem for p in COURSE.glob(f"{language}/0[1-5]-*.md")
    )
    word = {"nl": "Hoofdstuk", "en": "Chapter"}[language]
    for outline in outlines:
        assert outline.title.startswith(f"{word} {int(outline.stem[:2])}. ")
        assert {"before", "question", "reflection", "after"} <= {one.part for one in outline.asked}
        assert len(set(outline.asked)) == len(outline.asked)


def test_every_call_in_a_chapter_either_asks_or_shows() -> None:
    """A new kind of widget must be told apart, or a chapter could never be done."""
    called = {
        line.removeprefix("chapter.").split("(")[0]
        for file in COURSE.glob("*/*.md")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("chapter.")
    }
    assert called <= ASKS | SHOWS
    assert not ASKS & SHOWS
