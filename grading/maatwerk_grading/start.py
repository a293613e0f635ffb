"""``maatwerk start``: JupyterLab, opened on the learner's own copy of the course."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maatwerk import Language
from maatwerk.loader import read_texts

from maatwerk_grading.command_error import CommandError
from maatwerk_grading.content import content_root, originals
from maatwerk_grading.learner_copy import CopyReport, update_copy

HERE = Path(__file__).parent
TEXTS = HERE / "start_texts.toml"
# How JupyterLab is for a learner, also under JupyterHub.
LAB_SETTINGS = (
    # No news or update requests leave the machine, and no screens for teachers where nbgrader happens to be;
    # the learner's own settings stay as they are.
    f"--LabApp.app_settings_dir={HERE / 'lab' / 'settings'}",
    # Runs the course's notebooks as they open; see the extension's own comment.
    f"--LabApp.extra_labextensions_path={HERE / 'lab' / 'extensions'}",
)


class StartError(CommandError):
    """Why the course cannot start, in the learner's language, with what to do."""


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What the learner asked for.

    Parameters
    ----------
    language : {"nl", "en"}
        The language of the course and of JupyterLab's settings.
    folder : Path
        Where the learner's copy is, or will be.
    browser : bool
        Whether to open a browser when there is one.
    port : int
        The first port to try; the next free one is taken when it is in use.
    """

    language: Language
    folder: Path
    browser: bool
    port: int


def default_folder(language: Language) -> Path:
    """The learner's folder when none is named: one a language, under the home folder."""
    return Path.home() / "maatwerk" / language


def start(options: StartOptions) -> int:
    """Bring the copy up to date, say where it is, and run JupyterLab until it is stopped.

    Returns
    -------
    int
        JupyterLab's exit code.

    Raises
    ------
    StartError
        When JupyterLab is not installed, the folder cannot be used, or the course is incomplete.
    """
    words = {key: text[options.language] for key, text in read_texts(TEXTS).items()}
    if importlib.util.find_spec("jupyterlab") is None:
        raise StartError(words["no_jupyterlab"])
    root = content_root()
    folder = options.folder.expanduser().resolve()
    if _inside(folder, root / "course") or _inside(folder, root / "exercises"):
        raise StartError(words["folder_is_original"].format(folder=folder))
    try:
        files = originals(root, options.language)
    except FileNotFoundError as error:
        raise StartError(words["no_chapters"].format(folder=error.args[0])) from None
    try:
        report = update_copy(files, folder, datetime.now())
    except OSError as error:
        raise StartError(words["folder_unusable"].format(folder=folder, reason=error.strerror)) from None
    browser = options.browser and has_browser()
    for line in greeting(report, folder, browser, words):
        print(line, flush=True)
    command = lab_command(files[0].target, folder, browser, options.port)
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 0


def lab_command(first: Path, folder: Path, browser: bool, port: int) -> list[str]:
    """The command that opens JupyterLab on ``first`` in ``folder``."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        f"--LabApp.default_url={first_page(first)}",
        *LAB_SETTINGS,
        # JupyterLab prints the address at the highest level; its other lines are noise to a learner.
        "--Application.log_level=ERROR",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def first_page(first: Path) -> str:
    """Where JupyterLab opens, as a path on the server."""
    return f"/lab/tree/{first.as_posix()}"


def greeting(report: CopyReport, folder: Path, browser: bool, words: dict[str, str]) -> Sequence[str]:
    """What the learner reads first."""
    return [
        words["welcome"].format(folder=folder),
        *(words["kept_aside"].format(file=file) for file in report.kept_aside),
        words["opening"] if browser else words["address_follows"],
        words["stop"],
    ]


def has_browser() -> bool:
    """Whether this machine can open a web page for the learner."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    # A text browser is no use to JupyterLab, and a graphical one needs a screen.
    return sys.platform in ("win32", "darwin") or any(
        os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY")
    )


def _inside(folder: Path, parent: Path) -> bool:
    return folder.is_relative_to(parent.resolve())
