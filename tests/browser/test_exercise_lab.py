"""An exercise in the learner's JupyterLab, with nothing but keys: all is kept, and all comes back."""

from __future__ import annotations

import pytest
from by_keyboard import ASSIGNMENT, KEY, REASON, fill_in
from lab import StartedCourse, has_run
from playwright.sync_api import Browser, Page, expect


def opened(browser: Browser, course: StartedCourse) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    course.open(page, f"{ASSIGNMENT}/{ASSIGNMENT}")
    return page


@pytest.mark.xdist_group("lab")
def test_an_exercise_is_done_by_keyboard_and_nothing_is_lost(
    browser: Browser, dutch_course: StartedCourse
) -> None:
    page = opened(browser, dutch_course)
    cells = page.locator(".jp-Cell").count()
    answer = fill_in(page)
    dutch_course.answers(KEY, lambda saved: saved == answer, within=ASSIGNMENT)
    expect(page.get_by_text("Opgeslagen om").first).to_be_attached()
    expect(page.get_by_text("Je verdeelde precies 100 punten.").first).to_be_attached()
    assert page.locator(".jp-Cell").count() == cells

    page.reload()
    has_run(page)
    expect(page.get_by_role("slider", name="Maatwerk per persoon").first).to_have_value("80")
    expect(page.get_by_role("slider", name="Maatwerk per groep").first).to_have_value("30")
    expect(page.get_by_role("spinbutton").first).to_have_value("40")
    expect(page.get_by_role("radio", name="Passend in dit geval").first).to_be_checked()
    expect(page.get_by_label("Leg je besluit uit").first).to_have_value(REASON)

    # Another window over the same answers: each keeps its own change, and gets the other's.
    other = opened(browser, dutch_course)
    other.get_by_label("Zeg het in je eigen woorden").first.fill("Uit het andere venster.")
    other.keyboard.press("Tab")
    dutch_course.answers(KEY, lambda saved: "counter_argument" in saved, within=ASSIGNMENT)
    page.get_by_label("Wanneer zou je van mening").first.fill("Uit dit venster.")
    page.keyboard.press("Tab")
    both = {"counter_argument": "Uit het andere venster.", "change_mind": "Uit dit venster."}
    dutch_course.answers(KEY, lambda saved: saved == answer | both, within=ASSIGNMENT)
    expect(page.get_by_label("Zeg het in je eigen woorden").first).to_have_value(both["counter_argument"])
    page.close()

    # An assignment has no line of links of its own, but a way back above it.
    other.get_by_role("navigation", name="Navigatie").get_by_role("link", name="Startpagina").click()
    expect(other.get_by_role("heading", name="een cursus voor wie beslist")).to_be_visible()
    other.close()
