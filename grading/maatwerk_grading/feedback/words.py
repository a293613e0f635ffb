"""The words of the feedback page in one language."""

from __future__ import annotations

from pathlib import Path

from maatwerk import Language
from maatwerk.loader import read_texts

from maatwerk_grading.bridge import number

TEXTS = read_texts(Path(__file__).parent / "feedback_texts.toml")


class Words:
    """Says a text, filled in, and numbers as that language writes them."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][self.lang].format(**values)

    def number(self, value: float) -> str:
        """A number of points, with at most two decimals."""
        return number(value, self.lang)

    def points(self, points: float, maximum: float) -> str:
        """``1,5 van 2``."""
        return self("points_of", points=self.number(points), maximum=self.number(maximum))
