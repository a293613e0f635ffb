"""The circles and the game as Python sees them: what they show and refuse, and what a chapter keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets import Chapter
from maatwerk_widgets.loop_view import LoopView, layout, loops_content
from maatwerk_widgets.rounds_run import RoundsRun
from maatwerk_widgets.rounds_view import formula, formulas, game_content

GAME = framework().game
LENGTH = GAME.length

# --- the circles ---


def test_every_picture_has_a_place_for_each_of_its_quantities_and_no_bend_too_many() -> None:
    for view in loops_content(framework(), (), "nl")["views"]:
        keys = {one["key"] for one in view["quantities"]}
        arrows = {f"{one['source']}-{one['target']}" for one in view["arrows"]}
        for drawn in view["layouts"].values():
            assert set(drawn["at"]) == keys
            assert set(drawn.get("bend", ())) <= arrows
            assert all(0 < percentage < 100 for place in drawn["at"].values() for percentage in place)


def test_no_layout_is_left_over() -> None:
    assert set(layout()) == {*framework().dynamics, "all", "all-narrow"}


def test_one_dynamic_shows_its_own_loops_and_all_four_show_all() -> None:
    for dynamic in framework().dynamics:
        (view,) = loops_content(framework(), (dynamic,), "nl")["views"]
        assert view["loops"] == [one.key for one in framework().loops.values() if one.dynamic == dynamic]
    views = loops_content(framework(), (), "nl")["views"]
    assert [view["key"] for view in views] == [*framework().dynamics, "all"]
    assert views[-1]["loops"] == list(framework().loops)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_is_told_with_both_ends_its_reason_and_whose_it_is(lang: Language) -> None:
    fw = framework()
    own = {"nl": "cursus", "en": "course"}[lang]
    shown = loops_content(fw, (), lang)["loops"]
    for told, loop in zip(shown, fw.loops.values(), strict=True):
        for step, arrow, direction in zip(told["steps"], loop.arrows, loop.directions, strict=False):
            source, target = fw.quantities[arrow.source], fw.quantities[arrow.target]
            for quantity, way in ((source, direction), (target, step["moves"])):
                moved = (quantity.more if way == "more" else quantity.less)[lang]
                assert moved.casefold() in step["headline"].casefold()
            assert step["why"] == arrow.why[lang]
            assert arrow.places[0].cite(lang) in step["cite"]
            assert (own in step["cite"]) == (arrow.told_by == "cursus")
        assert len(told["steps"]) == len(loop.arrows)


def test_an_unknown_dynamic_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match=r"'klanten'.*burgers, uitvoeringsambtenaren, managers, bestuurders"):
        LoopView(("klanten",))


@pytest.mark.parametrize(
    "at",
    [
        {},
        {"view": "burgers", "loop": "schuilen", "step": 0},
        {"view": "managers", "loop": "vertrouwen-slijt", "step": 5},
        {"view": "managers", "loop": "vertrouwen-slijt", "step": -1},
        {"view": "managers", "loop": "vertrouwen-slijt", "step": "1"},
        {"view": "niemand", "loop": "vertrouwen-slijt", "step": 0},
    ],
)
def test_a_place_that_is_not_in_the_circles_is_refused(at: dict[str, Any]) -> None:
    view = LoopView()
    before = view.at
    with pytest.raises(traitlets.TraitError, match="geen plek"):
        view.at = at
    assert view.at == before


# --- the game ---

whole_points = st.integers(0, 100)
some_settings = st.fixed_dictionaries(dict.fromkeys(GAME.dials, whole_points))


def ends(run: RoundsRun) -> dict[str, float]:
    return {key: values[-1] for key, values in run.shown["lines"].items()}


@settings(max_examples=10, deadline=None)
@given(dials=some_settings)
def test_one_by_one_and_to_the_end_are_the_same_game(dials: dict[str, int]) -> None:
    at_once, one_by_one = RoundsRun(settings=dials), RoundsRun(settings=dials)
    at_once.played = LENGTH
    for number in range(1, LENGTH + 1):
        one_by_one.played = number
    assert at_once.shown == one_by_one.shown


def test_a_dial_counts_from_the_next_round_on_and_that_is_told() -> None:
    run = RoundsRun()
    run.played = 4
    before = run.shown["lines"]
    run.settings = {**run.settings, "reflex": 100}
    assert run.shown["lines"] == before
    run.played = LENGTH
    assert {key: values[:5] for key, values in run.shown["lines"].items()} == before
    told = [line for phase in run.shown["phases"] for line in phase["lines"]]
    assert "Vanaf ronde 5 stond anders: reflex van bestuurders van 50 naar 100." in told


def test_starting_again_keeps_the_previous_game_to_compare_with() -> None:
    run = RoundsRun("en")
    run.played = LENGTH
    calm = ends(run)
    run.played = 0
    assert {key: values[-1] for key, values in run.shown["before"].items()} == calm
    assert run.shown["compared"] == {}
    run.settings = {**run.settings, "reflex": 100}
    run.played = LENGTH
    compared = run.shown["compared"]
    assert compared["dials"] == "The dials in round 16: administrators’ reflex 100 (50 then)."
    rules, then = round(ends(run)["regels"]), round(calm["regels"])
    assert f"rules and protocols {rules - then} higher ({rules}, {then} then)" in compared["stocks"]


def test_the_same_game_twice_compares_as_the_same() -> None:
    run = RoundsRun("en")
    for _ in range(2):
        run.played = LENGTH
        run.played = 0
    run.played = LENGTH
    assert run.shown["compared"] == {
        "dials": "In round 16 the dials stood as they did then.",
        "head": "After round 16 everything stands at the same point.",
        "stocks": [],
    }


def test_a_pattern_is_told_in_the_round_where_it_appears() -> None:
    run = RoundsRun(settings={"gegeven": 70, "verdragen": 80, "zoeken": 20, "voorwaarden": 20, "reflex": 100})
    run.played = LENGTH
    first = run.shown["phases"][0]
    assert first["rounds"].startswith("Ronde 1")
    assert [one["name"] for one in first["new"]] == ["Nieuw: Risicoregelreflex."]
    assert first["lines"][-1].endswith("bestuurders reageren op incidenten.")


def test_a_prediction_is_answered_at_the_end_and_never_marked() -> None:
    run = RoundsRun("en", prediction="dekking")
    assert run.shown["predicted"] == ""
    run.played = LENGTH - 1
    assert run.shown["predicted"] == ""
    run.played = LENGTH
    assert "You predicted that this would rise most: seeking cover." in run.shown["predicted"]
    run.prediction = "ruimte"
    assert "Which arrow had you not seen?" in run.shown["predicted"]
    assert not {"wrong", "right", "points"} & set(re.findall(r"\w+", run.shown["predicted"]))


@pytest.mark.parametrize(
    ("trait", "value", "said"),
    [
        ("settings", {"reflex": 50}, "getal van 0 tot en met 100"),
        ("settings", {**dict.fromkeys(GAME.dials, 50), "reflex": 101}, "getal van 0 tot en met 100"),
        ("settings", {**dict.fromkeys(GAME.dials, 50), "reflex": True}, "getal van 0 tot en met 100"),
        ("kept", {"reflex": 50}, "getal van 0 tot en met 100"),
        ("prediction", "geluk", "Kies een van deze"),
        ("played", 17, "16 rondes"),
        ("played", -1, "16 rondes"),
    ],
)
def test_what_the_game_cannot_use_is_refused_in_the_learners_language(
    trait: str, value: object, said: str
) -> None:
    run = RoundsRun()
    before = getattr(run, trait), run.shown
    with pytest.raises(traitlets.TraitError, match=said):
        setattr(run, trait, value)
    assert (getattr(run, trait), run.shown) == before


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=20, deadline=None)
@given(values=st.fixed_dictionaries(dict.fromkeys([*GAME.dials, *GAME.stocks], whole_points)))
def test_a_formula_as_it_is_shown_is_what_is_computed(lang: Language, values: dict[str, int]) -> None:
    shorts = {
        (GAME.stocks[key] if key in GAME.stocks else GAME.dials[key]).short[lang]: value / 100
        for key, value in values.items()
    }
    for flow in GAME.flows.values():
        product = 1.0
        for part in formula(flow, GAME, lang).split(" × "):
            lacking = re.fullmatch(r"\(1 − (.+)\)", part)
            if lacking:
                product *= 1 - shorts[lacking[1]]
            else:
                product *= shorts[part] if part in shorts else float(part)
        assert product == pytest.approx(flow.push({key: float(value) for key, value in values.items()}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_flow_and_every_pattern_is_explained_with_its_source(lang: Language) -> None:
    shown = formulas(GAME, lang)
    assert sum(len(one["flows"]) for one in shown) == len(GAME.flows)
    assumed = {"nl": "aanname van de cursus", "en": "course’s assumption"}[lang]
    marked = sum(assumed in flow["cite"] for one in shown for flow in one["flows"])
    assert marked == sum(flow.told_by == "cursus" for flow in GAME.flows.values()) > 0
    assert len(game_content(GAME, lang)["patterns"]) == len(GAME.patterns)


# --- what a chapter keeps ---


def run_of(chapter: Chapter, name: str = "trial") -> RoundsRun:
    run = chapter.rounds(name).children[0]
    assert isinstance(run, RoundsRun)
    return run


def kept_in(file: Path) -> Any:
    return json.loads(file.read_text())["answers"]["04-dynamieken"]


def test_playing_keeps_nothing_and_keeping_keeps_the_dials(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    chapter = Chapter("04-dynamieken", path=file)
    run = run_of(chapter)
    run.settings = {**run.settings, "reflex": 10}
    run.played = LENGTH
    assert not file.exists()
    run.prediction = "regels"
    assert kept_in(file) == {"rounds.trial": {"prediction": "regels"}}
    run.kept = dict(run.settings)
    assert kept_in(file)["rounds.trial"]["settings"]["reflex"] == 10
    assert "reflex van bestuurders 10" in run.kept_words

    again = run_of(Chapter("04-dynamieken", path=file))
    assert (again.settings["reflex"], again.prediction, again.played) == (10, "regels", 0)
    # What is kept of other things leaves the dials alone.
    chapter.keeper.save({"reflection.own-dial": "iets"})
    run.settings = {**run.settings, "reflex": 70}
    chapter.keeper.save({"reflection.own-dial": "iets anders"})
    assert run.settings["reflex"] == 70


@pytest.mark.parametrize(
    "kept",
    [
        7,
        {"settings": {"reflex": 10}},
        {"settings": {**dict.fromkeys(GAME.dials, 50), "reflex": "veel"}, "prediction": "geluk"},
        {"settings": {**dict.fromkeys(GAME.dials, 50), "reflex": 1e9}},
        {"prediction": ["regels"]},
    ],
)
def test_a_file_with_anything_in_it_still_gives_a_game(tmp_path: Path, kept: object) -> None:
    chapter = Chapter("04-dynamieken", path=tmp_path / "answers.json")
    chapter.keeper.save({"rounds.trial": kept})
    run = run_of(chapter)
    assert (run.kept, run.prediction) == ({}, "")
    assert run.settings == {key: dial.start for key, dial in GAME.dials.items()}


def test_a_chapter_shows_the_circles_in_its_language(tmp_path: Path) -> None:
    chapter = Chapter("04-dynamieken", lang="en", path=tmp_path / "answers.json")
    assert chapter.loops("managers").content["views"][0]["title"] == "Managers: the circles"
    assert len(chapter.loops().content["views"]) == 5
