"""Course folders to collect in, and what a learner hands in."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from maatwerk_app.cli import main
from nbgrader.api import Gradebook

HERE = Path(__file__).parent
MOODLE = HERE / "moodle"
FAULTS = HERE / "faults"
THREE, FOUR = "opdracht-3-dilemmas", "opdracht-4-dynamieken"


def make_course(root: Path, *assignments: str) -> Path:
    """A course folder with a gradebook, as `nbgrader generate_assignment` leaves it."""
    root.mkdir(parents=True, exist_ok=True)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        for name in assignments or (THREE, FOUR):
            book.add_assignment(name)
            book.add_notebook(name, name)
            folder = root / "release" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.ipynb").write_text('{"cells": [], "released": true}')
    return root


class CourseOf:
    """A course folder, and the commands in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def collect(self, assignment: str, *files: Path | str, code: int = 0, lang: str = "nl") -> str:
        """What the command says."""
        arguments = ["collect", "--lang", lang, "--course-dir", str(self.root), assignment, *map(str, files)]
        got = main(arguments)
        said = self._capsys.readouterr()
        assert got == code, said
        return said.out + said.err

    def owners(self, assignment: str) -> dict[str, Any]:
        """By student, whose answers are in their folder."""
        return {student: found["owner"] for student, found in self.answers(assignment).items()}

    def answers(self, assignment: str) -> dict[str, Any]:
        """By student, what is in their answers file."""
        return {
            folder.parent.name: json.loads((folder / "answers.json").read_text())
            for folder in self.root.glob(f"submitted/*/{assignment}")
        }

    def times(self, assignment: str) -> dict[str, str]:
        """By student, the note of when it was handed in."""
        return {
            file.parents[1].name: file.read_text()
            for file in self.root.glob(f"submitted/*/{assignment}/timestamp.txt")
        }

    def students(self) -> dict[str, tuple[str, str, str]]:
        """By student in the gradebook: first name, last name, e-mail."""
        with sqlite3.connect(self.root / "gradebook.db") as book:
            rows = book.execute("select id, first_name, last_name, email from student")
            return {student: tuple(one or "" for one in said) for student, *said in rows}


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def work(owner: str, assignment: str = THREE, **more: Any) -> bytes:
    """What the button Hand in makes."""
    said = json.dumps({"owner": owner, "assignment": assignment, **more})
    return zipped({f"{assignment}/{assignment}.ipynb": '{"cells": []}', f"{assignment}/answers.json": said})
