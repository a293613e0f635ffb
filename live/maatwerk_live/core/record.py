"""What is kept of a workshop beside its events: its code, its language and its keys."""

from __future__ import annotations

from dataclasses import dataclass

from maatwerk import Language


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A workshop's own keys. ``created`` and ``active`` (when something last happened) in milliseconds."""

    id: int
    code: str
    lang: Language
    token: str
    board_key: str
    join_key: str
    created: int
    active: int
