"""Starts a Jupyter server under JupyterHub: ``python -m maatwerk_app.jupyterhub.server ROLE``.

First the learner's copy of the course is brought up to date. That is done here, as the learner, and not by
the hub, which is root: root must never write where a learner may have put a link.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk.content import assignments_in, chapters, content_root
from maatwerk.text import as_language
from maatwerk_learner.course_copy import update_copy

from maatwerk_app.launch import LAB_EXTENSIONS, LAB_SETTINGS, PAGES_DATA, PAGES_EXTENSIONS, default_folder

_FORMGRADER, _COURSES = "nbgrader.server_extensions.formgrader", "nbgrader.server_extensions.course_list"
_LIST, _LIVE = "nbgrader.server_extensions.assignment_list", "maatwerk_live.server.jupyter"
# What no learner of this course needs.
_NONE = dict.fromkeys(
    (
        *(_FORMGRADER, _COURSES, "nbgrader.server_extensions.validate_assignment"),
        *("jupyter_server_terminals", "jupyter_lsp", "notebook"),
    ),
    False,
)
# Voilà hands out its own files to anybody; on a server that strangers come to, only the workshop may do so.
_NO_PAGES = dict.fromkeys(PAGES_EXTENSIONS, False)
# By what a server is for, the extensions that differ. Whatever else is installed stays as it is.
ROLES: Mapping[str, Mapping[str, bool]] = {
    "learner": {**_NONE, **LAB_EXTENSIONS, **PAGES_EXTENSIONS, _LIST: True, _LIVE: False},
    "facilitator": {**_NONE, **LAB_EXTENSIONS, **_NO_PAGES, _LIST: True, _LIVE: True},
    "course": {**_NO_PAGES, _FORMGRADER: True, _COURSES: False, _LIST: False, _LIVE: False},
}
# As a teacher's JupyterLab is, without asking elsewhere whether there is a newer one.
TEACHERS_LAB = ("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",)
# Where nbgrader's settings are for each of them.
JUPYTER = Path(__file__).parent / "jupyter"
SETTINGS = {"learner": "learner", "facilitator": "learner", "course": "course"}
# A server that nobody uses stops after this many seconds, and a kernel whose page is closed.
IDLE = 2 * 60 * 60


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the server."""
    parser = argparse.ArgumentParser(prog="maatwerk_app.jupyterhub.server", description="a server of a hub")
    parser.add_argument("role", choices=ROLES)
    role = parser.parse_args(arguments).role
    language = as_language(os.environ.get("LANG_COURSE") or DEFAULT_LANGUAGE)
    folder = Path.cwd() if role == "course" else default_folder(language)
    if role != "course":
        refresh(folder, language, os.environ["MAATWERK_COURSE"], Path(os.environ["MAATWERK_EXCHANGE"]))
    _put_first("JUPYTER_CONFIG_PATH", JUPYTER / SETTINGS[role])
    _put_first("JUPYTER_PATH", PAGES_DATA)
    # Where `maatwerk` and nbgrader's own tools are, also when nobody activated the environment of the hub.
    _put_first("PATH", Path(sys.executable).parent)
    # nbgrader fetches assignments to where the server runs.
    os.chdir(folder)
    command = server_command(role, folder)
    os.execv(command[0], command)


def _put_first(name: str, folder: Path) -> None:
    others = os.environ.get(name, "").split(os.pathsep)
    os.environ[name] = os.pathsep.join(filter(None, (str(folder), *others)))


def refresh(folder: Path, language: Language, course: str, exchange: Path) -> None:
    """Bring a learner's copy up to date: the chapters, and every assignment that the teacher has opened.

    A learner who cannot get news still gets a server with what is there; the reason is for the hub's log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        opened = assignments_in(exchange / course / "outbound")
        update_copy((*chapters(content_root(), language), *opened), folder, datetime.now())
    except OSError as error:
        print(f"maatwerk: {folder} is not up to date: {error}", file=sys.stderr)


def server_command(role: str, folder: Path) -> list[str]:
    """The command of a server for ``role`` in ``folder``."""
    command = [
        *(sys.executable, "-m", "jupyterhub.singleuser"),
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.jpserver_extensions={dict(ROLES[role])}",
        # Whatever an extension forgets to protect, asks for a login all the same.
        "--ServerApp.allow_unauthenticated_access=False",
        f"--MappingKernelManager.cull_idle_timeout={IDLE}",
        *(TEACHERS_LAB if role == "course" else LAB_SETTINGS),
    ]
    # Phones in a workshop are no activity that Jupyter knows of.
    if role == "learner":
        command.append(f"--ServerApp.shutdown_no_activity_timeout={IDLE}")
    if os.geteuid() == 0:
        command.append("--allow-root")
    return command


if __name__ == "__main__":
    main()
