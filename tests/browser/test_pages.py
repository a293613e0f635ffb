"""`maatwerk pages`: the course as pages to read, with Voilà; the same folder and answers as in JupyterLab.

Real command, real server, real browser; the learner's home is empty at first.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
import requests
from by_keyboard import ASSIGNMENT, KEY, REASON, fill_in, tab_to
from guarded import Guard
from lab import PATIENCE, StartedCourse, started_course
from maatwerk_learner.store import AnswerStore
from playwright.sync_api import Browser, Page, expect
from test_live_lab import write_notebook

CHAPTER = "01-inleiding"
pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedCourse]:
    """The Dutch course as pages."""
    with started_course(tmp_path_factory.mktemp("home"), "nl", "pages") as started:
        yield started


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Keeps the pages of a test to this machine, and has them make no errors."""
    guard = Guard()
    yield guard
    assert guard.complaints == []


@pytest.fixture
def page(browser: Browser, guard: Guard) -> Iterator[Page]:
    """An empty page of a browser of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    guard.watch(context)
    yield context.new_page()
    context.close()


def ready(page: Page) -> None:
    """Wait until Python has made every part of the page."""
    expect(page.locator(".part").first).to_be_attached()
    expect(page.locator("#maatwerk-loading")).to_have_count(0)


def open_page(page: Page, course: StartedCourse, stem: str) -> None:
    """Open one of the course's notebooks as a page, and wait until all of it is there."""
    page.goto(course.notebook(stem))
    ready(page)


