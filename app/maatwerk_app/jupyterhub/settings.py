"""How JupyterHub is set up for the course: a ``jupyterhub_config.py`` calls this, and may change it after."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maatwerk import Language

from maatwerk_app.launch import first_as_page, first_in_lab

LIVE_GROUP = "maatwerk-live"
START = Path("00-start.ipynb")


@dataclass(frozen=True, slots=True)
class HubCourse:
    """One course on one hub.

    Parameters
    ----------
    language : {"nl", "en"}
        Of the course.
    folder : Path
        The course folder for nbgrader, made with ``maatwerk teach init``.
    exchange : Path
        The folder in which learners and teachers exchange files: mode 1777, so that nobody can take away or
        rename what is another's.
    instructors : sequence of str
        Who may use the formgrader, by their names on the hub.
    facilitators : sequence of str
        Who may hold a live workshop from their own server.
    account : str
        The system user that owns the course folder and runs the formgrader; empty for who runs the hub.
    port : int
        On which the formgrader listens, for the hub's proxy on this machine only.
    pages : bool
        Whether a server opens with the pages to read, and not with JupyterLab; both are there.
    """

    language: Language
    folder: Path
    exchange: Path
    instructors: Sequence[str] = ()
    facilitators: Sequence[str] = ()
    account: str = ""
    port: int = 8010
    pages: bool = False

    @property
    def key(self) -> str:
        """By which nbgrader and the hub know it."""
        return f"maatwerk-{self.language}"


def configure(config: Any, course: HubCourse) -> None:
    """Set up a hub for one course.

    Learners get a copy of the chapters and of every assignment that was opened, and no formgrader.
    Instructors share one formgrader, a service of the hub. A facilitator's own server lets phones join a live
    workshop.

    Parameters
    ----------
    config : traitlets.config.Config
        What ``get_config()`` gives in a ``jupyterhub_config.py``.
    course : HubCourse
        What differs between schools.
    """
    environment = {
        "LANG_COURSE": course.language,
        "MAATWERK_COURSE": course.key,
        "MAATWERK_EXCHANGE": str(course.exchange),
    }
    graders = f"formgrade-{course.key}"

    config.Spawner.cmd = _server("learner")
    config.Spawner.default_url = (first_as_page if course.pages else first_in_lab)(START)
    config.Spawner.environment = environment
    # What somebody leaves in their own home folder does not change how their server lets people in.
    config.Spawner.disable_user_config = True
    config.Spawner.group_overrides = {
        LIVE_GROUP: {"groups": [LIVE_GROUP], "spawner_override": {"cmd": _server("facilitator")}}
    }
    config.JupyterHub.load_groups = {
        graders: {"users": list(course.instructors)},
        LIVE_GROUP: {"users": list(course.facilitators)},
    }
    config.JupyterHub.load_roles = [
        {"name": graders, "groups": [graders], "scopes": [f"access:services!service={course.key}"]}
    ]
    config.JupyterHub.services = [
        {
            "name": course.key,
            "url": f"http://127.0.0.1:{course.port}",
            "command": _server("course"),
            "cwd": str(course.folder),
            "environment": dict(environment),
            "oauth_no_confirm": True,
            **({"user": course.account} if course.account else {}),
        }
    ]


def _server(role: str) -> list[str]:
    return [sys.executable, "-m", "maatwerk_app.jupyterhub.server", role]
