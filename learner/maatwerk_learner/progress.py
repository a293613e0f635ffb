"""How far a learner is: what the chapters ask, from their own cells, against what was answered.

A chapter asks by a call such as ``chapter.plane("before")``, and what is answered there is kept under its key
as ``plane.before``. So nothing needs to be said here when a chapter changes.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from maatwerk.weighing import TOTAL

from maatwerk_learner.answers import Fields

Part = Literal["before", "during", "question", "reflection", "after"]
State = Literal["new", "busy", "done"]

PARTS: tuple[Part, ...] = ("before", "during", "question", "reflection", "after")

# What a chapter may call, by what it asks of the learner. Nothing is asked by what only shows something.
_DECISIONS = ("plane", "scales", "profile")
_EXPLORATIONS = ("cards", "rounds")
_QUESTIONS = ("recall", "quiz")
_REFLECTIONS = ("reflection",)
ASKS = frozenset((*_DECISIONS, *_EXPLORATIONS, *_QUESTIONS, *_REFLECTIONS))
SHOWS = frozenset(("table", "compare", "loops"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a chapter asks, and how it is kept: under ``field`` of the chapter's answers.

    ``items`` are the keys of a quiz's items, as far as the chapter names them.
    """

    method: str
    name: str
    items: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """Its name in the answers file."""
        return f"{self.method}.{self.name}"

    @property
    def part(self) -> Part:
        """To which part of the chapter it belongs."""
        if self.method in _REFLECTIONS:
            return "reflection"
        if self.method in _QUESTIONS:
            return "question"
        if self.method in _DECISIONS and self.name == "before":
            return "before"
        if self.method in _DECISIONS and self.name == "after":
            return "after"
        return "during"


@dataclass(frozen=True, slots=True)
class Outline:
    """A chapter as far as progress is concerned.

    Parameters
    ----------
    stem : str
        The name of its notebook, and its key in the answers file.
    title : str
        In the language of the notebook.
    asked : tuple of Asked
        In the order of the notebook.
    """

    stem: str
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one chapter is; ``done`` holds what was answered of what is asked."""

    outline: Outline
    done: frozenset[Asked]

    @property
    def total(self) -> int:
        """How much there is to answer."""
        return len(self.outline.asked)

    @property
    def state(self) -> State:
        """Nothing answered, something, or everything."""
        if not self.done:
            return "new"
        return "done" if len(self.done) == self.total else "busy"

    def parts(self) -> Mapping[Part, tuple[int, int]]:
        """How much was answered of how much, for every part that the chapter has."""
        counts = {}
        for part in PARTS:
            asked = [one for one in self.outline.asked if one.part == part]
            if asked:
                counts[part] = (sum(one in self.done for one in asked), len(asked))
        return counts


def progress(outlines: Iterable[Outline], answers: Mapping[str, Fields]) -> tuple[Progress, ...]:
    """How far every chapter is.

    Parameters
    ----------
    outlines : iterable of Outline
        The chapters.
    answers : mapping
        What the learner's answers file holds; whatever stands in it, this does not fail.
    """
    return tuple(
        Progress(
            outline,
            frozenset(
                one for one in outline.asked if is_answered(one, answers.get(outline.stem, {}).get(one.field))
            ),
        )
        for outline in outlines
    )


def is_answered(asked: Asked, value: object) -> bool:
    """Whether what was kept is an answer, and not only the beginning of one."""
    if asked.method == "scales":
        # A division is an answer once all points are divided.
        points = value.values() if isinstance(value, Mapping) else ()
        return sum(one for one in points if isinstance(one, int)) == TOTAL
    if asked.items:
        return isinstance(value, Mapping) and all(item in value for item in asked.items)
    return value not in (None, "", False, {}, [])


def read_outlines(folder: Path) -> tuple[Outline, ...]:
    """The outline of every chapter among the notebooks in ``folder``: those that ask something."""
    outlines = []
    for file in sorted(folder.glob("*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        asked = tuple(
            one for cell in cells if cell["cell_type"] == "code" for one in asked_in("".join(cell["source"]))
        )
        if asked:
            outlines.append(Outline(file.stem, _title(cells) or file.stem, asked))
    return tuple(outlines)


def asked_in(source: str) -> tuple[Asked, ...]:
    """What the code of one cell asks: every ``chapter.<method>("<name>", …)`` that keeps an answer."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    return tuple(
        Asked(call.func.attr, str(call.args[0].value), _items(call))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "chapter"
        and call.func.attr in ASKS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    )


def _items(call: ast.Call) -> tuple[str, ...]:
    listed = call.args[1] if len(call.args) > 1 else None
    if not isinstance(listed, ast.List | ast.Tuple):
        return ()
    return tuple(str(one.value) for one in listed.elts if isinstance(one, ast.Constant))


def _title(cells: Iterable[Mapping[str, object]]) -> str:
    for cell in cells:
        source = "".join(cell["source"]) if isinstance(cell["source"], str | list) else ""
        if cell["cell_type"] == "markdown" and source.startswith("# "):
            return source.removeprefix("# ").split("\n", 1)[0].strip()
    return ""
