"""The course in a browser without a server: from the start page to a mark, in Dutch, by keyboard."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from built_site import PATIENCE, chapter, served
from by_keyboard import ASSIGNMENT, KEY, REASON, fill_in, tab_to
from firefox import in_firefox
from guarded import CHROMIUM_ARGUMENTS, Guard, chromium
from lab import PATIENCE as USUAL_PATIENCE
from lab import has_run
from maatwerk_app.cli import main
from maatwerk_learner.hand_in import handed_in, zipped
from maatwerk_learner.store import AnswerStore
from maatwerk_site.lite import DATABASE
from maatwerk_site.pages import FIRST_VISIT
from maatwerk_site.serve import SiteServer
from nbgrader.api import Gradebook
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from visit import Visit

# A second chance, as every test in a browser has: on a busy machine page and server may miss each other.
pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.flaky(reruns=1)]
InBrowser = Callable[[Playwright, Path, Guard], AbstractContextManager[Visit]]
NEW = "Deze zin is er sinds de nieuwe uitgave."
PLACED = {"plane.before": {"person": 51, "group": 60}}
# JupyterLite keeps a file as text or, when it does not know its kind, in base64.
KEPT = """async ([database, path, key]) => {
  const known = await indexedDB.databases();
  if (!known.some((one) => one.name === database)) return null;
  const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const opened = await done(indexedDB.open(database));
  const file = await done(opened.transaction("files").objectStore("files").get(path));
  opened.close();
  if (!file) return null;
  const bytes = Uint8Array.from(atob(file.content), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)).answers[key] ?? null;
}"""


LATE_SERVICE_WORKER = """const { serviceWorker } = navigator;
const register = serviceWorker.register.bind(serviceWorker);
serviceWorker.register = async (address) => {
  await new Promise((done) => setTimeout(done, 5000));
  return register(address);
};
const Usual = Worker;
window.Worker = class extends Usual {
  constructor(...given) {
    super(...given);
    window.pythonBegan = document.querySelector(".jp-NotebookPanel") ? "late" : "before the notebook";
  }
};"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Python in a browser takes its time, the more so on a busy machine.
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as running:
        yield running
    expect.set_options(timeout=USUAL_PATIENCE)


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder in which an instructor opened the assignment, to copy."""
    root = tmp_path_factory.mktemp("teacher") / "nl"
    assert main(["teach", "--lang", "nl", "init", str(root)]) == 0
    typed(root, "-m", "nbgrader", "generate_assignment", ASSIGNMENT)
    return root


@contextmanager
def in_chromium(playwright: Playwright, profile: Path, guard: Guard) -> Iterator[Visit]:
    """A Chromium that keeps what a person's would keep; closed at the end of the block."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=list(CHROMIUM_ARGUMENTS),
        viewport={"width": 1280, "height": 900},
        locale="nl-NL",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    guard.watch(context)
    yield Visit(context.pages[0])
    context.close()


def released(site: Path, copy: Path) -> Path:
    """A copy of the site that a new release may change."""
    shutil.copytree(site, copy, copy_function=os.link)
    return copy


def release(site: Path) -> None:
    """Put up a new release: the assignment has other words."""
    notebook = site / "files" / "nl" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    changed = json.loads(notebook.read_text(encoding="utf-8"))
    changed["cells"][0]["source"] += f"\n\n{NEW}"
    notebook.unlink()
    notebook.write_text(json.dumps(changed), encoding="utf-8")


def opened(page: Page, server: SiteServer, notebook: str) -> None:
    page.goto(chapter(server, notebook))
    has_run(page, PATIENCE)


def kept(page: Page, folder: str, key: str, answer: dict[str, Any]) -> None:
    """Wait until the browser's own database holds exactly this answer, and Python has done with it.

    Of a page that is left before that, Firefox tells what Python could not finish.
    """
    until = time.monotonic() + PATIENCE / 1000
    while (found := page.evaluate(KEPT, [DATABASE, f"{folder}/answers.json", key])) != answer:
        assert time.monotonic() < until, found
        page.wait_for_timeout(200)
    python = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator")
    expect(python).to_have_attribute("data-status", "idle")


