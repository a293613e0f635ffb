"""Links from the chapters to the glossary, and the page that they lead to. Pure, but for its words.

A text links a word as ``[hardheidsclausules](begrip:hardheidsclausule)``, by the key that both languages
share. The built notebook has a link that JupyterLab follows to the heading of the term.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from maatwerk import Language
from maatwerk.citation import cite_all
from maatwerk.glossary import Term
from maatwerk.loader import read_texts

PAGE = "07-begrippen"
TEXTS = read_texts(Path(__file__).with_name("glossary_texts.toml"))

_LINK = re.compile(r"\]\(begrip:([^)\s]*)\)")
_CHAPTER = re.compile(r"0([1-5])-")


def linked_terms(text: str) -> frozenset[str]:
    """The keys of the terms that a text links to, known or not."""
    return frozenset(_LINK.findall(text))


def with_links(text: str, terms: Mapping[str, Term], language: Language) -> str:
    """``text`` with each link to a term as a notebook needs it; one to an unknown term stays as it is."""

    def replaced(found: re.Match[str]) -> str:
        term = terms.get(found[1])
        return found[0] if term is None else f"]({address(term, language)})"

    return _LINK.sub(replaced, text)


def address(term: Term, language: Language) -> str:
    """Where a term stands, seen from another notebook of the same language."""
    # JupyterLab names a heading after its text, with a hyphen for every space.
    return f"{PAGE}.ipynb#{term.name[language].replace(' ', '-')}"


def page(terms: Mapping[str, Term], texts: Mapping[str, str], language: Language) -> str:
    """All terms in the language's own alphabetical order, in Markdown.

    Parameters
    ----------
    terms : mapping
        By key.
    texts : mapping of str to str
        The chapters by their stem: the page tells in which of them a term is linked.
    language : {"nl", "en"}
        In which language.
    """
    ordered = sorted(terms.values(), key=lambda term: term.name[language].casefold())
    return "\n\n".join(_entry(term, terms, texts, language) for term in ordered)


def _entry(term: Term, terms: Mapping[str, Term], texts: Mapping[str, str], language: Language) -> str:
    chapters = [stem for stem, text in sorted(texts.items()) if term.key in linked_terms(text)]
    notes = [_word("essay", language, places=cite_all(term.places, language))]
    if language != "nl" and term.name[language] != term.name.nl:
        notes.insert(0, _word("dutch", language, name=term.name.nl))
    if chapters:
        notes.append(_word("course", language, chapters=_listed(_chapter_links(chapters, language))))
    if term.see:
        links = [f"[{terms[key].name[language]}]({address(terms[key], language)})" for key in term.see]
        notes.append(_word("see", language, terms=_listed(links)))
    return f"## {term.name[language]}\n\n{term.explanation[language]}\n\n*{' · '.join(notes)}*"


def _chapter_links(stems: Iterable[str], language: Language) -> list[str]:
    numbers = {stem: found[1] for stem in stems if (found := _CHAPTER.match(stem))}
    return [
        f"[{_word('chapter', language, number=number)}]({stem}.ipynb)" for stem, number in numbers.items()
    ]


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)


def _word(key: str, language: Language, **values: str) -> str:
    return TEXTS[key][language].format(**values)
