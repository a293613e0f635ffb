"""Five minutes a day: what is due first, an end after five minutes, all kept in the learner's own file."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.itembank import Choice, Matching, Ordering, item_bank
from maatwerk_learner.repetition import MOST_NEW, REPETITION, due_count
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Chapter, practice
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.repeating import local_time

BANK = item_bank()


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime.now().astimezone().replace(hour=12)

    def __call__(self) -> datetime:
        return self.now


def finish_chapter(folder: Path, key: str = "05-doorbreken") -> None:
    store = AnswerStore(folder / "answers.json")
    store.save(key, {"plane.after": {"person": 10, "group": 10}}, {})


def parts(box: Any) -> tuple[Quiz, FeedbackPanel]:
    quiz, panel = box.children
    return quiz, panel


def answer(quiz: Quiz, key: str, *, right: bool = True, confidence: str = "zeker") -> None:
    item = BANK[key]
    match item:
        case Choice():
            response: Any = next(o.key for o in item.options if (o.key in item.right) == right)
        case Matching():
            response = {row.key: sorted(row.right)[0] for row in item.rows}
        case Ordering():
            response = [one for group in item.order for one in sorted(group)]
        case _:
            response = {"person": 50, "group": 50}
    number = quiz.submitted.get("number", 0) + 1
    quiz.submitted = {"number": number, "item": key, "response": response, "confidence": confidence}


def schedule(folder: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((folder / "answers.json").read_text())["answers"].get(REPETITION, {})
    return kept


def chapter_quiz(folder: Path) -> Quiz:
    chapter = Chapter("05-doorbreken", path=folder / "answers.json")
    quiz: Quiz = chapter.quiz("eerst", ["cell.overvraagd"]).children[0]
    return quiz


def open_practice(folder: Path, clock: Clock, lang: Language = "nl") -> tuple[Quiz, FeedbackPanel]:
    return parts(practice(lang, folder / "answers.json", clock))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_the_first_chapter_it_says_what_to_do(tmp_path: Path, lang: Language) -> None:
    quiz, _ = open_practice(tmp_path, Clock(), lang)
    assert quiz.items == {}
    said = {"nl": "Maak eerst een hoofdstuk af", "en": "Finish a chapter first"}[lang]
    assert said in quiz.content["words"]["empty"]
    assert list(tmp_path.iterdir()) == []


def test_a_sitting_ends_with_what_comes_back_when_and_is_not_repeated_that_day(tmp_path: Path) -> None:
    finish_chapter(tmp_path)
    clock = Clock()
    quiz, panel = open_practice(tmp_path, clock)
    assert len(quiz.items) == MOST_NEW
    for number, key in enumerate(quiz.items):
        assert not quiz.stopped
        answer(quiz, key, confidence="gok" if number else "zeker")
    assert quiz.stopped
    assert quiz.ending[-1] == "Deze vragen komen terug: 5 morgen en 1 over 8 dagen."
    assert set(schedule(tmp_path)) == set(quiz.items)
    assert panel.status["state"] == "saved"
    again, _ = open_practice(tmp_path, clock)
    assert not set(again.items) & set(quiz.items)


def test_what_is_due_comes_back_first(tmp_path: Path) -> None:
    finish_chapter(tmp_path)
    clock = Clock()
    quiz, _ = open_practice(tmp_path, clock)
    for key in quiz.items:
        answer(quiz, key, confidence="gok")
    clock.now += timedelta(days=1)
    later, _ = open_practice(tmp_path, clock)
    assert set(list(later.items)[:MOST_NEW]) == set(quiz.items)
    assert due_count(schedule(tmp_path), clock.now) == MOST_NEW


def test_after_five_minutes_it_stops(tmp_path: Path) -> None:
    finish_chapter(tmp_path)
    clock = Clock()
    quiz, _ = open_practice(tmp_path, clock, "en")
    clock.now += timedelta(hours=1)
    first, second, third, *_ = quiz.items
    answer(quiz, first)
    clock.now += timedelta(minutes=4)
    answer(quiz, second)
    assert not quiz.stopped
    clock.now += timedelta(minutes=1)
    answer(quiz, third)
    assert quiz.stopped
    assert quiz.ending[-3:-1] == [
        "You have been at it for five minutes. That is enough for today.",
        "What is still open you will find here next time.",
    ]


def test_nothing_due_says_when_something_is(tmp_path: Path) -> None:
    clock = Clock()
    answer(chapter_quiz(tmp_path), "cell.overvraagd", right=False)
    nothing, _ = open_practice(tmp_path, clock)
    assert nothing.items == {}
    assert nothing.content["words"]["empty"].endswith("Er komen vragen terug: 1 morgen.")


def test_what_a_chapter_asks_comes_back_and_only_the_first_answer_of_a_day_counts(tmp_path: Path) -> None:
    chapter = Chapter("05-doorbreken", path=tmp_path / "answers.json")
    quiz = chapter.quiz("eerst", ["cell.overvraagd", "who.overvraagd"]).children[0]
    answer(quiz, "cell.overvraagd", right=False)
    first = schedule(tmp_path)
    assert set(first) == {"cell.overvraagd"}
    answer(quiz, "cell.overvraagd")
    assert schedule(tmp_path) == first
    recall = chapter.recall("complex-geheel").children[0]
    answer(recall, "cell.complex-geheel")
    assert set(schedule(tmp_path)) == {"cell.overvraagd", "cell.complex-geheel"}


def test_two_notebooks_that_are_open_at_once_do_not_undo_each_others_schedule(tmp_path: Path) -> None:
    finish_chapter(tmp_path)
    chapter = Chapter("05-doorbreken", path=tmp_path / "answers.json")
    asked = chapter.quiz("eerst", ["cell.overvraagd"]).children[0]
    quiz, _ = open_practice(tmp_path, Clock())
    key = next(iter(quiz.items))
    answer(quiz, key)
    answer(asked, "cell.overvraagd")
    assert set(schedule(tmp_path)) == {key, "cell.overvraagd"}
    assert chapter.keeper.notices == chapter.repetition.notices == []
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix == ".jsonl") == []


def test_coming_back_to_a_chapter_does_not_touch_the_schedule(tmp_path: Path) -> None:
    first = (
        Chapter("05-doorbreken", path=tmp_path / "answers.json")
        .quiz("eerst", ["cell.overvraagd"])
        .children[0]
    )
    answer(first, "cell.overvraagd")
    before = (tmp_path / "answers.json").read_bytes()
    back = (
        Chapter("05-doorbreken", path=tmp_path / "answers.json")
        .quiz("eerst", ["cell.overvraagd"])
        .children[0]
    )
    assert back.answers and (tmp_path / "answers.json").read_bytes() == before


def test_a_file_that_cannot_be_read_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text("{")
    quiz, panel = open_practice(tmp_path, Clock())
    assert quiz.items == {} and panel.notices
    assert file.read_text() == "{"


def test_the_local_time_says_its_zone() -> None:
    assert local_time().tzinfo is not None
