"""The nine practices as cards: to read, and to put on one plane."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets
from maatwerk import Framework, Language, Placement, PlacementError, framework
from maatwerk.citation import cite_all

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

CARDS_TEXTS = Path(__file__).parent / "cards_texts.toml"

Spot = dict[str, float]


class PracticeCards(Kept):
    """A card for each of the nine practices, and one plane to put them on.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    placements : mapping, optional
        Earlier places to restore: ``{"person": ..., "group": ...}`` (0-100) by practice.

    Attributes
    ----------
    placements : dict
        Where the learner put each practice; one that was not placed is left out.
    """

    ANSWERS = frozenset({"placements"})
    _esm = one_module(STATIC / "cards.js")
    _css = looks("cards.css")

    lang = language_trait()
    placements = traitlets.Dict().tag(sync=True)
    content = data_trait(traitlets.Dict())

    def __init__(
        self, lang: Language = "nl", *, placements: Mapping[str, Spot] | None = None, **kwargs: Any
    ) -> None:
        # The language first: what the placements complain about is said in it.
        super().__init__(lang=lang, placements=dict(placements or {}), **kwargs)

    @traitlets.default("content")
    def _content(self) -> dict[str, Any]:
        return cards_content(framework(), self.lang)

    @traitlets.observe("lang")
    def _translate(self, _change: object) -> None:
        self.set_trait("content", self._content())

    @traitlets.validate("placements")
    def _check_placements(self, proposal: Mapping[str, Any]) -> dict[str, Spot]:
        placements = proposal["value"]
        keys = tuple(framework().practices)
        if not set(placements) <= set(keys) or not all(map(is_spot, placements.values())):
            raise traitlets.TraitError(
                words("cards", self.lang, CARDS_TEXTS)["error"].format(
                    keys=", ".join(keys), value=repr(placements)
                )
            )
        # In the essay's order, so that the same places are the same value.
        return {key: placements[key] for key in keys if key in placements}


def is_spot(value: object) -> bool:
    """Whether ``value`` is a place on the plane, written as the answers file keeps it."""
    if not isinstance(value, Mapping) or set(value) != {"person", "group"}:
        return False
    try:
        Placement(**value)
    except PlacementError:
        return False
    return True


def cards_content(fw: Framework, lang: Language) -> dict[str, Any]:
    """All words that the cards show, the framework's and their own, in one language, as JSON.

    One value, so that the front end never sees half a change of language.
    """
    word = words("cards", lang, CARDS_TEXTS)
    return {
        "words": word,
        "plane": {
            "minimum": fw.plane.minimum,
            "maximum": fw.plane.maximum,
        }
        | {
            name: {"name": axis.name[lang], "low": axis.low[lang], "high": axis.high[lang]}
            for name, axis in (("person", fw.plane.person), ("group", fw.plane.group))
        },
        "practices": [
            {
                "key": p.key,
                "abbreviation": p.abbreviation,
                "name": p.name[lang],
                "meanings": [meaning[lang] for meaning in p.meanings],
                "question": p.question[lang],
                "cite": cite_all(p.places, lang),
                # What the case itself tells stands in its own section, the last of its places.
                "thought": word["thought_cite"].format(
                    thought=word[f"thought_{p.key}"], cite=p.places[-1].cite(lang)
                ),
            }
            for p in fw.practices.values()
        ],
    }
