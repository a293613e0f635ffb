"""Dutch and English are equals: what a chapter and its translation must have in common. Pure, without I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from glossary_page import linked_terms
from maatwerk import Language
from maatwerk.citation import Citation, Kind

CellKind = Literal["markdown", "code"]

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$", re.MULTILINE)
_CITED: Mapping[Language, Mapping[str, Kind]] = {
    "nl": {"tabel": "tabel", "paragraaf": "paragraaf", "hoofdstuk": "hoofdstuk"},
    "en": {"table": "tabel", "section": "paragraaf", "chapter": "hoofdstuk"},
}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``number`` counts from 1, as a reader of the built notebook does."""

    id: str
    number: int
    kind: CellKind
    source: str

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of its headings, in order."""
        return tuple(len(hashes) for hashes, _ in _headings(self))

    def __str__(self) -> str:
        first = self.source.split("\n", 1)[0]
        shown = first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
        return f"cell {self.number} ({self.id}, {self.kind}: {shown})"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in one language.

    ``digest`` is that of its own text; ``translates`` is the digest of the text that it translates.
    ``above`` and ``below`` are cells made from data: they are in both languages already.
    """

    stem: str
    language: Language
    cells: tuple[Cell, ...]
    digest: str
    translates: str | None = None
    above: tuple[Cell, ...] = ()
    below: tuple[Cell, ...] = ()

    @property
    def file(self) -> str:
        """Its file, seen from the folder of the course."""
        return f"{self.language}/{self.stem}.md"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: where it starts, the places in the essay that it cites, and the terms
    of the glossary that it links to."""

    cell: Cell | None
    title: str
    cited: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One difference, as one line that names file and place."""

    file: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: {self.message}"


def compare_course(dutch: Mapping[str, Chapter], english: Mapping[str, Chapter]) -> list[Problem]:
    """Every difference between the chapters in Dutch and those in English, by stem."""
    problems = [
        Problem(f"{language}/{stem}.md", "whole file", f"is missing; {there[stem].file} is there")
        for language, here, there in (("nl", dutch, english), ("en", english, dutch))
        for stem in sorted(set(there) - set(here))
    ]
    for stem in sorted(set(dutch) & set(english)):
        problems += compare_chapter(dutch[stem], english[stem])
    return problems


def compare_chapter(dutch: Chapter, english: Chapter) -> list[Problem]:
    """Every difference between one chapter and its translation."""
    return [
        *_stale(dutch, english),
        *_different_cells(dutch, english),
        *_different_mentions(dutch, english),
    ]


def sections(chapter: Chapter) -> tuple[Section, ...]:
    """The chapter cut at its headings; what stands before the first one is a section too."""
    found = []
    cell: Cell | None = None
    title = "start"
    written: list[str] = []
    for one in chapter.cells:
        if one.kind == "code":
            continue
        for heading, text in _cut(one.source):
            if heading is not None:
                found.append(_section(cell, title, written, chapter.language))
                cell, title, written = one, heading, [heading]
            written.append(text)
    found.append(_section(cell, title, written, chapter.language))
    # Before the first heading there is mostly nothing.
    return tuple(one for one in found if one.cell is not None or one.cited or one.terms)


def _section(cell: Cell | None, title: str, written: Sequence[str], language: Language) -> Section:
    text = "\n".join(written)
    return Section(cell, title, citations(text, language), linked_terms(text))


def citations(text: str, language: Language) -> frozenset[str]:
    """The places in the essay that a text cites, as the tables write them: ``tabel 5.2``."""
    kinds = _CITED[language]
    pattern = re.compile(rf"\b({'|'.join(kinds)})\s+(\d+(?:\.\d+)*)", re.IGNORECASE)
    return frozenset(f"{kinds[kind.lower()]} {number}" for kind, number in pattern.findall(text))


def unknown_places(chapter: Chapter) -> list[Problem]:
    """Every citation of a place that the essay does not have."""
    problems = []
    for section in sections(chapter):
        for written in sorted(section.cited):
            try:
                Citation.parse(written)
            except ValueError as error:
                problems.append(Problem(chapter.file, _where(section), str(error)))
    return problems


