"""Erasing what a learner answered from their own folder: all of it, for good, and nothing else.

What was handed in is not here any more, and so it is not erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maatwerk import LANGUAGES, Text
from maatwerk_exercises.assignments import assignments

from maatwerk_learner.answers import TEXTS
from maatwerk_learner.files import reason, write_whole
from maatwerk_learner.store import AnswerStore, StoreError

ANSWERS_FILE = "answers.json"
PORTFOLIOS = "portfolio-*.html"
CHECKPOINTS = ".ipynb_checkpoints"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, as paths inside the learner's folder, and what could not be, with what to do."""

    files: tuple[Path, ...]
    problems: tuple[Text, ...]


def answers_in(folder: Path) -> tuple[Path, ...]:
    """The files in a learner's folder that hold something they answered.

    Parameters
    ----------
    folder : Path
        The learner's copy of the course.

    Returns
    -------
    tuple of Path
        Seen from ``folder``.
    """
    found = [
        *(trace for store in _stores(folder) for trace in store.traces()),
        *_own_files(folder),
        *_notebooks_that_tell(folder),
    ]
    return tuple(one.relative_to(folder) for one in found)


def erase_answers(folder: Path) -> Erased:
    """Erase everything in :func:`answers_in`; a file that cannot be erased does not keep the others.

    A notebook keeps its text and loses what it showed.
    """
    files: list[Path] = []
    problems: list[Text] = []
    for store in _stores(folder):
        try:
            files += store.erase()
        except StoreError as error:
            problems.append(error.text)
    for file in _own_files(folder):
        try:
            file.unlink(missing_ok=True)
            files.append(file)
        except OSError as error:
            problems.append(_problem(file, error))
    for notebook in _notebooks_that_tell(folder):
        try:
            silent = _without_outputs(json.loads(notebook.read_text(encoding="utf-8")))
            write_whole(notebook, f"{json.dumps(silent, indent=1, ensure_ascii=False)}\n")
            files.append(notebook)
        except OSError as error:
            problems.append(_problem(notebook, error))
    return Erased(tuple(one.relative_to(folder) for one in files), tuple(problems))


def _stores(folder: Path) -> Iterator[AnswerStore]:
    """The chapters keep one file together; each assignment keeps its own."""
    for place in (folder, *(folder / key for key in assignments())):
        yield AnswerStore(place / ANSWERS_FILE)


def _own_files(folder: Path) -> list[Path]:
    """Files that the course made from the answers."""
    found = sorted(folder.glob(PORTFOLIOS))
    for key in assignments():
        found += [folder / f"{key}.zip", folder / f"{key}.part"]
        found += sorted((folder / key / CHECKPOINTS).glob(f"{key}*-checkpoint.ipynb"))
    return [one for one in found if one.is_file()]


def _notebooks_that_tell(folder: Path) -> list[Path]:
    """Notebooks in which an answer stands: an assignment shows its own, any may hold its widgets'."""
    chapters = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    of_assignments = [one for key in assignments() for one in sorted((folder / key).glob(f"{key}*.ipynb"))]
    return [
        *(one for one in chapters if _tells(one, by_outputs=False)),
        *(one for one in of_assignments if _tells(one, by_outputs=True)),
    ]


def _tells(file: Path, *, by_outputs: bool) -> bool:
    notebook = _read(file)
    if notebook is None:
        return False
    metadata = notebook.get("metadata")
    has_state = isinstance(metadata, Mapping) and "widgets" in metadata
    return has_state or (by_outputs and any(cell.get("outputs") for cell in notebook["cells"]))


def _read(file: Path) -> Mapping[str, Any] | None:
    """A notebook, or ``None`` when it is none that can be read."""
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return notebook if isinstance(cells, list) and all(isinstance(one, dict) for one in cells) else None


def _without_outputs(notebook: Mapping[str, Any]) -> dict[str, Any]:
    cells = [
        {**cell, "outputs": [], "execution_count": None} if "outputs" in cell else cell
        for cell in notebook["cells"]
    ]
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key != "widgets"}
    return {**notebook, "cells": cells, "metadata": metadata}


def _problem(file: Path, error: OSError) -> Text:
    why = reason(error)
    return Text(
        **{lang: TEXTS["cannot_erase"][lang].format(file=file.name, reason=why[lang]) for lang in LANGUAGES}
    )
