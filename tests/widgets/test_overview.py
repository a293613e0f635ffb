"""The overview says in words what the answers amount to, and never fails over what stands in the file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk.content import content_root
from maatwerk_exercises.itembank import item_bank
from maatwerk_learner.progress import Asked, Outline, progress, read_outlines
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Course
from maatwerk_widgets.overview import Repetition, overview_content, repetition

BEFORE, AFTER = Asked("plane", "before"), Asked("plane", "after")
OUTLINES = (
    Outline("01-een", "Hoofdstuk 1. Een", (BEFORE, Asked("reflection", "own-desk"), AFTER)),
    Outline("02-twee", "Hoofdstuk 2. Twee", (BEFORE, AFTER)),
)
NOTHING_YET = Repetition(due=0, new=0, begun=False)
PLACE = {"person": 1, "group": 2}
DONE = {"plane.before": PLACE, "plane.after": PLACE, "reflection.own-desk": "Morgen"}


def content(answers: dict[str, Any], lang: Language = "nl") -> dict[str, Any]:
    return overview_content(progress(OUTLINES, answers), NOTHING_YET, [], lang)


def test_at_first_everything_is_to_be_begun() -> None:
    shown = content({})
    assert shown["summary"] == "Samen 0 van 5 gedaan; 0 van 2 hoofdstukken klaar"
    assert shown["next"] == {"href": "01-een.ipynb", "label": "Begin: Hoofdstuk 1. Een", "text": ""}
    assert [row["state_text"] for row in shown["chapters"]] == ["Nog niet begonnen"] * 2


def test_halfway_it_says_what_was_done_and_where_to_go_on() -> None:
    shown = content({"01-een": DONE, "02-twee": {"plane.before": PLACE}})
    assert shown["summary"] == "Samen 4 van 5 gedaan; 1 van 2 hoofdstukken klaar"
    assert shown["next"]["label"] == "Ga verder: Hoofdstuk 2. Twee"
    first, second = shown["chapters"]
    assert (first["state_text"], first["count"]) == ("Klaar", "3 van 3 gedaan")
    assert (second["state_text"], second["count"]) == ("Bezig", "1 van 2 gedaan")
    assert [part["text"] for part in second["parts"]] == ["Eerste keuze: 1 van 1", "Laatste keuze: 0 van 1"]
    assert [part["state"] for part in second["parts"]] == ["done", "new"]


def test_at_the_end_the_portfolio_is_next() -> None:
    shown = content({"01-een": DONE, "02-twee": DONE}, "en")
    assert shown["next"]["href"] == "06-portfolio.ipynb"
    assert shown["summary"] == "Together 5 of 5 done; 2 of 2 chapters done"
    assert "all chapters" in shown["next"]["text"]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (Repetition(1, 2, True), "1 question comes back today."),
        (Repetition(3, 0, True), "3 questions come back today."),
        (Repetition(0, 4, True), "New questions are waiting for you."),
        (Repetition(0, 0, True), "There is nothing to repeat today."),
        (NOTHING_YET, "Questions come back here, once you have finished a chapter."),
    ],
)
def test_it_says_what_there_is_to_repeat(today: Repetition, said: str) -> None:
    shown = overview_content([], today, [], "en")["practice"]
    assert (shown["text"], shown["href"]) == (said, "08-oefenen.ipynb")


def test_what_there_is_to_repeat_follows_from_the_answers() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert repetition({}, now) == NOTHING_YET
    finished = {"03-dilemmas": {"scales.after": {"burgers": 100}}}
    assert repetition(finished, now).new > 0
    item = next(iter(item_bank().values()))
    card = {"last": "2026-11-20T09:00:00+00:00", "due": "2026-11-24T23:00:00+00:00"}
    kept = {item.key: card | {"stability": 4.0, "difficulty": 5.0}}
    assert repetition({"herhaling": kept}, now) == Repetition(due=1, new=0, begun=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_the_answers_again_when_the_learner_comes_back(language: Language, tmp_path: Path) -> None:
    overview = Course(language, tmp_path).overview()
    assert {row["state"] for row in overview.content["chapters"]} == {"new"}
    first = read_outlines(content_root() / "course" / language)[0]
    AnswerStore(tmp_path / "answers.json").save(first.stem, {"plane.before": PLACE}, {})
    overview.looked += 1
    assert overview.content["chapters"][0]["state"] == "busy"
    assert overview.content["chapters"][0]["title"] == first.title
    # Where nothing changed, nothing is said to the front end.
    said: list[object] = []
    overview.observe(said.append, "content")
    overview.looked += 1
    assert said == []


@pytest.mark.parametrize("text", ["{ damaged", '{"schema": "maatwerk.answers", "version": 99}'])
def test_answers_that_cannot_be_read_are_told_and_kept(text: str, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(text)
    shown = Course("nl", tmp_path).overview().content
    assert len(shown["notices"]) == 1
    assert {row["state"] for row in shown["chapters"]} == {"new"}
    assert (tmp_path / "answers.json").read_text() == text


def test_every_chapter_that_it_links_is_in_the_learners_folder(tmp_path: Path) -> None:
    shown = Course("nl", tmp_path).overview().content
    here = {file.name for file in (content_root() / "course" / "nl").glob("*.ipynb")}
    assert {row["href"] for row in shown["chapters"]} <= here
    assert {shown["next"]["href"], shown["practice"]["href"], "06-portfolio.ipynb"} <= here
