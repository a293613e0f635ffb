"""Every item of the bank, in both languages: right by the tables, unambiguous, answered only by knowing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import fairness
import pytest
from maatwerk import LANGUAGES, Language, Text, framework
from maatwerk_exercises.itembank import (
    AnyItem,
    Choice,
    Matching,
    Ordering,
    Placing,
    build_bank,
    item_bank,
    items_about,
    items_by_key,
)
from maatwerk_exercises.itembank.draw import CHOICES

BANK = item_bank()
FW = framework()
SHARED = [s for s in FW.statements.values() if len(s.variants) > 1]


# --- the whole bank ---


def test_no_item_is_unfair() -> None:
    assert [defect for item in BANK.values() for defect in fairness.defects(item, FW)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_at_least_150_distinct_items_of_four_kinds(lang: Language) -> None:
    shown = {
        (
            item.ask[lang],
            item.given and item.given[lang],
            tuple(sorted(text[lang] for text in _offered(item))),
        )
        for item in BANK.values()
    }
    assert len(shown) == len(BANK) >= 150
    assert {type(item) for item in BANK.values()} == {Choice, Matching, Ordering, Placing}


def _offered(item: AnyItem) -> list[Text]:
    options = () if isinstance(item, Placing) else tuple(one.text for one in item.options)
    rows = tuple(row.text for row in item.rows) if isinstance(item, Matching) else ()
    return [*options, *rows]


def test_every_table_is_asked_about() -> None:
    tables = {place.number for item in BANK.values() for place in item.places if place.kind == "tabel"}
    assert tables == {"2.1", "2.2", "2.3", "3.1", "4.1", "5.1", "5.2", "5.3", "5.4", "5.5"}


def test_every_row_of_the_tables_is_asked_about() -> None:
    facts = {item.fact for item in BANK.values()}
    assert {f"statement.{key}" for key in FW.statements} <= facts
    assert {f"practice.{key}" for key in FW.practices} <= facts
    assert {f"tension.{key}" for key in FW.tensions()} <= facts
    assert {f"loyalty.{key}" for key in FW.loyalties} <= facts
    assert {f"principle.{key}" for key in FW.principles} <= facts
    assert {f"dynamic.{key}" for key in FW.dynamics} <= facts
    assert {f"form.{f.key}" for d in FW.dynamics.values() for f in d.forms} <= facts
    assert {f"consideration.{key}" for key in FW.considerations} <= facts


def test_making_the_bank_twice_gives_the_same_items_in_the_same_order() -> None:
    assert list(build_bank(FW).items()) == list(BANK.items())


def test_every_item_left_out_would_be_unfair_or_repeat_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maatwerk_exercises.itembank.bank.CHOICES", replace(CHOICES, skip=frozenset()))
    everything = build_bank(FW)
    assert set(everything) - set(BANK) == CHOICES.skip
    assert [key for key in CHOICES.skip if not fairness.defects(everything[key], FW)] == []


def test_rows_kept_apart_exist() -> None:
    rows = {
        "consideration": FW.considerations,
        "practice": FW.practices,
        "tension": FW.tensions(),
        "form": {f.key: f for d in FW.dynamics.values() for f in d.forms},
    }
    for pair in CHOICES.apart:
        assert len(pair) == 2
        for name in pair:
            kind, _, key = name.partition(".")
            assert key in rows[kind]


# --- the essay's own defects ---


@pytest.mark.parametrize("statement", SHARED, ids=lambda s: s.key)
def test_a_cell_of_two_tables_is_right_for_both(statement: Any) -> None:
    """D3, in every form in which such a statement is asked."""
    assert len(SHARED) == 5
    for item in BANK.values():
        if item.fact == f"statement.{statement.key}" and item.family in ("cell", "place"):
            assert isinstance(item, Choice | Placing)
            assert item.right == set(statement.variants)
        if isinstance(item, Matching):
            for row in item.rows:
                if row.key == statement.key:
                    assert row.right == set(statement.variants)
        if item.family == "content" and isinstance(item, Choice) and statement.key not in item.right:
            variant = item.key.split(".")[1]
            offered = {option.key for option in item.options}
            assert statement.key not in offered or variant not in statement.variants


def test_either_reading_of_the_ivho_is_right() -> None:
    """D4."""
    readings = [item for item in BANK.values() if item.key.startswith("meaning.ivho.")]
    assert [item.given for item in readings] == list(FW.practices["ivho"].meanings)
    for item, other in zip(readings, reversed(FW.practices["ivho"].meanings), strict=True):
        assert isinstance(item, Choice) and item.right == {"ivho"}
        assert all(other[lang] in item.answer[lang] for lang in LANGUAGES)


# --- nobody gets by without knowing ---


def _right_share(pick: Callable[[Choice, Language], str], lang: Language) -> float:
    choices = [item for item in BANK.values() if isinstance(item, Choice)]
    return sum(pick(item, lang) in item.right for item in choices) / len(choices)


def _longest(item: Choice, lang: Language) -> str:
    return max(item.options, key=lambda one: len(one.text[lang])).key


def _most_like_the_question(item: Choice, lang: Language) -> str:
    stem = fairness.word_stems(f"{item.ask[lang]} {item.given[lang] if item.given else ''}")
    return max(item.options, key=lambda one: len(fairness.word_stems(one.text[lang]) & stem)).key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_trick_does_much_better_than_guessing(lang: Language) -> None:
    choices = [item for item in BANK.values() if isinstance(item, Choice)]
    by_guessing = sum(len(item.right) / len(item.options) for item in choices) / len(choices)
    assert by_guessing < 0.3
    tricks = [_longest, _most_like_the_question]
    tricks += [lambda item, _, n=n: item.options[n % len(item.options)].key for n in range(4)]
    assert max(_right_share(trick, lang) for trick in tricks) < by_guessing + 0.1


# --- planted defects ---


def _item(key: str) -> Any:
    return BANK[key]


def _with_option(item: Any, number: int, **changes: Any) -> Any:
    options = list(item.options)
    options[number] = replace(options[number], **changes)
    return replace(item, options=tuple(options))


def _right_option(item: Any) -> int:
    return next(n for n, one in enumerate(item.options) if one.key in item.right)


def _both(words: str) -> Text:
    return Text(nl=words, en=words)


def _marks_a_shared_cell_wrong() -> Any:
    return replace(_item("cell.beheersbaarheid"), right=frozenset({"standaardisatie"}))


def _marks_a_shared_row_wrong() -> Any:
    item = _item("match-cells.manager.voordeel")
    rows = tuple(replace(row, right=frozenset(list(row.right)[:1])) for row in item.rows)
    return replace(item, rows=rows)


def _marks_a_shared_place_wrong() -> Any:
    return replace(_item("place.overzicht-en-eenvoud"), right=frozenset({"beleidscategorieen"}))


def _marks_the_wrong_one_right() -> Any:
    return replace(_item("who.overvraagd"), right=frozenset({"manager"}))


def _calls_the_other_reading_wrong() -> Any:
    return replace(_item("meaning.ivho.2"), right=frozenset({"duo"}))


def _has_two_options_alike() -> Any:
    item = _item("tension.een-middag")
    return _with_option(item, 0, text=item.options[1].text)


def _has_an_option_only_alike_in_english() -> Any:
    item = _item("tension.een-middag")
    return _with_option(item, 0, text=Text(nl="Iets anders", en=item.options[1].text.en.upper()))


def _offers_rows_too_alike() -> Any:
    item = _item("raised.duo")
    number = (_right_option(item) + 1) % len(item.options)
    return _with_option(item, number, key="cjib")


def _gives_the_answer_away() -> Any:
    item = _item("tension.verzwegen-baan")
    return replace(item, given=_both("Er is misbruik van de regeling. There is misuse of the scheme."))


def _gives_a_row_away() -> Any:
    item = _item("match-actors.1")
    rows = tuple(replace(r, text=Text(nl="Managers geven ruimte", en="Room")) for r in item.rows[:1])
    right = tuple(replace(r, right=frozenset({"managers"}), key="managers") for r in rows)
    return replace(item, rows=(*right, *item.rows[1:]))


def _asks_by_numeral() -> Any:
    return replace(
        _item("cell.overvraagd"), ask=Text(nl="Hoort dit bij variant II?", en="Does this belong to IV?")
    )


def _stands_out_by_length() -> Any:
    item = _item("tension.een-middag")
    return _with_option(item, _right_option(item), text=_both("Eerlijk en ook nog heel precies " * 4))


def _has_a_hole() -> Any:
    return replace(_item("cell.overvraagd"), answer=_both("Dit hoort {at}."))


def _lost_a_step() -> Any:
    item = _item("chain.risicoregelreflex")
    return replace(item, order=item.order[1:])


def _is_of_an_unknown_family() -> Any:
    return replace(_item("cell.overvraagd"), key="new.overvraagd")


PLANTED = [
    (_marks_a_shared_cell_wrong, "'beleidscategorieen' is right too"),
    (_marks_a_shared_row_wrong, "is right too"),
    (_marks_a_shared_place_wrong, "'standaardisatie' is right too"),
    (_marks_the_wrong_one_right, "'manager' would be marked right"),
    (_calls_the_other_reading_wrong, "'ivho' is right too"),
    (_has_two_options_alike, "nl: two options with the same text"),
    (_has_an_option_only_alike_in_english, "en: two options with the same text"),
    (_offers_rows_too_alike, "'cjib' and 'duo' are too alike"),
    (_gives_the_answer_away, "nl: 'Welke spanning herken je hier? Er is misbruik"),
    (_gives_a_row_away, "nl: 'Managers geven ruimte' gives its answer away"),
    (_asks_by_numeral, "nl: a numeral"),
    (_asks_by_numeral, "en: a numeral"),
    (_stands_out_by_length, "much longer"),
    (_has_a_hole, "badly put together"),
    (_lost_a_step, "the order is not of these options"),
    (_is_of_an_unknown_family, "nothing here knows"),
]


@pytest.mark.parametrize(("planted", "found"), PLANTED, ids=[f"{p.__name__}-{f[:3]}" for p, f in PLANTED])
def test_a_planted_defect_is_found(planted: Callable[[], Any], found: str) -> None:
    assert any(found in defect for defect in fairness.defects(planted(), FW))


# --- choosing ---


def test_items_come_by_key_in_the_order_asked() -> None:
    keys = ["who.overvraagd", "cell.overvraagd"]
    assert [item.key for item in items_by_key(BANK, keys)] == keys


def test_a_key_that_is_not_there_is_named_with_its_family() -> None:
    with pytest.raises(KeyError, match=r"cell\.nergens.*cell\.overvraagd"):
        items_by_key(BANK, ["cell.nergens"])
    with pytest.raises(KeyError, match=r"nergens.*match-cells"):
        items_by_key(BANK, ["nergens"])


@pytest.mark.parametrize("table", ["2.1", "2.2", "2.3", "3.1", "4.1", "5.1", "5.2", "5.3", "5.4", "5.5"])
def test_items_about_a_table_are_of_several_kinds_and_facts(table: str) -> None:
    chosen = items_about(BANK, f"tabel {table}", 5)
    assert len({item.fact for item in chosen}) == 5
    assert len({item.family for item in chosen}) >= 3
    assert chosen[:3] == items_about(BANK, f"tabel {table}", 3)


def test_more_items_than_there_are_is_refused() -> None:
    with pytest.raises(KeyError, match=r"tabel 2\.1: \d+ items, niet/not 99"):
        items_about(BANK, "tabel 2.1", 99)
    with pytest.raises(ValueError, match=r"tabel 9\.9"):
        items_about(BANK, "tabel 9.9", 1)
