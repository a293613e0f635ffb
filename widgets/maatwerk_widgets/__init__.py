"""The course's widgets: what a notebook cell calls."""

from maatwerk_widgets.chapter import Chapter
from maatwerk_widgets.closed import closed_form
from maatwerk_widgets.course import Course
from maatwerk_widgets.exercise import exercise_form
from maatwerk_widgets.handing_in import hand_in
from maatwerk_widgets.rating import rating_form
from maatwerk_widgets.repeating import practice
from maatwerk_widgets.summative import summative_form

__all__ = [
    "Chapter",
    "Course",
    "closed_form",
    "exercise_form",
    "hand_in",
    "practice",
    "rating_form",
    "summative_form",
]
