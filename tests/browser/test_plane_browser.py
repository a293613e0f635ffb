"""The plane in a real browser: by mouse, finger and keyboard, for eyes and for ears."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_widgets.looks import STATIC
from maatwerk_widgets.plane import DecisionPlane
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

EARLIER = [{"label": "voor het lezen", "person": 72, "group": 22}]
GEOMETRY = STATIC / "geometry.js"
AT_REST = 700  # Longer than the live region waits.
NAMES = {lang: [v.name[lang] for v in framework().variants.values()] for lang in LANGUAGES}


def slider(shown: Hosted, axis: str, lang: Language = "nl") -> Locator:
    return shown.page.get_by_role("slider", name=getattr(framework().plane, axis).name[lang])


def place(shown: Hosted) -> tuple[float, float, bool]:
    """What Python has: only what was saved."""
    return shown.state("person"), shown.state("group"), shown.state("placed")


def at(shown: Hosted, person: float, group: float) -> tuple[float, float]:
    """Where in the window a place on the plane is."""
    box = shown.page.locator(".mwp-drawing").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * group / 100, box["y"] + box["height"] * (100 - person) / 100


def comes_to(shown: Hosted, expected: tuple[float, float, bool]) -> None:
    """Python hears of a pointer that is still down as soon as that keeps still."""
    shown.page.wait_for_function(
        """([n, person, group, placed]) => {
          const { saved } = hosted.models[n];
          return saved.person === person && saved.group === group && saved.placed === placed;
        }""",
        arg=[shown.number, *expected],
    )


STATES: tuple[dict[str, Any], ...] = (
    {},
    {"person": 30, "group": 80, "earlier": EARLIER},
    {"person": 50, "group": 50},
    {"person": 20, "group": 52, "reveal": "nothing"},
)


STICKS_OUT = """() => [...document.querySelectorAll(".mwp-right *")]
  .filter((e) => e.getBoundingClientRect().right > e.closest(".mwp-right").getBoundingClientRect().right + 1)
  .map((e) => e.outerHTML)"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("width", "dark"), [(1160, False), (320, True)])
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], width: int, dark: bool, lang: Language
) -> None:
    page = None
    for state in STATES:
        page = host.open(DecisionPlane(lang, **state), width=width, dark=dark, page=page).page
    assert page is not None
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(STICKS_OUT) == []


def test_the_browser_and_python_agree_on_the_variants_everywhere(host: Host) -> None:
    plane = DecisionPlane()
    steps = [*range(0, 40, 8), *range(40, 61), *range(62, 101, 8), 44.5, 45.5]
    places = [(person, group) for person in steps for group in steps]
    found = host.open(plane).page.evaluate(
        """async ([sources, content, places]) => {
            const modules = sources.map((source) => new Blob([source], { type: "text/javascript" }));
            const [{ variantsAt }, { fromPoint, toPoint }] = await Promise.all(
                modules.map((module) => import(URL.createObjectURL(module))),
            );
            const { plane, variants } = content;
            return places.map(([person, group]) => {
                const place = { person, group };
                const back = fromPoint(toPoint(place, 321, plane), 321, plane);
                return [variantsAt(place, plane, variants).map((v) => v.key), back.person, back.group];
            });
        }""",
        [[str(plane._esm), GEOMETRY.read_text(encoding="utf-8")], plane.content, places],
    )
    for (person, group), (keys, *back) in zip(places, found, strict=True):
        assert keys == [v.key for v in Placement(person, group).variants(framework())], (person, group)
        assert back == [math.floor(person + 0.5), math.floor(group + 0.5)]


# --- by mouse and finger ---


