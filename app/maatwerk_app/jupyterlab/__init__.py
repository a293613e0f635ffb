"""JupyterLab as a learner has it: the notebooks as calm pages, and the whole of JupyterLab one link away.

As a Jupyter server extension it says with each page which parts of JupyterLab are to stay away; the site
leaves the same parts out as it is built. What then makes a page of a notebook is
``extensions/maatwerk-course``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maatwerk.loader import read_texts

TEXTS = Path(__file__).with_name("lab_texts.toml")
# The workspace, so the part of the address, in which all of JupyterLab is there.
FULL = "jupyterlab"

# Parts that nobody uses who reads and answers: what stands around the page, in English and on a telephone a
# quarter of its width, and what only makers of notebooks need. Each takes time at every start.
WITHOUT = (
    *(
        f"@jupyterlab/{name}-extension"
        for name in (
            "audio",
            "cell-toolbar",
            "celltags",
            "completer",
            "console",
            "csvviewer",
            "filebrowser",
            "fileeditor",
            "help",
            "inspector",
            "javascript",
            "json-lines",
            "launcher",
            "logconsole",
            "lsp",
            "mainmenu",
            "markdownviewer",
            "mermaid",
            "metadataform",
            "pdf",
            "running",
            "settingeditor",
            "statusbar",
            "terminal",
            "toc",
            "tooltip",
            "vega5",
            "video",
            "workspaces",
        )
    ),
    "@jupyterlab/application-extension:property-inspector",
    *(
        f"@jupyterlab/apputils-extension:{name}"
        for name in ("kernel-status", "licenses-plugin", "running-sessions-status")
    ),
    *(
        f"@jupyterlab/notebook-extension:{name}"
        for name in (
            "active-cell-tool",
            "code-console",
            "completer",
            "kernel-status",
            "language-server",
            "log-output",
            "metadata-editor",
            "open-with-no-kernel",
            "toc",
            "tools",
            "update-raw-mimetype",
        )
    ),
)
# And what is only there, or only in the way, where JupyterLab has a server. The address is followed by our
# own part, which opens one page and no other that was open before.
_WITHOUT_ON_A_SERVER = (
    *(f"@jupyterlab/{name}-extension" for name in ("debugger", "extensionmanager", "pluginmanager")),
    *(
        f"@jupyterlab/application-extension:{name}"
        for name in ("main", "notfound", "top-bar", "tree-resolver")
    ),
    *(
        f"@jupyterlab/apputils-extension:{name}"
        for name in ("announcements", "licenses-client", "resolver", "workspaces")
    ),
    "@jupyterlab/hub-extension:menu",
    "@jupyterlab/services-extension:terminal-manager",
    "@jupyter-notebook/lab-extension",
    "@jupyter/nbgrader",
    "@jupyterlite/pyodide-kernel-extension",
    "@voila-dashboards/jupyterlab-preview",
    "jupyterlab-jupytext",
    "jupyterlab-plotly",
)


def said() -> str:
    """What a page says, in both languages, for the script that makes a page of a notebook."""
    texts = read_texts(TEXTS)
    return json.dumps(
        {language: {key: text[language] for key, text in texts.items()} for language in ("nl", "en")}
    )


def page_config(given: Mapping[str, Any], is_full: bool) -> dict[str, Any]:
    """What JupyterLab is told with a page; pure.

    Parameters
    ----------
    given : mapping
        What it is told otherwise.
    is_full : bool
        Whether somebody asked for the whole of JupyterLab.
    """
    config = {**given, "maatwerkWords": said(), "maatwerkFull": FULL}
    if is_full:
        return config
    away = {*given.get("disabledExtensions", ()), *WITHOUT, *_WITHOUT_ON_A_SERVER}
    # Of what is away nothing has to be fetched either.
    fetched = [one for one in given.get("federated_extensions", ()) if one["name"] not in away]
    return {
        **config,
        "maatwerkIsCalm": "true",
        "disabledExtensions": sorted(away),
        "federated_extensions": fetched,
    }


def _of_request(handler: Any, given: dict[str, Any]) -> dict[str, Any]:
    return page_config(given, f"/workspaces/{FULL}/" in f"{handler.request.path}/")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "maatwerk_app.jupyterlab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.web_app.settings["page_config_hook"] = _of_request
