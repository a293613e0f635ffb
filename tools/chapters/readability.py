"""How easy the chapters are to read, in figures, and which sentences are long.

::

    python tools/chapters/readability.py

The score is that of Flesch (1948) for English, and Douma's version of it for Dutch (1960): 100 is very easy,
0 is very hard, and 60 is plain for most adults. It only counts words and syllables:
a smoke alarm, not a judge.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from maatwerk import LANGUAGES, Language
from parity import Chapter

LONG = 25

# base, points off for each word in a sentence, points off for each syllable in a word
_FORMULA: dict[Language, tuple[float, float, float]] = {
    "nl": (206.84, 0.93, 77.0),
    "en": (206.835, 1.015, 84.6),
}

_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_CITATION = re.compile(
    r"\((?:(?:opening van |opening of |see |zie )?"
    r"(?:tabel|paragraaf|hoofdstuk|table|section|chapter)\s[^()]*)\)"
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_CODE = re.compile(r"`[^`]*`")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*>]|\d+\.)\s)")
_MARKER = re.compile(r"^\s*(?:>\s*)?(?:[-*]\s+|\d+\.\s+)?", re.MULTILINE)
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][’”\"')]))\s+(?=[‘“\"'(]*[A-ZÀ-Þ0-9’])")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[’'\-](?=[^\W_]))*|\d+(?:[.,]\d+)*")

# Dutch spells one vowel sound with up to three letters; a diaeresis starts a new one.
_DUTCH_VOWELS = re.compile(
    r"aai|ooi|oei|eau|eeu|ieu|aa|ai|au|ee|ei|eu|ie|ij|oe|oo|ou|ui|uu|[aeiouyàâáäèéêëìíîïòóôöùúûü]"
)
_ENGLISH_VOWELS = re.compile(r"[aeiouyé]+")
# The e of 'rule', 'rules' and 'ruled' is not heard; that of 'table', 'places' and 'wanted' is.
_SILENT = re.compile(r"(?<![aeiouylé])e$|(?<=[aeiouy]l)e$|(?<![aeioucgsxzh])es$|(?<![aeioudt])ed$")


@dataclass(frozen=True, slots=True)
class Readability:
    """What a text comes to: its words, its sentences and the syllables of all its words."""

    words: int
    syllables: int
    sentences: tuple[str, ...]
    language: Language

    @property
    def score(self) -> float:
        """Flesch's reading ease (en) or Flesch-Douma (nl); about 0 to 100."""
        base, per_word, per_syllable = _FORMULA[self.language]
        return base - per_word * self.words_a_sentence - per_syllable * self.syllables_a_word

    @property
    def words_a_sentence(self) -> float:
        """The mean length of a sentence in words."""
        return self.words / max(1, len(self.sentences))

    @property
    def syllables_a_word(self) -> float:
        """The mean length of a word in syllables."""
        return self.syllables / max(1, self.words)

    @property
    def long(self) -> tuple[str, ...]:
        """The sentences of more than ``LONG`` words, longest first."""
        found = [one for one in self.sentences if len(words(one)) > LONG]
        return tuple(sorted(found, key=lambda one: -len(words(one))))


def measured(text: str, language: Language) -> Readability:
    """The readability of a text in Markdown."""
    found = tuple(sentences(text))
    counted = [word for one in found for word in words(one)]
    return Readability(len(counted), sum(syllables(word, language) for word in counted), found, language)


def chapter_readability(chapter: Chapter) -> Readability:
    """The readability of a chapter's own text: without code, and without what is made from data."""
    text = "\n\n".join(cell.source for cell in chapter.cells if cell.kind == "markdown")
    return measured(text, chapter.language)


def sentences(text: str) -> Iterable[str]:
    """The sentences of a text in Markdown, without headings, citations, code and marks."""
    for pattern, put in ((_HEADING, ""), (_LINK, r"\1"), (_CODE, ""), (_CITATION, "")):
        text = pattern.sub(put, text)
    for block in _BLOCK.split(text):
        plain = " ".join(_MARKER.sub("", block).replace("*", "").split())
        # A citation may have stood before the full stop.
        plain = re.sub(r"\s+([.,:;!?])", r"\1", plain)
        yield from (one for one in _END.split(plain) if words(one))


def words(sentence: str) -> list[str]:
    """The words and numbers of a sentence."""
    return _WORD.findall(sentence)


def syllables(word: str, language: Language) -> int:
    """How many syllables a word has, by its spelling; at least one."""
    spelled = word.casefold()
    if language == "nl":
        return max(1, len(_DUTCH_VOWELS.findall(spelled)))
    return max(1, len(_ENGLISH_VOWELS.findall(spelled)) - len(_SILENT.findall(spelled)))


def report(chapters: Iterable[Chapter]) -> list[str]:
    """A table with a line for each chapter, and then every long sentence."""
    rows = [(chapter, chapter_readability(chapter)) for chapter in chapters]
    lines = [
        f"{'chapter':28} {'score':>5} {'words':>6} {'words/sentence':>14} {'syllables/word':>14} {'long':>4}"
    ]
    for chapter, found in rows:
        lines.append(
            f"{chapter.file:28} {found.score:5.1f} {found.words:6} {found.words_a_sentence:14.1f} "
            f"{found.syllables_a_word:14.2f} {len(found.long):4}"
        )
    for chapter, found in rows:
        lines += [f"\n{chapter.file}, {len(words(one))} words: {one}" for one in found.long]
    return lines


def main() -> int:
    """Print the report; always 0, as a figure is no verdict (a test holds the floor)."""
    # Only found beside a script: 'build' is also the name of a package on PyPI.
    from build import COURSE, read_course

    read = read_course(COURSE)
    for line in report(chapter for language in LANGUAGES for chapter in read[language].values()):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
