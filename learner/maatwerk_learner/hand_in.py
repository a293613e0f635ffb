"""What is handed in: an assignment's notebook and its answers, and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from maatwerk import Language
from maatwerk.content import content_root
from maatwerk.errors import CommandError
from maatwerk.loader import read_texts
from maatwerk_exercises.assignments import assignments

from maatwerk_learner.files import reason

TEXTS = read_texts(Path(__file__).parent / "hand_in_texts.toml")
ANSWERS_FILE = "answers.json"


def assignment_folder(course: Path, assignment: str, language: Language) -> Path:
    """Where a learner's assignment is.

    Parameters
    ----------
    course : Path
        The learner's copy of the course, or the folder of the assignment itself.
    assignment : str
        Its key.
    language : {"nl", "en"}
        In which the learner is told what is wrong.

    Raises
    ------
    CommandError
        When there is no such assignment, here or in the course.
    """
    if assignment not in assignments():
        known = ", ".join(assignments())
        raise CommandError(TEXTS["submit_unknown"][language].format(assignment=assignment, assignments=known))
    folder = course if course.name == assignment else course / assignment
    if not (folder / f"{assignment}.ipynb").is_file():
        raise CommandError(TEXTS["submit_no_folder"][language].format(folder=folder))
    return folder


def handed_in(folder: Path, assignment: str, language: Language) -> Mapping[str, bytes]:
    """The files of an assignment to hand in, by name.

    Parameters
    ----------
    folder : Path
        Where the answers are.
    assignment : str
        Its key.
    language : {"nl", "en"}
        Of the notebook, and in which the learner is told what is wrong.

    Raises
    ------
    CommandError
        When nothing was filled in, or a file cannot be read.
    """
    answers, notebook = folder / ANSWERS_FILE, folder / f"{assignment}.ipynb"
    if not answers.is_file():
        raise CommandError(TEXTS["submit_nothing"][language].format(folder=folder))
    if not notebook.is_file():
        # Renamed by the learner. No answer is in it, so that of the course will do.
        notebook = content_root() / "exercises" / language / "source" / assignment / notebook.name
    try:
        return {file.name: file.read_bytes() for file in (notebook, answers)}
    except OSError as error:
        words = TEXTS["submit_unreadable"][language]
        raise CommandError(words.format(folder=folder, reason=reason(error)[language])) from None


def zipped(files: Mapping[str, bytes], assignment: str) -> bytes:
    """The zip to hand in, as ``nbgrader zip_collect`` takes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{assignment}/{name}", content)
    return made.getvalue()


def zip_assignment(folder: Path, assignment: str, language: Language) -> Path:
    """Make ``<assignment>.zip`` beside the folder of the assignment; an earlier one is replaced at once.

    Raises
    ------
    CommandError
        When nothing was filled in, or the file cannot be written.
    """
    made = zipped(handed_in(folder, assignment, language), assignment)
    target = folder.parent / f"{assignment}.zip"
    partial = target.with_suffix(".part")
    try:
        partial.write_bytes(made)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        words = TEXTS["submit_unusable"][language]
        raise CommandError(words.format(folder=folder.parent, reason=reason(error)[language])) from None
    return target
