"""The settings of the hub, without a hub: what learners get, and what the files for schools say."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from maatwerk import LANGUAGES
from maatwerk.content import chapters, content_root
from maatwerk_app.jupyterhub import HubCourse, configure
from maatwerk_app.jupyterhub.server import ROLES, refresh, server_command
from maatwerk_learner.course_copy import RECORD
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
COURSE = HubCourse("nl", Path("/srv/c"), Path("/srv/x"), ["an"], ["bo"], "maatwerk")


def opened(exchange: Path, text: str) -> None:
    folder = exchange / "maatwerk-nl" / "outbound" / "opdracht-x"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opdracht-x.ipynb").write_text(text)


def test_a_learner_gets_the_chapters_and_what_was_opened_and_loses_nothing(tmp_path: Path) -> None:
    home, exchange = tmp_path / "home", tmp_path / "exchange"
    # Before the course has begun there is no exchange yet.
    refresh(home, "nl", "maatwerk-nl", exchange)
    names = {one.target.name for one in chapters(content_root(), "nl")}
    assert {one.name for one in home.iterdir()} == names | {RECORD.parent.name}
    opened(exchange, "eerste")
    refresh(home, "nl", "maatwerk-nl", exchange)
    notebook, answers = home / "opdracht-x" / "opdracht-x.ipynb", home / "opdracht-x" / "answers.json"
    assert notebook.read_text() == "eerste"
    answers.write_text("{}")
    notebook.write_text("van mij")
    opened(exchange, "verbeterd")
    refresh(home, "nl", "maatwerk-nl", exchange)
    assert notebook.read_text() == "verbeterd" and answers.read_text() == "{}"
    assert [one.read_text() for one in notebook.parent.glob("opdracht-x.2*.ipynb")] == ["van mij"]


def test_a_copy_that_cannot_be_brought_up_to_date_is_no_reason_to_stay_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / RECORD.parent).write_text("a file where a folder should be")
    refresh(tmp_path, "nl", "maatwerk-nl", tmp_path / "exchange")
    assert "is not up to date" in capsys.readouterr().err


@pytest.mark.parametrize("role", ROLES)
def test_only_a_facilitators_server_lets_phones_in_and_only_the_course_has_a_formgrader(role: str) -> None:
    extensions = ROLES[role]
    assert extensions["maatwerk_live.server.jupyter"] is (role == "facilitator")
    assert extensions["nbgrader.server_extensions.formgrader"] is (role == "course")
    # Voilà as it comes would hand out files to anybody.
    assert extensions["maatwerk_app.voila"] is (role == "learner")
    assert extensions["voila.server_extension"] is False
    command = server_command(role, Path("/home/x"))
    assert "--ServerApp.allow_unauthenticated_access=False" in command
    assert ("--allow-root" in command) is (os.geteuid() == 0)
    # A workshop that people are in is not taken for a server that nobody uses.
    assert any("shutdown_no_activity" in part for part in command) is (role == "learner")


def test_configuring_leaves_what_is_the_schools_to_the_school() -> None:
    config = Config()
    configure(config, COURSE)
    assert config.Spawner.disable_user_config is True
    assert config.Spawner.default_url == "/lab/tree/00-start.ipynb"
    configure(config, replace(COURSE, pages=True))
    assert config.Spawner.default_url == "/voila/render/00-start.ipynb"
    assert set(config.JupyterHub) == {"load_groups", "load_roles", "services"}
    (service,) = config.JupyterHub.services
    assert (service["name"], service["user"], service["cwd"]) == ("maatwerk-nl", "maatwerk", "/srv/c")
    assert config.JupyterHub.load_groups["maatwerk-live"] == {"users": ["bo"]}
    # Instructors are no administrators of the hub: they get into one service, and no further.
    assert config.JupyterHub.load_roles[0]["scopes"] == ["access:services!service=maatwerk-nl"]


def values() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "app" / "jupyterhub_values.yaml").read_text())
    return loaded


def test_the_values_for_kubernetes_say_the_same_as_the_configuration() -> None:
    found = values()
    assert set(found) == {"hub", "singleuser", "proxy", "cull"}
    config = Config()
    configure(config, COURSE)
    user = found["singleuser"]
    assert user["cmd"][1:] == config.Spawner.cmd[1:]
    assert user["defaultUrl"] == config.Spawner.default_url
    environment = {**config.Spawner.environment, "MAATWERK_EXCHANGE": "/srv/maatwerk/exchange"}
    assert user["extraEnv"] == environment | {"JUPYTERHUB_DISABLE_USER_CONFIG": "1"}
    (volume,), (mount,) = user["storage"]["extraVolumes"], user["storage"]["extraVolumeMounts"]
    assert volume["name"] == mount["name"] and mount["mountPath"] == "/srv/maatwerk"
    assert set(user["image"]) == {"name", "tag"} and user["networkPolicy"]["enabled"] is True
    (role,) = found["hub"]["loadRoles"].values()
    assert {"access:servers!user=maatwerk-nl", "servers!user=maatwerk-nl"} <= set(role["scopes"])


def test_the_python_among_the_values_runs_and_gives_everybody_a_user_of_their_own() -> None:
    config = Config()
    exec(values()["hub"]["extraConfig"]["maatwerk"], {"c": config})
    roles = {name: one["spawner_override"]["cmd"][-1] for name, one in config.Spawner.group_overrides.items()}
    assert roles == {"live": "facilitator", "course": "course"} and set(roles.values()) < set(ROLES)
    groups = {group for one in config.Spawner.group_overrides.values() for group in one["groups"]}
    assert groups < set(config.JupyterHub.load_groups)

    class Spawner:
        class user:  # noqa: N801  (as a spawner has it)
            id = 7

    assert config.KubeSpawner.uid(Spawner) == 100_007


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_what_there_is(language: str) -> None:
    page = (ROOT / "docs" / language / "jupyterhub.md").read_text()
    proxy = re.search(r"^VERSION=(\S+)$", (ROOT / "tests" / "ensure_proxy.sh").read_text(), re.MULTILINE)
    assert proxy and f"configurable-http-proxy@{proxy[1]}" in page
    assert f"/services/maatwerk-{language}/formgrader" in page
    for named in re.findall(r"app/[\w.]+", page):
        assert (ROOT / named).is_file(), named
    config = (ROOT / "app" / "jupyterhub_config.py").read_text()
    for line in ("authenticator_class", "spawner_class", "bind_url"):
        assert f"`{line}`" in page and line in config
    disabled = json.loads(
        (ROOT / "app" / "maatwerk_app" / "jupyterlab" / "settings" / "page_config.json").read_text()
    )["disabledExtensions"]
    assert "@jupyter/nbgrader:formgrader" in disabled and "@jupyter/nbgrader:assignment-list" not in disabled
