"""The framework of *Maatwerk als standaard* (NSOB, 2022): its tables as data, and a decision's place."""

from maatwerk.framework import Framework, framework, load_framework
from maatwerk.loader import TableError
from maatwerk.placement import Placement, PlacementError
from maatwerk.text import DEFAULT_LANGUAGE, LANGUAGES, Language, Text

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Framework",
    "Language",
    "Placement",
    "PlacementError",
    "TableError",
    "Text",
    "framework",
    "load_framework",
]
