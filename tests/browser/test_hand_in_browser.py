"""Handing in, in a real browser: the file arrives whole, by keyboard alone, and what was done is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_learner.exchange import Exchange
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets.handing_in import HandIn
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

ASSIGNMENT = "opdracht-3-dilemmas"
NARROW = 320


@dataclass
class Teacher:
    """Stands in for nbgrader's exchange."""

    got: list[Mapping[str, bytes]] = field(default_factory=list)

    def submit(self, files: Mapping[str, bytes], assignment: str, language: Language) -> None:
        self.got.append(files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    AnswerStore(tmp_path / "answers.json").save("scootmobiel", {"justification": "Omdat"}, {})
    return tmp_path


def answer_as_python_does(shown: Hosted, button: HandIn) -> None:
    """What the kernel does after a button was pressed in the browser."""
    button.submitted, button.downloaded = shown.state("submitted"), shown.state("downloaded")
    shown.page.evaluate(
        "([n, bytes]) => hosted.models[n].set('file', new DataView(Uint8Array.from(bytes).buffer))",
        [shown.number, list(button.file)],
    )
    shown.receive("said", button.said)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_arrives_whole_by_keyboard(
    language: Language, host: Host, axe: Callable[[Page], list[str]], folder: Path, tmp_path: Path
) -> None:
    button = HandIn(ASSIGNMENT, language, folder)
    shown = host.open(button, width=NARROW, dark=True)
    page = shown.page
    assert axe(page) == [] and fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # Until Python answers, a second press is no second file.
    expect(page.get_by_role("status")).to_have_text({"nl": "Een moment …", "en": "One moment …"}[language])
    page.keyboard.press("Enter")
    assert shown.state("downloaded") == 1
    with page.expect_download(timeout=60_000) as came:
        answer_as_python_does(shown, button)
    assert came.value.suggested_filename == f"{ASSIGNMENT}.zip"
    came.value.save_as(tmp_path / "saved.zip")
    assert (tmp_path / "saved.zip").read_bytes() == button.file
    with zipfile.ZipFile(io.BytesIO(button.file)) as archive:
        assert f"{ASSIGNMENT}/answers.json" in archive.namelist()
    expect(page.get_by_role("status")).to_contain_text(
        {"nl": "Je hebt nog niets ingeleverd", "en": "not handed in anything yet"}[language]
    )
    # And once more by the link, for who saw nothing happen.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link")).to_be_focused()
    with page.expect_download(timeout=60_000) as came_again:
        page.keyboard.press("Enter")
    assert Path(came_again.value.path()).read_bytes() == button.file
    assert axe(page) == [] and fits(page)


def test_to_a_teacher_by_keyboard_and_what_fails_is_told(
    host: Host, axe: Callable[[Page], list[str]], folder: Path
) -> None:
    teacher = Teacher()
    button = HandIn(ASSIGNMENT, "nl", folder, cast(Exchange, teacher))
    shown = host.open(button, width=NARROW)
    page = shown.page
    assert axe(page) == [] and fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    answer_as_python_does(shown, button)
    assert len(teacher.got) == 1
    expect(page.get_by_role("status")).to_contain_text("Ingeleverd om")
    expect(page.get_by_role("link")).to_have_count(0)
    (folder / "answers.json").unlink()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer_as_python_does(shown, button)
    expect(page.get_by_role("status")).to_contain_text("nog niets ingevuld")
    expect(page.locator(".mwh-failed")).to_be_visible()
    assert axe(page) == [] and fits(page)
    # A view over the same model afterwards, such as after a reload, saves nothing by itself.
    page.evaluate("hosted.cleanups[0]()")
    assert shown.listeners() == 0
