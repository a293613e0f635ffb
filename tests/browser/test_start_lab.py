"""The first path as a learner walks it: `maatwerk start`; a chapter opens and runs itself; the plane moves.

Real command, real JupyterLab, real browser; the home folder is empty.
"""

from __future__ import annotations

import re

import psutil
import pytest
from lab import IN_SIGHT, PATIENCE, StartedCourse, has_run
from maatwerk_learner.erase import answers_in
from maatwerk_learner.store import AnswerStore
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
    _page_is_calm(page)
    _paper_has_the_whole_chapter(page)
    slider.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    # The value on disk is written by Python, from the widget's trait.
    dutch_course.answers(
        "05-doorbreken", lambda saved: saved.get("plane.before") == {"person": 51, "group": 60}
    )
    assert outside == []
    # On a phone a quotation is not squeezed between margins of its own.
    page.set_viewport_size({"width": 360, "height": 740})
    widths = "one => [one.offsetWidth, one.closest('.jp-Notebook').querySelector('h1').offsetWidth]"
    quotation, heading = page.locator(f"{IN_SIGHT} blockquote").first.evaluate(widths)
    assert quotation == heading
    # Nor is a word such as Standaardmaatwerk cut off.
    cut = "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    assert page.locator(f"{IN_SIGHT} .jp-MarkdownCell :is(h1, h2, h3)").evaluate_all(cut) == []
    page.close()


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def _page_is_calm(page: Page) -> None:
    """Nothing of JupyterLab is around it; its title and language are its own; it shows its beginning."""
    expect(page).to_have_title("Hoofdstuk 5. Dynamieken doorbreken · Maatwerk")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("#jp-menu-panel:visible, #jp-top-panel:visible, .lm-TabBar:visible")).to_have_count(0)
    place = "one => [one.scrollTop, one.clientHeight, one.clientWidth]"
    scroller = page.locator(f"{IN_SIGHT} .jp-WindowedPanel-outer")
    assert scroller.evaluate(place) == [0, 900, 1280]
    # The focus was on the last cell that ran: the next key scrolled there.
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") < 900
    # 1280 × 900 px at 400 %, where the menus once left 242 × 135 px.
    page.set_viewport_size({"width": 320, "height": 225})
    expect(scroller).to_have_js_property("clientHeight", 225)
    assert scroller.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_role("link", name="Open dit in het volledige JupyterLab")).to_have_attribute(
        "href", re.compile("/lab/workspaces/jupyterlab/tree/05-doorbreken.ipynb$")
    )


def _paper_has_the_whole_chapter(page: Page) -> None:
    """As a PDF it once was the one screen of it that the window showed."""
    pages = len(re.findall(rb"/Type /Page\b", page.pdf()))
    assert pages >= 8


def _chapter_is_whole(page: Page) -> None:
    """Every cell ran, none failed, and no code is in sight."""
    # JupyterLab around it speaks English; a screen reader once read the Dutch text so, too.
    expect(page.locator(IN_SIGHT)).to_have_attribute("lang", "nl")
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(0)
    expect(page.locator(".jp-InputPlaceholder:visible")).to_have_count(0)


@pytest.mark.xdist_group("lab")
def test_the_start_page_leads_to_the_chapters_and_the_words_and_erases_everything(
    browser: Browser, dutch_course: StartedCourse
) -> None:
    """A link turns the page, and so do Back and Forward."""
    assert dutch_course.first.name == "00-start.ipynb"
    AnswerStore(dutch_course.folder / "answers.json").save("01-inleiding", {"reflection.own-desk": "x"}, {})
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(dutch_course.notebook("00-start").replace("/lab/tree/", "/lab/workspaces/start/tree/"))
    row = page.get_by_role("listitem").filter(has=page.locator("a[href='01-inleiding.ipynb']"))
    expect(row).to_contain_text("Bezig", timeout=PATIENCE)

    # A link inside a widget turns the page, and loads nothing again.
    page.evaluate("window.loadedOnce = true")
    row.get_by_role("link").click()
    chapter = page.locator(IN_SIGHT)
    expect(chapter.get_by_role("heading", name="Hoofdstuk 1. Inleiding")).to_be_visible(timeout=PATIENCE)
    # While it runs, its texts still move: a click may then hit what took the link's place.
    has_run(page)
    # A word of the glossary: the page opens, and arrives at it, though it was not open yet.
    chapter.locator("a[href*='07-begrippen.ipynb']", has_text="hardheidsclausule").click()
    word = page.get_by_role("heading", name=re.compile("^Hardheidsclausule"))
    expect(word).to_be_focused(timeout=PATIENCE)
    expect(word).to_be_in_viewport()
    assert page.evaluate("window.loadedOnce")

    # Back turns the pages, to the start page: the list is up to date, and everything can be erased.
    AnswerStore(dutch_course.folder / "answers.json").save("05-doorbreken", {"reflection.own-desk": "y"}, {})
    page.go_back()
    expect(chapter.get_by_role("heading", name="Hoofdstuk 1. Inleiding")).to_be_visible()
    page.go_back()
    row = page.get_by_role("listitem").filter(has=page.locator("a[href='05-doorbreken.ipynb']"))
    expect(row).to_contain_text("Bezig")
    page.get_by_role("button", name="Wis al mijn antwoorden").press("Enter")
    question = page.get_by_role("group", name="Weet je het zeker?")
    expect(question).to_contain_text("answers.json")
    question.get_by_role("button", name="Ja, wis alles").press("Enter")
    expect(page.get_by_text("Er staat geen antwoord meer in deze map")).to_be_visible()
    expect(row).to_contain_text("Nog niet begonnen")
    assert answers_in(dutch_course.folder) == ()
    page.close()


@pytest.mark.xdist_group("lab")
def test_a_python_that_died_is_told_in_the_learners_language(
    browser: Browser, dutch_course: StartedCourse
) -> None:
    """JupyterLab put up a window in English, and the page then looked as if nothing had happened."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    dutch_course.open(page, "06-portfolio")
    session = page.evaluate(
        """async () => (await (await fetch("/api/sessions")).json()).find(({path}) => path.includes("06-"))"""
    )
    for process in psutil.process_iter(["cmdline"]):
        if any(session["kernel"]["id"] in part for part in process.info["cmdline"] or ()):
            process.kill()
    notice = page.get_by_role("alert").filter(has_text="De verbinding met de cursus is weg")
    expect(notice).to_be_visible()
    expect(page.locator(".jp-Dialog:visible")).to_have_count(0)
    notice.get_by_role("button", name="Laad de pagina opnieuw").click()
    has_run(page)
    expect(notice).to_have_count(0)
    page.close()
