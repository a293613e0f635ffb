"""The course as it really starts, for a test: on this machine, with a home folder and settings of its own."""

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
PRINTED = re.compile(
    r"(?P<way>http://127\.0\.0\.1:\d+/(lab/tree|voila/render)/)(?P<path>\S+)(?P<token>\?token=\w+)"
)

# The notebook on top; those in other tabs are hidden.
IN_SIGHT = ".jp-NotebookPanel:not(.lm-mod-hidden)"

# The root of each of our widgets has such a class; before it is there, JupyterLab shows that it is loading.
# The last of them may still be drawing, and push down what stands below.
ALL_SHOWN = """(inSight) => {
  const notebook = document.querySelector(inSight);
  const outputs = [...notebook.querySelectorAll(".jp-OutputArea-output.lm-Panel")];
  const height = notebook.querySelector(".jp-WindowedPanel-outer")?.scrollHeight;
  const still = window.lastHeight === height;
  window.lastHeight = height;
  return still && outputs.every((output) => output.querySelector("[class^=mw-]"));
}"""


@dataclass(frozen=True)
class StartedCourse:
    """What `maatwerk start` or `maatwerk pages` opened: what it printed, and the learner's folder."""

    said: str
    folder: Path

    @property
    def first(self) -> Path:
        """The notebook that the printed address opens."""
        return self.folder / self._printed["path"]

    def notebook(self, stem: str) -> str:
        """The address of one of the course's notebooks."""
        return f"{self._printed['way']}{stem}.ipynb{self._printed['token']}"

    def open(self, page: Page, stem: str) -> None:
        """Open one of the course's notebooks in JupyterLab; wait until it has run and shows its beginning.

        In a workspace of its own: JupyterLab opens, and runs, what was open in the same one before.
        """
        workspace = f"/lab/workspaces/{secrets.token_hex(4)}/tree/"
        page.goto(self.notebook(stem).replace("/lab/tree/", workspace))
        has_run(page)

    def answers(
        self, key: str, condition: Callable[[dict[str, Any]], object], seconds: float = 20, within: str = ""
    ) -> dict[str, Any]:
        """What Python saved on disk under one chapter or exercise, once ``condition`` holds for it.

        ``within`` is the assignment's folder; a chapter's answers stand in the learner's own.
        """
        path = self.folder / within / "answers.json"
        until = time.monotonic() + seconds
        saved: dict[str, Any] = {}
        while time.monotonic() < until:
            if path.exists():
                saved = json.loads(path.read_text(encoding="utf-8"))["answers"].get(key, {})
                if condition(saved):
                    return saved
            time.sleep(0.2)
        raise AssertionError(f"not saved in {seconds} s; saved: {saved}")

    @property
    def _printed(self) -> re.Match[str]:
        printed = PRINTED.search(self.said)
        assert printed is not None
        return printed


def has_run(page: Page, patience: float = PATIENCE) -> None:
    """Wait until the notebook in sight has run itself, now or after a reload, and shows its beginning."""
    expect(page.locator(f"{IN_SIGHT}.maatwerk-has-run")).to_be_attached(timeout=patience)
    page.wait_for_function(ALL_SHOWN, arg=IN_SIGHT, timeout=patience, polling=400)
    expect(page.locator(f"{IN_SIGHT} .jp-Cell").first).to_have_class(re.compile("jp-mod-active"))


@contextmanager
def started_course(home: Path, language: str, command: str = "start") -> Iterator[StartedCourse]:
    """Run `maatwerk start` or `pages`, with ``home`` as the learner's, until the end of the block."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG_"))}
    environment |= {"HOME": str(home), "LANG_COURSE": language}
    environment.pop("DISPLAY", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "maatwerk_app.cli", command, "--port", "18888"],
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
