"""The dynamics as circles that can be walked round, one arrow at a time."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from maatwerk import Framework, Language, framework
from maatwerk.citation import cite_all
from maatwerk.loops import Arrow, Direction, Loop, Quantity, passed_on

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

LOOPS_TEXTS = Path(__file__).parent / "loops_texts.toml"
LAYOUT = Path(__file__).parent / "loops_layout.toml"
ALL = "all"

Words = Mapping[str, str]


class LoopView(anywidget.AnyWidget):
    """A causal-loop drawing of some of the dynamics, or of all four, with the walk told in text.

    Parameters
    ----------
    dynamics : sequence of str
        The dynamics of table 4.1 to show; none for all four, each by itself and all together.
    lang : {"nl", "en"}
        The language of all words.

    Attributes
    ----------
    at : dict
        Where the reader is: the ``view`` (a dynamic, or ``"all"``), the ``loop``, and how many of its arrows
        were walked (``step``).

    Raises
    ------
    KeyError
        When table 4.1 has no such dynamic; the message names those it has.
    """

    _esm = one_module(STATIC / "loops.js")
    _css = looks("loops.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    at = traitlets.Dict().tag(sync=True)

    def __init__(self, dynamics: Sequence[str] = (), lang: Language = "nl", **kwargs: Any) -> None:
        content = loops_content(framework(), dynamics, lang)
        self.set_trait("content", content)
        first = content["views"][0]
        at = {"view": first["key"], "loop": first["loops"][0], "step": 0}
        super().__init__(lang=lang, **({"at": at} | kwargs))

    @traitlets.validate("at")
    def _check_at(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        at = proposal["value"]
        loops = {view["key"]: view["loops"] for view in self.content["views"]}
        known = set(at) == {"view", "loop", "step"} and at["loop"] in loops.get(at["view"], ())
        if not known or at["step"] not in range(len(framework().loops[at["loop"]].arrows) + 1):
            raise traitlets.TraitError(
                words("loops", self.lang, LOOPS_TEXTS)["error_at"].format(value=repr(at))
            )
        return dict(at)


def loops_content(fw: Framework, dynamics: Sequence[str], lang: Language) -> dict[str, Any]:
    """All that the drawing shows, in one language, as JSON: its words, its loops, and where things stand.

    Raises
    ------
    KeyError
        When table 4.1 has no such dynamic.
    """
    word = words("loops", lang, LOOPS_TEXTS)
    for name in dynamics:
        if name not in fw.dynamics:
            raise KeyError(word["error_dynamic"].format(name=name, names=", ".join(fw.dynamics)))
    shown = dynamics or (*fw.dynamics, ALL)
    views = [_view(fw, name, lang, word) for name in shown]
    walked = {key for view in views for key in view["loops"]}
    return {
        "words": word,
        "views": views,
        "loops": [_loop(fw, loop, lang, word) for loop in fw.loops.values() if loop.key in walked],
    }


@cache
def layout() -> Mapping[str, Mapping[str, Any]]:
    """Where each picture draws its quantities; by picture."""
    return tomllib.loads(LAYOUT.read_text(encoding="utf-8"))


def _view(fw: Framework, name: str, lang: Language, word: Words) -> dict[str, Any]:
    loops = [loop for loop in fw.loops.values() if name in (ALL, loop.dynamic)]
    arrows = {arrow.key: arrow for loop in loops for arrow in loop.arrows}
    # In the order of the walks, which is the order for the keyboard too.
    quantities = {arrow.source: fw.quantities[arrow.source] for arrow in arrows.values()}
    dynamic = fw.dynamics.get(name)
    return {
        "key": name,
        "label": dynamic.actor[lang] if dynamic else word["view_all"],
        "title": word["title"].format(actor=dynamic.actor[lang]) if dynamic else word["title_all"],
        "loops": [loop.key for loop in loops],
        "quantities": [_quantity(fw, one, list(arrows.values()), lang, word) for one in quantities.values()],
        "arrows": [
            {"source": arrow.source, "target": arrow.target, "sign": arrow.sign} for arrow in arrows.values()
        ],
        "layouts": {width: layout()[key] for width, key in _layouts(name).items()},
    }


def _layouts(name: str) -> dict[str, str]:
    return {"wide": name, "narrow": f"{name}-narrow" if f"{name}-narrow" in layout() else name}


def _quantity(
    fw: Framework, quantity: Quantity, arrows: Sequence[Arrow], lang: Language, word: Words
) -> dict[str, Any]:
    def told(arrow: Arrow) -> str:
        return _headline(fw, arrow, "more", lang, word)

    return {
        "key": quantity.key,
        "name": quantity.name[lang],
        "meaning": quantity.meaning[lang],
        "in": [told(arrow) for arrow in arrows if arrow.target == quantity.key],
        "out": [told(arrow) for arrow in arrows if arrow.source == quantity.key],
    }


def _loop(fw: Framework, loop: Loop, lang: Language, word: Words) -> dict[str, Any]:
    same = [one.key for one in fw.loops.values() if one.polarity == loop.polarity]
    first, last = (_moved(fw.quantities[loop.arrows[0].source], d, lang) for d in _ends(loop))
    return {
        "key": loop.key,
        "label": word[f"label_{loop.polarity}"].format(number=same.index(loop.key) + 1),
        "polarity": loop.polarity,
        "name": loop.name[lang],
        "kind": word[f"kind_{loop.polarity}"],
        "gist": loop.gist[lang],
        "cite": word["cite_essay"].format(cite=cite_all(loop.places, lang)),
        "starts": loop.starts,
        "start": word["start"].format(source=first),
        "steps": [
            {
                "source": arrow.source,
                "target": arrow.target,
                "sign": arrow.sign,
                "moves": passed_on(direction, arrow.sign),
                "headline": _headline(fw, arrow, direction, lang, word),
                "why": arrow.why[lang],
                "cite": word[f"cite_{arrow.told_by}"].format(cite=cite_all(arrow.places, lang)),
            }
            for arrow, direction in zip(loop.arrows, loop.directions, strict=False)
        ],
        "end": word[f"end_{loop.polarity}"].format(first=first, last=last),
        "count": word[_counted(loop)].format(count=loop.minuses),
    }


def _ends(loop: Loop) -> tuple[Direction, Direction]:
    return loop.directions[0], loop.directions[-1]


def _counted(loop: Loop) -> str:
    if loop.minuses == 0:
        return "count_none"
    return "count_even" if loop.polarity == "reinforcing" else "count_odd"


def _headline(fw: Framework, arrow: Arrow, direction: Direction, lang: Language, word: Words) -> str:
    source = _moved(fw.quantities[arrow.source], direction, lang)
    target = _moved(fw.quantities[arrow.target], passed_on(direction, arrow.sign), lang)
    told = word["headline"].format(source=source, target=target)
    return f"{told[0].upper()}{told[1:]}"


def _moved(quantity: Quantity, direction: Direction, lang: Language) -> str:
    return (quantity.more if direction == "more" else quantity.less)[lang]
