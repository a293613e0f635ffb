"""The quiz in Python: it marks, keeps, brings back, and never sends the key before the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk_exercises.itembank import CONFIDENCES, Choice, Ordering, Placing, item_bank, items_by_key, mark
from maatwerk_widgets import Chapter
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.quiz_view import QUIZ_TEXTS, item_view
from maatwerk_widgets.words import words

BANK = item_bank()
KEYS = ["cell.overzicht-en-eenvoud", "match-actors.1", "chain.risicoregelreflex", "place-scene.brand"]
RIGHT: dict[str, Any] = {
    "cell.overzicht-en-eenvoud": "beleidscategorieen",
    "match-actors.1": {key: key for key in framework().dynamics},
    "chain.risicoregelreflex": ["incident", "maatregel", "tegenvaller", "meer"],
    "place-scene.brand": {"person": 90, "group": 10},
}


def quiz(lang: Language = "nl", keys: list[str] = KEYS) -> Quiz:
    return Quiz(items_by_key(BANK, keys), lang)


def hand_in(one: Quiz, key: str, response: Any, confidence: str = "zeker") -> None:
    number = one.submitted.get("number", 0) + 1
    one.submitted = {"number": number, "item": key, "response": response, "confidence": confidence}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(KEYS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "response", "confidence"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_is_marked_and_its_fit_with_the_confidence_told(lang: Language) -> None:
    fits = words("fit", lang, QUIZ_TEXTS)
    one = quiz(lang)
    for key, response in RIGHT.items():
        for confidence in CONFIDENCES:
            hand_in(one, key, response, confidence)
            assert one.results[key]["state"] == "right"
            assert one.results[key]["fit"] == fits[f"right_{confidence}"]
            assert one.results[key]["text"] == mark(BANK[key], response).feedback[lang]
            assert one.reply == {"number": one.submitted["number"], "text": ""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_outcome_has_words_for_every_confidence(lang: Language) -> None:
    fits = words("fit", lang, QUIZ_TEXTS)
    wanted = {f"{state}_{sure}" for state in ("right", "partial", "wrong") for sure in CONFIDENCES}
    assert set(fits) == wanted
    assert len(set(fits.values())) == len(fits)


def test_without_an_answer_or_a_confidence_it_says_what_is_missing() -> None:
    one = quiz()
    hand_in(one, KEYS[0], None, "")
    assert one.reply["text"] == "Kies eerst een antwoord. Zeg er ook bij hoe zeker je bent."
    hand_in(one, KEYS[0], "beleidscategorieen", "")
    assert one.reply["text"] == "Zeg er ook bij hoe zeker je bent."
    hand_in(one, KEYS[3], {"person": 50}, "gok")
    assert one.reply["text"] == "Kies eerst een plek op het vlak: stel beide schuiven in."
    assert one.answers == one.results == {}


@given(submitted=st.dictionaries(st.sampled_from(["number", "item", "response", "confidence"]), JSON))
@settings(max_examples=60, deadline=None)
def test_nothing_that_a_browser_may_send_breaks_it(submitted: dict[str, Any]) -> None:
    one = quiz()
    one.submitted = submitted
    assert set(one.answers) <= set(KEYS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_browser_gets_no_key_before_the_answer(lang: Language) -> None:
    for item in BANK.values():
        view = item_view(item, framework(), lang)
        assert set(view) <= {"key", "kind", "ask", "given", "options", "rows", "axes"}
        for part in (*view.get("options", []), *view.get("rows", [])):
            assert set(part) == {"key", "text"}
        if isinstance(item, Choice | Placing):
            assert item.answer[lang] not in json.dumps(view, ensure_ascii=False)
        if isinstance(item, Ordering):
            # The order in which the steps are shown is not the right one.
            assert mark(item, [one["key"] for one in view["options"]]).share < 1


def test_how_it_went_is_told_when_all_is_answered() -> None:
    one = quiz(keys=KEYS[:3])
    hand_in(one, KEYS[0], "standaardmaatwerk", "zeker")
    hand_in(one, KEYS[1], RIGHT[KEYS[1]], "zeker")
    assert one.ending == []
    hand_in(one, KEYS[2], RIGHT[KEYS[2]], "gok")
    assert one.ending == [
        "Helemaal goed: 2 van de 3.",
        "Toen je zeker was: 1 van de 2 goed.",
        "Toen je gokte: 1 van de 1 goed.",
    ]


def test_one_question_alone_is_not_summed_up() -> None:
    one = quiz(keys=KEYS[:1])
    hand_in(one, KEYS[0], "standaardmaatwerk", "zeker")
    assert one.results and one.ending == []


def test_a_listener_hears_every_answer_also_the_same_again() -> None:
    heard: list[tuple[str, str]] = []
    one = quiz()
    one.on_answer(lambda item, given: heard.append((item.key, given.marked.outcome)))
    for response in ("standaardisatie", "standaardisatie", None, "hardheidsclausule"):
        hand_in(one, KEYS[0], response)
    assert heard == [(KEYS[0], "right"), (KEYS[0], "right"), (KEYS[0], "wrong")]


# --- in a chapter ---


def chapter(folder: Path, lang: Language = "nl") -> Chapter:
    return Chapter("05-doorbreken", lang=lang, path=folder / "answers.json")


def the_quiz(box: Any) -> Quiz:
    (found,) = (child for child in box.children if isinstance(child, Quiz))
    return found


def saved(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((folder / "answers.json").read_text())["answers"]
    return answers["05-doorbreken"]


def test_a_chapter_keeps_the_answers_of_a_quiz_and_brings_them_back(tmp_path: Path) -> None:
    hand_in(the_quiz(chapter(tmp_path).quiz("eerst", KEYS)), KEYS[0], "standaardisatie", "twijfel")
    assert saved(tmp_path)["quiz.eerst"] == {
        KEYS[0]: {"response": "standaardisatie", "confidence": "twijfel", "outcome": "right"}
    }
    back = the_quiz(chapter(tmp_path, "en").quiz("eerst", KEYS))
    assert back.results[KEYS[0]]["fit"] == "You were in doubt, yet you knew."
    assert the_quiz(chapter(tmp_path).quiz("later", KEYS)).results == {}


def test_a_recall_is_a_quiz_of_one_statement(tmp_path: Path) -> None:
    one = the_quiz(chapter(tmp_path).recall("overvraagd"))
    assert list(one.items) == ["cell.overvraagd"]
    hand_in(one, "cell.overvraagd", "standaardmaatwerk", "gok")
    assert saved(tmp_path)["recall.overvraagd"]["cell.overvraagd"]["outcome"] == "right"
    assert the_quiz(chapter(tmp_path).recall("overvraagd")).results["cell.overvraagd"]["state"] == "right"


def test_every_statement_can_be_recalled(tmp_path: Path) -> None:
    assert {f"cell.{key}" for key in framework().statements} <= set(BANK)


def test_a_quiz_about_a_place_asks_as_many_items_as_wanted(tmp_path: Path) -> None:
    one = the_quiz(chapter(tmp_path).quiz("praktijken", about="tabel 2.2", count=3))
    assert len(one.items) == 3
    assert {item.places[0].number for item in one.items.values()} == {"2.2"}


def test_an_item_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=r"cell\.nergens"):
        chapter(tmp_path).quiz("eerst", ["cell.nergens"])
    with pytest.raises(KeyError, match=r"cell\.nergens"):
        chapter(tmp_path).recall("nergens")


def test_what_was_kept_is_marked_anew() -> None:
    """A file that somebody changed does not make a wrong answer right."""
    one = quiz()
    one.restore({KEYS[0]: {"response": "hardheidsclausule", "confidence": "zeker", "outcome": "right"}})
    assert one.results[KEYS[0]]["state"] == "wrong"


@given(kept=JSON)
@settings(max_examples=60, deadline=None)
def test_anything_may_stand_in_the_file(kept: Any) -> None:
    one = quiz()
    one.restore(kept)
    one.restore(dict.fromkeys(KEYS, kept))
    assert set(one.answers) <= set(KEYS)
    one.restore({KEYS[0]: {"response": kept, "confidence": kept}})
    assert one.answers == {}
