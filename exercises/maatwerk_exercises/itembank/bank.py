"""All closed items, made from the framework's tables, and choosing among them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain, zip_longest
from types import MappingProxyType

from maatwerk import Framework, framework
from maatwerk.citation import Citation

from maatwerk_exercises.itembank import from_chapter2, from_chapter3, from_chapter4, from_chapter5
from maatwerk_exercises.itembank.draw import CHOICES, shuffled
from maatwerk_exercises.itembank.items import AnyItem, Bank

_CHAPTERS = (from_chapter2, from_chapter3, from_chapter4, from_chapter5)


@cache
def item_bank() -> Bank:
    """The items of the installed course, made once."""
    return build_bank(framework())


def build_bank(fw: Framework) -> Bank:
    """Every item that the tables give, by key, without those that ``choices.toml`` leaves out.

    Raises
    ------
    ValueError
        When two items have one key.
    TableError
        When a file of the item bank cannot be used; it names file, row and field.
    """
    bank: dict[str, AnyItem] = {}
    for item in chain.from_iterable(chapter.items(fw) for chapter in _CHAPTERS):
        if item.key in bank:
            raise ValueError(f"two items are called '{item.key}'")
        if item.key not in CHOICES.skip:
            bank[item.key] = item
    return MappingProxyType(bank)


def items_by_key(bank: Bank, keys: Iterable[str]) -> tuple[AnyItem, ...]:
    """The items with these keys, in this order.

    Raises
    ------
    KeyError
        Naming a key that no item has, with the keys of the same family.
    """
    found = []
    for key in keys:
        if key not in bank:
            family = key.partition(".")[0]
            known = [one for one in bank if one.startswith(f"{family}.")] or sorted(
                {i.family for i in bank.values()}
            )
            raise KeyError(f"geen item/no item '{key}': kies uit/choose from {', '.join(known)}")
        found.append(bank[key])
    return tuple(found)


def items_about(bank: Bank, place: str, count: int) -> tuple[AnyItem, ...]:
    """``count`` items on a place in the essay, such as ``"tabel 5.2"``: of many kinds, no two on one fact.

    The same place and count always give the same items; a larger count begins with those of a smaller one.

    Raises
    ------
    ValueError
        When there is no such place.
    KeyError
        When there are fewer such items; the message says how many there are.
    """
    wanted = Citation.parse(place)
    found = _mixed(place, [item for item in bank.values() if wanted in item.places])
    if count > len(found):
        raise KeyError(f"{place}: {len(found)} items, niet/not {count}")
    return tuple(found[:count])


def _mixed(seed: str, items: Iterable[AnyItem]) -> list[AnyItem]:
    """One of each family in turn, and of each fact only the first."""
    families: dict[str, list[AnyItem]] = {}
    for item in shuffled(seed, items, lambda one: one.key):
        families.setdefault(item.family, []).append(item)
    in_turn = [item for turn in zip_longest(*families.values()) for item in turn if item is not None]
    first_on: dict[str, AnyItem] = {}
    for item in in_turn:
        first_on.setdefault(item.fact, item)
    return list(first_on.values())
