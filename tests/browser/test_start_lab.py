"""The first path as a learner walks it: `maatwerk start`; the chapter opens and runs itself; the plane moves.

Real command, real JupyterLab, real browser; the home folder is empty.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest
from playwright.sync_api import Browser, Page, expect

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/\S+\?token=\w+")


@contextmanager
def started_course(home: Path, language: str) -> Iterator[tuple[str, list[str]]]:
    """Run `maatwerk start` in an empty home; yields the address it prints, and everything it says."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG_"))}
    environment |= {"HOME": str(home), "LANG_COURSE": language}
    environment.pop("DISPLAY", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "maatwerk_grading.cli", "start", "--port", "18888"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    try:
        yield _address(lines, said), said
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _address(lines: Queue[str], said: list[str]) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            said.append(lines.get(timeout=1))
        except Empty:
            continue
        if found := ADDRESS.search(said[-1]):
            return found.group()
    raise AssertionError("no address was printed:\n" + "".join(said))


def eventually(path: Path, condition: object, seconds: float = 20) -> dict[str, object]:
    """The answers on disk, once ``condition`` holds for them."""
    until = time.monotonic() + seconds
    saved: dict[str, object] = {}
    while time.monotonic() < until:
        if path.exists():
            saved = json.loads(path.read_text())["answers"]
            if condition(saved):  # type: ignore[operator]
                return saved
        time.sleep(0.2)
    raise AssertionError(f"not saved in {seconds} s; saved: {saved}")


@pytest.mark.xdist_group("lab")
def test_the_dutch_chapter_runs_itself_and_the_plane_follows_the_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    with started_course(tmp_path, "nl") as (address, said):
        assert "Hier is geen browser gevonden" in "".join(said)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        outside: list[str] = []
        page.on("request", lambda r: outside.append(r.url) if not _local(r.url) else None)
        page.goto(address)
        slider = page.get_by_role("slider", name=re.compile("persoon")).first
        expect(slider).to_be_visible(timeout=90_000)
        _chapter_is_whole(page)
        slider.focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowRight")
        # The value on disk is written by Python, from the widget's trait.
        answers = eventually(
            tmp_path / "maatwerk" / "nl" / "answers.json",
            lambda saved: saved.get("05-doorbreken", {}).get("plane.before") == {"person": 51, "group": 60},
        )
        assert set(answers) == {"05-doorbreken"}
        assert outside == []
        page.close()


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def _chapter_is_whole(page: Page) -> None:
    """Every cell ran, none failed, and no code is in sight."""
    page.wait_for_function("() => !document.querySelector('.jp-InputPrompt')?.textContent.includes('*')")
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(0)
    expect(page.locator(".jp-InputPlaceholder:visible")).to_have_count(0)
