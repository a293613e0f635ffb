"""The button under an assignment as Python sees it: what goes, where to, and what is said."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk.content import content_root
from maatwerk.errors import CommandError
from maatwerk_learner.exchange import Exchange
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import hand_in
from maatwerk_widgets.handing_in import HandIn

ASSIGNMENT = "opdracht-3-dilemmas"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"


@dataclass
class Teacher:
    """Stands in for nbgrader's exchange; tests/nbgrader/test_exchange.py has the real one."""

    closed: bool = False
    got: list[Mapping[str, bytes]] = field(default_factory=list)

    def submit(self, files: Mapping[str, bytes], assignment: str, language: Language) -> None:
        if self.closed:
            raise CommandError("Nog niet opengezet.")
        self.got.append(files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder of one assignment, with an answer and some things that are nobody's business."""
    (tmp_path / NOTEBOOK).write_text("{}")
    AnswerStore(tmp_path / "answers.json").save("scootmobiel", {"justification": "Omdat"}, {})
    (tmp_path / "answers.damaged-20260101-000000.json").write_text("oud")
    return tmp_path


def names(file: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_is_the_notebook_and_the_answers_as_they_are_when_it_is_asked_for(
    lang: Language, folder: Path
) -> None:
    button = HandIn(ASSIGNMENT, lang, folder)
    assert (button.teacher, button.file) == (False, b"")
    AnswerStore(folder / "answers.json").save("zoon", {"justification": "Daarom"}, {})
    button.downloaded += 1
    assert names(button.file) == [f"{ASSIGNMENT}/{NOTEBOOK}", f"{ASSIGNMENT}/answers.json"]
    with zipfile.ZipFile(io.BytesIO(button.file)) as archive:
        assert archive.read(f"{ASSIGNMENT}/answers.json") == (folder / "answers.json").read_bytes()
    assert button.said["name"] == f"{ASSIGNMENT}.zip" and not button.said["failed"]
    assert f"{ASSIGNMENT}.zip" in button.said["text"]
    # Nothing was left behind in the learner's folder.
    assert not list(folder.rglob("*.zip"))


def test_nothing_filled_in_is_said_and_asked_again_it_answers_again(folder: Path) -> None:
    (folder / "answers.json").unlink()
    button = HandIn(ASSIGNMENT, "nl", folder)
    for count in (1, 2):
        button.downloaded += 1
        assert button.said["count"] == count and button.said["failed"]
        assert "nog niets ingevuld" in button.said["text"]
    assert button.file == b""


def test_a_notebook_under_another_name_is_no_hindrance(folder: Path) -> None:
    (folder / NOTEBOOK).rename(folder / "kopie.ipynb")
    button = HandIn(ASSIGNMENT, "nl", folder)
    button.downloaded += 1
    with zipfile.ZipFile(io.BytesIO(button.file)) as archive:
        original = content_root() / "exercises" / "nl" / "source" / ASSIGNMENT / NOTEBOOK
        assert archive.read(f"{ASSIGNMENT}/{NOTEBOOK}") == original.read_bytes()


def test_with_a_teacher_it_hands_in_and_a_copy_is_called_a_copy(folder: Path) -> None:
    teacher = Teacher()
    button = with_teacher(teacher, folder)
    button.submitted += 1
    assert [set(files) for files in teacher.got] == [{NOTEBOOK, "answers.json"}]
    assert button.said["text"].startswith("Ingeleverd om ") and button.said["name"] == ""
    button.downloaded += 1
    assert "er is niets ingeleverd" in button.said["text"]
    assert len(teacher.got) == 1


def test_a_closed_assignment_is_told_and_nothing_is_lost(folder: Path) -> None:
    teacher = Teacher(closed=True)
    before = (folder / "answers.json").read_bytes()
    button = with_teacher(teacher, folder)
    button.submitted += 1
    assert button.said == {"count": 1, "text": "Nog niet opengezet.", "name": "", "failed": True}
    assert (folder / "answers.json").read_bytes() == before


def test_a_view_that_is_made_again_is_no_press_of_the_button(folder: Path) -> None:
    teacher = Teacher()
    button = with_teacher(teacher, folder)
    button.submitted, button.downloaded = 2, 2
    button.submitted, button.downloaded = 0, 0
    assert len(teacher.got) == 1 and button.said["count"] == 2


def test_without_nbgrader_there_is_a_file_and_nothing_of_nbgrader_is_imported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the base install and in the browser."""
    monkeypatch.setattr("maatwerk_learner.exchange.find_spec", lambda name: None)
    # Whoever imports it all the same gets an error.
    for module in ("nbgrader", "nbgrader.apps", "jupyter_core.application"):
        monkeypatch.setitem(sys.modules, module, None)
    button = hand_in(ASSIGNMENT, "en", folder)
    assert not button.teacher
    button.downloaded += 1
    assert button.said["text"].startswith("Done.")


def with_teacher(teacher: Teacher, folder: Path) -> HandIn:
    return HandIn(ASSIGNMENT, "nl", folder, cast(Exchange, teacher))
