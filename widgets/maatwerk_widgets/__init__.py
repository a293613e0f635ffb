"""The course's widgets: what a notebook cell calls."""

from maatwerk_widgets.chapter import Chapter

__all__ = ["Chapter"]
