"""Pictures of a learner's own choices as SVG: pure, and without script.

Whatever a picture shows is said in words beside it, so it is hidden from a screen reader.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from maatwerk import Framework, Language, Placement
from maatwerk.profile import FURTHEST, Profile

Shape = Literal["diamond", "dot", "square", "ring"]

# A shape for every colour, so that colour is never alone (Okabe-Ito).
_COLOURS: dict[Shape, str] = {"diamond": "#D55E00", "dot": "#0072B2", "square": "#4a5863", "ring": "#0072B2"}
_INK, _QUIET, _LINE, _BAND = "#14212b", "#4a5863", "#8c979f", "#eef1f3"

_SIZE = 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 26, 8, 8, 26
_ROW, _WIDE, _MARGIN = 44, 300, 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the plane, with a number when there are many."""

    placement: Placement
    shape: Shape
    number: str = ""


def plane_svg(marks: Sequence[Mark], fw: Framework, lang: Language) -> str:
    """The plane of table 5.1 with its four corners, marks on it, and an arrow from a diamond to a dot.

    Parameters
    ----------
    marks : sequence of Mark
        Drawn in this order.
    fw : Framework
        Gives the scale, the border with its band, and the names.
    lang : {"nl", "en"}
        The language of the names.
    """
    low, high = (fw.plane.border + by * fw.plane.band for by in (-1, 1))
    size = _SIZE
    left, right = _x(0), _x(100)
    top, bottom = _y(100), _y(0)
    parts = [
        _rect(left, top, right - left, bottom - top, "#ffffff"),
        _rect(left, _y(high), right - left, _y(low) - _y(high), _BAND),
        _rect(_x(low), top, _x(high) - _x(low), bottom - top, _BAND),
        *(_corner_name(v.name[lang], v.person, v.group) for v in fw.variants.values()),
        f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" fill="none" '
        f'stroke="{_LINE}"/>',
        _text(left + size / 2, bottom + 19, fw.plane.group.name[lang], "middle"),
        _text(0, 0, fw.plane.person.name[lang], "middle", f"translate(15 {top + size / 2:g}) rotate(-90)"),
    ]
    before = next((one for one in marks if one.shape == "diamond"), None)
    after = next((one for one in marks if one.shape == "dot"), None)
    if before is not None and after is not None:
        parts.append(_arrow(_point(before.placement), _point(after.placement)))
    parts += [_mark(one) for one in marks]
    return _svg(left + size + _RIGHT, bottom + _BOTTOM, parts)


def profile_svg(profiles: Sequence[Profile], fw: Framework, lang: Language) -> str:
    """The considerations as rows between their poles; the last profile is a dot, one before it a diamond."""
    shapes: tuple[Shape, ...] = ("dot",) if len(profiles) == 1 else ("diamond", "dot")
    parts = []
    for number, consideration in enumerate(fw.considerations.values()):
        y = _ROW * number + 30
        parts += [
            _text(_MARGIN, y - 12, consideration.left_short[lang], "start"),
            _text(_WIDE - _MARGIN, y - 12, consideration.right_short[lang], "end"),
            f'<path d="M{_step(-FURTHEST):g} {y}H{_step(FURTHEST):g}" stroke="{_LINE}"/>',
            *(
                f'<path d="M{_step(n):g} {y - 3}v6" stroke="{_LINE}"/>'
                for n in range(-FURTHEST, FURTHEST + 1)
            ),
        ]
        spots = [
            ((_step(one[consideration.key]), y), shape)
            for one, shape in zip(profiles[-2:], shapes, strict=True)
            if consideration.key in one
        ]
        if len(spots) == 2:
            parts.append(_arrow(spots[0][0], spots[1][0]))
        parts += [_shape(point, shape) for point, shape in spots]
    return _svg(_WIDE, _ROW * len(fw.considerations) + 4, parts)


def mark_svg(shape: Shape) -> str:
    """One mark by itself, for beside its words."""
    return _svg(16, 16, [_shape((8, 8), shape)], "mwm-mark")


def _x(points: float) -> float:
    return _LEFT + _SIZE * points / 100


def _y(points: float) -> float:
    return _TOP + _SIZE * (1 - points / 100)


def _point(place: Placement) -> tuple[float, float]:
    return _x(place.group), _y(place.person)


def _step(position: int) -> float:
    return _WIDE / 2 + position * (_WIDE - 2 * _MARGIN) / (2 * FURTHEST)


def _svg(width: float, height: float, parts: Iterable[str], css: str = "mwm-picture") -> str:
    return (
        f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-hidden="true" focusable="false" font-family="inherit" font-size="11">{"".join(parts)}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'


def _text(x: float, y: float, words: str, anchor: str, transform: str = "") -> str:
    moved = f' transform="{transform}"' if transform else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{_QUIET}"{moved}>{escape(words)}</text>'


def _corner_name(name: str, person: str, group: str) -> str:
    # An English name has the Dutch one behind it: in a corner there is room for one.
    shown = name.split(" (")[0]
    at_right, at_top = group == "high", person == "high"
    x = _x(100) - 6 if at_right else _x(0) + 6
    y = _y(100) + 15 if at_top else _y(0) - 7
    return _text(x, y, shown, "end" if at_right else "start")


def _mark(mark: Mark) -> str:
    x, y = _point(mark.placement)
    drawn = _shape((x, y), mark.shape)
    if not mark.number:
        return drawn
    # Inside the plane, whichever side it is near.
    by, anchor = (-9, "end") if x > _x(85) else (9, "start")
    return (
        f'{drawn}<text x="{x + by:g}" y="{y + 4:g}" text-anchor="{anchor}" fill="{_INK}" font-weight="700" '
        f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(mark.number)}</text>'
    )


def _shape(point: tuple[float, float], shape: Shape) -> str:
    x, y = point
    colour = _COLOURS[shape]
    if shape == "diamond":
        return (
            f'<path d="M{x:g} {y - 7:g}L{x + 7:g} {y:g}L{x:g} {y + 7:g}L{x - 7:g} {y:g}Z" fill="#ffffff" '
            f'stroke="{colour}" stroke-width="2.5"/>'
        )
    if shape == "square":
        return (
            f'<rect x="{x - 4.5:g}" y="{y - 4.5:g}" width="9" height="9" fill="#ffffff" stroke="{colour}" '
            'stroke-width="2"/>'
        )
    fill = colour if shape == "dot" else "#ffffff"
    return f'<circle cx="{x:g}" cy="{y:g}" r="6" fill="{fill}" stroke="{colour}" stroke-width="2.5"/>'


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """From the edge of one mark to the edge of another; nothing when there is no room between them."""
    length = math.dist(start, end)
    gap, head = 9, 7
    if length <= 2 * gap + head:
        return ""
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    x1, y1 = start[0] + gap * ux, start[1] + gap * uy
    x2, y2 = end[0] - gap * ux, end[1] - gap * uy
    bx, by = x2 - head * ux, y2 - head * uy
    wing = head / 2
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{bx:.1f} {by:.1f}" stroke="{_INK}" stroke-width="2"/>'
        f'<path d="M{x2:.1f} {y2:.1f}L{bx - wing * uy:.1f} {by + wing * ux:.1f}'
        f'L{bx + wing * uy:.1f} {by - wing * ux:.1f}Z" fill="{_INK}"/>'
    )
