"""Where in the essay something stands, written so that both languages can cite it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from maatwerk.text import Language, Text

Kind = Literal["tabel", "paragraaf", "hoofdstuk"]

_KIND_NAMES: dict[Kind, Text] = {
    "tabel": Text(nl="tabel", en="table"),
    "paragraaf": Text(nl="paragraaf", en="section"),
    "hoofdstuk": Text(nl="hoofdstuk", en="chapter"),
}
_PATTERN = re.compile(r"(tabel|paragraaf) ([1-5]\.[0-9](?:\.[0-9])?)|(hoofdstuk) ([1-5])")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A table, section or chapter of *Maatwerk als standaard* (NSOB, 2022)."""

    kind: Kind
    number: str

    @classmethod
    def parse(cls, written: str) -> Place:
        """Read ``"tabel 5.2"``, ``"paragraaf 3.2"`` or ``"hoofdstuk 4"``.

        Raises
        ------
        ValueError
            When it is written otherwise.
        """
        match = _PATTERN.fullmatch(written)
        if match is None:
            raise ValueError(f"'{written}' is no place: write 'tabel 5.2', 'paragraaf 3.2' or 'hoofdstuk 4'")
        kind, number = (part for part in match.groups() if part is not None)
        return cls(kind, number)  # type: ignore[arg-type]

    def cite(self, language: Language) -> str:
        """The place as a reader cites it: ``tabel 5.2``, ``table 5.2``."""
        return f"{_KIND_NAMES[self.kind][language]} {self.number}"


def cite_all(places: tuple[Place, ...], language: Language) -> str:
    """Several places in one citation: ``tabel 2.1, tabel 2.3``."""
    return ", ".join(place.cite(language) for place in places)
