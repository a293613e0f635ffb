"""All widgets of a chapter stand on one page: no stylesheet may reach into the widget of another."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import maatwerk_widgets

STATIC = Path(maatwerk_widgets.__file__).parent / "static"
# Names with an own prefix are a widget's; `mw-` starts the class of a widget's root and what all may share.
OWN = re.compile(r"\.(mw[a-z]+-[\w-]+)")


def test_no_two_widgets_style_the_same_class() -> None:
    styled: dict[str, set[str]] = defaultdict(set)
    for file in STATIC.glob("*.css"):
        for name in OWN.findall(file.read_text(encoding="utf-8")):
            styled[name].add(file.name)
    assert {name: sorted(files) for name, files in styled.items() if len(files) > 1} == {}


def test_no_two_widgets_share_the_class_of_their_root() -> None:
    roots: dict[str, set[str]] = defaultdict(set)
    for file in STATIC.glob("*.css"):
        for name in re.findall(r"^\.(mw-[\w-]+) \{", file.read_text(encoding="utf-8"), re.MULTILINE):
            roots[name].add(file.name)
    assert len(roots) >= 10
    assert {name: sorted(files) for name, files in roots.items() if len(files) > 1} == {}
