"""A public address: nbgrader configurations and ``nbgrader export`` name its exporters."""

from maatwerk_grading.lms.exporters import (
    BrightspaceExporter,
    CanvasExporter,
    GenericExporter,
    LmsExporter,
    MoodleExporter,
)

__all__ = ["BrightspaceExporter", "CanvasExporter", "GenericExporter", "LmsExporter", "MoodleExporter"]
