"""All widgets of a chapter stand on one page: no style sheet may reach out of its own widget."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from maatwerk_widgets.looks import STATIC, looks

BASE = STATIC / "base.css"
SHEETS = sorted(STATIC.glob("*.css"))
OWN = [file for file in SHEETS if file != BASE]
# Names with an own prefix are a widget's; `mw-` starts the class of a widget's root and what all may share.
OWN_NAME = re.compile(r"\.(mw[a-z]+-[\w-]+)")
ROOT = re.compile(r'class(?:Name = |: )"(mw-[a-z-]+ mw(?: mw-card)?)"')


def selectors(css: str) -> Iterator[str]:
    """Each selector of each rule, without what stands between the steps of an animation."""
    css = re.sub(r"/\*.*?\*/|@keyframes [\w-]+ \{(?:[^{}]*\{[^{}]*\})*\s*\}", "", css, flags=re.S)
    for found in re.finditer(r"([^{};]+)\{", css):
        if not found[1].strip().startswith("@"):
            yield from (one.strip() for one in re.split(r",(?![^(]*\))", found[1]))


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_no_style_sheet_reaches_out_of_a_widget(file: Path) -> None:
    found = list(selectors(file.read_text(encoding="utf-8")))
    assert found
    assert [one for one in found if ".mw" not in one] == []


def test_a_rule_that_would_reach_out_is_found() -> None:
    assert list(selectors("/* .mw */ p, .mw :is(a, b) { x: y }")) == ["p", ".mw :is(a, b)"]


def test_no_two_widgets_style_the_same_class() -> None:
    styled: dict[str, set[str]] = defaultdict(set)
    for file in SHEETS:
        for name in OWN_NAME.findall(file.read_text(encoding="utf-8")):
            styled[name].add(file.name)
    assert {name: sorted(files) for name, files in styled.items() if len(files) > 1} == {}


def test_every_widget_has_a_root_of_its_own_with_the_class_that_all_share() -> None:
    roots = [
        name for file in OWN for name in ROOT.findall(file.with_suffix(".js").read_text(encoding="utf-8"))
    ]
    assert len(set(roots)) == len(roots) == len(OWN)


def test_a_shared_colour_is_written_in_one_place() -> None:
    shared = re.findall(r"--mw-[\w-]+: (#\w+);", BASE.read_text(encoding="utf-8"))
    assert len(shared) > 15
    # White is what lies behind a drawing or above a colour as well.
    colours = {colour for colour in shared if colour not in ("#ffffff", "#000000")}
    again = {
        (file.name, colour)
        for file in OWN
        for colour in colours
        if colour in file.read_text(encoding="utf-8")
    }
    assert again == set()


def test_a_widget_s_looks_begin_with_what_all_share() -> None:
    assert looks("plane.css") == BASE.read_text(encoding="utf-8") + (STATIC / "plane.css").read_text(
        encoding="utf-8"
    )
