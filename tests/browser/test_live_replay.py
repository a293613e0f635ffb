"""A workshop to look back at, in a notebook: step by step with keys alone, the same board, and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import pytest
from maatwerk import Language
from maatwerk_live.content import live_words
from maatwerk_live.core.session import Session, evolve
from maatwerk_live.notebook.widgets import Replay, replay
from maatwerk_live.report.replay_notebook import steps_of
from playwright.sync_api import expect

from tests.live.workshops import SCOOTER, SCRIPT, held

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host


def looking_back(lang: Language) -> Replay:
    steps = steps_of(evolve(Session(), held(6)), lang)
    return replay(lang, msgspec.json.encode(steps).decode())


@pytest.mark.parametrize(("lang", "dark", "width"), [("nl", False, 1280), ("en", True, 360)])
def test_a_workshop_is_leafed_through_by_keyboard(
    lang: Language, dark: bool, width: int, host: Host, axe: Callable[[Page], list[str]]
) -> None:
    words = live_words(lang)
    shown = host.open(looking_back(lang), width=width, dark=dark, color_scheme="dark" if dark else "light")
    page = shown.page
    expect(page.get_by_text(f"1 {'van' if lang == 'nl' else 'of'} 6")).to_be_visible()
    expect(page.get_by_role("heading", name=SCOOTER.title[lang])).to_be_visible()
    expect(page.locator(".frame")).to_have_attribute("data-view", "plane")
    expect(page.locator(".says-all")).to_contain_text(words["centre"].partition(":")[0])
    assert axe(page) == []

    on = page.get_by_role("button", name=words["step_on"])
    on.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".role h3")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".says-all")).to_contain_text(words["moved"].partition(":")[0])
    page.get_by_role("slider").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".frame")).to_have_attribute("data-view", "wide")
    expect(page.locator(".weighing tbody tr")).to_have_count(5)
    page.keyboard.press("End")
    expect(page.locator(".says-all")).to_contain_text(SCRIPT)
    expect(page.locator(".given li")).to_have_count(1)
    assert shown.state("at") == 5 and axe(page) == []
    # At the end there is no further step, and the focus stays.
    on.focus()
    page.keyboard.press("Enter")
    expect(on).to_be_focused()
    expect(on).to_have_attribute("aria-disabled", "true")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_python_steps_too_and_what_is_closed_is_gone(host: Host) -> None:
    shown = host.open(looking_back("nl"), minimal=True)
    shown.receive("at", 5)
    expect(shown.page.locator(".given li")).to_have_count(1)
    # Where the browser can: the board fills the screen, with what one leafs through.
    shown.page.get_by_role("button", name=live_words("nl")["full_screen"]).click()
    shown.page.wait_for_function("document.fullscreenElement !== null")
    expect(shown.page.get_by_role("slider")).to_be_visible()
    assert not shown.page.evaluate("document.fullscreenElement.scrollWidth > innerWidth")
