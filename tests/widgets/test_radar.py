"""The radar says in words what it shows, and plotly's figure is what the learner divided."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets import Chapter
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.radar import RadarView, radar_figure, radar_text

KEYS = tuple(framework().loyalties)
NOTHING = dict.fromkeys(KEYS, 0)
EVEN = dict.fromkeys(KEYS, 20)
ONE = NOTHING | {"rechtsstaat": 100}

weights = st.tuples(*(st.integers(0, 100) for _ in KEYS)).map(
    lambda points: dict(zip(KEYS, points, strict=True))
)
languages = st.sampled_from(LANGUAGES)


@settings(max_examples=20)
@given(st.lists(weights, min_size=1, max_size=2), languages)
def test_the_figure_holds_every_point_on_a_closed_line_within_its_rings(
    divisions: list[dict[str, int]], lang: Language
) -> None:
    figure = radar_figure({f"moment {n}": one for n, one in enumerate(divisions)}, framework(), lang)
    radial = figure.layout.polar.radialaxis
    for trace, given_weights in zip(figure.data, divisions, strict=True):
        assert list(trace.r[:-1]) == list(given_weights.values())
        assert (trace.r[-1], trace.theta[-1]) == (trace.r[0], trace.theta[0])
        assert max(trace.r) <= radial.range[1]
    assert radial.range[1] % radial.dtick == 0
    assert json.dumps(figure.to_plotly_json())


def test_two_lines_differ_in_more_than_colour() -> None:
    first, second = radar_figure({"a": EVEN, "b": ONE}, framework(), "nl").data
    assert first.line.dash != second.line.dash
    assert first.marker.symbol != second.marker.symbol


@settings(max_examples=50)
@given(weights, languages)
def test_the_text_names_every_loyalty_with_its_points_from_heavy_to_light(
    given_weights: dict[str, int], lang: Language
) -> None:
    said = radar_text(given_weights, framework(), lang)
    places = []
    for key, points in sorted(given_weights.items(), key=lambda item: -item[1]):
        part = f"{framework().loyalties[key].short[lang]} {points}"
        assert part in said
        places.append(said.index(part))
    assert places == sorted(places)


def test_the_view_follows_the_scales_and_hides_without_points() -> None:
    scales, radar = LoyaltyScales("en"), RadarView("en")
    radar.follow(scales)
    assert radar.content == {}
    scales.weights = ONE
    assert radar.content["texts"][""].startswith("From heavy to light: Rule of law 100")
    scales.weights = NOTHING
    assert radar.content == {}


def test_the_chapter_compares_two_complete_divisions(tmp_path: Path) -> None:
    chapter = Chapter("05-doorbreken", path=tmp_path / "answers.json")
    scales = [chapter.scales(name).children[0] for name in ("before", "after")]
    _, radar, _ = chapter.compare("before", "after").children
    scales[0].weights = EVEN
    scales[1].weights = NOTHING | {"burgers": 99}
    assert radar.content == {}
    scales[1].weights = ONE
    assert list(radar.content["texts"]) == ["voor het lezen", "na het lezen"]


def test_nothing_heavy_is_needed() -> None:
    """The base install runs in Pyodide, where numpy is not."""
    code = "import maatwerk_widgets, sys; print({'numpy', 'pandas', 'plotly.express'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
