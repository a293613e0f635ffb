"""The pictures of the instructor's pages, taken while a made-up class goes through nbgrader.

``python docs/screenshots.py`` runs it.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from example_class import LEARNERS, NAME, hand_in, mark_by_hand
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.assignments import assignments
from nbgrader.api import Gradebook
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

PICTURES = Path(__file__).parent / "pictures"
TOKEN = "only-for-these-pictures"
PATIENCE = 120_000
WIDTH, HEIGHT = 1180, 760
TALL = 1060
# Enough for text and a few colours; a quarter of the size of all colours.
COLOURS = 64

# Whose work the pictures show.
FIRST = next(iter(LEARNERS))
COMMENT: Mapping[Language, str] = {
    "nl": "Sterk dat je de kosten noemt. Wie draagt het nadeel van jouw keuze?",
    "en": "Good that you name the costs. Who bears the disadvantage of your choice?",
}


@dataclass(frozen=True)
class Class:
    """A course folder in which everything was handed in and graded, and a JupyterLab that shows it."""

    root: Path
    lang: Language
    address: str

    def open(self, page: Page, path: str) -> None:
        """Open one of the server's pages."""
        page.goto(f"{self.address}{path}?token={TOKEN}")


def take_all(browser: Browser) -> Iterator[Path]:
    """Take every picture; gives the files."""
    PICTURES.mkdir(exist_ok=True)
    for lang in LANGUAGES:
        with TemporaryDirectory() as home, graded_class(Path(home).resolve(), lang) as a_class:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(PATIENCE)
            # Signs in; the page of a submission takes no token.
            a_class.open(page, "/formgrader/gradebook")
            if lang == "nl":
                # nbgrader's own screens are in English, whatever the course's language.
                yield _menu(page, a_class)
                yield _assignments(page, a_class)
            yield _marking(page, a_class)
            yield _feedback(page, a_class)
            yield _report(page, a_class)
            page.close()


def _menu(page: Page, a_class: Class) -> Path:
    a_class.open(page, "/lab")
    page.get_by_role("menuitem", name="Nbgrader").click()
    item = page.get_by_role("menuitem", name="Formgrader", exact=True)
    expect(item).to_be_visible()
    item.hover()
    page.wait_for_timeout(1500)  # Until JupyterLab has drawn its launcher.
    return save(page, "jupyterlab-menu.png", height=420)


def _assignments(page: Page, a_class: Class) -> Path:
    a_class.open(page, "/formgrader/manage_assignments")
    expect(page.locator("#main-table").get_by_text("draft").first).to_be_visible()
    _scroll_to(page, page.locator("table"), 20)
    return save(page, "formgrader-assignments.png", height=520)


def _marking(page: Page, a_class: Class) -> Path:
    with Gradebook(f"sqlite:///{a_class.root / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, FIRST).id
    a_class.open(page, f"/formgrader/submissions/{submission}/")
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")
    task = _task(page)
    for criterion, points in enumerate((2, 1, 2)):
        task.locator("fieldset").nth(criterion).locator("label").nth(points).click()
    task.locator("textarea.comment").fill(COMMENT[a_class.lang])
    task.locator("[data-state='saved']").wait_for()
    # All of the rubric, with the points and the comment below it.
    page.set_viewport_size({"width": WIDTH, "height": TALL})
    _scroll_to(page, task, 60)
    picture = save(page, f"marking-{a_class.lang}.png", height=TALL)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    return picture


def _feedback(page: Page, a_class: Class) -> Path:
    maatwerk(a_class.root, "feedback", NAME, "--student", FIRST, "--lang", a_class.lang)
    page.goto((a_class.root / "feedback" / FIRST / NAME / f"{NAME}.html").as_uri())
    case = page.locator(f"#{assignments()[NAME].dilemmas[0].key}")
    _scroll_to(page, case.locator("h3:has(~ article.person)").last, 20)
    return save(page, f"feedback-{a_class.lang}.png")


def _report(page: Page, a_class: Class) -> Path:
    mark_by_hand(a_class.root)
    maatwerk(a_class.root, "report", NAME, "--lang", a_class.lang)
    page.goto((a_class.root / f"{NAME}-report.html").as_uri())
    page.wait_for_timeout(1500)  # Until plotly has drawn.
    _scroll_to(page, page.locator("#scores"), 0)
    return save(page, f"report-{a_class.lang}.png", height=700)


def _task(page: Page) -> Locator:
    first = assignments()[NAME].dilemmas[0]
    name = f"{first.key}-{first.manual}"
    return page.locator(".nbgrader_cell", has=page.locator(f"[id='{name}'], [name='comment-{name}']"))


def _scroll_to(page: Page, what: Locator, above: int) -> None:
    """Put the top of something at so many pixels below the top of the window."""
    what.evaluate("(one, above) => scrollTo(0, scrollY + one.getBoundingClientRect().top - above)", above)


def save(page: Page, name: str, height: int = HEIGHT) -> Path:
    """A picture of the window, with few colours."""
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": height}, animations="disabled")
    file = PICTURES / name
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    return file


@contextmanager
def graded_class(home: Path, lang: Language) -> Iterator[Class]:
    """A class that handed in, in a folder of its own, and a JupyterLab that shows it."""
    root = home / "maatwerk"
    maatwerk(home, "teach", "--lang", lang, "init", str(root))
    nbgrader(root, "generate_assignment", NAME)
    download, sheet = hand_in(root, lang)
    maatwerk(root, "collect", NAME, download.name, sheet.name, "--lang", lang)
    maatwerk(root, "grade", NAME, "--lang", lang)
    with served(root) as address:
        yield Class(root, lang, address)


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The address of a JupyterLab in a course folder, with nobody's own settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"),
    ]
    log = (root.parent / "server.log").open("w", encoding="utf-8")
    with (
        log,
        subprocess.Popen(
            command, cwd=root, env=environment(root.parent), stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    raise TimeoutError("JupyterLab did not start")


def environment(home: Path) -> dict[str, str]:
    """This environment with another home, in which nothing was set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return kept | {"HOME": str(home), "PATH": path}


def nbgrader(folder: Path, *arguments: str) -> None:
    """Run one of nbgrader's commands."""
    _run(folder, "nbgrader", *arguments)


def maatwerk(folder: Path, *arguments: str) -> None:
    """Run one of the course's own commands."""
    _run(folder, "maatwerk_app.cli", *arguments)


def _run(folder: Path, module: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment(folder.parent),
        check=True,
        capture_output=True,
    )
