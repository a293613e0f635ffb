"""Small scenes in the course's own words, each for one row of the tables. Source: ``situations.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from maatwerk import Text
from maatwerk.loader import Record, read_rows

from maatwerk_exercises.itembank.wording import DATA

Kind = Literal["variant", "loyalty", "tension", "form"]
KINDS: tuple[Kind, ...] = ("variant", "loyalty", "tension", "form")


@dataclass(frozen=True, slots=True)
class Scene:
    """What somebody may meet at work, and the row of a table that it is an example of."""

    key: str
    kind: Kind
    row: str
    text: Text


@cache
def _all_scenes() -> Mapping[str, Scene]:
    return read_rows(DATA / "situations.toml", "situation", _scene)


def scenes(kind: Kind, rows: Mapping[str, object]) -> list[Scene]:
    """The scenes for one kind of rows.

    Raises
    ------
    TableError
        When a scene is about a row that is not there.
    """
    found = [scene for scene in _all_scenes().values() if scene.kind == kind]
    for scene in found:
        if scene.row not in rows:
            raise Record({}, DATA / "situations.toml", scene.key).error("row", f"no {kind} '{scene.row}'")
    return found


def _scene(r: Record) -> Scene:
    return Scene(r.key(), r.choice("kind", KINDS), r.string("row"), r.text("text"))
