"""How a learner's choices moved, in words: pure."""

from __future__ import annotations

from collections.abc import Mapping

from maatwerk import Framework, Language, Placement
from maatwerk.model import Variant

from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.words import words

Weights = Mapping[str, int]


def placements_compared(before: Placement, after: Placement, fw: Framework, lang: Language) -> list[str]:
    """What happened to a placement, a sentence each: along both axes, and between the variants."""
    word = words("chapter_compare", lang, FORM_TEXTS)
    if before == after:
        return [word["same"]]
    lines = []
    for axis in ("person", "group"):
        old, new = getattr(before, axis), getattr(after, axis)
        lines.append(
            word[_direction(old, new)].format(
                axis=getattr(fw.plane, axis).name[lang],
                points=f"{abs(new - old):g}",
                from_points=f"{old:g}",
                to_points=f"{new:g}",
            )
        )
    old_names, new_names = (_names(one.variants(fw), lang) for one in (before, after))
    ending = "stayed" if old_names == new_names else "moved"
    return [*lines, word[ending].format(from_variants=old_names, to_variants=new_names)]


def weights_compared(before: Weights, after: Weights, fw: Framework, lang: Language) -> list[str]:
    """What happened to a division of points, a sentence for each loyalty that changed."""
    word = words("chapter_compare", lang, FORM_TEXTS)
    changed = [key for key in fw.loyalties if before[key] != after[key]]
    if not changed:
        return [word["weights_same"]]
    return [word["weights"]] + [
        word[f"weight_{_direction(before[key], after[key])}"].format(
            loyalty=fw.loyalties[key].short[lang],
            points=abs(after[key] - before[key]),
            from_points=before[key],
            to_points=after[key],
        )
        for key in changed
    ]


def _direction(old: float, new: float) -> str:
    return "equal" if new == old else "more" if new > old else "less"


def _names(variants: tuple[Variant, ...], lang: Language) -> str:
    return joined([variant.name[lang] for variant in variants], lang)


def joined(items: list[str], lang: Language) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {words('chapter', lang, FORM_TEXTS)['and']} {items[-1]}"
