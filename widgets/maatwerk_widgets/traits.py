"""Traits that several widgets share."""

from __future__ import annotations

from typing import Any

import traitlets
from maatwerk import DEFAULT_LANGUAGE, LANGUAGES


def language_trait() -> Any:
    """The language of a widget, Dutch unless told otherwise."""
    return traitlets.Enum(LANGUAGES, default_value=DEFAULT_LANGUAGE).tag(sync=True)


def data_trait(trait: Any) -> Any:
    """Data for the front end to show: only the widget itself sets it."""
    trait.read_only = True
    return trait.tag(sync=True)
