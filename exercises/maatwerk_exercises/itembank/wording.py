"""Filling the item bank's templates in both languages at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

from maatwerk import LANGUAGES, Language, Text
from maatwerk.citation import Citation, cite_all
from maatwerk.loader import read_texts

DATA = Path(__file__).parent / "data"

PHRASES = read_texts(DATA / "phrases.toml")
QUESTIONS = read_texts(DATA / "questions.toml")


def phrase(prefix: str, key: str) -> Text:
    """A row of the tables as a sentence needs it, such as ``phrase("at-variant", "hardheidsclausule")``."""
    return PHRASES[f"{prefix}-{key}"]


def fill(template: Text, values: Mapping[str, Text | str]) -> Text:
    """``template`` with its placeholders filled. ``{At}`` is ``{at}`` with a capital, to begin a sentence."""
    return Text(**{lang: _filled(template[lang], values, lang) for lang in LANGUAGES})


def ask(name: str, /, **values: Text | str) -> Text:
    """A template of ``questions.toml``, filled."""
    return fill(QUESTIONS[name], values)


def cite(places: Sequence[Citation]) -> Text:
    """Where something stands, to be put in a sentence."""
    return Text(**{lang: cite_all(tuple(places), lang) for lang in LANGUAGES})


def quoted(text: Text) -> Text:
    """``text`` in quotation marks."""
    return ask("quoted", text=text)


def lined(texts: Sequence[Text]) -> Text:
    """Texts below each other."""
    return Text(**{lang: "\n".join(text[lang] for text in texts) for lang in LANGUAGES})


def _filled(template: str, values: Mapping[str, Text | str], lang: Language) -> str:
    words = {name: _capital(_in(values, name, lang), name) for name in _names(template)}
    return template.format(**words)


@cache
def _names(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _in(values: Mapping[str, Text | str], name: str, lang: Language) -> str:
    value = values[name.lower()]
    return value if isinstance(value, str) else value[lang]


def _capital(words: str, name: str) -> str:
    return words[0].upper() + words[1:] if name[0].isupper() else words
