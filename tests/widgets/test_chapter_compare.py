"""What moved between two moments is told in words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_widgets import Chapter
from maatwerk_widgets.compare import placements_compared, weights_compared

POINTS = st.integers(0, 100)


def test_both_axes_and_the_variants_are_told() -> None:
    lines = placements_compared(Placement(20, 30), Placement(70, 30), framework(), "nl")
    assert lines == [
        "Maatwerk per persoon: 50 meer, van 20 naar 70.",
        "Maatwerk per groep: gelijk, op 30.",
        "Je ging van Standaardisatie naar Hardheidsclausule.",
    ]


def test_a_move_within_a_variant_is_told_as_such() -> None:
    lines = placements_compared(Placement(20, 30), Placement(10, 30), framework(), "en")
    assert lines[0] == "Maatwerk per person: 10 less, from 20 to 10."
    assert lines[-1] == "You are still at Standardisation."


def test_standing_still_is_an_answer_too() -> None:
    for lang in LANGUAGES:
        lines = placements_compared(Placement(20, 30), Placement(20, 30), framework(), lang)
        assert len(lines) == 1
        assert "20" not in lines[0]


@given(POINTS, POINTS, POINTS, POINTS, st.sampled_from(LANGUAGES))
def test_the_variants_that_are_told_are_those_of_the_plane(
    p1: int, g1: int, p2: int, g2: int, lang: Language
) -> None:
    after = Placement(p2, g2)
    said = placements_compared(Placement(p1, g1), after, framework(), lang)[-1]
    if (p1, g1) != (p2, g2):
        assert all(v.name[lang] in said for v in after.variants(framework()))


def test_only_the_loyalties_that_changed_are_told() -> None:
    before = dict.fromkeys(framework().loyalties, 20)
    after = before | {"burgers": 35, "organisatie": 5}
    assert weights_compared(before, after, framework(), "nl")[1:] == [
        "Burgers: 15 punten meer, van 20 naar 35.",
        "Organisatie: 15 punten minder, van 20 naar 5.",
    ]
    assert len(weights_compared(before, before, framework(), "en")) == 1


BURGERS = {"burgers": 100, "rechtsstaat": 0, "organisatie": 0, "beroepsgroep": 0, "maatschappij": 0}
SHARED = dict.fromkeys(framework().loyalties, 20)


def compared(chapter: Chapter) -> str:
    """What the view between 'before' and 'after' says."""
    words, *_pictures = chapter.compare("before", "after").children
    (only,) = words.content["steps"]
    return str(only["intro"])


def test_divisions_alone_are_compared_too(tmp_path: Path) -> None:
    chapter = Chapter("03-dilemmas", "nl", tmp_path / "answers.json")
    chapter.keeper.save({"scales.before": BURGERS, "scales.after": SHARED})
    said = compared(chapter)
    assert "Burgers: 80 punten minder, van 100 naar 20." in said
    assert "Maatwerk per persoon" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_half_an_answer_is_asked_for_and_not_compared(tmp_path: Path, lang: Language) -> None:
    chapter = Chapter("03-dilemmas", lang, tmp_path / "answers.json")
    asked = compared(chapter)
    assert {"nl": "voor het lezen en", "en": "before reading and"}[lang] in asked
    # Ninety points are no division yet.
    chapter.keeper.save({"scales.before": BURGERS, "scales.after": BURGERS | {"burgers": 90}})
    assert compared(chapter) == asked
    chapter.keeper.save({"scales.after": BURGERS})
    assert compared(chapter) != asked
