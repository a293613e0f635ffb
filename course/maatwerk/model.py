"""The essay's tables as frozen dataclasses: the shape, without the reading and without the words.

Every row carries its words in both languages (:class:`~maatwerk.text.Text`) and its place in the essay
(:class:`~maatwerk.citation.Citation`). The words themselves live in ``tables/*.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from maatwerk.citation import Citation
from maatwerk.text import Text

Level = Literal["low", "high"]
Side = Literal["voordeel", "nadeel"]

Author = Literal["kruiter", "meurs", "ombudsman"]
ToldBy = Literal["essay", "cursus"]

LEVELS: tuple[Level, Level] = ("low", "high")
SIDES: tuple[Side, Side] = ("voordeel", "nadeel")
AUTHORS: tuple[Author, ...] = ("kruiter", "meurs", "ombudsman")
# Whose claim something is: the essay's, or the course's own, where the essay leaves a step to its reader.
TOLD_BY: tuple[ToldBy, ToldBy] = ("essay", "cursus")


@dataclass(frozen=True, slots=True)
class Consideration:
    """A question about the meaning or the organising of maatwerk, with its two poles.

    The short forms are the course's own, for where the full ones do not fit.
    Source: tables 2.1 (the first four) and 2.3 (all eight).
    """

    key: str
    question: Text
    short: Text
    left: Text
    left_short: Text
    right: Text
    right_short: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """One of the nine organisations, what maatwerk means there and the question it raises.

    ``meanings`` holds more than one reading where the essay itself gives two (source note D4: the IvhO).
    Source: table 2.2 and sections 2.2.1-2.2.9.
    """

    key: str
    name: Text
    abbreviation: str
    meanings: tuple[Text, ...]
    question: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Tension:
    """A tension inside one loyalty. Source: sections 3.2-3.6."""

    key: str
    name: Text
    explanation: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Loyalty:
    """To whom an implementing official is loyal, what that asks, and the dilemma of maatwerk in it.

    Source: table 3.1; its tensions: sections 3.2-3.6.
    """

    key: str
    name: Text
    short: Text
    asks: Text
    dilemma: Text
    tensions: tuple[Tension, ...]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class DynamicForm:
    """One of the forms that a dynamic takes, with the authors the essay names for it. Source: chapter 4."""

    key: str
    name: Text
    explanation: Text
    authors: tuple[str, ...]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A circular, self-reinforcing pattern that maatwerk may set off, and who is caught in it.

    ``key`` is the actor's key. ``gain`` is what that actor gains from holding on to rules (section 4.5).
    Source: table 4.1.
    """

    key: str
    actor: Text
    name: Text
    pattern: Text
    gain: Text
    forms: tuple[DynamicForm, ...]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the four forms of maatwerk: a corner of the plane.

    ``numeral`` is table 5.1's. The titles of tables 5.3 and 5.4 swap two numerals (source note D1):
    ``own_table`` and ``own_table_numeral`` keep what stands there. Identify a variant by ``key`` only.
    Source: table 5.1.
    """

    key: str
    numeral: str
    name: Text
    for_whom: Text
    meaning: Text
    person: Level
    group: Level
    own_table: Citation
    own_table_numeral: str
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Perspective:
    """From whose chair a variant is looked at. Source: the rows of tables 5.2-5.5."""

    key: str
    name: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An advantage or disadvantage, with every variant that it holds for.

    A statement that stands in two of tables 5.2-5.5 is one statement with two variants, so that it can
    never be right for the one and wrong for the other (source note D3).
    """

    key: str
    perspective: str
    side: Side
    variants: tuple[str, ...]
    text: Text

    def fills(self, variant: str, perspective: str, side: Side) -> bool:
        """Whether it stands in this cell of tables 5.2-5.5."""
        return (self.perspective, self.side) == (perspective, side) and variant in self.variants


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle of proper maatwerk, with who put it forward. Source: chapter 2."""

    key: str
    author: Author
    name: Text
    explanation: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A defect in the source (D1-D8) and what the course does about it."""

    key: str
    note: Text
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the plane, with the words at its two ends."""

    name: Text
    low: Text
    high: Text


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane's scale, in points: where it ends, where low becomes high, and how wide the doubt is.

    The essay sets no border (source note D5); ``border`` and ``band`` are the course's own choice.
    Source: table 5.1 and section 5.2.
    """

    minimum: float
    maximum: float
    border: float
    band: float
    person: Axis
    group: Axis
    places: tuple[Citation, ...]
