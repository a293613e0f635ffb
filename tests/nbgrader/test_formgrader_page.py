"""The pages on which a person marks, and the feedback after that: served by the real formgrader, and clicked.

The marks in its gradebook are the fast grader's.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from course_roots import environment
from handed_in import ASSIGNMENT, EXERCISE, HALF_SCORES, NAME
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.autograde.problems import Remark
from maatwerk_grading.bridge import number
from maatwerk_grading.course_root import configure
from maatwerk_grading.marking.page import TEXTS as MARKING
from maatwerk_grading.marking.page import marking_page
from maatwerk_grading.marking.sheet import marking_sheet
from maatwerk_grading.rubric_levels import Remarked, read_comment
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, Route, expect, sync_playwright
from traitlets.config import Config

pytestmark = pytest.mark.xdist_group("nbgrader")

TOKEN = "only-for-this-test"
PATIENCE = 60
STUDENT = "half"
TASK = cell_name(EXERCISE, EXERCISE.manual)
COMMENT = "Je noemt de prijs, maar nog niet wie die draagt."


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
    broken = root / "submitted" / "kapot" / NAME
    shutil.copytree(root / "submitted" / "half" / NAME, broken)
    (broken / f"{NAME}.ipynb").write_text("{geen notebook")
    assert main(["grade", NAME, "--course-dir", str(root), "--lang", "en"]) == 1
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
    assert "<script>alert('x')</script>" in words and "{{ 7*7 }}" in words
    assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
    assert not page.find_all(onerror=True)
    assert not re.search("[\x1b\u202e]", text)
    task = page.find("input", id=TASK)
    assert task is not None
    section = task.find_parent("section")
    assert section is not None
    for criterion in EXERCISE.rubric.values():
        group = next(one for one in section.find_all("fieldset") if criterion.name.nl in one.get_text())
        for level in criterion.levels:
            assert level.anchor.nl in group.get_text()
        assert len(group.find_all("input", type="radio")) == len(criterion.levels)
    assert page.find("textarea", id=f"{TASK}-comment") is not None
    fetched = [str(tag.get("src") or tag.get("href")) for tag in page.find_all(["script", "link", "img"])]
    assert [one for one in fetched if one not in ("None", "data:,")] == []
    assert not re.search("HIDDEN TESTS|right=", text), "no key"
    assert page.main is not None and "maatwerk_grading" not in page.main.get_text(), "and no code"


WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


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
    found = page.evaluate("tags => axe.run(document, { runOnly: tags })", list(WCAG_TAGS))["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def _open(page: Page, served: Served, student: str, query: str = "") -> None:
    page.goto(f"{served.address}/formgrader/gradebook?token={TOKEN}")
    page.goto(f"{served.address}/formgrader/submissions/{served.submission(student)}/{query}")
    _ready(page)


def _ready(page: Page) -> None:
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")


def _text(page: Page, cell: str = TASK) -> Locator:
    return page.locator(f"[data-text='{cell}']")


def _level(page: Page, criterion: int, points: int) -> Locator:
    key = list(EXERCISE.rubric)[criterion]
    return _text(page).locator(f"[data-criterion='{key}'] input[value='{points}']")


def _words(page: Page, criterion: int, points: int) -> Locator:
    """The words of a level, which are clicked."""
    return _text(page).locator("fieldset").nth(criterion).locator("label").nth(points)


def _kept(served: Served, student: str, cell: str = TASK) -> tuple[float | None, float | None, str | None]:
    """The points, the extra points and the comment in the gradebook."""
    with Gradebook(f"sqlite:///{served.root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(cell, NAME, NAME, student)
        said = gradebook.find_comment(cell, NAME, NAME, student).manual_comment if cell == TASK else None
        return grade.manual_score, grade.extra_credit, said


def _focused(page: Page) -> str:
    """What the focus is on: the name of a field, or what it says."""
    return str(
        page.evaluate(
            "(document.activeElement.id || document.activeElement.name || document.activeElement.innerText)"
        )
    )


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
    _ready(page)
    text = _text(page)
    for criterion in EXERCISE.rubric.values():
        group = text.get_by_role("group", name=criterion.name.nl)
        for level in criterion.levels:
            expect(group.get_by_role("radio", name=f"{level.points}. {level.anchor.nl}")).to_be_visible()
    assert _violations(page) == []
    expect(text.get_by_text(MARKING["todo"].nl)).to_be_visible()
    # A level by clicking on its words; the points are their sum once there is one for each criterion.
    mark, comment = text.locator("input.score"), text.locator("textarea.comment")
    for criterion, points in enumerate((2, 1)):
        _words(page, criterion, points).click()
        expect(mark).to_have_value("")
    _words(page, 2, 0).click()
    expect(mark).to_have_value("3")
    comment.fill(COMMENT)
    comment.press("Escape")
    expect(text.locator("[data-status]")).to_have_text(MARKING["state_saved"].nl)
    levels = dict(zip(EXERCISE.rubric, (2, 1, 0), strict=True))
    points, extra, said = _kept(served, STUDENT)
    assert (points, extra) == (3.0, None) and read_comment(said) == Remarked(COMMENT, levels)
    expect(text.get_by_text(MARKING["todo"].nl)).to_be_hidden()
    # A person's points go before the sum, and it is said that they differ.
    mark.fill("3,5")
    expect(text.get_by_text(MARKING["differs"].nl.format(points="3"))).to_be_visible()
    expect(text.locator("[data-status]")).to_have_text(MARKING["state_saved"].nl)
    assert _kept(served, STUDENT)[0] == 3.5
    # All of it is there again, and the line of the levels is no part of the comment.
    page.reload()
    _ready(page)
    expect(mark).to_have_value("3,5")
    expect(comment).to_have_value(COMMENT)
    for criterion, chosen in enumerate((2, 1, 0)):
        expect(_level(page, criterion, chosen)).to_be_checked()
    # Feedback, by the button in the row of this learner.
    page.goto(f"{served.address}/formgrader/manage_submissions/{NAME}/")
    row = page.locator("#main-table tr", has=page.locator(".student-id", has_text=re.compile(f"^{STUDENT}$")))
    row.locator(".generate-feedback a").click()
    expect(page.locator("#success-modal")).to_contain_text("Successfully generated feedback")
    file = served.root / "feedback" / STUDENT / NAME / f"{NAME}.html"
    page.goto(file.as_uri())
    task = page.locator(f"#{EXERCISE.key}-person")
    expect(task).to_contain_text(f"3,5 van {EXERCISE.manual_points}")
    expect(task).to_contain_text(COMMENT)
    expect(task.locator("li.chosen")).to_have_count(len(EXERCISE.rubric))
    disadvantages = page.locator(f"#{EXERCISE.key}-nadelen")
    expect(disadvantages).to_contain_text(f"{number(HALF_SCORES['nadelen'], 'nl')} van 2")
    question = ASSIGNMENT.closed[0].items[0].ask.nl
    expect(page.get_by_text(question).first).to_be_visible()
    assert _violations(page) == []
    assert errors == []


def test_the_keyboard_stays_on_the_texts(served: Served, page: Page) -> None:
    _open(page, served, "midden")
    # One arrives at the first level; each Tab is a step in this text, and then the next one begins.
    names = [f"{TASK}.{key}" for key in EXERCISE.rubric]
    assert _focused(page) == names[0]
    passed = []
    for _ in range(6):
        page.keyboard.press("Tab")
        passed.append(_focused(page))
    following = cell_name(ASSIGNMENT.dilemmas[1], ASSIGNMENT.dilemmas[1].manual)
    assert passed == [
        *names[1:],
        TASK,
        f"{TASK}-comment",
        MARKING["case"].nl,
        f"{following}.{next(iter(EXERCISE.rubric))}",
    ]
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
    # A digit is a level, and leads on to the next; after the last to the comment.
    page.keyboard.type("210")
    assert _focused(page) == f"{TASK}-comment"
    page.keyboard.type("Helder.")
    # Delete takes a level away; then the points stay as they were.
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Delete")
    expect(_level(page, 2, 0)).not_to_be_checked()
    page.keyboard.press("2")
    # The same text of the next submission; what was typed is kept first.
    here = page.url
    page.keyboard.press("Control+.")
    page.wait_for_function(f"window.location.href.split('?')[0] !== {here.split('?')[0]!r}")
    _ready(page)
    assert _kept(served, "midden") == (5.0, None, "Helder.\n\n[rubric: gronden=2, prijs=1, uitlegbaar=2]")
    assert page.url.split("?")[0] != here.split("?")[0] and _focused(page) == names[0]
    page.keyboard.press("Control+,")
    page.wait_for_function(f"window.location.href.includes({served.submission('midden')!r})")
    _ready(page)
    # From the third text to the third.
    last = cell_name(ASSIGNMENT.dilemmas[2], ASSIGNMENT.dilemmas[2].manual)
    page.locator(f"[id='{last}']").focus()
    page.keyboard.press("Control+.")
    page.wait_for_function(f"!window.location.href.includes({served.submission('midden')!r})")
    _ready(page)
    assert _focused(page).startswith(f"{last}.")


def test_what_the_computer_marked_is_out_of_the_way_and_within_reach(served: Served, page: Page) -> None:
    _open(page, served, "hoek-laag-laag")
    shown = [one for one in page.locator("input.score").all() if one.is_visible()]
    assert len(shown) == len(ASSIGNMENT.dilemmas)
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    summary = page.locator("#computed > summary")
    expect(summary).to_have_text(MARKING["computed"].nl.format(points="14", maximum="51"))
    summary.click()
    assert _violations(page) == []
    cell = cell_name(EXERCISE, "spanning")
    page.locator(f"[id='{cell}']").fill("1,5")
    expect(page.locator("#status")).to_contain_text("Opgeslagen om")
    expect(summary).to_have_text(MARKING["computed"].nl.format(points="13,5", maximum="51"))
    page.locator(f"[id='{TASK}-extra']").fill("1")
    expect(summary).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Opgeslagen om")
    page.keyboard.press("Control+.")
    page.wait_for_function(f"!window.location.href.includes({served.submission('hoek-laag-laag')!r})")
    assert _kept(served, "hoek-laag-laag", cell)[0] == 1.5
    assert _kept(served, "hoek-laag-laag")[:2] == (None, 1.0)


def test_what_the_computer_could_not_mark_stands_among_the_texts(served: Served, page: Page) -> None:
    _open(page, served, "gewist")
    open_ones = page.locator("#open")
    expect(open_ones).to_contain_text(f"{EXERCISE.title.nl}: De spanning")
    open_ones.locator("input.score").fill("2")
    expect(open_ones.locator("[data-status]")).to_have_text(MARKING["state_saved"].nl)
    assert _kept(served, "gewist", cell_name(EXERCISE, "spanning"))[0] == 2.0
    assert _violations(page) == []


def test_saved_is_said_only_when_the_server_has_it(served: Served, page: Page) -> None:
    _open(page, served, "hoek-hoog-hoog")
    mark = _text(page).locator("input.score")
    state, status = _text(page).locator("[data-status]"), page.locator("#status")
    waiting: list[Route] = []
    page.route("**/api/grade/*", lambda route: waiting.append(route))
    mark.fill("4")
    expect(state).to_have_text(MARKING["state_saving"].nl)
    while not waiting:
        page.wait_for_timeout(20)
    assert _kept(served, "hoek-hoog-hoog")[0] is None
    # What is typed meanwhile is not what the server then answers to.
    mark.fill("4,5")
    waiting.pop().continue_()
    while not waiting:
        page.wait_for_timeout(20)
    expect(state).to_have_text(MARKING["state_saving"].nl)
    waiting.pop().continue_()
    expect(state).to_have_text(MARKING["state_saved"].nl)
    assert _kept(served, "hoek-hoog-hoog")[0] == 4.5
    # A server that refuses, that is gone, where one was logged out, and that keeps something else.
    page.unroute("**/api/grade/*")
    refusals: list[tuple[Callable[[Route], None], str]] = [
        (lambda route: route.fulfill(status=500, body="nee"), MARKING["reason_status"].nl.format(status=500)),
        (lambda route: route.abort(), MARKING["reason_network"].nl),
        (
            lambda route: route.fulfill(status=302, headers={"Location": f"{served.address}/login"}),
            "de server",
        ),
        (
            lambda route: route.fulfill(status=200, json={"manual_score": 0, "extra_credit": None}),
            MARKING["reason_other"].nl,
        ),
    ]
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        refusals[min(len(asked), len(refusals)) - 1][0](route)

    page.route("**/api/grade/*", refuse)
    for value, (_, reason) in enumerate(refusals, 1):
        mark.fill(str(value))
        while len(asked) < value:
            page.wait_for_timeout(20)
        expect(state).to_contain_text(f"NIET opgeslagen: {reason}")
        expect(status).to_contain_text(f"NIET opgeslagen: {reason}")
        assert _kept(served, "hoek-hoog-hoog")[0] == 4.5
    # Nobody is led away from what is not saved.
    here = page.url
    page.keyboard.press("Control+.")
    expect(status).to_have_text(MARKING["stay"].nl)
    assert page.url == here and _violations(page) == []
    page.unroute("**/api/grade/*")
    page.get_by_role("button", name=MARKING["retry"].nl).click()
    expect(state).to_have_text(MARKING["state_saved"].nl)
    expect(page.get_by_role("button", name=MARKING["retry"].nl)).to_be_hidden()
    assert _kept(served, "hoek-hoog-hoog")[0] == 4.0
    # What is no number of points is not sent.
    for wrong in ("7", "-1", "veel", "1e1"):
        mark.fill(wrong)
        expect(mark).to_have_attribute("aria-invalid", "true")
        expect(state).to_have_text(MARKING["state_typing"].nl)
        expect(_text(page).get_by_text(MARKING["invalid"].nl.format(maximum="6"))).to_be_visible()
    assert _kept(served, "hoek-hoog-hoog")[0] == 4.0


def test_a_submission_that_was_refused_has_a_page_that_says_why(served: Served, page: Page) -> None:
    """It was an error 500: formgrader has no template to say that there is no autograded notebook."""
    answer = page.goto(f"{served.address}/formgrader/gradebook?token={TOKEN}")
    answer = page.goto(f"{served.address}/formgrader/submissions/{served.submission('kapot')}/")
    assert answer is not None and answer.status == 200
    _ready(page)
    expect(page.get_by_role("heading", name=MARKING["refused"].nl)).to_be_visible()
    why = Remark("no_notebook", {"notebook": NAME}).say("nl")
    expect(page.locator("main")).to_contain_text(why)
    assert not [one for one in page.locator("input.score").all() if one.is_visible()]
    assert _violations(page) == []
    # A person may give points all the same.
    page.locator("#computed > summary").click()
    page.locator(f"[id='{TASK}']").fill("2")
    expect(page.locator(f"[data-status='{TASK}']")).to_have_text(MARKING["state_saved"].nl)
    assert _kept(served, "kapot")[0] == 2.0
    assert _violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_a_telephone_in_both_languages(
    language: Language, fast: Mapping[Language, Path], page: Page
) -> None:
    folder = fast[language] / "autograded" / "vijandig" / NAME
    notebook = json.loads((folder / f"{NAME}.ipynb").read_bytes())
    about = {"assignment_id": NAME, "notebook_id": NAME, "submission_id": "1", "index": 0, "total": 2}
    who = {"base_url": "http://formgrader.test", "student": "vijandig", "last_name": None, "first_name": None}
    html = marking_page(marking_sheet(notebook, folder), {**about, **who})
    page.route("http://formgrader.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route("**/api/*", lambda route: route.fulfill(json=[]))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("http://formgrader.test/")
    _ready(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert _violations(page) == []
    for key in ("comment", "rubric", "previous"):
        assert MARKING[key][language] in page.content()


def test_a_notebook_of_an_instructors_own_making_is_shown_as_nbgrader_shows_it() -> None:
    config = Config()
    configure(config, "nl")
    config.HTMLExporter.template_name = "formgrade"
    marks = {
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "points": 2,
        "grade_id": "tekst",
    }
    cell = nbformat.v4.new_markdown_cell(
        "Mijn antwoord", metadata={"nbgrader": {**marks, "schema_version": 3}}
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    about = {"assignment_id": "a", "notebook_id": "n", "submission_id": "1", "index": 0, "total": 1}
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources={**about, "base_url": ""})
    page = BeautifulSoup(html, "html.parser")
    assert page.find("input", id="tekst") is not None and "Full credit" in page.get_text()
    assert "formgrade.js" in html and page.find(id="settings") is None
