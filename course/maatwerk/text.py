"""Words in both languages, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["nl", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "nl"


class LanguageError(ValueError, KeyError):
    """A language that the course does not have; the message names those that it has."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Dutch and in English; neither may be empty (the loader sees to that)."""

    nl: str
    en: str

    def __getitem__(self, language: Language) -> str:
        """The text in ``language``.

        Raises
        ------
        LanguageError
            When ``language`` is not ``"nl"`` or ``"en"``.
        """
        return self.nl if as_language(language) == "nl" else self.en


def as_language(value: object) -> Language:
    """``value`` as a language of the course.

    Raises
    ------
    LanguageError
        When it is neither ``"nl"`` nor ``"en"``; the message names the two.
    """
    for language in LANGUAGES:
        if value == language:
            return language
    raise LanguageError(f"taal/language {value!r}: kies/choose {' of/or '.join(LANGUAGES)}")
