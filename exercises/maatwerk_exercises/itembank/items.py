"""Closed items as frozen dataclasses: what is asked, what may be answered, and what is right.

An item is made from the essay's tables (see the modules beside this one), never written by hand. Its ``key``
is stable and the same in both languages; so is everything in it that is no :class:`~maatwerk.Text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maatwerk import Text
from maatwerk.citation import Citation


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen.

    ``teaches`` is said when it was chosen where it is not right: it tells where it does belong.
    """

    key: str
    text: Text
    teaches: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a matching item, with every option that is right for it, and where that stands."""

    key: str
    text: Text
    right: frozenset[str]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What all four kinds share.

    Parameters
    ----------
    key : str
        The family and then the row of the tables that it asks about, such as ``cell.overvraagd``.
    fact : str
        What it asks about. Two items with the same fact are not asked in one sitting: the first would give
        the second away.
    ask : Text
        The question.
    given : Text, optional
        What the question is about, shown with it.
    places : tuple of Citation
        Where the answer stands in the essay.
    """

    key: str
    fact: str
    ask: Text
    given: Text | None = None
    places: tuple[Citation, ...]

    @property
    def family(self) -> str:
        """The kind of question, such as ``cell``."""
        return self.key.partition(".")[0]

    @property
    def chapter(self) -> str:
        """The chapter of the essay that it belongs to, such as ``"5"``."""
        return self.places[0].number.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Item):
    """One of a few options; each of ``right`` is right."""

    options: tuple[Option, ...]
    right: frozenset[str]
    answer: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Item):
    """An option for each row; an option may serve for several rows, or for none."""

    rows: tuple[Row, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Item):
    """Options to be put in order. Those in one group of ``order`` may come in either order."""

    options: tuple[Option, ...]
    order: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing(Item):
    """A place on the plane of table 5.1; the corner of each variant in ``right`` is right."""

    right: frozenset[str]
    answer: Text


AnyItem = Choice | Matching | Ordering | Placing
Bank = Mapping[str, AnyItem]
