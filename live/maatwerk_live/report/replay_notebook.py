"""A workshop to look back at, as a notebook with the board's own pictures. Pure: a session in, text out.

It holds what the report holds, no more: the hall as a whole, from five people on, and the arguments that the
facilitator let through. It needs neither the server nor the file that workshops are kept in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from maatwerk import Language
from msgspec import Struct

from maatwerk_live.content import live_words, report_words
from maatwerk_live.core.aggregate import AT_LEAST
from maatwerk_live.core.protocol import Argument, AskKind, BoardState, Joining, Picture, RoundView
from maatwerk_live.core.session import Session
from maatwerk_live.report.report import Told, round_heading, rounds_of

_NOTHING = Picture()

# As in every notebook of the course: learners are no programmers, and no code cell is ever shown.
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_CODE = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


class Step(Struct, frozen=True):
    """One picture of the board, and what it is called."""

    title: str
    board: BoardState


@dataclass(frozen=True, slots=True)
class _Part:
    """What a round says of one thing that it asked; ``asks`` is what makes the board show that."""

    name: str
    asks: tuple[AskKind, ...]
    picture: Picture = _NOTHING
    arguments: tuple[Argument, ...] = ()


def steps_of(session: Session, lang: Language) -> tuple[Step, ...]:
    """All that there is to see of a workshop: per round its places, chairs, points and arguments."""
    steps: list[Step] = []
    words = report_words(lang)
    for told in rounds_of(session):
        for part in _parts(told):
            title = f"{round_heading(told, lang)}: {words[f'part_{part.name}']}"
            steps.append(Step(title, _board(len(steps) + 1, told, part, session.people, lang)))
    return tuple(steps)


def _parts(told: Told) -> Iterator[_Part]:
    picture = told.picture
    if picture.summary:
        yield _Part("place", ("place",), Picture(picture.summary, picture.movement))
    if picture.roles:
        yield _Part("role", ("role", "place"), Picture(picture.summary, roles=picture.roles))
    if picture.weighing:
        yield _Part("weigh", ("weigh",), Picture(weighing=picture.weighing))
    if told.arguments:
        yield _Part("argue", ("argue",), arguments=told.arguments)
    if not (picture.summary or picture.weighing or told.arguments):
        yield _Part("few", told.round.asks)


def _board(number: int, told: Told, part: _Part, people: int, lang: Language) -> BoardState:
    """The board as it was. Each step has a number of its own, so that it is told as something new."""
    placed, weighed = told.people
    # In the order of where they are: it says nothing about who.
    dots = tuple(points for person, group in sorted(told.places) for points in (group, person))
    return BoardState(
        version=number,
        lang=lang,
        phase="closed",
        now=0,
        hidden=False,
        locked=True,
        joining=Joining("", "", ()),
        people=people,
        placed=placed,
        weighed=weighed,
        round=RoundView(number, told.number, told.turn, part.asks, told.round.case),
        dots=dots if part.picture.summary else None,
        picture=part.picture,
        arguments=part.arguments,
    )


def replay_notebook(session: Session, lang: Language, when: datetime) -> str:
    """A notebook that holds all that it shows: the same bytes for the same workshop.

    Parameters
    ----------
    session : Session
        The workshop.
    lang : {"nl", "en"}
        In which language.
    when : datetime
        When it was held.
    """
    words = report_words(lang)
    steps = steps_of(session, lang)
    told = [
        f"# {words['replay_title']}",
        words["held"].format(date=when.strftime("%d-%m-%Y"), people=session.people),
        words["privacy"].format(least=AT_LEAST),
        words["replay_how"].format(back=live_words(lang)["step_back"], on=live_words(lang)["step_on"])
        if steps
        else words["none"],
    ]
    cells: list[dict[str, Any]] = [_cell("markdown", "replay-title", "\n\n".join(told), {})]
    if steps:
        # As text: whatever people wrote is never read as code.
        kept = msgspec.json.encode(steps).decode()
        source = f"from maatwerk_live.notebook import replay\nreplay({lang!r}, {kept!r})"
        code = _cell("code", "replay-board", source, _CODE)
        cells.append(code | {"execution_count": None, "outputs": []})
    metadata = _METADATA | {"maatwerk": {"autorun": True, "language": lang}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)}\n"


def _cell(kind: str, name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": kind, "id": name, "source": source, "metadata": metadata}
