"""Dutch and English are equals: every text of the tables is there in both, and says its own thing in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest
from maatwerk import LANGUAGES, Text, framework
from maatwerk.framework import Framework
from maatwerk.text import as_language

# Written alike in both languages.
ALIKE = {
    "Dilemma",
    "Maatwerk",
    "Maatwerkplaats",
    "Manager",
    "Managers",
    "Open norm",
    "Precedent",
    "Sensitizing concept",
    "Street-level bureaucrat",
    "effect",
}

PLACEHOLDER = re.compile(r"\{[^}]*\}")


def texts_of(where: str, value: object) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield where, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(f"{where}.{field.name}", getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_of(f"{where}.{key}", inner)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from texts_of(f"{where}[{number}]", inner)


def all_texts() -> dict[str, Text]:
    return dict(texts_of("framework", framework()))


def test_every_table_has_texts() -> None:
    found = {where.split(".")[1] for where in all_texts()}
    assert found == {field.name for field in fields(Framework)}


def test_every_text_is_there_in_both_languages() -> None:
    empty = [where for where, text in all_texts().items() if not (text.nl.strip() and text.en.strip())]
    assert empty == []


def test_no_text_was_left_untranslated() -> None:
    same = [where for where, text in all_texts().items() if text.nl == text.en and text.nl not in ALIKE]
    assert same == []


def test_placeholders_are_equal() -> None:
    differ = [
        where
        for where, text in all_texts().items()
        if sorted(PLACEHOLDER.findall(text.nl)) != sorted(PLACEHOLDER.findall(text.en))
    ]
    assert differ == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_can_be_an_option_in_a_list(language: str) -> None:
    fw = framework()
    lang = as_language(language)
    options = {s.key: s.text[lang] for s in fw.statements.values()}
    assert len({option.casefold() for option in options.values()}) == len(options)
    assert [key for key, option in options.items() if not option[0].isupper() or option.endswith(".")] == []
    # An option that names its variant would give the answer away.
    named = " · ".join(v.name[lang] for v in fw.variants.values()).casefold()
    names = [name.strip() for name in re.split(r"[()·]", named) if name.strip()]
    telling = [key for key, option in options.items() if any(name in option.casefold() for name in names)]
    assert telling == []


def test_another_language_is_refused() -> None:
    with pytest.raises(KeyError, match=r"fr.*nl.*en"):
        framework().plane.person.name["fr"]  # type: ignore[index]
