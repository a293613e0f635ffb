"""What nbgrader's own configuration says about a course folder, read without importing nbgrader."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import iglob
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Application, Config

from maatwerk_grading.autograde.problems import CannotGradeError

CONFIGURATION = "nbgrader_config"

# nbgrader's own defaults (0.9).
STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")  # noqa: PTH118  (a pattern)
IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
LARGEST_KILOBYTES = 100_000
SECONDS_A_CELL = 30

# What of nbgrader's steps may be set. Anything else changes what autograding does, and is refused by name.
_ALLOWED: Mapping[str, frozenset[str]] = {
    "Autograde": frozenset({"force", "permissions", "exclude_overwriting"}),
    "BaseConverter": frozenset({"force", "permissions"}),
    "Execute": frozenset({"timeout", "startup_timeout", "iopub_timeout", "shell_timeout_interval"}),
    "AssignLatePenalties": frozenset({"plugin_class"}),
    **dict.fromkeys(
        (
            *("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata"),
            *("IgnorePattern", "ClearMetadataPreprocessor", "LimitOutput", "SaveAutoGrades"),
            *("NbGraderPreprocessor", "ExecutePreprocessor", "NotebookClient", "NotebookExporter"),
            # Names of before nbgrader 0.6, which nbgrader itself still translates.
            *("NbGrader", "NbGraderConfig", "BasicConfig", "BaseNbGraderApp", "BaseApp", "AutogradeApp"),
        ),
        frozenset[str](),
    ),
}


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder and one of its assignments, as nbgrader's configuration describes them.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        The assignment's name.
    db_url : str
        Where the gradebook is, for SQLAlchemy.
    structure : str
        How folders are named under ``root``.
    source, submitted, autograded, feedback : str
        The names of nbgrader's steps.
    ignored : tuple of str
        Patterns of file names that are never copied.
    not_overwritten : frozenset of str
        Files of the source that do not replace the learner's.
    permissions, feedback_permissions : int
        Of the autograded files that are written, and of the feedback pages.
    shared : bool
        Whether other instructors in the group may write too.
    everyone : str
        The pattern of student names when no other is given.
    excluded : frozenset of str
        Students who are passed over.
    largest_file : int
        In bytes; larger files are left out.
    seconds : int or None
        How long one cell may take.
    late : traitlets.config.Config or None
        The whole configuration, when it says what a late submission costs.
    """

    root: Path
    assignment: str
    db_url: str
    structure: str
    source: str
    submitted: str
    autograded: str
    feedback: str
    ignored: tuple[str, ...]
    not_overwritten: frozenset[str]
    permissions: int
    feedback_permissions: int
    shared: bool
    everyone: str
    excluded: frozenset[str]
    largest_file: int
    seconds: int | None
    late: Config | None

    def folder(self, step: str, student: str) -> Path:
        """One student's folder of the assignment in one of nbgrader's steps."""
        name = self.structure.format(nbgrader_step=step, student_id=student, assignment_id=self.assignment)
        return self.root / name

    def ignores(self, name: str) -> bool:
        """Whether nbgrader leaves a file or folder of this name behind."""
        # As the shell does: a star stands for no hidden file.
        return any(
            fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))
            for pattern in self.ignored
        )

    def students(self, pattern: str | None = None) -> Iterator[str]:
        """The names of all students with a folder for the assignment, in order."""
        found = sorted(iglob(str(self.folder(self.submitted, pattern or self.everyone))))  # noqa: PTH207  (as nbgrader does)
        name = re.compile(_escaped(self, self.submitted), re.DOTALL)
        for folder in found:
            matched = name.fullmatch(folder)
            if matched is not None and matched["student"] not in self.excluded:
                yield matched["student"]


def read_course(root: Path, assignment: str) -> Course:
    """Read the configuration of the course folder ``root`` and of Jupyter.

    Raises
    ------
    CannotGradeError
        When the configuration cannot be read, or asks of autograding what only nbgrader itself does.
    """
    if "+" in assignment or "/" in assignment or not assignment.strip():
        raise CannotGradeError("no_such_assignment", assignment=assignment)
    config = _configuration(root)
    for section, allowed in _ALLOWED.items():
        for option in config.get(section, {}):
            if option not in allowed:
                raise CannotGradeError("only_nbgrader", option=f"{section}.{option}")
    directory = config.get("CourseDirectory", {})
    if directory.get("notebook_id", "*") != "*":
        raise CannotGradeError("only_nbgrader", option="CourseDirectory.notebook_id")
    converter = {**config.get("BaseConverter", {}), **config.get("Autograde", {})}
    base = Path(directory.get("root") or root).absolute()
    feedback = {**config.get("BaseConverter", {}), **config.get("GenerateFeedback", {})}
    shared = bool(directory.get("groupshared", False))
    permissions = converter.get("permissions", 664 if shared else 444)
    return Course(
        root=base,
        assignment=assignment,
        db_url=directory.get("db_url") or f"sqlite:///{base / 'gradebook.db'}",
        structure=directory.get("directory_structure", STRUCTURE),
        source=directory.get("source_directory", "source"),
        submitted=directory.get("submitted_directory", "submitted"),
        autograded=directory.get("autograded_directory", "autograded"),
        feedback=directory.get("feedback_directory", "feedback"),
        ignored=tuple(directory.get("ignore", IGNORED)),
        not_overwritten=frozenset(converter.get("exclude_overwriting", {}).get(assignment, ())),
        permissions=int(str(permissions), 8),
        feedback_permissions=int(str(feedback.get("permissions", 664 if shared else 644)), 8),
        shared=shared,
        everyone=directory.get("student_id", "*"),
        excluded=frozenset(filter(None, directory.get("student_id_exclude", "").split(","))),
        largest_file=1000 * int(directory.get("max_file_size", LARGEST_KILOBYTES)),
        seconds=config.get("Execute", {}).get("timeout", SECONDS_A_CELL),
        late=config if "AssignLatePenalties" in config or "LateSubmissionPlugin" in config else None,
    )


def _configuration(root: Path) -> Config:
    reader = Application()
    reader.raise_config_file_errors = True
    # The first has the last word, as in nbgrader.
    path = [str(root), *jupyter_config_path()]
    try:
        reader.load_config_file(CONFIGURATION, path=path)
    except Exception as error:
        raise CannotGradeError("bad_configuration", reason=f"{type(error).__name__}: {error}") from error
    return reader.config


def _escaped(course: Course, step: str) -> str:
    """The regular expression of a student's folder; what stands for the student is a group."""
    before, *between = str(course.folder(step, "\0")).split("\0")
    # A structure may name the student more than once.
    return f"{re.escape(before)}(?P<student>.*){'(?P=student)'.join(map(re.escape, between))}"
