"""The eraser as Python sees it: it lists before it erases, erases only when told, and says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from maatwerk import Text
from maatwerk_learner.erase import Erased
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Course
from maatwerk_widgets.erase_button import EraseButton, erased_in_words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    AnswerStore(tmp_path / "answers.json").save(
        "05-doorbreken", {"plane.before": {"person": 1, "group": 2}}, {}
    )
    return tmp_path


def test_asking_lists_what_would_go_and_erases_nothing(folder: Path) -> None:
    button = EraseButton("nl", folder)
    assert button.files == []
    button.asked += 1
    assert (button.files, button.listed) == (["answers.json"], 1)
    assert AnswerStore(folder / "answers.json").load().book.answers
    # Asked again, it answers again, though the list is the same.
    button.asked += 1
    assert button.listed == 2


def test_confirming_erases_and_says_so(folder: Path) -> None:
    course = Course("nl", folder)
    overview, button = course.overview(), course.erase()
    assert any(row["state"] == "busy" for row in overview.content["chapters"])
    button.confirmed += 1
    assert AnswerStore(folder / "answers.json").load().book.answers == {}
    assert button.said == {
        "count": 1,
        "text": "Gewist. Er staat geen antwoord meer in deze map. Dit is weg:",
        "files": ["answers.json"],
        "problems": [],
    }
    # The overview on the same page knows at once.
    assert {row["state"] for row in overview.content["chapters"]} == {"new"}


def test_a_view_that_is_made_again_is_no_press_of_the_button(folder: Path) -> None:
    button = EraseButton("nl", folder)
    button.confirmed = 3
    AnswerStore(folder / "answers.json").save("a", {"x": 1}, {})
    button.confirmed = 0
    assert AnswerStore(folder / "answers.json").load().book.answers == {"a": {"x": 1}}


def test_what_could_not_be_erased_is_said_with_what_to_do() -> None:
    problem = Text(nl="Sluit andere vensters", en="Close other windows")
    partly = erased_in_words(Erased((Path("a"),), (problem,)), "en")
    assert partly == {
        "text": "Not everything was erased. This is gone:",
        "files": ["a"],
        "problems": ["Close other windows"],
    }
    assert erased_in_words(Erased((), (problem,)), "nl")["text"] == "Er is niets gewist."
    assert erased_in_words(Erased((), ()), "nl")["text"].startswith("Er is niets om te wissen")
