"""The picture of the house: which package imports which, drawn from the code itself.

Use::

    python tools/house.py            write docs/house.svg
    python tools/house.py --check    change nothing; exit with 1 when the picture is not of this code
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

import grimp

PICTURE = Path(__file__).parents[1] / "docs" / "house.svg"
# From the top floor down, a row each: a folder's package, and what it means.
FLOORS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("maatwerk_site", "the static site"),),
    (("maatwerk_app", "the ways in"),),
    (("maatwerk_live", "the workshop"),),
    (("maatwerk_widgets", "what is seen in a notebook"),),
    (("maatwerk_grading", "what an answer is worth"),),
    (("maatwerk_learner", "what a learner has and keeps"),),
    (("maatwerk_exercises", "what is asked"),),
    (("maatwerk", "what is taught"),),
)
# In pixels.
ROOM_WIDTH, ROOM_HEIGHT, FLOOR, MARGIN, WIDTH = 300, 52, 92, 24, 880
# Where an arrow that passes floors goes down: beside the rooms, each in a lane of its own.
LANE = 12


def arrows() -> Mapping[tuple[str, str], int]:
    """How many modules of a package import from one below it; a public address that only forwards goes up."""
    packages = [name for floor in FLOORS for name, _ in floor]
    graph = grimp.build_graph(*packages, cache_dir=None)
    counted: dict[tuple[str, str], int] = {}
    for module in sorted(graph.modules):
        above = module.partition(".")[0]
        found = {one.partition(".")[0] for one in graph.find_modules_directly_imported_by(module)}
        for below in sorted((found & set(packages)) - {above}):
            if _level(below) > _level(above):
                counted[above, below] = counted.get((above, below), 0) + 1
    return counted


def _level(package: str) -> int:
    return next(level for level, floor in enumerate(FLOORS) if package in dict(floor))


def _room(package: str) -> tuple[float, float]:
    """The upper left corner."""
    level = _level(package)
    names = [name for name, _ in FLOORS[level]]
    across = len(names) * ROOM_WIDTH + (len(names) - 1) * MARGIN
    left = (WIDTH - across) / 2 + names.index(package) * (ROOM_WIDTH + MARGIN)
    return left, MARGIN + level * FLOOR


def drawn(counted: Mapping[tuple[str, str], int]) -> str:
    """The picture as SVG."""
    height = 2 * MARGIN + (len(FLOORS) - 1) * FLOOR + ROOM_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif">',
        "<title>The packages of the course: every import goes down</title>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="11" markerHeight="11" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#0072B2"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    lanes = {"left": 0, "right": 0}
    for (above, below), number in counted.items():
        parts.append(_arrow(above, below, number, lanes))
    for floor in FLOORS:
        for name, meaning in floor:
            left, top = _room(name)
            middle = left + ROOM_WIDTH / 2
            parts += [
                f'<rect x="{left:g}" y="{top:g}" width="{ROOM_WIDTH}" height="{ROOM_HEIGHT}" rx="6" '
                'fill="#f3f6f9" stroke="#333"/>',
                f'<text x="{middle:g}" y="{top + 22:g}" text-anchor="middle" font-weight="600" '
                f'font-size="16" fill="#111">{escape(name)}</text>',
                f'<text x="{middle:g}" y="{top + 41:g}" text-anchor="middle" font-size="13" '
                f'fill="#333">{escape(meaning)}</text>',
            ]
    return "\n".join([*parts, "</svg>", ""])


def _arrow(above: str, below: str, number: int, lanes: dict[str, int]) -> str:
    """One arrow: straight to the floor below, else down a lane beside the rooms."""
    (left, top), (under, bottom) = _room(above), _room(below)
    width = 1 + min(number, 40) / 12
    line = f'fill="none" stroke="#0072B2" stroke-width="{width:.1f}" marker-end="url(#head)"'
    if _level(below) == _level(above) + 1:
        start = left + ROOM_WIDTH / 2
        end = min(max(start, under + 20), under + ROOM_WIDTH - 20)
        return f'<path d="M{start:g} {top + ROOM_HEIGHT:g}L{end:g} {bottom:g}" {line}/>'
    side = (
        "right"
        if left + ROOM_WIDTH / 2 > WIDTH / 2 or (left == under and lanes["right"] <= lanes["left"])
        else "left"
    )
    lanes[side] += 1
    out = lanes[side] * LANE
    y, target = top + ROOM_HEIGHT / 2, bottom + ROOM_HEIGHT / 2 - 18 + lanes[side] * 4 % 36
    if side == "right":
        lane = max(left, under) + ROOM_WIDTH + out
        return f'<path d="M{left + ROOM_WIDTH:g} {y:g}H{lane:g}V{target:g}H{under + ROOM_WIDTH:g}" {line}/>'
    lane = min(left, under) - out
    return f'<path d="M{left:g} {y:g}H{lane:g}V{target:g}H{under:g}" {line}/>'


def main() -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="draw the packages and their imports")
    parser.add_argument("--check", action="store_true", help="change nothing")
    asked = parser.parse_args()
    picture = drawn(arrows())
    if not asked.check:
        PICTURE.write_text(picture, encoding="utf-8")
        return 0
    if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == picture:
        return 0
    print("docs/house.svg is not of this code; run: python tools/house.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
