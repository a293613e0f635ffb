"""What handing in late costs: nbgrader's own plugin decides."""

from __future__ import annotations

import sys

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.gradebook import Penalty
from maatwerk_grading.autograde.problems import CannotGradeError


def penalty(course: Course) -> Penalty | None:
    """The plugin that the course is configured with; ``None`` when late submissions cost nothing.

    Raises
    ------
    CannotGradeError
        When the plugin cannot be loaded.
    """
    if course.late is None:
        return None
    # As nbgrader does: an instructor's own plugin may stand in the course folder.
    sys.path.insert(0, str(course.root))
    try:
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=course.late)
        step.init_plugin()
    except Exception as error:
        raise CannotGradeError("bad_plugin", reason=f"{type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(str(course.root))
    plugin = step.plugin_inst

    def decide(student: str, score: float, seconds: float) -> float | None:
        found: float | None = plugin.late_submission_penalty(student, score, seconds)
        return found

    return decide
