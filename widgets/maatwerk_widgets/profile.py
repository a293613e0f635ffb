"""The eight considerations as sliders: where a learner stands between the poles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets
from maatwerk import Framework, Language, framework
from maatwerk.citation import Citation
from maatwerk.model import Consideration
from maatwerk.profile import FURTHEST, Profile, is_position

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

PROFILE_TEXTS = Path(__file__).parent / "profile_texts.toml"
# Table 2.3 repeats table 2.1 and adds to it: a consideration belongs with the table that it first stands in.
GROUPS = (("meaning", Citation("tabel", "2.1")), ("organising", Citation("tabel", "2.3")))


class ProfileSliders(Kept):
    """A slider for each of the eight considerations, between its two poles.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    positions : mapping of str to int, optional
        Earlier answers to restore, from -3 (the left pole) to 3 (the right pole).

    Attributes
    ----------
    positions : dict
        The answers by consideration. One that was not answered is left out: the middle is an answer too.
    """

    ANSWERS = frozenset({"positions"})
    _esm = one_module(STATIC / "profile.js")
    _css = looks("profile.css")

    lang = language_trait()
    positions = traitlets.Dict().tag(sync=True)
    content = data_trait(traitlets.Dict())

    def __init__(
        self, lang: Language = "nl", *, positions: Mapping[str, int] | None = None, **kwargs: Any
    ) -> None:
        # The language first: what the positions complain about is said in it.
        super().__init__(lang=lang, positions=dict(positions or {}), **kwargs)

    @traitlets.default("content")
    def _content(self) -> dict[str, Any]:
        return profile_content(framework(), self.lang)

    @traitlets.observe("lang")
    def _translate(self, _change: object) -> None:
        self.set_trait("content", self._content())

    @traitlets.validate("positions")
    def _check_positions(self, proposal: Mapping[str, Any]) -> Profile:
        positions = proposal["value"]
        keys = tuple(framework().considerations)
        if not set(positions) <= set(keys) or not all(map(is_position, positions.values())):
            raise traitlets.TraitError(
                words("profile", self.lang, PROFILE_TEXTS)["error"].format(
                    furthest=FURTHEST, keys=", ".join(keys), value=repr(positions)
                )
            )
        # In the essay's order, so that the same answers are the same value.
        return {key: positions[key] for key in keys if key in positions}


def profile_content(fw: Framework, lang: Language) -> dict[str, Any]:
    """All words that the sliders show, the framework's and their own, in one language, as JSON.

    One value, so that the front end never sees half a change of language.
    """
    word = words("profile", lang, PROFILE_TEXTS)
    grouped: dict[Citation, list[Consideration]] = {place: [] for _, place in GROUPS}
    for consideration in fw.considerations.values():
        grouped[consideration.places[0]].append(consideration)
    return {
        "words": word,
        "furthest": FURTHEST,
        "groups": [
            {
                "title": word["group_cite"].format(title=word[f"group_{name}"], cite=place.cite(lang)),
                "considerations": [
                    {
                        "key": c.key,
                        "question": c.question[lang],
                        "full": {"left": c.left[lang], "right": c.right[lang]},
                        "short": {"left": c.left_short[lang], "right": c.right_short[lang]},
                    }
                    for c in grouped[place]
                ],
            }
            for name, place in GROUPS
        ],
    }
