"""The page on which a person marks: served by the real formgrader, with the learner's words made harmless."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from course_roots import CourseRoot, environment
from handed_in import EXERCISE, NAME
from maatwerk_grading.assignment_notebook import cell_name
from nbgrader.api import Gradebook

pytestmark = pytest.mark.xdist_group("nbgrader")

TOKEN = "only-for-this-test"
PATIENCE = 60


@pytest.fixture(scope="module")
def server(nl: CourseRoot) -> Iterator[str]:
    """The address of a Jupyter server with formgrader in the Dutch course root."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={nl.path}",
        f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    log = (nl.path.parent / "server.log").open("w+", encoding="utf-8")
    with (
        log,
        subprocess.Popen(
            command, cwd=nl.path, env=environment(nl.path.parent), stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", process)
            yield f"http://127.0.0.1:{port}"
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


def _page(server: str, root: CourseRoot, student: str) -> str:
    with Gradebook(f"sqlite:///{root.database}") as gradebook:
        submission = gradebook.find_submission_notebook(NAME, NAME, student).id
    return _get(f"{server}/formgrader/submissions/{submission}/")


def test_what_a_learner_wrote_in_cells_of_their_own_is_text_on_the_marking_page(
    server: str, nl: CourseRoot
) -> None:
    page = BeautifulSoup(_page(server, nl, "aantekening"), "html.parser")
    assert "<script>alert('uit-een-cel')</script>" in page.get_text()
    assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
    assert not page.find_all(onerror=True)
    assert not page.find_all("a", href=re.compile("javascript", re.IGNORECASE))
    assert not page.find_all("img", src=re.compile("example"))


def test_marking_page_shows_words_and_rubric_escaped(server: str, nl: CourseRoot) -> None:
    text = _page(server, nl, "vijandig")
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
