"""Rubric levels in nbgrader's comment: what was chosen comes back, and a person's words stay theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk_grading.rubric_levels import Remarked, read_comment, write_comment

KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)


@given(st.text(), st.dictionaries(KEYS, st.integers(0, 999)))
def test_what_was_written_is_read(words: str, levels: dict[str, int]) -> None:
    kept = read_comment(write_comment(Remarked(words, levels)))
    if levels:
        assert (kept.words, dict(kept.levels)) == (words.strip(), levels)
    else:
        # Without levels a comment is what somebody typed, and may look like anything.
        assert write_comment(Remarked(words)) == words.strip()


@given(st.text())
def test_no_comment_is_too_strange_to_read(comment: str) -> None:
    assert read_comment(comment).words in comment


@pytest.mark.parametrize(
    ("comment", "words", "levels"),
    [
        (None, "", {}),
        ("", "", {}),
        ("Goed.", "Goed.", {}),
        ("[rubric: prijs=1]", "", {"prijs": 1}),
        ("Goed.\n\n[rubric: gronden=2, prijs=0]\n", "Goed.", {"gronden": 2, "prijs": 0}),
        # Not the last line, or not that line: a person's words.
        ("[rubric: prijs=1]\nen toch", "[rubric: prijs=1]\nen toch", {}),
        ("Lees [rubric: prijs=1]", "Lees [rubric: prijs=1]", {}),
        ("x\n[rubric: prijs=een]", "x\n[rubric: prijs=een]", {}),
    ],
)
def test_only_a_last_line_of_its_own_holds_levels(
    comment: str | None, words: str, levels: dict[str, int]
) -> None:
    assert read_comment(comment) == Remarked(words, levels)
