"""The first path as a learner walks it: `maatwerk start`; a chapter opens and runs itself; the plane moves.

Real command, real JupyterLab, real browser; the home folder is empty.
"""

from __future__ import annotations

import re

import pytest
from lab import StartedCourse
from playwright.sync_api import Browser, Page, expect


@pytest.mark.xdist_group("lab")
def test_the_dutch_chapter_runs_itself_and_the_plane_follows_the_keyboard(
    browser: Browser, dutch_course: StartedCourse
) -> None:
    assert "Hier is geen browser gevonden" in dutch_course.said
    assert dutch_course.first.is_file()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    outside: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if not _local(r.url) else None)
    dutch_course.open(page, "05-doorbreken")
    slider = page.get_by_role("slider", name=re.compile("persoon")).first
    expect(slider).to_be_visible()
    _chapter_is_whole(page)
    slider.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    # The value on disk is written by Python, from the widget's trait.
    dutch_course.answers(
        "05-doorbreken", lambda saved: saved.get("plane.before") == {"person": 51, "group": 60}
    )
    assert outside == []
    page.close()


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def _chapter_is_whole(page: Page) -> None:
    """Every cell ran, none failed, and no code is in sight."""
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(0)
    expect(page.locator(".jp-InputPlaceholder:visible")).to_have_count(0)
