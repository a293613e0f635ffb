"""What was collected before: a file in the course folder, so that a newer attempt is known from an older one.

Only :mod:`json` and the standard library: ``maatwerk grade`` reads it too, and starts fast.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from maatwerk_learner.files import write_whole

COLLECTED_FILE = ".maatwerk-collected.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """One submission as it was collected.

    Parameters
    ----------
    digest : str
        Of what was handed in.
    order : str
        When the LMS says that it is from, by the LMS's clock, in ISO form; empty when it does not say. Only
        for comparing with another one of the same person.
    late : bool
        Whether the LMS calls it late.
    """

    digest: str
    order: str = ""
    late: bool = False

    @property
    def when(self) -> datetime | None:
        """``order`` as a moment."""
        try:
            return datetime.fromisoformat(self.order)
        except ValueError:
            return None


@dataclass(slots=True)
class Collected:
    """All that is known of one assignment.

    Parameters
    ----------
    listed : dict of str to str
        By student on the lists that were given: their name.
    kept : dict of str to Kept
        By student.
    """

    listed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)


def read_collected(course: Path, assignment: str) -> Collected:
    """What was collected of an assignment; nothing when the file is gone or spoiled.

    What is in the course folder counts then: it is compared again, and never overwritten unseen.
    """
    found = _all(course).get(assignment)
    try:
        assert isinstance(found, dict)
        names = {one.name for one in fields(Kept)}
        kept = {
            str(student): Kept(**{key: value for key, value in one.items() if key in names})
            for student, one in found["kept"].items()
        }
        return Collected({str(student): str(name) for student, name in found["listed"].items()}, kept)
    except (AssertionError, AttributeError, KeyError, TypeError):
        return Collected()


def write_collected(course: Path, assignment: str, collected: Collected) -> None:
    """Keep it, whole or not at all.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    kept = {student: asdict(one) for student, one in sorted(collected.kept.items())}
    made = {**_all(course), assignment: {"listed": collected.listed, "kept": kept}}
    write_whole(course / COLLECTED_FILE, json.dumps(made, ensure_ascii=False, indent=0))


def _all(course: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((course / COLLECTED_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
