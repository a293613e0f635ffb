"""JupyterLite with the course in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from maatwerk import LANGUAGES
from maatwerk.content import originals
from maatwerk_app.jupyterlab import WITHOUT as LAB_WITHOUT
from maatwerk_app.jupyterlab import said

# Where what the learner answered is kept in the browser. The start page reads it too. Never change it:
# answers that were given before would be out of sight.
DATABASE = "Maatwerk"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", KERNEL, "anywidget")
# What a learner's own JupyterLab is without as well, and what only JupyterLite has.
WITHOUT = (
    *LAB_WITHOUT,
    # In its place comes one of our own (settings.js).
    "@jupyterlab/apputils-extension:settings",
    # Our own opens what the address names; this one looks for it in the list of files as well.
    "@jupyterlite/application-extension:opener",
    "@jupyterlite/application-extension:lsp-connection-manager",
    # It wants more than one document in sight, and says so in the address.
    "@jupyterlite/application-extension:mode-support",
    "@jupyterlite/application-extension:share-file",
)
_ANSWER = re.compile(r"new Response\(JSON\.stringify\((\w+)\.response\)\)")
OWN_EXTENSIONS = Path(__file__).with_name("extensions")
LEARNERS_LAB = Path("app") / "maatwerk_app" / "jupyterlab"
# Parts of JupyterLite that nobody comes to, and what only its makers need.
NOT_NEEDED = (
    "consoles",
    "edit",
    "notebooks",
    "repl",
    "tree",
    "bootstrap.js",
    "jupyterlite.schema.v0.json",
    "package.json",
    "rspack.config.analyze.js",
    "rspack.config.js",
    "rspack.config.watch.js",
    "build/consoles",
    "build/edit",
    "build/notebooks",
    "build/repl",
    "build/tree",
)


def installed_extensions() -> Path:
    """Where pip puts JupyterLab's extensions."""
    return Path(sysconfig.get_path("data")) / "share" / "jupyter" / "labextensions"


def kernel_wheels() -> Path:
    """The folder of wheels that comes with JupyterLite's kernel."""
    return installed_extensions() / KERNEL / "static" / "pypi"


def build_lite(project: Path, python: str, packages: Iterable[str], scratch: Path, into: Path) -> None:
    """Run ``jupyter lite build``.

    Parameters
    ----------
    project : Path
        This project.
    python : str
        The folder of the browser's Python, seen from the site.
    packages : iterable of str
        What it loads as it starts.
    scratch : Path
        An empty folder.
    into : Path
        The site.
    """
    lite, contents = scratch / "lite", scratch / "contents"
    lite.mkdir()
    settings = json.dumps(_settings(project, python, packages))
    (lite / "jupyter-lite.json").write_text(settings, encoding="utf-8")
    _copy_contents(project, contents)
    extensions = [
        *(installed_extensions() / name for name in EXTENSIONS),
        *sorted((project / LEARNERS_LAB / "extensions").iterdir()),
        *sorted(OWN_EXTENSIONS.iterdir()),
    ]
    config = {
        "LiteBuildConfig": {
            "federated_extensions": [str(one) for one in extensions],
            "ignore_sys_prefix": True,
        }
    }
    (lite / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps", "--apps=lab"]
    options = ["--no-unused-shared-packages", f"--lite-dir={lite}", f"--contents={contents}"]
    done = subprocess.run(
        [*command, *options, f"--output-dir={into}"],
        capture_output=True,
        text=True,
        cwd=lite,
        env=_environment(),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"jupyter lite build\n{done.stdout}{done.stderr}")
    for name in NOT_NEEDED:
        found = into / name
        shutil.rmtree(found) if found.is_dir() else found.unlink(missing_ok=True)
    _only_to_read(into / "api" / "contents")
    _tell_of_failures(into / "service-worker.js")


def _settings(project: Path, python: str, packages: Iterable[str]) -> dict[str, Any]:
    learners = project / LEARNERS_LAB / "settings" / "overrides.json"
    # One notebook in sight, without tabs.
    one_page = {"@jupyterlab/application-extension:shell": {"startMode": "single"}}
    kernel = {
        "pyodideUrl": f"./{python}/python.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"./{python}/pyodide-lock.json",
            "packages": list(packages),
        },
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Maatwerk",
            "maatwerkIsCalm": "true",
            "maatwerkWords": said(),
            "contentsStorageName": DATABASE,
            "settingsStorageName": f"{DATABASE} – settings",
            # Which notebooks were open is forgotten: each would start a Python of its own with the course.
            "enableMemoryStorage": True,
            "workspacesStorageDrivers": ["memoryStorageDriver"],
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
            "disabledExtensions": list(WITHOUT),
            "settingsOverrides": {**json.loads(learners.read_text(encoding="utf-8")), **one_page},
        },
    }


def _copy_contents(project: Path, contents: Path) -> None:
    for language in LANGUAGES:
        for original in originals(project, language):
            target = contents / language / original.target
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original.file, target)


def _only_to_read(index: Path) -> None:
    """Let no notebook be saved in the browser: a copy there would hide every later release of the site.

    The answers are no part of a notebook.
    """
    for file in index.rglob("all.json"):
        folder = json.loads(file.read_text(encoding="utf-8"))
        for one in folder["content"]:
            one["writable"] = one["type"] == "directory"
        file.write_text(json.dumps(folder), encoding="utf-8")


def _tell_of_failures(worker: Path) -> None:
    """Let the service worker pass on to Python that the browser could not do what was asked of a file.

    JupyterLite's page answers only what went well: after a rename of a file that another window had just
    renamed, or on a full disk, Python waited for an answer for ever. Our page answers that it failed
    (``python.js``), and this makes of that what JupyterLite's Python understands.
    """
    text = worker.read_text(encoding="utf-8")
    told, count = _ANSWER.subn(
        r"new Response(JSON.stringify(\1.response),{status:\1.response?.maatwerkFailed?500:200})", text
    )
    if count != 1:
        raise RuntimeError(f"{worker.name}: JupyterLite's service worker is another than this was made for")
    worker.write_text(told, encoding="utf-8")


def _environment() -> dict[str, str]:
    # The same bytes each time.
    return {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0"}
