"""A widget's files for the browser: its module, and its looks, which begin with what all widgets share."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def looks(name: str) -> str:
    """What all widgets share, and then a widget's own style sheet.

    Parameters
    ----------
    name : str
        Of the own style sheet, in ``static``.
    """
    return "".join((STATIC / file).read_text(encoding="utf-8") for file in ("base.css", name))
