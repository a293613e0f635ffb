"""A small drawing of the plane of table 5.1 with the learner's place; the words beside it say the same."""

from __future__ import annotations

from maatwerk import Framework, Language, Placement
from markupsafe import Markup

from maatwerk_grading.feedback.words import TEXTS

# In units of the drawing: where the plane begins, and how long its sides are.
_LEFT, _TOP, _SIDE = 16.0, 4.0, 120.0


def drawing(placement: Placement, framework: Framework, lang: Language) -> Markup:
    """The plane as SVG, hidden from screen readers."""
    plane = framework.plane
    scale = _SIDE / (plane.maximum - plane.minimum)
    border, band = (plane.border - plane.minimum) * scale, plane.band * scale
    x = _LEFT + (placement.group - plane.minimum) * scale
    y = _TOP + _SIDE - (placement.person - plane.minimum) * scale
    middle_x, middle_y = _LEFT + border, _TOP + _SIDE - border
    parts = [
        f'<rect class="paper" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>',
        f'<rect class="band" x="{middle_x - band:.1f}" y="{_TOP}" width="{2 * band:.1f}" height="{_SIDE}"/>',
        f'<rect class="band" x="{_LEFT}" y="{middle_y - band:.1f}" width="{_SIDE}" height="{2 * band:.1f}"/>',
        *(
            f'<text class="numeral" x="{_LEFT + at_x * _SIDE:.0f}" y="{_TOP + at_y * _SIDE + 4:.0f}">'
            f"{variant.numeral}</text>"
            for variant in framework.variants.values()
            for at_x in (0.25 if variant.group == "low" else 0.75,)
            for at_y in (0.75 if variant.person == "low" else 0.25,)
        ),
        f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="7"/>',
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>',
    ]
    words = Markup('<text class="axis" x="{}" y="{}">{}</text>').format(
        _LEFT + _SIDE / 2, _TOP + _SIDE + 11, f"{TEXTS['plane_group'][lang]} →"
    ) + Markup('<text class="axis" transform="translate({} {}) rotate(-90)">{}</text>').format(
        _LEFT - 5, _TOP + _SIDE / 2, f"{TEXTS['plane_person'][lang]} →"
    )
    width, height = _LEFT + _SIDE + 4, _TOP + _SIDE + 16
    head = f'<svg class="plane" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" focusable="false">'
    return Markup(f"{head}{''.join(parts)}") + words + Markup("</svg>")
