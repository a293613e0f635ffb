"""Course roots that the real nbgrader worked in: released, handed in, autograded, fed back and exported."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import nbformat
from handed_in import DUE, EXERCISE, NAME, OWN_QUESTIONS, Submission, submissions
from maatwerk import Language
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.course_folder.own_questions import FILE, put_questions
from nbformat import NotebookNode
from nbgrader.api import Gradebook

EXERCISES = Path(__file__).parents[2] / "exercises"

Scores = Mapping[str, float | None]
T = TypeVar("T")


def of_the_exercise(cells: Mapping[str, T]) -> dict[str, T]:
    """The cells of the one exercise that was answered, by part."""
    prefix = cell_name(EXERCISE, "")
    return {name.removeprefix(prefix): cell for name, cell in cells.items() if name.startswith(prefix)}


@dataclass
class CourseRoot:
    """A course root after ``nbgrader`` went through it."""

    path: Path
    language: Language
    autograde_log: str
    before: Path
    """The same course root, as it was when nothing had been graded yet."""

    @property
    def database(self) -> Path:
        return self.path / "gradebook.db"

    def source(self) -> NotebookNode:
        return self._notebook("source", NAME)

    def release(self) -> NotebookNode:
        return self._notebook("release", NAME)

    def autograded(self, student: str) -> NotebookNode:
        return self._notebook("autograded", student, NAME)

    def feedback(self, student: str) -> str:
        return (self.path / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")

    def _notebook(self, *folders: str) -> NotebookNode:
        return nbformat.read(self.path.joinpath(*folders, f"{NAME}.ipynb"), as_version=4)

    @cached_property
    def all_scores(self) -> Mapping[str, Scores]:
        """The automatic score of every cell in the gradebook, by student and cell."""
        with Gradebook(f"sqlite:///{self.database}") as gradebook:
            return {
                submission.student.id: {grade.name: grade.auto_score for grade in notebook.grades}
                for submission in gradebook.assignment_submissions(NAME)
                for notebook in submission.notebooks
            }

    @cached_property
    def scores(self) -> Mapping[str, Scores]:
        """Those of the one exercise that was answered, by student and part."""
        return {student: of_the_exercise(cells) for student, cells in self.all_scores.items()}

    @cached_property
    def maximum(self) -> Mapping[str, float]:
        """What every cell is worth, according to the gradebook."""
        with Gradebook(f"sqlite:///{self.database}") as gradebook:
            notebook = gradebook.find_notebook(NAME, NAME)
            return {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}

    @cached_property
    def exported(self) -> Mapping[str, Mapping[str, str]]:
        """The rows of ``nbgrader export``, by student."""
        with (self.path / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}


def environment(home: Path) -> dict[str, str]:
    """This environment, but with nobody's own settings; every warning is on, as a strict teacher has it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    return kept | {"HOME": str(home), "PYTHONWARNINGS": "default"}


def nbgrader(root: Path, *arguments: str) -> str:
    """Run the command in a course root; returns all it says."""
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env=environment(root.parent),
        capture_output=True,
        text=True,
        timeout=1200,
    )
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    return said


def copy_root(language: Language, target: Path) -> Path:
    """A course root as an instructor gets it: the configuration and the sources."""
    shutil.copytree(EXERCISES / language / "source", target / "source")
    settings = (EXERCISES / language / "nbgrader_config.py").read_text(encoding="utf-8")
    late = 'get_config().LateSubmissionPlugin.penalty_method = "zero"'
    (target / "nbgrader_config.py").write_text(f"{settings}\n{late}\n", encoding="utf-8")
    # With questions of the instructor's own, so that every test here meets hidden keys.
    (target / FILE).write_text(OWN_QUESTIONS, encoding="utf-8")
    put_questions(target, language)
    return target


def hand_in(root: Path, submission: Submission) -> None:
    """Put a filled copy of the released assignment among the submissions."""
    folder = root / "submitted" / submission.student / NAME
    shutil.copytree(root / "release" / NAME, folder)
    if submission.answers is not None:
        (folder / "answers.json").write_bytes(submission.answers)
    if submission.timestamp is not None:
        (folder / "timestamp.txt").write_text(submission.timestamp, encoding="utf-8")
    if submission.tamper is not None:
        file = folder / f"{NAME}.ipynb"
        notebook = nbformat.read(file, as_version=4)
        submission.tamper(notebook)
        nbformat.write(notebook, file)


def worked_in(language: Language, folder: Path) -> CourseRoot:
    root = copy_root(language, folder / language)
    nbgrader(root, "generate_assignment", NAME)
    for submission in submissions():
        if language in submission.languages:
            hand_in(root, submission)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
    before = root.with_name(f"{language}-before")
    shutil.copytree(root, before)
    log = nbgrader(root, "autograde", NAME)
    nbgrader(root, "generate_feedback", NAME)
    nbgrader(root, "export")
    return CourseRoot(root, language, log, before)
