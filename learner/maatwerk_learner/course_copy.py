"""The learner's own copy of the course: made, and brought up to date without losing anything.

The originals are never opened for writing. Answers live beside the notebooks, in files that the course does
not have, so no update can touch them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maatwerk.content import Original

RECORD = Path(".maatwerk") / "copied.json"


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What one update did, as paths inside the learner's folder."""

    new: tuple[Path, ...]
    updated: tuple[Path, ...]
    kept_aside: tuple[Path, ...]


def update_copy(files: Sequence[Original], folder: Path, now: datetime) -> CopyReport:
    """Bring ``folder`` up to date with the course.

    A file that the learner does not have yet is copied. One that the course has changed since is replaced;
    if the learner has changed it too, theirs is first put aside under a name with the date.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copied = _read_record(folder / RECORD)
    new: list[Path] = []
    updated: list[Path] = []
    aside: list[Path] = []
    for original in files:
        target = folder / original.target
        name = original.target.as_posix()
        wanted = _digest(original.file)
        if not target.exists():
            new.append(original.target)
        elif copied.get(name) == wanted:
            continue
        elif (theirs := _digest(target)) == wanted:
            copied[name] = wanted
            continue
        else:
            if theirs != copied.get(name):
                aside.append(_put_aside(target, now).relative_to(folder))
            updated.append(original.target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original.file, target)
        copied[name] = wanted
    _write_record(folder / RECORD, copied)
    return CopyReport(tuple(new), tuple(updated), tuple(aside))


def _put_aside(file: Path, now: datetime) -> Path:
    aside = file.with_name(f"{file.stem}.{now:%Y%m%d-%H%M%S}{file.suffix}")
    return file.rename(aside)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read_record(file: Path) -> dict[str, str]:
    """What was copied before. A missing or damaged record counts as nothing: then files are put aside."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(file: Path, record: Mapping[str, str]) -> None:
    file.parent.mkdir(exist_ok=True)
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(record, indent=1, sort_keys=True), encoding="utf-8")
    partial.replace(file)
