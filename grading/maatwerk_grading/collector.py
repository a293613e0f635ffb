"""A public address: nbgrader configurations name ``maatwerk_grading.collector.LmsCollector``."""

from maatwerk_grading.lms.zip_collector import LmsCollector

__all__ = ["LmsCollector"]
