"""Drawing options from a table: always the same draw for the same item, without a random generator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeVar

from maatwerk.loader import Record, read_table

from maatwerk_exercises.itembank.wording import DATA


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choices:
    """Which rows are never offered beside each other, and which items are left out (``choices.toml``)."""

    apart: frozenset[frozenset[str]]
    skip: frozenset[str]

    def may_meet(self, kind: str, one: str, other: str) -> bool:
        """Whether two rows of a table may stand among the same options."""
        return frozenset({f"{kind}.{one}", f"{kind}.{other}"}) not in self.apart


def _pairs(table: Record) -> frozenset[frozenset[str]]:
    pairs = table.value("apart")
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(key, str) for key in pair)
        for pair in pairs
    ):
        raise table.error("apart", f"a list of pairs of keys is needed, not {pairs!r}")
    return frozenset(frozenset(pair) for pair in pairs)


def read_choices() -> Choices:
    """The choices of ``choices.toml``.

    Raises
    ------
    TableError
        Naming the field that cannot be read.
    """
    table = read_table(DATA / "choices.toml")
    choices = Choices(_pairs(table), frozenset(table.strings("skip")))
    table.finish()
    return choices


CHOICES = read_choices()


def drawn(seed: str, rows: Iterable[K], count: int) -> list[K]:
    """``count`` of the rows, or all when there are fewer, in an order set by ``seed`` and the keys alone."""
    return shuffled(seed, rows, lambda row: row.key)[:count]


def shuffled(seed: str, rows: Iterable[T], key: Callable[[T], str]) -> list[T]:
    """The rows in an order that is always the same and gives nothing away."""
    return sorted(rows, key=lambda row: sha256(f"{seed}|{key(row)}".encode()).digest())


def distractors(seed: str, kind: str, right: str, rows: Mapping[str, K], count: int = 3) -> list[K]:
    """Rows of the same table as ``right``, none of them too much like it or like each other."""
    chosen: list[K] = []
    for row in drawn(seed, rows.values(), len(rows)):
        company = [right, *(one.key for one in chosen)]
        if len(chosen) < count and row.key != right and _may_join(kind, row.key, company):
            chosen.append(row)
    return chosen


def _may_join(kind: str, row: str, company: Iterable[str]) -> bool:
    return all(CHOICES.may_meet(kind, row, one) for one in company)
