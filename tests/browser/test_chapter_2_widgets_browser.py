"""The sliders between poles and the cards in a real browser, by keyboard and by pointer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import by_keyboard
import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.cards import PracticeCards
from maatwerk_widgets.profile import ProfileSliders
from maatwerk_widgets.profile_picture import ProfilePicture
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

tab_to = partial(by_keyboard.tab_to, most=40)
AT_REST = 800  # Longer than the live regions wait.
PLACED: dict[str, dict[str, float]] = {
    "duo": {"person": 70, "group": 20},
    "cjib": {"person": 70, "group": 20},
    "sbb": {"person": 0, "group": 0},
    "ivho": {"person": 100, "group": 100},
}
BEFORE, AFTER = {"vorm": -3, "wanneer": 0, "plek": 2}, {"vorm": 1, "wanneer": 0, "kosten": -3}


def picture(lang: Language) -> ProfilePicture:
    drawn = ProfilePicture(lang)
    drawn.show({"before": BEFORE, "after": AFTER})
    return drawn


WIDGETS: dict[str, Callable[[Language], Any]] = {
    "profile": lambda lang: ProfileSliders(lang, positions=BEFORE),
    "picture": picture,
    "cards": lambda lang: PracticeCards(lang, placements=PLACED),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], lang: Language
) -> None:
    for width, dark in ((1280, False), (320, True)):
        page = host.open(WIDGETS["profile"](lang), width=width, dark=dark).page
        for name in ("picture", "cards"):
            host.open(WIDGETS[name](lang), dark=dark, page=page)
        page.get_by_role("button", name="IvhO").click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_is_left_behind_and_a_model_without_off_will_do(host: Host, name: str) -> None:
    shown = host.open(WIDGETS[name]("nl"), views=2)
    shown.page.evaluate("hosted.cleanups.forEach(one => one())")
    assert shown.listeners() == 0
    expect(shown.page.locator("main > div > *")).to_have_count(0)
    host.open(WIDGETS[name]("nl"), minimal=True, page=shown.page)
    expect(shown.page.locator("main h3").first).to_be_visible()


# --- the sliders ---


def slider(page: Page, key: str, lang: Language = "nl") -> Locator:
    return page.get_by_role("slider", name=framework().considerations[key].question[lang])


def said(locator: Locator) -> str | None:
    return locator.get_attribute("aria-valuetext")


def test_all_eight_are_answered_by_keyboard_alone(host: Host) -> None:
    shown = host.open(ProfileSliders())
    presses = ("ArrowLeft", "Enter", "Home", "End", "ArrowRight", "PageUp", "PageDown", "ArrowUp")
    for key, press in zip(framework().considerations, presses, strict=True):
        tab_to(shown.page, slider(shown.page, key))
        shown.page.keyboard.press(press)
    positions = shown.state("positions")
    assert list(positions.values())[:5] == [-1, 0, -3, 3, 1]
    assert positions["plek"] > 0 > positions["kosten"] and positions["grondslag"] == 1
    expect(shown.page.get_by_role("status")).to_contain_text("Alle 8 vragen beantwoord")


def test_an_empty_slider_says_that_nothing_was_chosen_and_the_middle_says_so(host: Host) -> None:
    shown = host.open(ProfileSliders())
    vorm = slider(shown.page, "vorm")
    assert said(vorm) == "nog niet gekozen"
    assert shown.state("positions") == {}
    vorm.press("Enter")
    assert said(vorm) == "precies in het midden"
    assert shown.state("positions") == {"vorm": 0}


def test_a_click_on_the_middle_is_a_choice(host: Host) -> None:
    shown = host.open(ProfileSliders())
    slider(shown.page, "kosten").click()
    assert shown.state("positions") == {"kosten": 0}


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("nl", "helemaal links: een uitzondering op de regel"),
        ("en", "all the way to the left: an exception to the rule"),
    ],
)
def test_a_position_says_towards_which_pole(host: Host, lang: Language, wanted: str) -> None:
    page = host.open(ProfileSliders(lang, positions={"vorm": -3, "plek": 1})).page
    assert said(slider(page, "vorm", lang)) == wanted
    assert framework().considerations["plek"].right[lang] in (said(slider(page, "plek", lang)) or "")


def test_starting_again_empties_all_and_says_so(host: Host) -> None:
    shown = host.open(ProfileSliders(positions={"vorm": -3}))
    button = shown.page.get_by_role("button", name="Begin opnieuw")
    button.press("Enter")
    assert shown.state("positions") == {}
    expect(button).to_be_disabled()
    expect(shown.page.get_by_role("status")).to_contain_text("weer leeg")


def test_what_python_sets_is_shown(host: Host) -> None:
    shown = host.open(ProfileSliders())
    shown.receive("positions", {"vorm": 2})
    expect(slider(shown.page, "vorm")).to_have_value("2")


# --- the picture ---


def test_the_picture_draws_every_mark_and_arrow_of_the_figure_and_says_the_same(host: Host) -> None:
    shown = host.open(picture("nl"))
    scene = shown.page.locator(".mwq-scene")
    expect(scene.locator("circle")).to_have_count(3)
    expect(scene.locator("path[stroke='#D55E00']")).to_have_count(3)
    expect(scene.locator("path[marker-end]")).to_have_count(1)
    expect(shown.page.get_by_role("listitem")).to_have_count(8)
    expect(shown.page.get_by_role("listitem").nth(1)).to_have_text(
        "Wanneer: precies in het midden, allebei de keren."
    )
    shown.receive("content", {})
    expect(shown.page.get_by_role("heading")).to_have_count(0)


# --- the cards ---


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def axis(shown: Hosted, name: str) -> Locator:
    return shown.page.get_by_role("slider", name=f"Maatwerk per {name}")


def test_all_nine_are_placed_by_keyboard_alone(host: Host) -> None:
    shown = host.open(PracticeCards())
    page = shown.page
    for practice in framework().practices.values():
        tab_to(page, card(page, f"{practice.abbreviation} · "))
        page.keyboard.press("Enter")
        expect(page.get_by_text(practice.question["nl"], exact=True)).to_be_visible()
        tab_to(page, axis(shown, "persoon"))
        page.keyboard.press("End")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
    assert shown.state("placements") == {key: {"person": 100, "group": 49} for key in framework().practices}
    expect(page.get_by_role("heading", name="Allemaal op één vlak")).to_contain_text("9 van de 9")
    expect(page.get_by_role("status")).to_have_text("CAK geplaatst: persoon 100, groep 49.")


def test_one_card_is_open_at_a_time_and_stays_in_sight(host: Host) -> None:
    page = host.open(PracticeCards(placements=PLACED)).page
    card(page, "DUO").click()
    card(page, "CBR").click()
    expect(page.locator("[aria-expanded=true]")).to_have_count(1)
    expect(card(page, "CBR")).to_be_in_viewport()
    card(page, "CBR").click()
    expect(page.locator("[aria-expanded=true]")).to_have_count(0)
    expect(page.get_by_role("slider")).to_have_count(0)


def test_the_middle_is_a_place_and_a_place_can_be_taken_back(host: Host) -> None:
    shown = host.open(PracticeCards())
    card(shown.page, "NA ·").click()
    assert said(axis(shown, "persoon")) == "nog niet geplaatst"
    axis(shown, "persoon").press("Enter")
    assert shown.state("placements") == {"na": {"person": 50, "group": 50}}
    shown.page.get_by_role("button", name="Haal NA van het vlak").press("Enter")
    assert shown.state("placements") == {}
    expect(axis(shown, "persoon")).to_be_focused()
    expect(shown.page.get_by_role("status")).to_have_text("NA staat niet meer op het vlak.")


def test_a_drag_is_one_answer(host: Host) -> None:
    shown = host.open(PracticeCards())
    card(shown.page, "COA").click()
    square = shown.page.locator(".mwc-placing .mwc-square")
    square.scroll_into_view_if_needed()
    box = square.bounding_box()
    assert box is not None
    saves = shown.page.evaluate("hosted.models[0].saves")
    mouse = shown.page.mouse
    mouse.move(box["x"] + 5, box["y"] + 5)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 40, steps=5)
    # Outside the drawing a place stops at the edge.
    mouse.move(box["x"] + box["width"] + 30, box["y"] + box["height"] + 30)
    mouse.up()
    assert shown.state("placements") == {"coa": {"person": 0, "group": 100}}
    assert shown.page.evaluate("hosted.models[0].saves") - saves <= 2


def test_what_the_essay_tells_comes_after_the_choice_and_never_before(host: Host) -> None:
    shown = host.open(PracticeCards())
    card(shown.page, "COA").click()
    expect(shown.page.get_by_text("Leg dit ernaast")).to_be_hidden()
    axis(shown, "groep").press("End")
    expect(shown.page.get_by_text("Jij zette COA op persoon 50, groep 100.")).to_be_visible()
    expect(shown.page.get_by_text("zoekt het COA opvang voor groepen")).to_be_visible()


def test_names_stay_inside_and_marks_on_one_spot_get_their_own(host: Host) -> None:
    page = host.new_page()
    page.goto(host.address)
    names = page.evaluate(
        """async source => {
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          const { placeNames } = await import(url);
          const names = [];
          for (let x = 0; x <= 260; x += 13) for (let y = 0; y <= 260; y += 13) {
            const all = ["DUO", "RIVM", "CJIB", "SBB", "COA", "CAK"];
            const marks = all.map((name) => ({ x, y, name, reach: 11 }));
            names.push(placeNames(marks, 260));
          }
          return names;
        }""",
        str(PracticeCards._esm),
    )
    for together in names:
        assert all(0 < at["x"] < 260 and 0 < at["y"] < 260 for at in together)
        assert len({(round(at["x"]), round(at["y"])) for at in together}) == 6
