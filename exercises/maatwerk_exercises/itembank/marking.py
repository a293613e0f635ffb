"""Marking a response to a closed item: pure, and for anything that may be in a file or come from a browser.

The shape is PrairieLearn's: from an item and a response to a share of the points and what to say. What is
said always teaches: where the answer stands, and where what was chosen does belong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from itertools import combinations
from typing import Literal

from maatwerk import Placement, PlacementError, Text, framework
from maatwerk.citation import Citation
from maatwerk.loader import read_texts
from maatwerk.model import Variant

from maatwerk_exercises.itembank.items import AnyItem, Choice, Matching, Ordering, Placing
from maatwerk_exercises.itembank.wording import DATA, cite, fill, lined, phrase

Outcome = Literal["right", "partial", "wrong", "unanswered"]

WORDS = read_texts(DATA / "marking.toml")


@dataclass(frozen=True, slots=True)
class Marked:
    """What a response is worth, and what to say about it.

    Parameters
    ----------
    outcome : {"right", "partial", "wrong", "unanswered"}
        ``unanswered`` too for a response that is no answer to this item.
    share : float
        Of the points, 0-1.
    feedback : Text
        Tells where in the essay the answer stands, unless ``unanswered``.
    places : tuple of Citation
        The same, as data.
    """

    outcome: Outcome
    share: float
    feedback: Text
    places: tuple[Citation, ...]


def mark(item: AnyItem, response: object) -> Marked:
    """What ``response`` is worth.

    Parameters
    ----------
    item : Choice, Matching, Ordering or Placing
        What was asked.
    response : object
        For a choice the option's key; for a matching a mapping from row to option; for an ordering the list
        of option keys; for a placing ``{"person": points, "group": points}``. Anything else is no answer.
    """
    return _mark(item, response)


@singledispatch
def _mark(item: AnyItem, response: object) -> Marked:
    raise TypeError(f"no item: {item!r}")


@_mark.register
def _choice(item: Choice, response: object) -> Marked:
    chosen = {one.key: one for one in item.options}.get(response) if isinstance(response, str) else None
    if chosen is None:
        return _unanswered(item, "unanswered_choice")
    if chosen.key in item.right:
        return _said(item, 1.0, item.answer)
    return _said(item, 0.0, lined([item.answer, chosen.teaches]))


@_mark.register
def _matching(item: Matching, response: object) -> Marked:
    options = {one.key: one.text for one in item.options}
    if (
        not isinstance(response, Mapping)
        or set(response) != {row.key for row in item.rows}
        or not all(isinstance(one, str) and one in options for one in response.values())
    ):
        return _unanswered(item, "unanswered_matching")
    others = [row for row in item.rows if response[row.key] not in row.right]
    good, total = len(item.rows) - len(others), len(item.rows)
    if not others:
        return _said(
            item, 1.0, fill(WORDS["right_matching"], {"total": f"{total}", "cite": cite(item.places)})
        )
    lines = [
        fill(
            WORDS["matching_row"],
            {
                "row": row.text,
                "options": joined("or", [text for key, text in options.items() if key in row.right]),
                "cite": cite(row.places),
            },
        )
        for row in others
    ]
    said = fill(WORDS["part_matching"], {"good": f"{good}", "total": f"{total}"})
    return _said(item, good / total, lined([said, *lines]))


@_mark.register
def _ordering(item: Ordering, response: object) -> Marked:
    group_of = {key: number for number, group in enumerate(item.order) for key in group}
    if (
        not isinstance(response, list | tuple)
        or not all(isinstance(key, str) for key in response)
        or sorted(response) != sorted(group_of)
    ):
        return _unanswered(item, "unanswered_ordering")
    # Every pair that has an order counts the same, wherever in the list it stands.
    pairs = [(a, b) for a, b in combinations(response, 2) if group_of[a] != group_of[b]]
    share = sum(group_of[a] < group_of[b] for a, b in pairs) / len(pairs)
    cited = {"cite": cite(item.places)}
    if share == 1:
        return _said(item, 1.0, fill(WORDS["right_ordering"], cited))
    return _said(item, share, lined([fill(WORDS["part_ordering"], cited), *_right_order(item)]))


def _right_order(item: Ordering) -> list[Text]:
    groups = [[one.text for one in item.options if one.key in group] for group in item.order]
    return [
        fill(WORDS["order_step"], {"number": f"{number}", "step": joined("either", texts)})
        for number, texts in enumerate(groups, start=1)
    ]


@_mark.register
def _placing(item: Placing, response: object) -> Marked:
    given = response if isinstance(response, Mapping) else {}
    try:
        placement = Placement(given.get("person"), given.get("group"))  # type: ignore[arg-type]
    except PlacementError:
        return _unanswered(item, "unanswered_placing")
    fw = framework()
    here = placement.variants(fw)
    names = joined("and", [phrase("variant", variant.key) for variant in here])
    said = {"variants": names, "answer": item.answer}
    if item.right.intersection(variant.key for variant in here):
        # In the band each neighbour is right (source note D5).
        return _said(item, 1.0, item.answer if len(here) == 1 else fill(WORDS["between_placing"], said))
    share = max(_near(one, fw.variants[other]) for one in here for other in item.right)
    return _said(
        item, share, fill(WORDS["other_placing" if len(here) == 1 else "other_between_placing"], said)
    )


def _near(one: Variant, other: Variant) -> float:
    """Which share of the two axes is the same."""
    return ((one.person == other.person) + (one.group == other.group)) / 2


def joined(word: str, texts: Sequence[Text]) -> Text:
    """``a and b``: one text, or more with a word of ``marking.toml`` between them."""
    first, *others = texts
    for other in others:
        first = fill(WORDS[word], {"first": first, "last": other})
    return first


def _said(item: AnyItem, share: float, feedback: Text) -> Marked:
    outcome: Outcome = "right" if share == 1 else "wrong" if share == 0 else "partial"
    return Marked(outcome, share, feedback, item.places)


def _unanswered(item: AnyItem, said: str) -> Marked:
    return Marked("unanswered", 0.0, WORDS[said], item.places)
