"""The words that the course explains: what a learner may look up while reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maatwerk.citation import Citation
from maatwerk.loader import Record, TableError, read_rows
from maatwerk.text import Text


@dataclass(frozen=True, slots=True)
class Term:
    """A word with a plain explanation, and the terms that help to understand it.

    ``places`` is where the essay uses or explains it.
    """

    key: str
    name: Text
    explanation: Text
    see: tuple[str, ...]
    places: tuple[Citation, ...]


def read_glossary(file: Path) -> Mapping[str, Term]:
    """Every term by its key.

    Raises
    ------
    TableError
        Naming file, row and field, when a term is incomplete or refers to one that is not there.
    """
    terms = read_rows(file, "term", _term)
    for term in terms.values():
        for key in term.see:
            if key not in terms or key == term.key:
                raise TableError(file, term.key, "see", f"'{key}' is no other term of this glossary")
        if len(set(term.see)) != len(term.see):
            raise TableError(file, term.key, "see", "a term stands here twice")
    return terms


def _term(r: Record) -> Term:
    return Term(
        key=r.key(),
        name=r.text("name"),
        explanation=r.text("explanation"),
        see=tuple(r.strings("see")),
        places=r.places(),
    )
