"""Markdown as HTML for pages that stand alone: nothing in it runs, and nothing is fetched.

Quicker to import than nbconvert's (see :mod:`maatwerk_grading.course_folder.markdown_filter`, for
nbgrader's own pages).
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

import mistune
from markupsafe import Markup

from maatwerk_grading.bridge import clean

_LOWEST_HEADING = 6


class _Renderer(mistune.HTMLRenderer):
    """Shows HTML as text, shows no picture, and puts headings below those of the page around it."""

    def __init__(self, below: int) -> None:
        super().__init__(escape=True)
        self._below = below

    def heading(self, text: str, level: int, **_attributes: Any) -> str:
        """A heading, so many levels lower."""
        lower = min(level + self._below, _LOWEST_HEADING)
        return f"<h{lower}>{text}</h{lower}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture would be fetched: its words and its address instead."""
        return escape(f"{text} ({url})" if url.startswith(("http:", "https:")) else text)


@lru_cache(maxsize=8)
def _reader(below: int) -> mistune.Markdown:
    return mistune.Markdown(_Renderer(below), plugins=[mistune.plugins.import_plugin("table")])


@lru_cache(maxsize=1024)
def rendered(source: str, below: int = 0) -> Markup:
    """Markdown as HTML, for a template that escapes everything else.

    Parameters
    ----------
    source : str
        By the course, an instructor or a learner: none of them is trusted.
    below : int
        By how many levels its headings go down.
    """
    harmless = clean(source)
    try:
        page = _reader(below)(harmless)
    # Markdown that was made to break a reader: it is shown as it was written.
    except Exception:
        return Markup("<pre>{}</pre>").format(harmless)
    return Markup(page)
