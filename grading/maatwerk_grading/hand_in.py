"""One file to hand in: a zip with an assignment's notebook and its answers, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

from maatwerk import Language
from maatwerk.loader import read_texts

from maatwerk_grading.assignments import assignments
from maatwerk_grading.command_error import CommandError

TEXTS = read_texts(Path(__file__).parent / "teach_texts.toml")
ANSWERS_FILE = "answers.json"


def zip_assignment(course: Path, assignment: str, language: Language) -> Path:
    """Make ``<assignment>.zip`` in the learner's course folder; an earlier one is replaced at once.

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
        When there is no such assignment, nothing was filled in, or the file cannot be written.
    """
    if assignment not in assignments():
        known = ", ".join(assignments())
        raise CommandError(TEXTS["submit_unknown"][language].format(assignment=assignment, assignments=known))
    folder = course if course.name == assignment else course / assignment
    notebook, answers = folder / f"{assignment}.ipynb", folder / ANSWERS_FILE
    if not notebook.is_file():
        raise CommandError(TEXTS["submit_no_folder"][language].format(folder=folder))
    if not answers.is_file():
        raise CommandError(TEXTS["submit_nothing"][language].format(folder=folder))
    target = folder.parent / f"{assignment}.zip"
    partial = target.with_suffix(".part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in (notebook, answers):
                archive.write(file, f"{assignment}/{file.name}")
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise CommandError(
            TEXTS["submit_unusable"][language].format(folder=folder.parent, reason=reason)
        ) from None
    return target
