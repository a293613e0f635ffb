"""The five loyalties, between which a learner divides a hundred points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from maatwerk import Framework, Language, framework
from maatwerk.citation import cite_all
from maatwerk.weighing import TOTAL, heaviest

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class LoyaltyScales(Kept):
    """Five rows to divide a hundred points over, and the dilemmas of the heaviest two in tension.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    weights : mapping of str to int, optional
        An earlier division to restore; a loyalty that is left out gets 0. Everything starts at 0, so that the
        division is the learner's own.
    """

    ANSWERS = frozenset({"weights"})
    _esm = one_module(STATIC / "loyalties.js")
    _css = looks("loyalties.css")

    lang = language_trait()
    weights = traitlets.Dict().tag(sync=True)
    content = data_trait(traitlets.Dict())

    def __init__(
        self, lang: Language = "nl", *, weights: Mapping[str, int] | None = None, **kwargs: Any
    ) -> None:
        # The language first: what the weights complain about is said in it.
        super().__init__(lang=lang, weights=_no_points() | dict(weights or {}), **kwargs)

    @property
    def remaining(self) -> int:
        """How many points are still to be divided; negative when too many were."""
        return TOTAL - int(sum(self.weights.values()))

    @property
    def complete(self) -> bool:
        """Whether exactly all points are divided."""
        return self.remaining == 0

    @property
    def heaviest(self) -> tuple[str, ...]:
        """The keys of the heaviest two loyalties."""
        return heaviest(self.weights)

    @traitlets.default("content")
    def _content(self) -> dict[str, Any]:
        return loyalties_content(framework(), self.lang)

    @traitlets.observe("lang")
    def _translate(self, _change: object) -> None:
        self.set_trait("content", self._content())

    @traitlets.validate("weights")
    def _check_weights(self, proposal: Mapping[str, Any]) -> dict[str, int]:
        weights = proposal["value"]
        keys = tuple(framework().loyalties)
        if set(weights) != set(keys) or not all(_is_weight(value) for value in weights.values()):
            raise traitlets.TraitError(
                words("loyalties", self.lang)["error"].format(
                    total=TOTAL, keys=", ".join(keys), value=repr(weights)
                )
            )
        return {key: weights[key] for key in keys}


def _no_points() -> dict[str, int]:
    return dict.fromkeys(framework().loyalties, 0)


def _is_weight(value: object) -> bool:
    # bool is an int to Python, but 'true' is no number of points.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TOTAL


def loyalties_content(fw: Framework, lang: Language) -> dict[str, Any]:
    """All words that the scales show, the framework's and their own, in one language, as JSON.

    One value, so that the front end never sees half a change of language.
    """
    return {
        "words": words("loyalties", lang),
        "total": TOTAL,
        "loyalties": [
            {
                "key": loyalty.key,
                "name": loyalty.name[lang],
                "short": loyalty.short[lang],
                "asks": loyalty.asks[lang],
                "dilemma": loyalty.dilemma[lang],
                "cite": cite_all(loyalty.places, lang),
            }
            for loyalty in fw.loyalties.values()
        ],
    }
