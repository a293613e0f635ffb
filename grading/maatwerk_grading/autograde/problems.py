"""What can be said about a batch or a submission, as data: a key of ``grade_texts.toml`` and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maatwerk import Language, Text
from maatwerk.loader import read_texts

TEXTS = read_texts(Path(__file__).parent / "grade_texts.toml")

Word = str | int | Text


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say.

    Parameters
    ----------
    key : str
        Which text.
    words : mapping
        What is filled in. A learner may have chosen them: they are made harmless only when they are shown.
    """

    key: str
    words: Mapping[str, Word] = field(default_factory=dict)

    def say(self, lang: Language) -> str:
        """The text, filled in."""
        words = {name: word[lang] if isinstance(word, Text) else word for name, word in self.words.items()}
        return TEXTS[self.key][lang].format(**words)


class CannotGradeError(Exception):
    """Why nothing can be graded at all, or why one submission cannot; ``remark`` says what to do."""

    def __init__(self, key: str, **words: Word) -> None:
        self.remark = Remark(key, words)
        super().__init__(self.remark.say("en"))
