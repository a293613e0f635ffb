"""Marking: the key earns everything, anything else a clear answer, and nothing makes it fail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Placement, framework
from maatwerk_exercises.itembank import Choice, Matching, Ordering, Placing, item_bank, mark
from maatwerk_exercises.itembank.items import AnyItem

BANK = item_bank()
FW = framework()

KEYS = sorted({o.key for i in BANK.values() if not isinstance(i, Placing) for o in i.options})
NUMBERS = st.none() | st.booleans() | st.integers() | st.floats()
LEAVES = NUMBERS | st.text(max_size=5) | st.sampled_from(KEYS)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["person", "group", *KEYS]) | st.text(max_size=5), inner, max_size=5
        )
    ),
    max_leaves=12,
)


def right_answers(item: AnyItem) -> list[Any]:
    """Every response that is wholly right; for a place, every corner that is."""
    match item:
        case Choice():
            return list(item.right)
        case Matching():
            return [{row.key: key for row, key in zip(item.rows, keys, strict=True)} for keys in _ways(item)]
        case Ordering():
            forward = [key for group in item.order for key in sorted(group)]
            return [forward, [key for group in item.order for key in sorted(group, reverse=True)]]
        case Placing():
            ends = {"low": 10, "high": 90}
            variants = [FW.variants[key] for key in item.right]
            return [{"person": ends[v.person], "group": ends[v.group]} for v in variants]


def _ways(item: Matching) -> list[list[str]]:
    """Twice: once the first and once the last of what is right for each row."""
    return [[sorted(row.right)[end] for row in item.rows] for end in (0, -1)]


def plausible(item: AnyItem) -> st.SearchStrategy[Any]:
    """Responses of the right shape."""
    match item:
        case Choice():
            return st.sampled_from([one.key for one in item.options])
        case Matching():
            keys = [one.key for one in item.options]
            return st.fixed_dictionaries({row.key: st.sampled_from(keys) for row in item.rows})
        case Ordering():
            return st.permutations([one.key for one in item.options])
        case Placing():
            points = st.floats(0, 100) | st.integers(0, 100)
            return st.fixed_dictionaries({"person": points, "group": points})


ITEMS = st.sampled_from(list(BANK.values()))


@given(ITEMS.flatmap(lambda item: st.tuples(st.just(item), ANYTHING | plausible(item))))
@settings(max_examples=150, deadline=None)
def test_any_response_gets_a_share_and_words_in_both_languages(case: tuple[AnyItem, Any]) -> None:
    item, response = case
    marked = mark(item, response)
    assert 0 <= marked.share <= 1
    assert marked.outcome == {0: "wrong", 1: "right"}.get(marked.share, "partial") or (
        marked.outcome == "unanswered" and marked.share == 0
    )
    assert marked.places == item.places
    for lang in LANGUAGES:
        assert marked.feedback[lang].strip()
        assert "{" not in marked.feedback[lang]


@pytest.mark.parametrize("item", BANK.values(), ids=list(BANK))
def test_the_key_earns_everything_and_the_feedback_cites_the_essay(item: AnyItem) -> None:
    for response in right_answers(item):
        marked = mark(item, response)
        assert (marked.outcome, marked.share) == ("right", 1)
        for lang in LANGUAGES:
            assert any(place.cite(lang) in marked.feedback[lang] for place in item.places)


@pytest.mark.parametrize("item", [i for i in BANK.values() if isinstance(i, Choice)], ids=lambda i: i.key)
def test_a_wrong_choice_is_told_where_it_does_belong_and_what_is_right(item: Choice) -> None:
    for option in item.options:
        if option.key not in item.right:
            marked = mark(item, option.key)
            assert (marked.outcome, marked.share) == ("wrong", 0)
            for lang in LANGUAGES:
                assert marked.feedback[lang] == f"{item.answer[lang]}\n{option.teaches[lang]}"


@given(
    item=st.sampled_from([i for i in BANK.values() if isinstance(i, Placing)]),
    person=st.floats(0, 100),
    group=st.floats(0, 100),
)
@settings(max_examples=200, deadline=None)
def test_a_place_is_right_exactly_when_one_of_its_variants_is(
    item: Placing, person: float, group: float
) -> None:
    """D5: in the band either neighbour is right."""
    marked = mark(item, {"person": person, "group": group})
    here = {variant.key for variant in Placement(person, group).variants(FW)}
    assert (marked.share == 1) == bool(here & item.right)


def test_a_reversed_order_earns_nothing_and_one_swap_nearly_all() -> None:
    item = BANK["chain.risicoregelreflex"]
    (right, _) = right_answers(item)
    assert mark(item, right[::-1]).share == 0
    swapped = [right[1], right[0], *right[2:]]
    assert mark(item, swapped).share == pytest.approx(5 / 6)


def test_a_half_filled_matching_is_not_marked() -> None:
    item = BANK["match-actors.1"]
    marked = mark(item, {"burgers": "burgers"})
    assert (marked.outcome, marked.feedback["nl"]) == (
        "unanswered",
        "Kies eerst bij elke regel een antwoord.",
    )


def test_a_partly_right_matching_names_only_what_is_not() -> None:
    item = BANK["match-actors.1"]
    assert isinstance(item, Matching)
    marked = mark(item, {row.key: "burgers" for row in item.rows})
    lines = marked.feedback["nl"].splitlines()
    assert (marked.outcome, marked.share) == ("partial", 0.25)
    assert len(lines) == 4
    assert all("(tabel 4.1)" in line for line in lines[1:])
    assert "hoort bij: Burgers" not in marked.feedback["nl"]
