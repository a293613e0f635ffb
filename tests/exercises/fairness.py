"""Is a closed item a fair question? Every defect that makes it unfair, found against the tables themselves.

What is right is worked out here a second time, from the framework and not from the item, so that a mistake in
the making of items does not hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

from maatwerk import LANGUAGES, Framework, Language, Text
from maatwerk_exercises.itembank import AnyItem, Choice, Matching, Option, Ordering, Placing
from maatwerk_exercises.itembank.draw import CHOICES
from maatwerk_exercises.itembank.scenes import scenes

# A numeral of a variant; in English a lone I is a pronoun.
NUMERAL = re.compile(r"\b(II|III|IV)\b|\b(variant|form|vorm|type)\s+(I|V|\d)\b", re.IGNORECASE)
# Words that say nothing about which option is right: the tables use them with every variant.
EVERYDAY = {
    *("maatwerk", "beleid", "welke", "wordt", "worden", "zonder", "iemand"),
    *("policy", "something", "somebody", "which", "other", "their", "there", "where"),
}
# As many first letters as tell a family of words: standaard, standaardisatie.
FAMILY = 6
MUCH_LONGER, MANY_MORE = 2.0, 25

Oracle = Callable[[Framework, list[str]], set[str]]


# --- what is right, from the tables ---


def _scene_row(kind: str) -> Oracle:
    def oracle(fw: Framework, key: list[str]) -> set[str]:
        rows: Mapping[str, object] = {
            "variant": fw.variants,
            "loyalty": fw.loyalties,
            "tension": fw.tensions(),
            "form": {f.key: f for d in fw.dynamics.values() for f in d.forms},
        }[kind]
        return {scene.row for scene in scenes(kind, rows) if scene.key == key[0]}  # type: ignore[arg-type]

    return oracle


def _form_author(fw: Framework, key: list[str]) -> set[str]:
    authors = [a for d in fw.dynamics.values() for f in d.forms if f.key == key[0] for a in f.authors]
    return {"".join(re.findall("[a-z]", author.casefold())) for author in authors}


def _contents(fw: Framework, key: list[str]) -> set[str]:
    variant, perspective, side = key
    return {
        s.key
        for s in fw.statements.values()
        if variant in s.variants and s.perspective == perspective and s.side == side
    }


def _same_row(fw: Framework, key: list[str]) -> set[str]:
    return {key[0]}


RIGHT: Mapping[str, Oracle] = {
    "consideration": _same_row,
    "pole": lambda fw, key: {f"{key[0]}-{'right' if key[1] == 'left' else 'left'}"},
    "principle-author": lambda fw, key: {fw.principles[key[0]].author},
    "principle-name": _same_row,
    "raises": _same_row,
    "raised": _same_row,
    "meaning": _same_row,
    "voice": _scene_row("loyalty"),
    "asks": _same_row,
    "tension-loyalty": lambda fw, key: {o.key for o, t in fw.tensions().values() if t.key == key[0]},
    "tension": _scene_row("tension"),
    "actor": _same_row,
    "pattern": _same_row,
    "form-actor": lambda fw, key: {d.key for d in fw.dynamics.values() for f in d.forms if f.key == key[0]},
    "form-author": _form_author,
    "form": _scene_row("form"),
    "for-whom": _same_row,
    "corner": _same_row,
    "scene": _scene_row("variant"),
    "place-scene": _scene_row("variant"),
    "cell": lambda fw, key: set(fw.statements[key[0]].variants),
    "place": lambda fw, key: set(fw.statements[key[0]].variants),
    "who": lambda fw, key: {fw.statements[key[0]].perspective},
    "content": _contents,
    # Matching: the key of a row instead of the item's.
    "match-poles": _same_row,
    "match-principles": lambda fw, key: {fw.principles[key[0]].author},
    "match-raised": _same_row,
    "match-meaning": _same_row,
    "match-tensions": lambda fw, key: {o.key for o, t in fw.tensions().values() if t.key == key[0]},
    "match-actors": _same_row,
    "match-authors": _form_author,
    "match-forms": lambda fw, key: {d.key for d in fw.dynamics.values() for f in d.forms if f.key == key[0]},
    "match-for-whom": _same_row,
    "match-corners": _same_row,
    "match-scenes": _same_row,
    "match-cells": lambda fw, key: set(fw.statements[key[0]].variants),
}

# What an option's key stands for, where two rows of that kind may be too alike.
KIND = {
    **dict.fromkeys(("consideration", "match-poles"), "consideration"),
    **dict.fromkeys(("raises", "raised", "meaning", "match-raised", "match-meaning"), "practice"),
    "tension": "tension",
    "form": "form",
}


# --- defects ---


def defects(item: AnyItem, fw: Framework) -> list[str]:
    """Everything that makes the item unfair or unclear; an empty list for a fair one."""
    return [f"{item.key}: {found}" for found in _defects(item, fw)]


def _defects(item: AnyItem, fw: Framework) -> Iterator[str]:
    yield from _wrong_key(item, fw)
    yield from _too_alike(item)
    for lang in LANGUAGES:
        yield from _badly_written(item, lang)
        yield from _given_away(item, lang)


def _wrong_key(item: AnyItem, fw: Framework) -> Iterator[str]:
    if isinstance(item, Ordering):
        if {key for group in item.order for key in group} != {one.key for one in item.options}:
            yield "the order is not of these options"
        return
    oracle = RIGHT.get(item.family)
    if oracle is None:
        yield "nothing here knows what is right for this family"
        return
    asked = item.key.split(".")[1:]
    pairs = (
        [([row.key], row.right) for row in item.rows] if isinstance(item, Matching) else [(asked, item.right)]
    )
    offered = set(fw.variants) if isinstance(item, Placing) else {one.key for one in item.options}
    for key, right in pairs:
        should = oracle(fw, key) & offered
        if not should:
            yield f"nothing that is offered is right for {key}"
        for one in should - right:
            yield f"'{one}' is right too, and would be marked wrong"
        for one in right - should:
            yield f"'{one}' would be marked right, and is not"


def _too_alike(item: AnyItem) -> Iterator[str]:
    if isinstance(item, Choice | Matching) and (kind := KIND.get(item.family)):
        shown = {one.key for one in item.options}
        # Among options that are rows of a matching, each has a line of its own.
        asked = {one.key for one in item.options if isinstance(item, Choice)}
        for one, other in combinations(sorted(shown & asked), 2):
            if not CHOICES.may_meet(kind, one, other):
                yield f"'{one}' and '{other}' are too alike to choose between"


def _badly_written(item: AnyItem, lang: Language) -> Iterator[str]:
    for text in texts(item):
        words = text[lang]
        if NUMERAL.search(words):
            yield f"{lang}: a numeral in '{words}'"
        if re.search(r"[{}]|  |‘‘|’’|\.\.| ,|\?\.", words):
            yield f"{lang}: badly put together: '{words}'"
        if not words.strip():
            yield f"{lang}: an empty text"
    if not isinstance(item, Placing):
        options = [one.text[lang].casefold() for one in item.options]
        if len(set(options)) < len(options):
            yield f"{lang}: two options with the same text"
        if len(options) < 3:
            yield f"{lang}: fewer than three options"
    if isinstance(item, Choice):
        right = max((len(one.text[lang]) for one in item.options if one.key in item.right), default=0)
        others = [len(one.text[lang]) for one in item.options if one.key not in item.right]
        if right > max(MUCH_LONGER * max(others), max(others) + MANY_MORE):
            yield f"{lang}: the right option is much longer than every other"


def _given_away(item: AnyItem, lang: Language) -> Iterator[str]:
    if isinstance(item, Choice):
        stem = f"{item.ask[lang]} {item.given[lang] if item.given else ''}"
        yield from _hinted(stem, item.options, item.right, lang)
    if isinstance(item, Matching):
        for row in item.rows:
            yield from _hinted(row.text[lang], item.options, row.right, lang)


def _hinted(stem: str, options: Iterable[Option], right: frozenset[str], lang: Language) -> Iterator[str]:
    """A word that the stem shares with every right option and with no other."""
    words = {one.key: one.text[lang].casefold() for one in options}
    hints = [
        hint
        for hint in sorted(word_stems(stem))
        if {key for key, shown in words.items() if _has(shown, hint)} == right & set(words)
    ]
    if hints:
        yield f"{lang}: '{stem}' gives its answer away by {hints}"


def _has(words: str, hint: str) -> bool:
    # A short word may stand within another by chance.
    return hint in words if len(hint) >= FAMILY else hint in word_stems(words)


def word_stems(words: str) -> set[str]:
    """The beginnings of the longer words: enough to see that two words are of one family."""
    found = re.findall(r"[^\W\d_]{5,}", words.casefold())
    return {word[:FAMILY] for word in found if word not in EVERYDAY}


def texts(item: AnyItem) -> Iterator[Text]:
    """Every text that a learner may get to see with the item."""
    yield item.ask
    if item.given is not None:
        yield item.given
    if not isinstance(item, Placing):
        for option in item.options:
            yield from (option.text, option.teaches)
    if isinstance(item, Choice | Placing):
        yield item.answer
    if isinstance(item, Matching):
        yield from (row.text for row in item.rows)
