"""The course's widgets: what a notebook cell calls."""

from maatwerk_widgets.chapter import Chapter
from maatwerk_widgets.exercise import exercise_form

__all__ = ["Chapter", "exercise_form"]
