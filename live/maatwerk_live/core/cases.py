"""The cases that a workshop can be about: those of the course's exercises."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from maatwerk import LANGUAGES
from maatwerk.citation import cite_all
from maatwerk_exercises.exercises import exercises

from maatwerk_live.core.protocol import Case


def course_cases() -> Mapping[str, Case]:
    """Each dilemma exercise as a case, by its key."""
    return MappingProxyType(
        {
            key: Case(
                key,
                title={lang: one.title[lang] for lang in LANGUAGES},
                text={lang: one.case[lang] for lang in LANGUAGES},
                question={lang: one.question[lang] for lang in LANGUAGES},
                cite={lang: cite_all(one.places, lang) for lang in LANGUAGES},
            )
            for key, one in exercises().items()
        }
    )