def placed_by_keyboard(page: Page, course: StartedCourse, person: str) -> None:
    """Go to the first plane with Tab, move the point with arrows, and wait until Python has saved that."""
    tab_to(page, page.get_by_role("slider", name=re.compile(person)).first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    course.answers(CHAPTER, lambda saved: saved.get("plane.before") == {"person": 51, "group": 60})


def kernels(course: StartedCourse) -> int:
    """How many the server has."""
    return len(asked(course, "api/kernels").json())


def asked(course: StartedCourse, path: str) -> requests.Response:
    """What the server answers to somebody who is logged in."""
    way, _, token = course.notebook("").rpartition(".ipynb?")
    return requests.get(f"{way.partition('voila/')[0]}{path}?{token}", timeout=60)


def test_a_chapter_runs_itself_shows_no_code_and_keeps_what_the_keyboard_does(
    page: Page, course: StartedCourse, axe: Callable[[Page], list[str]]
) -> None:
    assert course.first.name == "00-start.ipynb"
    open_page(page, course, CHAPTER)
    expect(page).to_have_title("Hoofdstuk 1. Inleiding · Maatwerk")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    text = page.locator("body").inner_text()
    assert "maatwerk_widgets" not in text and "chapter." not in text
    placed_by_keyboard(page, course, "persoon")
    assert axe(page) == []
    # Dark, as the system asks; each landmark with a name of its own; and whole on paper.
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    page.emulate_media(color_scheme="light")
    ways = page.get_by_role("navigation").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(ways) == len(set(ways)) == 2
    assert len(re.findall(rb"/Type /Page\b", page.pdf())) >= 5


def test_the_english_course_is_the_same_and_says_so_when_it_is_stopped(
    page: Page, guard: Guard, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    with started_course(tmp_path, "en", "pages") as course:
        open_page(page, course, CHAPTER)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        placed_by_keyboard(page, course, "person")
        assert guard.complaints == []
    lost = page.get_by_role("alert").filter(has_text="What you fill in now is not saved")
    expect(lost.get_by_role("button", name="Load the page again")).to_be_visible()
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # That there is no server, the browser says in its own words too.
    page.close()
    guard.complaints.clear()


def test_an_assignment_is_done_by_keyboard_and_is_the_same_in_jupyterlab(
    page: Page, course: StartedCourse
) -> None:
    open_page(page, course, f"{ASSIGNMENT}/{ASSIGNMENT}")
    # As test_exercise_lab.py does in JupyterLab.
    answer = fill_in(page)
    course.answers(KEY, lambda saved: saved == answer, within=ASSIGNMENT)
    # And the other way round: what JupyterLab's window saves, is there after a reload.
    store = AnswerStore(course.folder / ASSIGNMENT / "answers.json")
    assert store.load().book.answers[KEY] == answer
    store.save(KEY, {"counter_argument": "Uit JupyterLab."}, answer)
    page.reload()
    ready(page)
    expect(page.get_by_role("slider", name="Maatwerk per persoon").first).to_have_value("80")
    expect(page.get_by_label("Leg je besluit uit").first).to_have_value(REASON)
    expect(page.get_by_label("Zeg het in je eigen woorden").first).to_have_value("Uit JupyterLab.")
    # No mark without its words, and a way back.
    expect(page.locator("[data-mime-type='text/plain']:visible")).to_have_count(0)
    page.get_by_role("link", name="Startpagina").last.click()
    expect(page.get_by_role("heading", name="Jouw hoofdstukken")).to_be_visible()


def test_what_was_typed_last_is_kept_when_two_pages_are_left_at_once(
    page: Page, course: StartedCourse
) -> None:
    """A bug of Voilà's: it stopped Python before the page had sent what was typed last."""
    other = page.context.new_page()
    for one in (page, other):
        open_page(one, course, CHAPTER)
    before = kernels(course)
    page.get_by_role("textbox").first.fill("Dit")
    other.get_by_role("textbox").nth(1).fill("dat")
    other.close(run_before_unload=True)
    page.goto("about:blank")
    course.answers(CHAPTER, lambda saved: {"Dit", "dat"} <= {str(one) for one in saved.values()})
    # A page that is left takes its Python along.
    until = time.monotonic() + 60
    while kernels(course) > before - 2 and time.monotonic() < until:
        time.sleep(0.5)
    assert kernels(course) == before - 2


def test_links_lead_from_page_to_page_and_a_word_opens_beside_the_chapter(
    page: Page, course: StartedCourse
) -> None:
    open_page(page, course, "00-start")
    page.get_by_role("listitem").get_by_role("link", name="Hoofdstuk 1. Inleiding").click()
    expect(page.get_by_role("heading", name="Hoofdstuk 1. Inleiding")).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator("a[href*='07-begrippen.ipynb']", has_text="hardheidsclausule").first.click()
    expect(opened.value.get_by_role("heading", name=re.compile("^Hardheidsclausule"))).to_be_in_viewport()
    page.get_by_role("navigation").last.get_by_role("link", name="Hoofdstuk 2").click()
    expect(page.get_by_role("heading", name="Hoofdstuk 2. Een begrip met vele kanten")).to_be_visible()


def test_the_board_of_a_workshop_is_there_and_a_part_that_fails_says_so_in_words(
    page: Page, course: StartedCourse, tmp_path: Path
) -> None:
    notebook = course.folder / "werkvorm.ipynb"
    write_notebook(notebook, tmp_path / "workshops.db")
    found = nbformat.read(notebook, 4)
    found.cells.insert(0, nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(found, notebook)
    open_page(page, course, "werkvorm")
    expect(page.locator(".mw-live .qr path").first).to_be_attached()
    expect(page.get_by_text("Dit onderdeel werkt nu niet.")).to_be_visible()
    assert "Error" not in page.locator("body").inner_text()
    notebook.unlink()


def test_nothing_of_the_learner_is_handed_out_and_no_address_chooses_another_template(
    course: StartedCourse,
) -> None:
    AnswerStore(course.folder / "answers.json").save("01-inleiding", {"x": "y"}, {})
    assert asked(course, "files/answers.json").status_code == 200
    assert asked(course, "voila/files/answers.json").status_code == 403
    way = course.notebook("07-begrippen")
    assert "/login" in requests.get(way.partition("?")[0], timeout=60).url
    text = requests.get(f"{way}&template=lab&theme=dark", timeout=60).text
    assert "cdn" not in text and 'lang="nl"' in text
    missing = asked(course, "voila/render/opdracht-9/opdracht-9.ipynb")
    assert missing.status_code == 404 and "Deze pagina is er niet" in missing.text
    # Voilà's list of files is no page of the course.
    assert "Jouw hoofdstukken" in asked(course, "voila/tree").text
