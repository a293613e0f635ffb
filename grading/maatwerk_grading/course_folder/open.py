"""The nbgrader course folder in which a command runs, with its gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from maatwerk import Language
from maatwerk.errors import CommandError
from maatwerk.loader import read_texts
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from sqlalchemy.exc import SQLAlchemyError

from maatwerk_grading.autograde.trouble import trouble

TEXTS = read_texts(Path(__file__).parents[1] / "teach_texts.toml")


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """An open course folder.

    Parameters
    ----------
    root : Path
        Where it is.
    submitted : Path
        nbgrader's folder of submissions.
    feedback : Path
        nbgrader's folder of feedback.
    gradebook : Gradebook
        Open as long as :func:`opened_course` is.
    """

    root: Path
    submitted: Path
    feedback: Path
    gradebook: Gradebook


@contextmanager
def opened_course(lang: Language) -> Iterator[CourseFolder]:
    """The course folder that is the working directory, as nbgrader's own configuration says.

    Parameters
    ----------
    lang : {"nl", "en"}
        In which the instructor is told what is wrong.

    Raises
    ------
    CommandError
        When it has no gradebook yet, or one that cannot be used now.
    """
    course = NbGrader()
    course.initialize([])
    url, root = course.coursedir.db_url, Path(course.coursedir.root)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        raise CommandError(TEXTS["no_gradebook"][lang].format(folder=root))
    try:
        folders = course.coursedir
        submitted, feedback = root / folders.submitted_directory, root / folders.feedback_directory
        with Gradebook(url, folders.course_id) as gradebook:
            yield CourseFolder(root, submitted, feedback, gradebook)
    except SQLAlchemyError as error:
        raise CommandError(trouble(error).say(lang)) from error


def graded_assignments(gradebook: Gradebook, asked: str | None, lang: Language) -> list[str]:
    """The assignment that was asked for, or all that the gradebook has.

    Raises
    ------
    CommandError
        When the gradebook has no such assignment; it names those that are there.
    """
    known = [assignment.name for assignment in gradebook.assignments]
    if asked is None:
        return known
    if asked not in known:
        words = TEXTS["unknown_assignment"][lang]
        raise CommandError(words.format(assignment=asked, assignments=", ".join(known)))
    return [asked]
