"""The plane on which a learner places a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets
from maatwerk import Framework, Language, Placement, PlacementError, framework
from maatwerk.citation import cite_all
from maatwerk.model import SIDES

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

REVEALS = ("all", "names", "nothing")


class _Points(traitlets.TraitType[float, float]):
    """A number of points on one axis; says in the widget's language what is wrong with another value."""

    def validate(self, obj: DecisionPlane, value: object) -> float:
        axis = str(self.name)
        placement: dict[str, Any] = {"person": 50.0, "group": 50.0, axis: value}
        try:
            return float(getattr(Placement(**placement), axis))
        except PlacementError:
            raise traitlets.TraitError(obj._complain_points(axis, value)) from None


class DecisionPlane(Kept):
    """A square to place a decision on: maatwerk per group across, per person upwards.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    person, group : float, optional
        An earlier placement to restore. Without both, nothing is placed yet.
    earlier : iterable of dict
        Placements made before, each with ``label``, ``person`` and ``group``, shown beside the present one.
    reveal : {"all", "names", "nothing"}
        How much the plane tells: the variants with all that speaks for and against them, only their names,
        or nothing but the two axes (for a choice made before any theory).

    Attributes
    ----------
    placed : bool
        Whether the learner has chosen; becomes true on the first deliberate act, never by itself.
    """

    ANSWERS = frozenset({"person", "group", "placed"})
    _esm = one_module(STATIC / "plane.js")
    _css = looks("plane.css")

    lang = language_trait()
    reveal = traitlets.Enum(REVEALS, default_value="all").tag(sync=True)
    person = _Points(50.0).tag(sync=True)
    group = _Points(50.0).tag(sync=True)
    placed = traitlets.Bool(False).tag(sync=True)
    earlier: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    content = data_trait(traitlets.Dict())

    def __init__(
        self,
        lang: Language = "nl",
        *,
        person: float | None = None,
        group: float | None = None,
        earlier: Iterable[Mapping[str, object]] = (),
        reveal: str = "all",
        **kwargs: Any,
    ) -> None:
        if person is not None and group is not None:
            kwargs |= {"person": person, "group": group, "placed": True}
        # The language first: what the other traits complain about is said in it.
        super().__init__(lang=lang, reveal=reveal, earlier=list(earlier), **kwargs)

    @property
    def placement(self) -> Placement | None:
        """Where the learner placed the decision; ``None`` as long as nothing was chosen."""
        return Placement(self.person, self.group) if self.placed else None

    def place(self, placement: Placement | None) -> None:
        """Place the decision, or take it away with ``None``, as one change: nobody sees half of it."""
        with self.hold_sync(), self.hold_trait_notifications():
            if placement is not None:
                self.person, self.group = placement.person, placement.group
            self.placed = placement is not None

    @traitlets.default("content")
    def _content(self) -> dict[str, Any]:
        return plane_content(framework(), self.lang)

    @traitlets.observe("lang")
    def _translate(self, _change: object) -> None:
        self.set_trait("content", self._content())

    @traitlets.validate("earlier")
    def _check_earlier(self, proposal: Mapping[str, Any]) -> list[dict[str, object]]:
        for one in proposal["value"]:
            try:
                Placement(one["person"], one["group"])
                valid = isinstance(one["label"], str) and len(one) == 3
            except (KeyError, TypeError, PlacementError):
                valid = False
            if not valid:
                raise traitlets.TraitError(words("plane", self.lang)["error_earlier"].format(value=repr(one)))
        return list(proposal["value"])

    def _complain_points(self, axis: str, value: object) -> str:
        plane = framework().plane
        name = getattr(plane, axis).name[self.lang]
        return words("plane", self.lang)["error_points"].format(
            name=name, minimum=f"{plane.minimum:g}", maximum=f"{plane.maximum:g}", value=repr(value)
        )


def plane_content(fw: Framework, lang: Language) -> dict[str, Any]:
    """All words that the plane shows, the framework's and its own, in one language, as JSON.

    One value, so that the front end never sees half a change of language.
    """
    return {
        "words": words("plane", lang),
        "plane": {
            "minimum": fw.plane.minimum,
            "maximum": fw.plane.maximum,
            "border": fw.plane.border,
            "band": fw.plane.band,
        }
        | {
            name: {"name": axis.name[lang], "low": axis.low[lang], "high": axis.high[lang]}
            for name, axis in (("person", fw.plane.person), ("group", fw.plane.group))
        },
        "variants": [
            {
                "key": v.key,
                "numeral": v.numeral,
                "name": v.name[lang],
                "for_whom": v.for_whom[lang],
                "meaning": v.meaning[lang],
                "person": v.person,
                "group": v.group,
                "cite": cite_all(v.places, lang),
                "own_cite": v.own_table.cite(lang),
                "own_numeral": v.own_table_numeral,
            }
            for v in fw.variants.values()
        ],
        "perspectives": [{"key": p.key, "name": p.name[lang]} for p in fw.perspectives.values()],
        "statements": {
            v: {p: {side: fw.statement(v, p, side).text[lang] for side in SIDES} for p in fw.perspectives}
            for v in fw.variants
        },
    }
