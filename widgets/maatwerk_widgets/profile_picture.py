"""A profile on the eight considerations: a plotly figure, the same in words, and a light view of both.

As with the radar, the view draws plotly's figure itself: what is drawn is what the figure says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import plotly.graph_objects as go
import traitlets
from maatwerk import Framework, Language, framework
from maatwerk.model import Consideration
from maatwerk.profile import FURTHEST, Profile

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.profile import PROFILE_TEXTS
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

# For each profile in turn; a shape as well, so that colour is never alone.
_ALONE = ({"color": "#0072B2", "symbol": "circle"},)
_EARLIER_AND_LATER = ({"color": "#D55E00", "symbol": "diamond-open"}, *_ALONE)


def profile_figure(profiles: Mapping[str, Profile], fw: Framework, lang: Language) -> go.Figure:
    """A row for each consideration, from pole to pole; an arrow where an answer moved.

    Parameters
    ----------
    profiles : mapping
        One profile, or an earlier and a later one, by the label that tells them apart.
    fw : Framework
        Gives the considerations (tables 2.1 and 2.3) and their order, from the top.
    lang : {"nl", "en"}
        The language of the poles' names.
    """
    rows = {key: -number for number, key in enumerate(fw.considerations)}
    looks = _ALONE if len(profiles) == 1 else _EARLIER_AND_LATER
    traces = [
        go.Scatter(
            name=label,
            x=[positions[key] for key in rows if key in positions],
            y=[y for key, y in rows.items() if key in positions],
            mode="markers",
            marker=look,
        )
        for (label, positions), look in zip(profiles.items(), looks, strict=True)
    ]
    poles = [
        {"x": x, "y": rows[key], "text": pole[lang], "xanchor": side, "yshift": 14, "showarrow": False}
        for key, c in fw.considerations.items()
        for x, side, pole in ((-FURTHEST, "left", c.left_short), (FURTHEST, "right", c.right_short))
    ]
    figure = go.Figure(traces, go.Layout(template="none", showlegend=len(profiles) > 1))
    figure.update_layout(
        annotations=[*poles, *_arrows(list(profiles.values()), rows)],
        xaxis={"range": [-FURTHEST, FURTHEST], "dtick": 1, "showticklabels": False},
        yaxis={"range": [0.5 - len(rows), 0.5], "tickvals": list(rows.values()), "showticklabels": False},
    )
    return figure


def _arrows(profiles: list[Profile], rows: Mapping[str, int]) -> list[dict[str, Any]]:
    if len(profiles) == 1:
        return []
    before, after = profiles
    return [
        {"ax": before[key], "x": after[key], "y": y, "ay": y, "axref": "x", "ayref": "y", "showarrow": True}
        for key, y in rows.items()
        if key in before and key in after and before[key] != after[key]
    ]


def profile_lines(profiles: Mapping[str, Profile], fw: Framework, lang: Language) -> list[str]:
    """What the figure shows, in words: a sentence for each consideration."""
    word = words("profile", lang, PROFILE_TEXTS)
    lines = []
    for consideration in fw.considerations.values():
        positions = {label: position_in_words(one, consideration, lang) for label, one in profiles.items()}
        places = set(positions.values())
        if len(positions) == 1:
            said = places.pop()
        elif len(places) == 1:
            said = word["both_times"].format(position=places.pop())
        else:
            said = ", ".join(
                word["at_moment"].format(moment=label, position=position)
                for label, position in positions.items()
            )
        lines.append(word["line"].format(consideration=consideration.short[lang], said=said))
    return lines


def position_in_words(positions: Profile, consideration: Consideration, lang: Language) -> str:
    """One position, with its pole in short."""
    word = words("profile", lang, PROFILE_TEXTS)
    position = positions.get(consideration.key)
    if position is None:
        return word["free"]
    if position == 0:
        return word["middle"]
    side, pole = ("left", consideration.left_short) if position < 0 else ("right", consideration.right_short)
    return word[f"{side}_short"].format(degree=word[f"degree_{abs(position)}"], pole=pole[lang])


def profiles_compared(before: Profile, after: Profile, fw: Framework, lang: Language) -> list[str]:
    """What happened to the answers that were given both times, a sentence for each that changed."""
    word = words("profile", lang, PROFILE_TEXTS)
    both = [c for c in fw.considerations.values() if c.key in before and c.key in after]
    if not both:
        return []
    changed = [c for c in both if before[c.key] != after[c.key]]
    if not changed:
        return [word["compare_same"]]
    return [
        word["compare_changed"].format(changed=len(changed), count=len(both)),
        *(_shift(c, after[c.key] - before[c.key], word, lang) for c in changed),
    ]


def _shift(consideration: Consideration, by: int, word: Mapping[str, str], lang: Language) -> str:
    side, pole = ("right", consideration.right_short) if by > 0 else ("left", consideration.left_short)
    return word[f"compare_{side}"].format(
        consideration=consideration.short[lang],
        steps=word["step_one" if abs(by) == 1 else "steps"].format(n=abs(by)),
        pole=pole[lang],
    )


class ProfilePicture(anywidget.AnyWidget):
    """One profile, or an earlier and a later one, with its words; out of sight as long as there is none.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    """

    _esm = one_module(STATIC / "profile_picture.js")
    _css = looks("profile_picture.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())

    def __init__(self, lang: Language = "nl", **kwargs: Any) -> None:
        super().__init__(lang=lang, **kwargs)

    def show(self, profiles: Mapping[str, Profile]) -> None:
        """Show these profiles by their labels; one without any answer is left out."""
        fw = framework()
        given = {label: positions for label, positions in profiles.items() if positions}
        self.set_trait(
            "content",
            {
                "title": words("profile", self.lang, PROFILE_TEXTS)["picture_title"],
                "lines": profile_lines(given, fw, self.lang),
                "figure": profile_figure(given, fw, self.lang).to_plotly_json(),
            }
            if given
            else {},
        )
