"""What a cell of a notebook calls: the board of a workshop that begins, and a workshop to look back at."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait

from maatwerk_live.content import STATIC, command_words, content
from maatwerk_live.defaults import default_data


def workshop(lang: Language = DEFAULT_LANGUAGE, *, data: Path | None = None, new: bool = False) -> LiveBoard:
    """Begin a workshop, or go on with the last one, and show its board.

    It runs in the Jupyter server when ``maatwerk_live.server.jupyter`` is enabled there, as under
    JupyterHub; else in this notebook's own process, for phones in the same network.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of the workshop.
    data : Path, optional
        The file that keeps what happens; left out, that of ``maatwerk live``.
    new : bool
        Begin a new workshop, also when one of today could go on.
    """
    return LiveBoard(lang, data or default_data(), new)


def replay(lang: Language, steps: str) -> Replay:
    """Show a workshop that was held.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of the workshop.
    steps : str
        What :func:`maatwerk_live.report.replay_notebook.replay_notebook` kept of it, as JSON.
    """
    return Replay(lang, json.loads(steps))


def looks() -> str:
    """The board's looks, for a place of its own in the notebook."""
    files = ("live.css", "board.css", "notebook.css")
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in files)


class _Screen(anywidget.AnyWidget):
    """What both have: the words, and looks that stay inside."""

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    looks = data_trait(traitlets.Unicode())

    @traitlets.default("content")
    def _content(self) -> dict[str, Any]:
        return content(self.lang)

    @traitlets.default("looks")
    def _looks(self) -> str:
        return looks()

    def __repr__(self) -> str:
        """Nothing of what it shows: a saved notebook would keep it."""
        return f"<{type(self).__name__}>"


class LiveBoard(_Screen):
    """The board of a workshop, which begins when somebody looks: see :func:`workshop`.

    Attributes
    ----------
    origin : str
        Where the browser looks from; the front end says so.
    board : dict
        What the board shows, as :func:`maatwerk_live.notebook.follow.board_after` has it.
    stage : str
        The facilitator's address.
    problem : str
        What is the matter, in the workshop's language; empty when nothing is.
    """

    _esm = one_module(STATIC / "board_widget.js")

    origin = traitlets.Unicode().tag(sync=True)
    board = data_trait(traitlets.Dict())
    stage = data_trait(traitlets.Unicode())
    problem = data_trait(traitlets.Unicode())

    def __init__(self, lang: Language, data: Path, new: bool = False, **kwargs: Any) -> None:
        super().__init__(lang=lang, **kwargs)
        self._data, self._new = data, new
        self._begun = False
        self._following: Future[None] | None = None

    @traitlets.observe("origin")
    def _begin(self, _change: object) -> None:
        if self._begun:
            return
        self._begun = True
        try:
            from maatwerk_live.notebook.follow import Wanted, begin_following
        except ImportError:
            self._hear(problem=command_words(self.lang)["no_live"])
            return
        self._following = begin_following(Wanted(self.lang, self._data, self._new, self.origin), self._hear)

    def close(self) -> None:
        """Show it no more. The workshop itself goes on."""
        if self._following:
            self._following.cancel()
        super().close()

    def _hear(self, **told: Any) -> None:
        lang = told.get("board", {}).get("lang", self.lang)
        if lang != self.lang:
            # A workshop that goes on speaks its own language.
            self.lang = lang
            self.set_trait("content", content(lang))
        for name, value in told.items():
            self.set_trait(name, value)


class Replay(_Screen):
    """A workshop that was held, step by step: see :func:`replay`.

    Attributes
    ----------
    steps : list of dict
        Each with its ``title`` and its ``board``.
    at : int
        Which step is shown, from 0.
    """

    _esm = one_module(STATIC / "replay.js")

    steps = data_trait(traitlets.List())
    at = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, lang: Language, steps: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(lang=lang, **kwargs)
        self.set_trait("steps", steps)

    @traitlets.validate("at")
    def _check_at(self, proposal: dict[str, Any]) -> int:
        return min(int(proposal["value"]), max(0, len(self.steps) - 1))
