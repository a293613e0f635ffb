"""Where in the essay something stands, written so that both languages can cite it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from maatwerk.text import Language, Text

Kind = Literal["tabel", "paragraaf", "hoofdstuk"]

_KIND_NAMES: dict[Kind, Text] = {
    "tabel": Text(nl="tabel", en="table"),
    "paragraaf": Text(nl="paragraaf", en="section"),
    "hoofdstuk": Text(nl="hoofdstuk", en="chapter"),
}
# What there is to cite, so that a typing error in a table is noticed.
_NUMBERS: dict[Kind, tuple[str, ...]] = {
    "tabel": ("2.1", "2.2", "2.3", "3.1", "4.1", "5.1", "5.2", "5.3", "5.4", "5.5"),
    "paragraaf": (
        *("2.1", "2.2", *(f"2.2.{case}" for case in range(1, 10)), "2.3"),
        *(f"3.{section}" for section in range(1, 8)),
        *(f"4.{section}" for section in range(1, 6)),
        *("5.1", "5.2"),
    ),
    "hoofdstuk": ("1", "2", "3", "4", "5"),
}


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A table, section or chapter of *Maatwerk als standaard* (NSOB, 2022)."""

    kind: Kind
    number: str

    @classmethod
    def parse(cls, written: str) -> Citation:
        """Read ``"tabel 5.2"``, ``"paragraaf 3.2"`` or ``"hoofdstuk 4"``.

        Raises
        ------
        ValueError
            When it is written otherwise, or the essay has no such place.
        """
        for kind, numbers in _NUMBERS.items():
            for number in numbers:
                if written == f"{kind} {number}":
                    return cls(kind, number)
        raise ValueError(
            f"'{written}' is no place in the essay: write 'tabel 5.2', 'paragraaf 3.2' or 'hoofdstuk 4'"
        )

    def cite(self, language: Language) -> str:
        """The place as a reader cites it: ``tabel 5.2``, ``table 5.2``."""
        return f"{_KIND_NAMES[self.kind][language]} {self.number}"


@lru_cache(maxsize=1024)
def cite_all(places: tuple[Citation, ...], language: Language) -> str:
    """Several places in one citation: ``tabel 2.1, tabel 2.3``."""
    return ", ".join(place.cite(language) for place in places)
