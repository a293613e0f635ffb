"""A form in numbered steps, made of native controls, described by data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets
from maatwerk import Language

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import FORM_TEXTS as FORM_TEXTS
from maatwerk_widgets.words import words

Step = dict[str, Any]
NOTHING_SAID: Mapping[str, str] = {"state": "", "text": ""}


class QuestionForm(Kept):
    """Questions in steps; answers come back as ``values``.

    Parameters
    ----------
    steps : sequence of dict
        Each made by :func:`step`, with questions made by :func:`text`, :func:`select`, :func:`choice` or
        :func:`grid`.
    values : mapping, optional
        Answers to restore, by question key.
    lang : {"nl", "en"}
        The language of all words.

    Attributes
    ----------
    values : dict
        The answers. Observe this one; set it to show answers that came from elsewhere.
    edits : dict
        What the learner changed in the browser. Apart from ``values``, so that the browser never sends back
        an answer that nobody touched: it might be older than what another tab saved.
    status, reply : dict
        ``state`` and ``text`` of the saved state, shown beside each step's title, and of the answer to the
        step's button.
    pressed : int
        How often the step's button was pressed.
    watches : dict
        Of which kept answers the state is shown beside the titles, as :func:`keep_safe` gives it.
    """

    ANSWERS = frozenset({"edits"})
    _esm = one_module(STATIC / "form.js")
    _css = looks("form.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    values = traitlets.Dict().tag(sync=True)
    edits = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict(dict(NOTHING_SAID)).tag(sync=True)
    reply = traitlets.Dict(dict(NOTHING_SAID)).tag(sync=True)
    pressed = traitlets.Int(0).tag(sync=True)
    watches = data_trait(traitlets.Dict())

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        values: Mapping[str, Any] | None = None,
        lang: Language = "nl",
        **kwargs: Any,
    ) -> None:
        self._taken_over: Mapping[str, Any] = {}
        # What the front end shows must be there before the widget is made known to it.
        self.set_trait("content", {"words": words("form", lang, FORM_TEXTS), "steps": list(steps)})
        super().__init__(lang=lang, values=dict(values or {}), **kwargs)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps; the values stay as they are."""
        self.set_trait("content", self.content | {"steps": list(steps)})

    @traitlets.observe("edits")
    def _take_over(self, _change: object) -> None:
        self.settle()

    def take_offer(self, values: Mapping[str, Any]) -> None:
        """Show what an earlier page could not save; ``edits`` stay the open page's own."""
        edits = values.get("edits", {})
        known = {q["key"] for s in self.content["steps"] for q in s["questions"]}
        if not isinstance(edits, Mapping) or not set(edits) <= known:
            raise traitlets.TraitError("edits")
        self.settle()
        self.values = {**self.values, **edits}

    def settle(self) -> None:
        """Take over what was changed in the browser since the last time."""
        known = {q["key"] for s in self.content["steps"] for q in s["questions"]}
        before, self._taken_over = self._taken_over, self.edits
        changed = {
            key: value
            for key, value in self.edits.items()
            if key in known and (key not in before or before[key] != value)
        }
        if changed:
            self.values = {**self.values, **changed}


def step(
    questions: Sequence[Mapping[str, Any]] = (),
    *,
    title: str = "",
    intro: str = "",
    number: int = 0,
    action: str = "",
) -> Step:
    """A step of a form. Without questions it is only a heading, for a widget that follows it."""
    return {
        "number": number,
        "title": title,
        "intro": intro,
        "questions": list(questions),
        "action": action,
    }


def option(key: str, label: str, note: str = "") -> dict[str, str]:
    """Something to choose, with an explanation if need be."""
    return {"key": key, "label": label, "note": note}


def group(options: Sequence[Mapping[str, str]], label: str = "") -> dict[str, Any]:
    """Options that belong together, under a label or not."""
    return {"label": label, "options": list(options)}


def text(key: str, label: str, help: str = "", *, lines: int = 4, limit: int = 20_000) -> dict[str, Any]:
    """A free text. Its value is a string; above ``limit`` characters it is told that it is too long."""
    return {"key": key, "kind": "text", "label": label, "help": help, "lines": lines, "limit": limit}


def select(key: str, label: str, groups: Sequence[Mapping[str, Any]], help: str = "") -> dict[str, Any]:
    """One of many, in a list that unfolds. Its value is the option's key, or ``""``."""
    return {"key": key, "kind": "select", "label": label, "help": help, "groups": list(groups)}


def choice(key: str, label: str, groups: Sequence[Mapping[str, Any]], help: str = "") -> dict[str, Any]:
    """One of a few, all in sight. Its value is the option's key."""
    return {"key": key, "kind": "choice", "label": label, "help": help, "groups": list(groups)}


def scale(key: str, label: str, options: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """One mark on a scale, its options in one line where there is room. Its value is the option's key."""
    return {**choice(key, label, [group(options)]), "inLine": True}


def grid(key: str, label: str, rows: Sequence[Mapping[str, Any]], help: str = "") -> dict[str, Any]:
    """Lists in rows and columns. Its value is ``{row: {column: option}}``, without the empty cells."""
    return {"key": key, "kind": "grid", "label": label, "help": help, "rows": list(rows)}


def row(key: str, label: str, cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A row of a grid."""
    return {"key": key, "label": label, "cells": list(cells)}


def cell(key: str, label: str, groups: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One list in a grid's row; ``key`` is the column's."""
    return {"key": key, "label": label, "groups": list(groups)}