def erased_and_put_back(visit: Visit, file: Path) -> None:
    """From the site's start page to the course's: all answers are saved in a file, erased, and put back."""
    page = visit.page
    page.get_by_role("link", name="Ga verder met de cursus").press("Enter")
    has_run(page, PATIENCE)
    row = page.get_by_role("listitem").filter(has=page.locator("a[href='05-doorbreken.ipynb']"))
    expect(row).to_contain_text("Bezig")
    everything = visit.downloaded("Download mijn antwoorden", file)
    page.get_by_role("button", name="Wis al mijn antwoorden").press("Enter")
    page.get_by_role("button", name="Ja, wis alles").press("Enter")
    expect(row).to_contain_text("Nog niet begonnen")
    page.get_by_label("Bestand om terug te zetten").set_input_files(everything)
    put_back = page.get_by_text("Teruggezet: wat je in 1 hoofdstuk deed, Opdracht 3")
    expect(put_back).to_be_visible(timeout=PATIENCE)
    expect(row).to_contain_text("Bezig")
    kept(page, "nl", "05-doorbreken", PLACED)


@pytest.mark.parametrize("in_browser", [in_chromium, in_firefox])
def test_a_learner_does_chapter_5_and_an_exercise_and_it_is_graded(
    in_browser: InBrowser,
    site: Path,
    teacher: Path,
    playwright: Playwright,
    tmp_path: Path,
    axe: Callable[[Page], list[str]],
) -> None:
    guard = Guard()
    with served(released(site, tmp_path / "site")) as server:
        with in_browser(playwright, tmp_path / "profile", guard) as visit:
            page = visit.page
            page.goto(server.address)
            expect(page.locator("#storage")).to_be_visible()
            expect(page.get_by_text("In deze browser staan nog geen antwoorden.")).to_be_visible()
            assert axe(page) == []
            opens = page.get_by_role("link", name="Open de cursus")
            tab_to(page, opens)
            assert str(opens.get_attribute("href")).endswith("?path=nl/00-start.ipynb")

            opened(page, server, "nl/05-doorbreken")
            assert abs(server.sent / 1_000_000 - FIRST_VISIT) < 0.5
            assert page.title() == "Hoofdstuk 5. Dynamieken doorbreken · Maatwerk"
            expect(page.locator("#maatwerk-loading")).to_have_count(0)
            expect(page.locator("html")).to_have_attribute("lang", "nl")
            # Nothing around the page, least of all on a telephone.
            around = page.locator(":is(.jp-SideBar, .lm-TabBar, #jp-top-panel, #jp-menu-panel):visible")
            expect(page.locator("#jp-left-stack")).to_be_hidden()
            expect(around).to_have_count(0)
            expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(0)
            tab_to(page, page.get_by_role("slider", name="persoon").first)
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Shift+ArrowRight")
            kept(page, "nl", "05-doorbreken", PLACED)

            opened(page, server, f"nl/{ASSIGNMENT}/{ASSIGNMENT}")
            answer = fill_in(page)
            kept(page, f"nl/{ASSIGNMENT}", KEY, answer)

        # Closed, and a new release; opened again: all is there, and the start page knows.
        release(server.site)
        with in_browser(playwright, tmp_path / "profile", guard) as visit:
            page = visit.page
            page.goto(server.address)
            begun = page.get_by_role("listitem").filter(has_text="begonnen")
            expect(begun).to_have_text([re.compile("Dynamieken doorbreken"), re.compile("Opdracht 3")])
            assert page.evaluate(KEPT, [DATABASE, "nl/answers.json", "05-doorbreken"]) == PLACED
            # For this one browser will do: what erases and puts back is Python, the same in each.
            if in_browser is in_chromium:
                erased_and_put_back(visit, tmp_path / "everything.zip")

            opened(page, server, f"nl/{ASSIGNMENT}/{ASSIGNMENT}")
            expect(page.locator(".jp-RenderedMarkdown", has_text=NEW)).to_be_visible()
            expect(page.get_by_role("slider", name="Maatwerk per persoon").first).to_have_value("80")
            expect(page.get_by_label("Leg je besluit uit").first).to_have_value(REASON)
            name = f"ada__{ASSIGNMENT}.zip"
            handed = visit.downloaded("Download mijn inleverbestand", tmp_path / name)
    assert guard.complaints == []

    # In JupyterLab the same answers make this file.
    copy = tmp_path / "local" / ASSIGNMENT
    AnswerStore(copy / "answers.json").save(KEY, answer, {})
    shutil.copy(site / "files" / "nl" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", copy)
    local = tmp_path / f"bob__{ASSIGNMENT}.zip"
    local.write_bytes(zipped(handed_in(copy, ASSIGNMENT, "nl"), ASSIGNMENT))
    root = tmp_path / "teacher"
    shutil.copytree(teacher, root)
    scores = graded([handed, local], root)
    assert scores["ada"] == scores["bob"] > 0


def test_of_a_page_that_is_not_there_it_is_said_with_a_way_back(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    """Once the loading picture hid for ever that JupyterLab said so, and that was in English."""
    guard = Guard()
    with served(site) as server, in_chromium(playwright, tmp_path / "profile", guard) as visit:
        visit.page.goto(chapter(server, "nl/09-nergens"))
        expect(visit.page.get_by_role("heading", name="Deze pagina is er niet")).to_be_visible()
        visit.page.get_by_role("link", name="Naar de startpagina").click()
        expect(visit.page.get_by_role("link", name="Open de cursus")).to_be_visible()
    assert guard.complaints == []


def test_each_page_has_its_address_back_goes_back_and_few_pythons_stay(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    guard = Guard()
    with served(site) as server, in_chromium(playwright, tmp_path / "profile", guard) as visit:
        page = visit.page
        opened(page, server, "nl/00-start")
        page.get_by_role("link", name="Opdracht 3", exact=True).click()
        page.get_by_role("slider", name="Maatwerk per persoon").first.press("ArrowUp")
        expect(page).to_have_url(re.compile("opdracht-3-dilemmas.ipynb$"))
        # An assignment has no line of links of its own.
        page.get_by_role("navigation", name="Navigatie").get_by_role("link", name="Startpagina").click()
        for chapter_title in ("Hoofdstuk 1. Inleiding", "Hoofdstuk 2. Een begrip met vele kanten"):
            page.get_by_role("link", name=chapter_title).first.click()
            expect(page.get_by_role("heading", name=chapter_title, level=1)).to_be_visible()
            has_run(page, PATIENCE)
        expect(page).to_have_title("Hoofdstuk 2. Een begrip met vele kanten · Maatwerk")
        # Of four notebooks three are still open, with their Python; the assignment was left longest ago.
        expect(page.locator(".jp-NotebookPanel")).to_have_count(3)
        for _ in range(3):
            page.go_back()
        expect(page.get_by_role("slider", name="Maatwerk per persoon").first).to_have_value("51")
        page.go_forward()
        expect(page.get_by_role("heading", name="een cursus voor wie beslist")).to_be_visible()
        assert len(page.workers) == 3
    assert guard.complaints == []


def test_a_python_that_is_ready_before_the_service_worker_waits_for_it(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    with served(site) as server, in_chromium(playwright, tmp_path / "profile", Guard()) as visit:
        visit.page.add_init_script(LATE_SERVICE_WORKER)
        opened(visit.page, server, "nl/05-doorbreken")
        assert visit.page.evaluate("pythonBegan") == "before the notebook"
        assert len(visit.page.workers) == 1
        visit.page.get_by_role("slider", name="persoon").first.press("ArrowUp")
        kept(visit.page, "nl", "05-doorbreken", {"plane.before": {"person": 51, "group": 50}})


def test_the_same_chapter_in_the_other_language_has_a_python_of_its_own(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    with served(site) as server, in_chromium(playwright, tmp_path / "profile", Guard()) as visit:
        opened(visit.page, server, "nl/05-doorbreken")
        # The course has no such link; a notebook of an instructor may.
        link = visit.page.locator(".jp-MarkdownOutput a[href]").first
        link.evaluate("link => link.href = '../en/05-doorbreken.ipynb'")
        link.press("Enter")
        visit.page.get_by_role("slider", name="person").first.press("ArrowUp")
        kept(visit.page, "en", "05-doorbreken", {"plane.before": {"person": 51, "group": 50}})
        assert len(visit.page.workers) == 2


def graded(files: list[Path], root: Path) -> dict[str, float]:
    """What these submissions score, by the commands that an instructor types."""
    archive = root / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    for file in files:
        shutil.copy(file, archive)
    typed(root, "-m", "nbgrader", "zip_collect", ASSIGNMENT)
    typed(root, "-m", "maatwerk_app.cli", "grade", ASSIGNMENT)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {one.student_id: one.score for one in gradebook.assignment_submissions(ASSIGNMENT)}


def typed(root: Path, *command: str) -> None:
    """Carry out a command in a course folder."""
    subprocess.run([sys.executable, *command], cwd=root, check=True)