def test_a_drag_places_the_point_and_goes_on_outside_the_drawing(host: Host) -> None:
    shown = host.open(DecisionPlane())
    assert place(shown) == (50, 50, False)
    mouse = shown.page.mouse
    mouse.move(*at(shown, 30, 20))
    mouse.down()
    comes_to(shown, (30, 20, True))
    mouse.move(*at(shown, 80, 60), steps=4)
    comes_to(shown, (80, 60, True))
    mouse.move(*at(shown, 140, 150), steps=4)
    mouse.up()
    comes_to(shown, (100, 100, True))
    mouse.move(*at(shown, 10, 10))
    assert place(shown) == (100, 100, True)


def test_only_the_main_button_places(host: Host) -> None:
    shown = host.open(DecisionPlane())
    shown.page.mouse.move(*at(shown, 30, 20))
    shown.page.mouse.down(button="right")
    shown.page.mouse.up(button="right")
    assert place(shown) == (50, 50, False)


def test_a_finger_drags_without_scrolling_and_a_second_one_changes_nothing(host: Host) -> None:
    shown = host.open(DecisionPlane(), width=360, height=420, has_touch=True)
    shown.page.locator(".mwp-drawing").scroll_into_view_if_needed()
    scrolled = shown.page.evaluate("scrollY")
    session = shown.page.context.new_cdp_session(shown.page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [dict(zip("xy", at(shown, *one), strict=True), id=n) for n, one in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (60, 40))
    touch("touchMove", (70, 60))
    touch("touchMove", (90, 80))
    expect(slider(shown, "person")).to_have_value("90")
    comes_to(shown, (90, 80, True))
    touch("touchStart", (90, 80), (10, 90))
    assert place(shown) == (90, 80, True)
    touch("touchMove", (90, 80), (40, 10))
    touch("touchEnd")
    assert place(shown) == (90, 80, True)
    assert shown.page.evaluate("scrollY") == scrolled


# --- by keyboard ---


KEYS = (
    ("person", ["ArrowUp"], (51, 50)),
    ("person", ["ArrowRight", "Shift+ArrowDown"], (40, 51)),
    ("group", ["ArrowUp", "Shift+ArrowLeft"], (51, 40)),
    ("group", ["PageUp", "PageUp", "PageDown"], (50, 60)),
    ("person", ["End", "ArrowUp"], (100, 50)),
    ("group", ["Home", "ArrowLeft"], (50, 0)),
    ("group", ["Enter"], (50, 50)),
)


def test_keys_move_along_the_axis_that_they_point_along(host: Host) -> None:
    shown = host.open(DecisionPlane())
    for axis, keys, expected in KEYS:
        for name, value in (("person", 50), ("group", 50), ("placed", False)):
            shown.receive(name, value)
        slider(shown, axis).focus()
        for key in keys:
            shown.page.keyboard.press(key)
        assert place(shown) == (*expected, True), keys


def test_tab_reaches_both_sliders_and_the_button_places_without_losing_focus(host: Host) -> None:
    shown = host.open(DecisionPlane())
    page = shown.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert place(shown) == (50, 50, True)
    expect(slider(shown, "group")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(slider(shown, "person")).to_be_focused()
    expect(page.get_by_role("button")).to_have_count(0)


def test_jupyter_never_sees_the_keys_that_move_the_point_and_keeps_its_own(host: Host) -> None:
    shown = host.open(DecisionPlane())
    shown.page.evaluate(
        "() => { window.heard = []; window.onkeydown = (event) => window.heard.push(event.key); }"
    )
    slider(shown, "person").focus()
    for key in ("ArrowUp", "PageDown", "Home", "Enter", "a", "Control+b"):
        shown.page.keyboard.press(key)
    assert shown.page.evaluate("heard") == ["a", "Control", "b"]
    assert place(shown)[0] == 0


# --- for ears ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_value_is_said_with_its_variants(host: Host, lang: Language) -> None:
    shown = host.open(DecisionPlane(lang, person=80, group=20))
    for person, group in ((80, 20), (80, 52), (47, 55)):
        shown.receive("person", person)
        shown.receive("group", group)
        here = {v.name[lang] for v in Placement(person, group).variants(framework())}
        for axis, points in (("person", person), ("group", group)):
            said = slider(shown, axis, lang).get_attribute("aria-valuetext") or ""
            assert said.startswith(f"{points} ")
            assert {name for name in NAMES[lang] if name in said} == here


def test_the_variant_and_the_other_axis_are_said_once_the_point_rests(host: Host) -> None:
    shown = host.open(DecisionPlane(person=20, group=44))
    live = shown.page.get_by_role("status")
    expect(live).to_have_text("")
    slider(shown, "person").focus()
    shown.page.keyboard.press("ArrowRight")
    expect(live).to_have_text("Maatwerk per groep: 45. Je zit tussen Standaardisatie en Beleidscategorieën.")
    shown.page.keyboard.press("ArrowUp")
    shown.page.wait_for_timeout(AT_REST)
    expect(live).to_have_text(re.compile("^Maatwerk per groep: 45"))  # Nothing new: nothing said.
    shown.page.keyboard.press("Shift+ArrowRight")
    shown.page.keyboard.press("Shift+ArrowRight")
    expect(live).to_have_text("Maatwerk per groep: 65. Je zit bij Beleidscategorieën.")


def test_the_drawing_is_not_read_out(host: Host) -> None:
    shown = host.open(DecisionPlane(person=20, group=44, earlier=EARLIER))
    for svg in shown.page.locator("svg").all():
        assert svg.evaluate("element => element.closest('[aria-hidden=true]') !== null")


# --- for eyes ---


def test_the_sides_of_the_variant_follow_the_point(host: Host) -> None:
    fw = framework()
    shown = host.open(DecisionPlane(person=20, group=20))
    for person, group in ((20, 20), (90, 90)):
        shown.receive("person", person)
        shown.receive("group", group)
        (variant,) = Placement(person, group).variants(fw)
        table = shown.page.get_by_role("table", name=f"nadelen van {variant.name['nl']}")
        for perspective in fw.perspectives:
            name = re.compile(f"^{fw.perspectives[perspective].name['nl']} ")
            row = table.get_by_role("row", name=name)
            for side in ("voordeel", "nadeel"):
                expect(row).to_contain_text(fw.statement(variant.key, perspective, side).text["nl"])  # type: ignore[arg-type]
    expect(shown.page.get_by_role("table")).to_have_count(1)


def test_what_was_opened_stays_open_while_the_variants_stay(host: Host) -> None:
    shown = host.open(DecisionPlane(person=50, group=50))
    cards = shown.page.locator("details")
    expect(cards).to_have_count(4)
    cards.nth(2).locator("summary").press("Enter")
    shown.receive("person", 52)
    expect(cards.nth(2)).to_have_attribute("open", "")
    shown.receive("person", 80)
    expect(cards).to_have_count(2)


@pytest.mark.parametrize("reveal", ["all", "names", "nothing"])
def test_the_plane_tells_no_more_than_it_may(host: Host, reveal: str) -> None:
    shown = host.open(DecisionPlane(person=20, group=20, earlier=EARLIER, reveal=reveal))
    slider(shown, "person").press("Shift+ArrowUp")
    shown.page.wait_for_timeout(AT_REST)
    page = shown.page.locator("main")
    told = [name for name in NAMES["nl"] if name in (page.text_content() or "")]
    assert told == ([] if reveal == "nothing" else NAMES["nl"])
    said = slider(shown, "person").get_attribute("aria-valuetext") or ""
    assert any(name in said for name in NAMES["nl"]) == (reveal != "nothing")
    expect(page.get_by_role("table")).to_have_count(1 if reveal == "all" else 0)


def arrows(shown: Hosted) -> list[dict[str, float]]:
    return shown.page.evaluate(
        """() => [...document.querySelectorAll(".mwp-trail")].map((line) => ({
            ...Object.fromEntries(["x1", "y1", "x2", "y2"].map((n) => [n, Number(line.getAttribute(n))])),
            head: line.getAttribute("marker-end"),
            side: document.querySelector(".mwp-drawing").clientWidth,
        }))"""
    )


def test_an_arrow_goes_from_the_earlier_place_to_the_present_one(host: Host) -> None:
    shown = host.open(DecisionPlane(person=20, group=80, earlier=EARLIER))
    (arrow,) = arrows(shown)
    side = arrow["side"]
    # It begins near the earlier place, ends near the point, and has a head there.
    assert abs(arrow["x1"] - side * 0.22) < 14
    assert abs(arrow["y1"] - side * 0.28) < 14
    assert abs(arrow["x2"] - side * 0.8) < 24
    assert abs(arrow["y2"] - side * 0.8) < 24
    marker = str(arrow["head"])[len("url(") : -1]
    expect(shown.page.locator(f"marker{marker}")).to_have_count(1)
    # The same in words, with the number that stands at the arrow's beginning.
    said = shown.page.get_by_role("listitem")
    expect(said).to_contain_text("voor het lezen: persoon 72, groep 22, Hardheidsclausule")
    shown.receive("placed", False)
    assert arrows(shown) == []


def test_several_moments_form_a_chain_and_standing_still_needs_no_arrow(host: Host) -> None:
    later = {"label": "na het lezen", "person": 30, "group": 70}
    shown = host.open(DecisionPlane(person=30, group=70, earlier=[*EARLIER, later]))
    assert len(arrows(shown)) == 1
    shown.receive("person", 90)
    assert len(arrows(shown)) == 2
    expect(shown.page.get_by_role("listitem")).to_have_count(2)


# How many names of variants lie below the label of a point.
COVERED = """() => {
  const boxes = (selector) =>
    [...document.querySelectorAll(selector)]
      .map((one) => one.getBoundingClientRect())
      .filter((box) => box.width > 0);
  const meet = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
  const labels = boxes(".mwp-mark-label");
  return boxes(".mwp-corner > span").filter((name) => labels.some((label) => meet(label, name))).length;
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("corner", [(0, 0), (0, 100), (100, 0), (100, 100)])
def test_a_label_in_a_corner_leaves_the_name_of_the_variant_free(
    host: Host, corner: tuple[int, int], width: int
) -> None:
    person, group = corner
    # Both the present point and an earlier one can stand there.
    there = {"label": "voor het lezen", "person": person, "group": group}
    for plane in (
        DecisionPlane(person=person, group=group, earlier=EARLIER),
        DecisionPlane(person=50, group=50, earlier=[there]),
    ):
        page = host.open(plane, width=width).page
        expect(page.locator(".mwp-mark-label").first).to_be_visible()
        page.wait_for_timeout(300)  # Until the drawing has its size.
        assert page.evaluate(COVERED) == 0


def test_a_change_of_language_changes_every_word(host: Host) -> None:
    plane = DecisionPlane(person=20, group=20)
    shown = host.open(plane)
    plane.lang = "en"
    shown.receive("lang", "en")
    shown.receive("content", plane.content)
    expect(shown.page.get_by_role("group", name="The plane")).to_have_attribute("lang", "en")
    text = shown.page.locator("main").text_content() or ""
    assert "Maatwerk per person" in text
    assert "persoon" not in text


# --- coming and going ---


@pytest.mark.parametrize("minimal", [False, True], ids=["with off", "without off"])
def test_two_views_follow_each_other_and_leave_nothing_behind(host: Host, minimal: bool) -> None:
    shown = host.open(DecisionPlane(person=20, group=20), views=2, minimal=minimal)
    page = shown.page
    first, second = slider(shown, "person").all()
    first.press("ArrowUp")
    expect(second).to_have_value("21")
    page.evaluate("for (const clean of hosted.cleanups) clean()")
    expect(page.locator("main > div > *")).to_have_count(0)
    shown.receive("person", 90)
    page.wait_for_timeout(AT_REST)
    if not minimal:
        assert shown.listeners() == 0
