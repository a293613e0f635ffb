"""The pages on which a person marks, and the feedback after that: served by the real formgrader, and clicked.

The marks in its gradebook are the fast grader's.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from course_roots import environment
from handed_in import ASSIGNMENT, EXERCISE, HALF_SCORES, NAME
from maatwerk import Language
from maatwerk_grading.assignment_notebook import cell_name
from maatwerk_grading.bridge import number
from nbgrader.api import Gradebook
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = pytest.mark.xdist_group("nbgrader")

TOKEN = "only-for-this-test"
PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """A Jupyter server with formgrader, and the course root that it shows."""

    address: str
    root: Path

    def submission(self, student: str) -> str:
        """The key of a learner's notebook in the gradebook."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            key: str = gradebook.find_submission_notebook(NAME, NAME, student).id
            return key


@pytest.fixture(scope="module")
def served(fast: Mapping[Language, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The Dutch course root as the fast grader left it, of its own."""
    root = tmp_path_factory.mktemp("formgrader") / "nl"
    shutil.copytree(fast["nl"], root)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    log = (root.parent / "server.log").open("w+", encoding="utf-8")
    with (
        log,
        subprocess.Popen(
            command, cwd=root, env=environment(root.parent), stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", process)
            yield Served(f"http://127.0.0.1:{port}", root)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _get(address: str) -> str:
    asked = urllib.request.Request(address, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        text: str = answer.read().decode()
        return text


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            _get(address)
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def _page(served: Served, student: str) -> str:
    return _get(f"{served.address}/formgrader/submissions/{served.submission(student)}/")


def test_what_a_learner_wrote_in_cells_of_their_own_is_text_on_the_marking_page(
    served: Served,
) -> None:
    page = BeautifulSoup(_page(served, "aantekening"), "html.parser")
    assert "<script>alert('uit-een-cel')</script>" in page.get_text()
    assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
    assert not page.find_all(onerror=True)
    assert not page.find_all("a", href=re.compile("javascript", re.IGNORECASE))
    assert not page.find_all("img", src=re.compile("example"))


def test_marking_page_shows_words_and_rubric_escaped(served: Served) -> None:
    text = _page(served, "vijandig")
    page = BeautifulSoup(text, "html.parser")
    words = page.get_text()
    assert "<script>alert('x')</script>" in words
    assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
    assert not page.find_all(onerror=True)
    assert not re.search("[\x1b\u202e]", text)
    task = page.find("input", id=cell_name(EXERCISE, "verantwoording"))
    assert task is not None
    table = task.find_next("table")
    assert table is not None
    assert len(table.find_all("tr")) == 1 + len(EXERCISE.rubric)
    assert page.find("textarea", id=f"{cell_name(EXERCISE, 'verantwoording')}-comment") is not None
    assert "https://" not in "".join(tag.get("src", "") for tag in page.find_all("script"))


STUDENT = "half"
TASK = cell_name(EXERCISE, EXERCISE.manual)
COMMENT = "Je noemt de prijs, maar nog niet wie die draagt."
# What we draw on nbgrader's pages: texts, rubrics and what cells show.
OURS = ".rendered_html"
WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@pytest.fixture
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        yield context.new_page()
        browser.close()


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("([ours, tags]) => axe.run(ours, { runOnly: tags })", [OURS, list(WCAG_TAGS)])[
        "violations"
    ]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def test_a_text_is_marked_by_clicking_and_the_feedback_shows_mark_comment_and_reasons(
    served: Served, page: Page
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    # From the list of assignments to one learner's notebook.
    page.goto(f"{served.address}/formgrader/gradebook?token={TOKEN}")
    page.locator("#main-table").get_by_role("link", name=NAME, exact=True).click()
    page.locator("#main-table").get_by_role("link", name=NAME, exact=True).click()
    page.locator(f"#main-table a[href*='{served.submission(STUDENT)}']").first.click()
    task = page.locator(".nbgrader_cell", has=page.locator(f"[id='{TASK}']"))
    rubric = task.get_by_role("table")
    for criterion in EXERCISE.rubric.values():
        row = rubric.get_by_role("row").filter(has_text=criterion.name.nl)
        for level in criterion.levels:
            expect(row.get_by_role("cell", name=level.anchor.nl)).to_be_visible()
    assert _violations(page) == []
    # A mark, and by Tab, as nbgrader's own keys go, to the comment.
    mark, comment = task.locator("input.score"), task.locator("textarea.comment")
    page.wait_for_function("formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded")
    expect(mark).to_have_class(re.compile("needs_manual_grade"))
    mark.fill("5")
    with page.expect_response(lambda one: "/api/grade/" in one.url and one.request.method == "PUT") as saved:
        mark.press("Tab")
    assert saved.value.ok
    comment.fill(COMMENT)
    with page.expect_response(
        lambda one: "/api/comment/" in one.url and one.request.method == "PUT"
    ) as saved:
        comment.press("Escape")
    assert saved.value.ok
    # Feedback, by the button in the row of this learner.
    page.goto(f"{served.address}/formgrader/manage_submissions/{NAME}/")
    row = page.locator("#main-table tr", has=page.locator(".student-id", has_text=re.compile(f"^{STUDENT}$")))
    row.locator(".generate-feedback a").click()
    expect(page.locator("#success-modal")).to_contain_text("Successfully generated feedback")
    file = served.root / "feedback" / STUDENT / NAME / f"{NAME}.html"
    page.goto(file.as_uri())
    task = page.locator(".nbgrader_cell", has=page.locator(f"[name='comment-{TASK}']"))
    expect(task).to_contain_text(f"Score: 5.0 / {float(EXERCISE.manual_points)}")
    expect(task).to_contain_text(COMMENT)
    disadvantages = f"De nadelen: {number(HALF_SCORES['nadelen'], 'nl')} van 2"
    expect(page.get_by_text(disadvantages)).to_be_visible()
    question = ASSIGNMENT.closed[0].items[0].ask.nl
    expect(page.get_by_text(question).first).to_be_visible()
    assert _violations(page) == []
    assert errors == []
