"""A real JupyterLab for a test: on this machine only, with a home folder and settings of its own."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from playwright.sync_api import Page, expect

PATIENCE = 90_000
PRINTED = re.compile(r"(?P<lab>http://127\.0\.0\.1:\d+/lab/tree/)(?P<path>\S+)(?P<token>\?token=\w+)")

ALL_RAN = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  return prompts.length > 0 && prompts.every((one) => /\\[\\d+\\]/.test(one.textContent));
}"""

# Where code is hidden, only the outputs are numbered. The first cell sets up, and shows nothing.
ALL_SHOWN = """() => {
  const cells = document.querySelectorAll(".jp-CodeCell").length;
  const outputs = [...document.querySelectorAll(".jp-OutputPrompt")];
  return cells > 1 && outputs.filter((one) => /\\d/.test(one.textContent)).length >= cells - 1;
}"""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, and the folder that it shows."""

    address: str
    token: str
    directory: Path

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook, in its own window without side bars."""
        page.goto(f"{self.address}doc/tree/{notebook}?token={self.token}")
        expect(page.locator(".jp-Notebook")).to_be_visible(timeout=PATIENCE)

    def run_all(self, page: Page) -> None:
        """Run every cell from the menu, and wait until the kernel has nothing left to do."""
        expect(page.get_by_title(re.compile("Idle|No Kernel")).first).to_be_attached(timeout=PATIENCE)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(ALL_RAN, timeout=PATIENCE)


@contextmanager
def running_lab(directory: Path) -> Iterator[Lab]:
    """Serve ``directory`` with JupyterLab on a free port, until the end of the block."""
    home = directory.parent / f"{directory.name}-home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG_"))}
    token = secrets.token_hex(16)
    log = home / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyterlab",
                "--no-browser",
                "--allow-root",
                "--ServerApp.ip=127.0.0.1",
                "--ServerApp.port=0",
                f"--ServerApp.root_dir={directory}",
                f"--IdentityProvider.token={token}",
            ],
            env=environment | {"HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Lab(_address(process, log), token, directory)
    finally:
        # The kernels are the server's children: all of them go together.
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"(http://127\.0\.0\.1:\d+/)lab\?", log.read_text()):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


@dataclass(frozen=True)
class StartedCourse:
    """A learner's JupyterLab, as `maatwerk start` opened it: what it printed, and the learner's folder."""

    said: str
    folder: Path

    @property
    def first(self) -> Path:
        """The notebook that the printed address opens."""
        return self.folder / self._printed["path"]

    def notebook(self, stem: str) -> str:
        """The address of one of the course's notebooks."""
        return f"{self._printed['lab']}{stem}.ipynb{self._printed['token']}"

    def open(self, page: Page, stem: str) -> None:
        """Open one of the course's notebooks, and wait until it has run itself and shows its beginning."""
        page.goto(self.notebook(stem))
        page.wait_for_function(ALL_SHOWN, timeout=PATIENCE)
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_have_class(re.compile("jp-mod-active"))

    def answers(
        self, stem: str, condition: Callable[[dict[str, Any]], object], seconds: float = 20
    ) -> dict[str, Any]:
        """What Python saved on disk under one chapter, once ``condition`` holds for it."""
        path = self.folder / "answers.json"
        until = time.monotonic() + seconds
        saved: dict[str, Any] = {}
        while time.monotonic() < until:
            if path.exists():
                saved = json.loads(path.read_text(encoding="utf-8"))["answers"].get(stem, {})
                if condition(saved):
                    return saved
            time.sleep(0.2)
        raise AssertionError(f"not saved in {seconds} s; saved: {saved}")

    @property
    def _printed(self) -> re.Match[str]:
        printed = PRINTED.search(self.said)
        assert printed is not None
        return printed


@contextmanager
def started_course(home: Path, language: str) -> Iterator[StartedCourse]:
    """Run `maatwerk start` with an empty folder as the learner's home, until the end of the block."""
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
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    try:
        yield StartedCourse(_said(lines), home / "maatwerk" / language)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _said(lines: Queue[str]) -> str:
    """All that was printed, up to the address."""
    said = ""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            said += lines.get(timeout=1)
        except Empty:
            continue
        if PRINTED.search(said):
            return said
    raise AssertionError(f"no address was printed:\n{said}")
