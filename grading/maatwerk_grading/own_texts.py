"""The words that an assignment and the tables give to everybody: whoever quotes them copies from nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from maatwerk import LANGUAGES, Text, framework
from maatwerk_exercises.assignments import assignments


def own_texts(assignment: str) -> Iterator[str]:
    """The texts of an assignment's cases and questions and of the tables, in both languages.

    Parameters
    ----------
    assignment : str
        Its key. One of the instructor's own is not known here: then only the tables' texts are given.
    """
    known = assignments().get(assignment)
    for text in (*_texts(framework()), *(_texts(known.dilemmas) if known else ())):
        yield from (text[lang] for lang in LANGUAGES)


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, tuple | list | frozenset):
        for inner in value:
            yield from _texts(inner)
