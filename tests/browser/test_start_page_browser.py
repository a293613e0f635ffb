"""The start page and the portfolio in a real browser: by keyboard, on a narrow screen, and with axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_learner.store import AnswerStore
from maatwerk_widgets import Course
from maatwerk_widgets.portfolio_page import portfolio_document
from maatwerk_widgets.portfolio_view import read_portfolio
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host

NARROW = 320
STEM = "05-doorbreken"
FIELDS = {
    "plane.before": {"person": 80, "group": 15},
    "plane.three-hundred": {"person": 20, "group": 95},
    "plane.after": {"person": 60, "group": 60},
    "scales.before": {"burgers": 60, "rechtsstaat": 40},
    "scales.after": {"burgers": 30, "rechtsstaat": 70},
    "reflection.own-desk": "Morgen, bij de eerste aanvraag. " * 20,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's folder with answers in one chapter."""
    AnswerStore(tmp_path / "answers.json").save(STEM, FIELDS, {})
    return tmp_path


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_is_clean_fits_and_says_everything_in_words(
    language: Language, host: Host, axe: Callable[[Page], list[str]], folder: Path
) -> None:
    shown = host.open(Course(language, folder).overview(), width=NARROW, dark=True)
    page = shown.page
    assert axe(page) == [] and fits(page)
    row = page.get_by_role("listitem").filter(has=page.locator(f'a[href="{STEM}.ipynb"]'))
    expect(row).to_contain_text({"nl": "Bezig", "en": "Under way"}[language])
    expect(row).to_contain_text({"nl": "Eerste keuze: 2 van 2", "en": "First choice: 2 of 2"}[language])
    # Every link is big enough for a finger.
    for link in page.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None and box["height"] >= 24


def test_the_overview_asks_for_news_when_it_comes_into_sight(host: Host, folder: Path) -> None:
    overview = Course("nl", folder).overview()
    shown = host.open(overview)
    page = shown.page
    page.wait_for_function("n => hosted.models[n].saved.looked === 1", arg=shown.number)
    # As JupyterLab hides a tab, and shows it again.
    page.evaluate("document.querySelector('.mw-overview').parentElement.style.display = 'none'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("document.querySelector('.mw-overview').parentElement.style.display = ''")
    page.wait_for_function("n => hosted.models[n].saved.looked === 2", arg=shown.number)
    # The news arrives while the keyboard is on a link: it stays there.
    link = page.get_by_role("link", name="Hoofdstuk 5").last
    link.focus()
    AnswerStore(folder / "answers.json").save(STEM, {"plane.explore": {"person": 1, "group": 1}}, FIELDS)
    overview.looked += 1
    shown.receive("content", overview.content)
    expect(page.get_by_text("Onderweg: 2 van 2")).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"{STEM}.ipynb"


@pytest.mark.parametrize("language", LANGUAGES)
def test_erasing_asks_first_and_goes_by_keyboard_alone(
    language: Language, host: Host, axe: Callable[[Page], list[str]], folder: Path
) -> None:
    button = Course(language, folder).erase()
    shown = host.open(button, width=NARROW, dark=True)
    page = shown.page

    def answer_as_python_does() -> None:
        """What the kernel does, after the browser asked."""
        button.asked = shown.state("asked")
        shown.receive("files", button.files)
        shown.receive("listed", button.listed)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer_as_python_does()
    question = page.get_by_role("group", name={"nl": "Weet je het zeker?", "en": "Are you sure?"}[language])
    expect(question).to_contain_text("answers.json")
    assert axe(page) == [] and fits(page)
    # Escape is a way out: nothing is erased, and the keyboard is back at the button.
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text(
        {"nl": "Er is niets gewist.", "en": "Nothing was erased."}[language]
    )
    expect(page.get_by_role("button")).to_be_focused()
    assert shown.state("confirmed") == 0
    # Once more, past 'no', to 'yes'.
    page.keyboard.press("Enter")
    answer_as_python_does()
    expect(question).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown.state("confirmed") == 1
    button.confirmed = 1
    shown.receive("said", button.said)
    said = page.get_by_role("status")
    expect(said).to_contain_text({"nl": "Gewist.", "en": "Erased."}[language])
    expect(said).to_contain_text("answers.json")
    expect(question).to_be_hidden()
    assert AnswerStore(folder / "answers.json").load().book.answers == {}
    assert axe(page) == []
    # With nothing left, it says so and asks nothing.
    page.get_by_role("button").click()
    answer_as_python_does()
    expect(said).to_contain_text({"nl": "Er is niets om te wissen", "en": "There is nothing"}[language])
    expect(question).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_portfolio_opens_anywhere(
    language: Language, host: Host, axe: Callable[[Page], list[str]], folder: Path
) -> None:
    found, _ = read_portfolio(folder, language)
    page = host.new_page(NARROW, java_script_enabled=True)
    # Its own policy keeps it from fetching or running anything; the guard would complain.
    page.set_content(portfolio_document(found, framework(), language, date(2026, 11, 24), "1.2.3"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == [] and fits(page)
    expect(page.locator("svg.mwm-picture").first).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()


def test_the_portfolio_in_the_notebook_saves_by_keyboard(
    host: Host, axe: Callable[[Page], list[str]], folder: Path
) -> None:
    view = Course("nl", folder).portfolio()
    shown = host.open(view, width=NARROW, dark=True)
    page = shown.page
    assert axe(page) == [] and fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown.state("pressed") == 1
    view.pressed = 1
    shown.receive("saved", view.saved)
    (saved,) = folder.glob("portfolio-*.html")
    expect(page.get_by_role("status")).to_have_text(f"Bewaard in je map als {saved.name}")
    expect(page.get_by_role("link")).to_have_attribute("href", saved.name)


def test_every_view_cleans_up_after_itself(host: Host, folder: Path) -> None:
    course = Course("nl", folder)
    for widget in (course.overview(), course.erase(), course.portfolio()):
        shown = host.open(widget)
        before = shown.listeners()
        assert before > 0
        shown.page.evaluate("hosted.cleanups[0]()")
        assert shown.listeners() == 0
        assert shown.page.locator("main > div").inner_html() == ""
