"""Broken and hostile submissions, each with a name and with what has to become of it.

A case starts as a whole submission that earns every automatic point of the one exercise that was answered,
and spoils one thing. ``python tests/nbgrader/hostile.py`` lists them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import hostile_answers
import hostile_folders
import hostile_notebooks
from handed_in import NAME, answers_file
from hostile_case import Case, good, put_secret


def cases() -> tuple[Case, ...]:
    """All of them."""
    return (
        *hostile_answers.contents(),
        *hostile_answers.files(),
        *hostile_notebooks.files(),
        *hostile_notebooks.cells(),
        *hostile_folders.contents(),
        *hostile_folders.names(),
    )


def submit(case: Case, root: Path) -> Path:
    """Put the case among the submissions of a course folder in which the assignment was released."""
    put_secret(root)
    folder = root / "submitted" / case.folder / NAME
    shutil.copytree(root / "release" / NAME, folder)
    (folder / "answers.json").write_bytes(answers_file(good() | {"justification": case.name}))
    case.make(folder)
    return folder


if __name__ == "__main__":
    for each in cases():
        sys.stdout.write(
            f"{each.name:40} {each.state.name:8} {', '.join(each.remarks) or '-':30} {each.unlike}\n"
        )
