"""A question in a real chapter: answered by keyboard, marked by the kernel, kept, and put on the schedule."""

from __future__ import annotations

import pytest
from lab import StartedCourse
from playwright.sync_api import Browser, expect

ITEM = "cell.weinig-aanpassingsruimte"


@pytest.mark.xdist_group("lab")
def test_a_question_in_a_chapter_is_marked_kept_and_comes_back(
    browser: Browser, dutch_course: StartedCourse
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    dutch_course.open(page, "05-doorbreken")
    quiz = page.locator(".mw-quiz").first
    for name in ("Hardheidsclausule", "Ik twijfel"):
        quiz.get_by_role("radio", name=name).focus()
        page.keyboard.press("Space")
    quiz.get_by_role("button", name="Kijk na").focus()
    page.keyboard.press("Enter")
    feedback = quiz.get_by_role("group", name="Nog niet raak")
    expect(feedback).to_be_focused(timeout=30_000)
    expect(feedback).to_contain_text("tabel 5.2")
    dutch_course.answers(
        "05-doorbreken",
        lambda saved: saved["recall.weinig-aanpassingsruimte"][ITEM]["response"] == "hardheidsclausule",
    )
    dutch_course.answers("herhaling", lambda saved: ITEM in saved)
    page.close()
