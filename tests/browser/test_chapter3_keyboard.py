"""Chapter 3 from top to bottom with nothing but the keyboard, in the JupyterLab that a learner gets.

Every stop that Tab makes is answered with keys. What is asserted on is the answers file: Python wrote it.
"""

from __future__ import annotations

import pytest
from lab import PATIENCE, StartedCourse
from maatwerk import framework
from playwright.sync_api import Browser, Page, expect

STEM = "03-dilemmas"
# In the order of the chapter; each another division, so that none can pass for another.
SCALES = {
    "scales.before": (40, 30, 20, 10, 0),
    "scales.second": (10, 45, 25, 5, 15),
    "scales.role-burger": (90, 10, 0, 0, 0),
    "scales.role-bestuurder": (5, 35, 15, 0, 45),
    "scales.after": (30, 30, 10, 10, 20),
}
REFLECTIONS = (
    "reflection.first-objection",
    "reflection.second-request",
    "reflection.mother-and-son",
    "reflection.other-chair",
    "reflection.what-moved-you",
    "reflection.own-desk",
)
LAST = REFLECTIONS[-1]
# How many closed items each has.
QUIZZES = {"quiz.between": 3, "quiz.recall": 5}
# Far more stops than there are: a trap would use them up.
STOPS = 300

FOCUSED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  return {
    kind: element.type ?? element.tagName,
    name: element.id,
    text: element.innerText,
    main: element.matches(".mw-quiz .mw-main"),
    visible: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def written(name: str) -> str:
    """An answer full of keys that JupyterLab takes for commands outside a text: dd deletes a cell."""
    return f"Over {name}: dd, b, x, m, 00 en z.\nTweede regel."


def walk(page: Page) -> None:
    """Go from stop to stop with Tab and answer what is asked there, until the last question is answered."""
    loyalties = tuple(framework().loyalties)
    divisions = iter(SCALES.values())
    points: dict[str, int] = {}
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        # Every stop is there for something, and can be seen.
        assert stop["visible"] and stop["kind"] not in ("BODY", "DIV"), stop
        if stop["kind"] == "number":
            key = stop["name"].rsplit("-", 1)[-1]
            if key == loyalties[0]:
                points = dict(zip(loyalties, next(divisions), strict=True))
            page.keyboard.type(str(points[key]))
        elif stop["kind"] == "textarea":
            name = "reflection." + stop["name"].split("reflection.")[-1]
            page.keyboard.type(written(name))
            if name == LAST:
                return
        elif stop["kind"] == "radio":
            page.keyboard.press("Space")
        elif stop["kind"] == "select-one":
            page.keyboard.press("ArrowDown")
        elif stop["text"] == "Kijk na":
            page.keyboard.press("Enter")
            # What Python says about the answer takes the focus.
            expect(page.locator(".mwq-feedback:focus")).to_be_attached(timeout=PATIENCE)
        elif stop["text"] == "Volgende vraag" and stop["main"]:
            page.keyboard.press("Enter")
    raise AssertionError(f"Tab never came to {LAST}")


@pytest.mark.xdist_group("lab")
def test_the_whole_chapter_can_be_done_by_keyboard(browser: Browser, dutch_course: StartedCourse) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    dutch_course.open(page, STEM)
    cells = page.locator(".jp-Cell").count()

    walk(page)

    # A pause in typing saves half a text as well: wait for the whole of the last one.
    answers = dutch_course.answers(STEM, lambda saved: saved.get(LAST) == written(LAST))
    for name, points in SCALES.items():
        assert answers[name] == dict(zip(framework().loyalties, points, strict=True))
    for name in REFLECTIONS:
        assert answers[name] == written(name)
    for name, items in QUIZZES.items():
        assert len(answers[name]) == items
        assert {one["confidence"] for one in answers[name].values()} == {"zeker"}
    expect(page.get_by_text("Burgers: 10 punten minder, van 40 naar 30.")).to_be_attached(timeout=PATIENCE)
    # The keys were answers, and never commands to the notebook.
    assert page.locator(".jp-Cell").count() == cells
    expect(page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).to_have_count(0)
    page.close()
