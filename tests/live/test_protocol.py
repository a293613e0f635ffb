"""One schema: what is not in it is refused, whatever it is, and what is in it comes back whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk_live.core.protocol import (
    LONGEST_ARGUMENT,
    MessageError,
    Place,
    clean_text,
    read_command,
    read_from_phone,
    read_hello,
    schema,
    write,
)

PLACE: dict[str, Any] = {"t": "place", "seq": 1, "round": 1, "person": 3, "group": 100}
ARGUE: dict[str, Any] = {"t": "argue", "seq": 1, "round": 1, "side": "voor", "text": "Omdat het past."}
WEIGH: dict[str, Any] = {
    "t": "weigh",
    "seq": 1,
    "round": 1,
    "weights": {"burgers": 40, "rechtsstaat": 30, "organisatie": 20, "beroepsgroep": 10, "maatschappij": 0},
}


def test_a_place_comes_back_whole() -> None:
    assert read_from_phone(json.dumps(PLACE)) == Place(1, 1, 3, 100)
    assert json.loads(write(Place(1, 1, 3, 100))) == PLACE


@pytest.mark.parametrize(
    "wrong",
    [
        PLACE | {"person": 101},
        PLACE | {"person": -1},
        PLACE | {"person": 3.5},
        PLACE | {"person": True},
        PLACE | {"person": "3"},
        PLACE | {"person": None},
        PLACE | {"seq": 0},
        PLACE | {"seq": 2**60},
        PLACE | {"who": 7},
        PLACE | {"t": "open"},
        PLACE | {"t": "join"},
        {key: value for key, value in PLACE.items() if key != "group"},
        WEIGH | {"weights": {**WEIGH["weights"], "burgers": 41}},
        WEIGH | {"weights": {**WEIGH["weights"], "burgers": 140, "rechtsstaat": -70}},
        WEIGH | {"weights": {"burgers": 100}},
        WEIGH | {"weights": {**WEIGH["weights"], "koning": 0}},
        ARGUE | {"text": ""},
        ARGUE | {"text": "x" * (LONGEST_ARGUMENT + 1)},
        ARGUE | {"side": "neutraal"},
        {"t": "role", "seq": 1, "round": 1, "role": "koning"},
        [PLACE],
        "place",
        None,
    ],
)
def test_what_is_not_in_the_schema_is_refused(wrong: object) -> None:
    with pytest.raises(MessageError):
        read_from_phone(json.dumps(wrong))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[" * 100_000,
        b"\xff\xfe",
        '{"t":"place","seq":NaN,"round":1,"person":1,"group":1}',
        '{"t":"argue","seq":1,"round":1,"side":"voor","text":"\\ud800"}',
        '{"t":"argue","seq":1,"round":1,"side":"voor","text":"\ud800"}',
    ],
)
def test_what_is_no_json_is_refused(raw: str | bytes) -> None:
    for read in (read_from_phone, read_command, read_hello):
        with pytest.raises(MessageError):
            read(raw)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_other_json_is_refused_without_another_error(value: object) -> None:
    for read in (read_from_phone, read_command, read_hello):
        with pytest.raises(MessageError):
            read(json.dumps(value))


def test_a_refusal_never_repeats_what_was_sent() -> None:
    with pytest.raises(MessageError) as refused:
        read_from_phone(json.dumps(ARGUE | {"side": "geheim"}))
    assert "Omdat" not in str(refused.value)


@pytest.mark.parametrize("asks", [[], ["place", "place"], ["everything"]])
def test_a_round_asks_one_or_more_things_each_once(asks: list[str]) -> None:
    with pytest.raises(MessageError):
        read_command(json.dumps({"t": "open", "version": 0, "case": "scootmobiel", "asks": asks}))


@given(st.text(max_size=400))
def test_cleaned_text_is_one_visible_line_and_stays_so(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == cleaned.strip()
    assert not any(mark in cleaned for mark in "\n\r\t\x00\u202a\u202e\u2066\u2069\u200b\ufeff")


def test_markup_stays_text() -> None:
    assert clean_text("<b>ja</b> &amp;") == "<b>ja</b> &amp;"


def test_the_schema_tells_of_every_message_of_a_client() -> None:
    tags = {
        d["properties"]["t"]["enum"][0] for d in schema()["$defs"].values() if "t" in d.get("properties", {})
    }
    assert {"hello", "hello_board", "hello_stage", "place", "weigh", "role", "argue", "support"} <= tags
    assert {"open", "open_typed", "again", "ask", "close", "reopen", "hide", "lock", "reset"} <= tags
    assert {"timer", "undo", "end", "moderate"} <= tags
    assert {"ping", "hold", "admit", "remove", "choose_address", "talk_hello", "talk"} <= tags
    assert not {"join", "begin", "time_up", "removed"} & tags
