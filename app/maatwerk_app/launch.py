"""``maatwerk start`` and ``maatwerk pages``: JupyterLab or Voilà, on the learner's own copy of the course."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from maatwerk import Language
from maatwerk.content import content_root, originals
from maatwerk.errors import CommandError
from maatwerk.loader import read_texts
from maatwerk_learner.course_copy import CopyReport, update_copy

HERE = Path(__file__).parent
TEXTS = HERE / "start_texts.toml"
# How JupyterLab is for a learner, also under JupyterHub.
LAB_SETTINGS = (
    # No news or update requests leave the machine, and no screens for teachers where nbgrader happens to be;
    # the learner's own settings stay as they are.
    f"--LabApp.app_settings_dir={HERE / 'jupyterlab' / 'settings'}",
    # Runs the course's notebooks as they open; see the extension's own comment.
    f"--LabApp.extra_labextensions_path={HERE / 'jupyterlab' / 'extensions'}",
)
# By the name of the extension, what a learner's server has for JupyterLab: ours, which makes it calm.
LAB_EXTENSIONS: Mapping[str, bool] = {"maatwerk_app.jupyterlab": True}
# By the name of the extension, what a learner's server has for the pages: ours, which brings Voilà along.
PAGES_EXTENSIONS: Mapping[str, bool] = {"maatwerk_app.voila": True, "voila.server_extension": False}
# What is on by itself wherever it is installed, while no learner needs it: starting takes longer, and some
# of it writes alarming lines about a gradebook that a learner has not.
_NOT_FOR_LEARNERS = dict.fromkeys(
    (
        *("jupyter_lsp", "jupyterlab_jupytext", "notebook"),
        *("nbgrader.server_extensions.assignment_list", "nbgrader.server_extensions.course_list"),
        *("nbgrader.server_extensions.formgrader", "nbgrader.server_extensions.validate_assignment"),
        "voila.server_extension",
    ),
    False,
)
# And what the pages do without as well: starting would take twice as long.
_NOT_FOR_PAGES = _NOT_FOR_LEARNERS | dict.fromkeys(
    ("jupyter_server_terminals", "jupyterlab", "notebook_shim"), False
)
# Where Voilà finds our template: in JUPYTER_PATH before the server starts, or JupyterHub does not see it.
PAGES_DATA = HERE / "voila" / "jupyter"
# Leaving a page stops its kernel; this is for when the browser had no time to say so. A page that is open
# keeps its own, however long. In seconds.
IDLE = 10 * 60
# How long the server has to stop its kernels. In seconds.
_STOPPING = 15


class StartError(CommandError):
    """Why the course cannot start, in the learner's language, with what to do."""


@dataclass(frozen=True, slots=True)
class StartOptions:
    """What the learner asked for.

    Parameters
    ----------
    language : {"nl", "en"}
        The language of the course.
    folder : Path
        Where the learner's copy is, or will be.
    browser : bool
        Whether to open a browser when there is one.
    port : int
        The first port to try; the next free one is taken when it is in use.
    pages : bool
        Whether to show the notebooks as pages to read, with Voilà, instead of in JupyterLab.
    """

    language: Language
    folder: Path
    browser: bool
    port: int
    pages: bool = False


def default_folder(language: Language) -> Path:
    """The learner's folder when none is named: one a language, under the home folder."""
    return Path.home() / "maatwerk" / language


def start(options: StartOptions) -> int:
    """Bring the copy up to date, say where it is, and run the server until it is stopped.

    Returns
    -------
    int
        The server's exit code.

    Raises
    ------
    StartError
        When JupyterLab or Voilà is not installed, the folder cannot be used, or the course is incomplete.
    """
    words = {key: text[options.language] for key, text in read_texts(TEXTS).items()}
    needed = "voila" if options.pages else "jupyterlab"
    if importlib.util.find_spec(needed) is None:
        raise StartError(words[f"no_{needed}"])
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
    command_of = pages_command if options.pages else lab_command
    command = command_of(files[0].target, folder, browser, options.port)
    return run_until_stopped(command, os.environ | _environment(options.language))


def run_until_stopped(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a server, and take it along when this program is stopped: by Ctrl+C, a signal, a closed terminal.

    Returns
    -------
    int
        The server's exit code; 0 when it was asked to stop.
    """
    # In a group of its own: on Ctrl+C it would ask, in English, whether it really has to stop.
    server = subprocess.Popen(command, env=environment, start_new_session=os.name == "posix")

    def stop(number: int, frame: object) -> NoReturn:
        del number, frame
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if server.poll() is None:
            server.terminate()
            try:
                server.wait(_STOPPING)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                server.kill()
                server.wait()


def _environment(language: Language) -> dict[str, str]:
    data = filter(None, (str(PAGES_DATA), os.environ.get("JUPYTER_PATH")))
    return {"LANG_COURSE": language, "JUPYTER_PATH": os.pathsep.join(data)}


def lab_command(first: Path, folder: Path, browser: bool, port: int) -> list[str]:
    """The command that opens JupyterLab on ``first`` in ``folder``."""
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--LabApp.default_url={first_in_lab(first)}",
        *LAB_SETTINGS,
        f"--ServerApp.jpserver_extensions={_NOT_FOR_LEARNERS | dict(LAB_EXTENSIONS)}",
        *_server_settings(folder, browser, port),
    ]


def pages_command(first: Path, folder: Path, browser: bool, port: int) -> list[str]:
    """The command that opens ``first`` in ``folder`` as a page to read."""
    return [
        *(sys.executable, "-m", "jupyter_server"),
        f"--ServerApp.default_url={first_as_page(first)}",
        f"--ServerApp.jpserver_extensions={_NOT_FOR_PAGES | dict(PAGES_EXTENSIONS)}",
        *_server_settings(folder, browser, port),
    ]


def _server_settings(folder: Path, browser: bool, port: int) -> list[str]:
    return [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        f"--MappingKernelManager.cull_idle_timeout={IDLE}",
        # Or each kernel warns that somebody could listen in on it.
        *(["--KernelManager.transport_encryption=auto"] if _can_encrypt() else []),
        # The server prints the address at the highest level; its other lines are noise to a learner.
        "--Application.log_level=ERROR",
        *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def _can_encrypt() -> bool:
    import zmq

    return bool(zmq.has("curve"))


def first_in_lab(first: Path) -> str:
    """Where JupyterLab opens, as a path on the server."""
    return f"/lab/tree/{first.as_posix()}"


def first_as_page(first: Path) -> str:
    """Where the pages open, as a path on the server."""
    return f"/voila/render/{first.as_posix()}"


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