def unknown_terms(chapter: Chapter, known: Collection[str]) -> list[Problem]:
    """Every link to a term that the glossary does not have."""
    return [
        Problem(chapter.file, _where(section), f"links to '{key}', which is no term of the glossary")
        for section in sections(chapter)
        for key in sorted(section.terms.difference(known))
    ]


def _stale(dutch: Chapter, english: Chapter) -> Iterator[Problem]:
    if english.translates != dutch.digest:
        yield Problem(
            english.file,
            "front matter",
            f"translates another text than {dutch.file} now has; "
            "revise the translation, then run: python tools/chapters/build.py --translated",
        )


def _different_cells(dutch: Chapter, english: Chapter) -> Iterator[Problem]:
    ours = [_shape(cell, dutch) for cell in dutch.cells]
    theirs = [_shape(cell, english) for cell in english.cells]
    for tag, i, j, k, m in SequenceMatcher(a=ours, b=theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _different_run(dutch.cells[i:j], english.cells[k:m], dutch, english)


def _shape(cell: Cell, chapter: Chapter) -> tuple[str, object]:
    """What must be the same in both languages."""
    if cell.kind == "markdown":
        return (cell.kind, cell.levels)
    # The language is set in one cell only, and that is the only difference it may have.
    is_setup = cell == _setup(chapter)
    return (
        cell.kind,
        cell.source.replace(f'lang="{chapter.language}"', "lang=…") if is_setup else cell.source,
    )


def _setup(chapter: Chapter) -> Cell | None:
    return next((cell for cell in chapter.cells if cell.kind == "code"), None)


def _different_run(
    ours: Sequence[Cell], theirs: Sequence[Cell], dutch: Chapter, english: Chapter
) -> Iterator[Problem]:
    for our, their in zip_longest(ours, theirs):
        if our is None:
            yield Problem(dutch.file, "cells", f"lacks the twin of {english.file}, {their}")
        elif their is None:
            yield Problem(english.file, "cells", f"lacks the twin of {dutch.file}, {our}")
        elif our.kind != their.kind:
            yield Problem(english.file, str(their), f"its Dutch twin is a {our.kind} cell: {our}")
        elif our.kind == "code":
            yield Problem(english.file, str(their), f"its code differs from the Dutch: {our.source!r}")
        else:
            yield Problem(
                english.file,
                str(their),
                f"its headings have levels {their.levels}, those of the Dutch {our.levels}",
            )


def _different_mentions(dutch: Chapter, english: Chapter) -> Iterator[Problem]:
    # With another number of sections the pairs would be wrong; the headings are then reported already.
    pairs = list(zip(sections(dutch), sections(english), strict=False))
    for our, their in pairs:
        for place in sorted(our.cited - their.cited):
            yield Problem(english.file, _where(their), f"does not cite {place}, as the Dutch does")
        for place in sorted(their.cited - our.cited):
            yield Problem(dutch.file, _where(our), f"does not cite {place}, as the English does")
        for term in sorted(our.terms - their.terms):
            yield Problem(
                english.file, _where(their), f"does not link to the term '{term}', as the Dutch does"
            )
        for term in sorted(their.terms - our.terms):
            yield Problem(dutch.file, _where(our), f"does not link to the term '{term}', as the English does")


def _where(section: Section) -> str:
    cell = f"cell {section.cell.number}" if section.cell is not None else "cell 1"
    return f"{cell}, under '{section.title}'"


def _headings(cell: Cell) -> list[tuple[str, str]]:
    return _HEADING.findall(cell.source) if cell.kind == "markdown" else []


def _cut(source: str) -> Iterator[tuple[str | None, str]]:
    """Pairs of a heading (None at the start) and the text below it."""
    pieces = _HEADING.split(source)
    if pieces[0].strip():
        yield None, pieces[0]
    for at in range(1, len(pieces), 3):
        yield pieces[at + 1], pieces[at + 2]
