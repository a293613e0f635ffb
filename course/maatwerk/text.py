"""Words in both languages, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["nl", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "nl"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Dutch and in English; neither may be empty (the loader sees to that)."""

    nl: str
    en: str

    def __getitem__(self, language: Language) -> str:
        """The text in ``language``.

        Raises
        ------
        KeyError
            When ``language`` is not ``"nl"`` or ``"en"``.
        """
        return self.nl if as_language(language) == "nl" else self.en


def as_language(value: object) -> Language:
    """``value`` as a language of the course.

    Raises
    ------
    KeyError
        When it is neither ``"nl"`` nor ``"en"``; the message names the two.
    """
    for language in LANGUAGES:
        if value == language:
            return language
    raise KeyError(f"taal/language {value!r}: kies/choose {' of/or '.join(LANGUAGES)}")
