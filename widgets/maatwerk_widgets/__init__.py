"""The course's widgets: what a notebook cell calls."""

from maatwerk_widgets.chapter import Chapter
from maatwerk_widgets.course import Course
from maatwerk_widgets.exercise import exercise_form
from maatwerk_widgets.handing_in import hand_in
from maatwerk_widgets.rating import rating_form
from maatwerk_widgets.repeating import practice

__all__ = ["Chapter", "Course", "exercise_form", "hand_in", "practice", "rating_form"]
