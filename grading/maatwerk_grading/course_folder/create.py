"""A ready nbgrader course folder, made from the course's own assignments."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from maatwerk import Language
from maatwerk.content import content_root
from maatwerk.errors import CommandError
from maatwerk.loader import read_texts

from maatwerk_grading.course_folder.own_questions import FILE as QUESTIONS

TEXTS = read_texts(Path(__file__).parents[1] / "teach_texts.toml")

# The only file that differs between the languages says so, and nothing else.
CONFIG = """from maatwerk_grading.course_root import configure

configure(get_config(), "{language}")  # noqa: F821  (nbgrader provides get_config)
"""


def make_course_folder(folder: Path, language: Language) -> Sequence[str]:
    """Make ``folder``: nbgrader's configuration, each assignment's source, a file for one's own questions.

    Returns
    -------
    sequence of str
        The names of the assignments.

    Raises
    ------
    CommandError
        When the folder holds something already or cannot be made, or the course has no assignments.
    """
    source = content_root() / "exercises" / language / "source"
    names = sorted(file.parent.name for file in source.glob("*/*.ipynb"))
    if not names:
        raise CommandError(TEXTS["init_no_source"][language].format(folder=source))
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(TEXTS["init_not_empty"][language].format(folder=folder))
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, folder / "source")
        (folder / "nbgrader_config.py").write_text(CONFIG.format(language=language), encoding="utf-8")
        (folder / QUESTIONS).write_text(f"{TEXTS['questions_example'][language]}\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(TEXTS["init_unusable"][language].format(folder=folder, reason=reason)) from None
    return names


def said_after(names: Sequence[str], folder: Path, language: Language) -> str:
    """What to do next."""
    words = TEXTS["init_done"][language].strip()
    return words.format(folder=folder, assignments=", ".join(names), first=names[0])
