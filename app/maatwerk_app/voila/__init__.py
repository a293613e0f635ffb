"""The course as reading pages: a Jupyter server extension that sets up Voilà for it.

Voilà is as safe and as calm as it is set up. All of that is here: for `maatwerk pages`, and for JupyterHub.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk.loader import read_texts
from maatwerk.text import as_language
from tornado.web import RedirectHandler, authenticated
from voila.server_extension import _load_jupyter_server_extension as load_voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

TEXTS = read_texts(Path(__file__).with_name("pages_texts.toml"))
# What was typed last is on its way when a page is left; after this many seconds it is surely with Python.
LAST_WORDS = 3
# The words that a script of the page shows, by how their keys begin.
SHOWN_LATER = ("broken", "lost")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "maatwerk_app.voila"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Show notebooks as pages under ``/voila/render/``, in the language of ``LANG_COURSE``."""
    language = as_language(os.environ.get("LANG_COURSE") or DEFAULT_LANGUAGE)
    words = {key: text[language] for key, text in TEXTS.items()}
    server.config.VoilaConfiguration.update(settings(language, words))
    # Or Voilà fetches a library for formulas from elsewhere; so it uses its own.
    server.web_app.settings.update(mathjax_url=None, mathjax_config=None)
    base = server.web_app.settings["base_url"]
    first = url_path_join(base, "voila/render/00-start.ipynb")
    to_first = {"url": first, "permanent": False}
    # The first that is told of an address, gets it: these go before Voilà's own.
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, r"voila/api/shutdown/(.*)"), ShutDownInPeace),
            # Voilà's list of files is no page of the course.
            (url_path_join(base, r"voila(?:/tree.*)?/?"), RedirectHandler, to_first),
        ],
    )
    load_voila(server)
    # For the page that says that a page is not there.
    server.web_app.settings["voila_jinja2_env"].globals.update(language=language, words=words, first=first)


def settings(language: Language, words: Mapping[str, str]) -> dict[str, Any]:
    """How Voilà is for a learner; pure."""
    later = {key: text for key, text in words.items() if key.partition("_")[0] in SHOWN_LATER}
    return {
        "template": "maatwerk",
        # An address must not choose another template: Voilà's own fetch from elsewhere.
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        # The whole text is there at once; what can be done in it follows.
        "progressive_rendering": True,
        # Voilà hands out files to anybody; the server itself asks for a login.
        "file_allowlist": [],
        # What draws our widgets, and nothing else that happens to be installed.
        "extension_allowlist": [
            "@jupyter-widgets/jupyterlab-manager",
            "@voila-dashboards/widgets-manager8",
            "anywidget",
        ],
        "prelaunch_hook": let_the_page_write,
        "resources": {
            "maatwerk": {"language": language, "words": words, "later": json.dumps(later, ensure_ascii=False)}
        },
    }


def let_the_page_write(handler: Any, notebook: object, cwd: str) -> None:
    """Give the browser what proves that a request comes from our page; asking for it sets the cookie.

    Voilà itself does not, so that no page that was left could stop its kernel.
    """
    del notebook, cwd
    assert handler.xsrf_token


class ShutDownInPeace(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Stops the kernel of a page that was left, once it has saved what it was told.

    Voilà's own way interrupts it at once: what was typed last would be lost.
    """

    @authenticated
    async def post(self, kernel_id: str) -> None:
        """Wait, and stop it."""
        await asyncio.sleep(LAST_WORDS)
        while self.kernel_manager.get_kernel(kernel_id).execution_state == "busy":
            await asyncio.sleep(LAST_WORDS)
        await super().post(kernel_id)
