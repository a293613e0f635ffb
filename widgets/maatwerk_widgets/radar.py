"""A radar of the loyalties: a plotly figure, the same in words, and a light view of both.

The view draws plotly's figure itself. Plotly's own widget would send its whole library, five megabytes, with
every figure; its renderer for notebooks cannot change a figure that it has drawn, and gives it no name for a
screen reader. What is drawn is what the figure says, so that plotly shows the same wherever it is at home.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import anywidget
import plotly.graph_objects as go
import traitlets
from maatwerk import Framework, Language, framework

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

Weights = Mapping[str, int]

RING = 20
FEWEST_RINGS = 2
# For each division in turn; a pattern and a mark as well, so that colour is never alone.
_LINES = (
    {"color": "#0072B2", "dash": "solid", "symbol": "circle"},
    {"color": "#D55E00", "dash": "dash", "symbol": "square-open"},
)


def radar_figure(divisions: Mapping[str, Weights], fw: Framework, lang: Language) -> go.Figure:
    """Divisions of points over the loyalties, a closed line each.

    Parameters
    ----------
    divisions : mapping
        At most two, by the label that tells them apart; each gives points (0-100) by loyalty.
    fw : Framework
        Names the loyalties (table 3.1) and gives their order, clockwise from the top.
    lang : {"nl", "en"}
        The language of the names.
    """
    names = [loyalty.short[lang] for loyalty in fw.loyalties.values()]
    traces = [
        go.Scatterpolar(
            name=label,
            # A line closes where it began.
            theta=[*names, names[0]],
            r=[*(points := [weights[key] for key in fw.loyalties]), points[0]],
            mode="lines+markers",
            line={"color": look["color"], "dash": look["dash"]},
            marker={"color": look["color"], "symbol": look["symbol"]},
            fill="toself",
        )
        for (label, weights), look in zip(divisions.items(), _LINES, strict=False)
    ]
    most = max((max(weights.values()) for weights in divisions.values()), default=0)
    rings = max(FEWEST_RINGS, math.ceil(most / RING))
    polar = {
        "gridshape": "linear",
        "angularaxis": {"rotation": 90, "direction": "clockwise"},
        "radialaxis": {"range": [0, rings * RING], "dtick": RING},
    }
    return go.Figure(traces, go.Layout(template="none", polar=polar, showlegend=len(divisions) > 1))


def radar_text(weights: Weights, fw: Framework, lang: Language) -> str:
    """What the radar shows of one division, in words: from heavy to light."""
    word = words("radar", lang)
    order = sorted(fw.loyalties, key=lambda key: -weights[key])
    items = [word["item"].format(name=fw.loyalties[key].short[lang], points=weights[key]) for key in order]
    return word["text"].format(items=", ".join(items))


class RadarView(anywidget.AnyWidget):
    """The radar with its text; out of sight as long as no points were given.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    """

    _esm = one_module(STATIC / "radar.js")
    _css = looks("radar.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())

    def __init__(self, lang: Language = "nl", **kwargs: Any) -> None:
        super().__init__(lang=lang, **kwargs)

    def show(self, divisions: Mapping[str, Weights]) -> None:
        """Show these divisions by their labels; one without any points is left out."""
        fw = framework()
        given = {label: weights for label, weights in divisions.items() if any(weights.values())}
        self.set_trait(
            "content",
            {
                "title": words("radar", self.lang)["title"],
                "texts": {label: radar_text(weights, fw, self.lang) for label, weights in given.items()},
                "figure": radar_figure(given, fw, self.lang).to_plotly_json(),
            }
            if given
            else {},
        )

    def follow(self, scales: LoyaltyScales) -> None:
        """Show what the scales hold, now and after every change."""
        scales.observe(lambda change: self.show({"": change["new"]}), "weights")
        self.show({"": scales.weights})
