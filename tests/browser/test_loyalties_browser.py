"""The loyalties and their radar in a real browser: by keyboard and pointer, for eyes and for ears."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk.weighing import heaviest
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.radar import RadarView
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

LOYALTIES = framework().loyalties
NOTHING = dict.fromkeys(LOYALTIES, 0)
FULL = NOTHING | {"burgers": 40, "rechtsstaat": 35, "organisatie": 25}
OVER = dict.fromkeys(LOYALTIES, 100)


def field(shown: Hosted, key: str, lang: Language = "nl") -> Locator:
    return shown.page.get_by_role("spinbutton", name=LOYALTIES[key].name[lang])


def status(shown: Hosted) -> Locator:
    """The remainder as it is seen; a screen reader gets it from the live region."""
    return shown.page.locator(".mwl-left")


def radar(lang: Language, *divisions: dict[str, int]) -> RadarView:
    view = RadarView(lang)
    view.show({f"moment {n}": one for n, one in enumerate(divisions)})
    return view


WIDGETS: tuple[Callable[[Language], Any], ...] = (
    LoyaltyScales,
    lambda lang: LoyaltyScales(lang, weights=FULL),
    lambda lang: LoyaltyScales(lang, weights=OVER),
    lambda lang: radar(lang, FULL, NOTHING | {"maatschappij": 100}),
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], width: int, dark: bool, lang: Language
) -> None:
    page = None
    for widget in WIDGETS:
        page = host.open(widget(lang), width=width, dark=dark, page=page).page
    assert page is not None
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_everything_is_divided_by_keyboard_alone(host: Host) -> None:
    shown = host.open(LoyaltyScales())
    keyboard = shown.page.keyboard
    for points in ("40", "30", "20", "10"):
        while not shown.page.evaluate("document.activeElement.matches('input')"):
            keyboard.press("Tab")
        keyboard.press("Control+a")
        keyboard.type(points)
        keyboard.press("Tab")
    field(shown, "maatschappij").focus()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowDown")
    assert list(shown.state("weights").values()) == [40, 30, 20, 10, 0]
    expect(status(shown)).to_have_text("Alle 100 punten zijn verdeeld")


def test_the_remainder_follows_every_change_and_may_be_overdrawn(host: Host) -> None:
    shown = host.open(LoyaltyScales())
    for key, typed, said in (
        ("burgers", "60", "Nog te verdelen: 40 van 100"),
        ("rechtsstaat", "40", "Alle 100 punten zijn verdeeld"),
        ("organisatie", "1", "Te veel verdeeld: haal 1 punt weg"),
        ("organisatie", "30", "Te veel verdeeld: haal 30 punten weg"),
        ("burgers", "", "Nog te verdelen: 30 van 100"),
    ):
        field(shown, key).fill(typed)
        expect(status(shown)).to_have_text(said)
    assert shown.state("weights") == NOTHING | {"rechtsstaat": 40, "organisatie": 30}


@pytest.mark.parametrize(("typed", "points"), [("250", 100), ("-5", 0), ("12.6", 13), ("007", 7)])
def test_what_is_typed_becomes_whole_points_within_the_total(host: Host, typed: str, points: int) -> None:
    shown = host.open(LoyaltyScales(weights=FULL))
    field(shown, "burgers").fill(typed)
    field(shown, "burgers").blur()
    assert shown.state("weights")["burgers"] == points
    expect(field(shown, "burgers")).to_have_value(str(points))


def test_an_emptied_field_stays_empty_while_somebody_types_in_it(host: Host) -> None:
    shown = host.open(LoyaltyScales(weights=FULL))
    field(shown, "burgers").fill("")
    expect(field(shown, "burgers")).to_have_value("")
    shown.page.keyboard.type("15")
    assert shown.state("weights")["burgers"] == 15
    field(shown, "burgers").fill("")
    field(shown, "burgers").blur()
    expect(field(shown, "burgers")).to_have_value("0")


def test_the_buttons_go_by_five_and_stop_at_the_ends(host: Host) -> None:
    shown = host.open(LoyaltyScales(weights=NOTHING | {"burgers": 97, "rechtsstaat": 3}))
    for button in ("5 punten meer voor De burgers", "5 punten minder voor De rechtsstaat"):
        shown.page.get_by_role("button", name=button).press("Enter")
    assert shown.state("weights") == NOTHING | {"burgers": 100}


def test_scrolling_over_a_field_changes_nothing(host: Host) -> None:
    shown = host.open(LoyaltyScales(weights=FULL))
    field(shown, "burgers").click()
    shown.page.mouse.wheel(0, 300)
    shown.page.wait_for_timeout(100)
    assert shown.state("weights") == FULL


def questions(shown: Hosted) -> list[str]:
    return [item.text_content() or "" for item in shown.page.get_by_role("listitem").all()]


def test_the_dilemmas_of_the_heaviest_two_stand_in_tension(host: Host) -> None:
    shown = host.open(LoyaltyScales(weights=FULL))
    first, second = questions(shown)
    for said, key in ((first, "burgers"), (second, "rechtsstaat")):
        assert LOYALTIES[key].dilemma["nl"] in said
        assert f"{FULL[key]} punten" in said
        assert "tabel 3.1" in said
    field(shown, "organisatie").fill("90")
    assert LOYALTIES["organisatie"].dilemma["nl"] in questions(shown)[1]


def test_a_tie_shows_all_that_share_a_place_and_nothing_is_an_invitation(host: Host) -> None:
    shown = host.open(LoyaltyScales())
    section = shown.page.locator(".mwl-tension")
    expect(section).to_contain_text("Geef punten.")
    assert questions(shown) == []
    field(shown, "burgers").fill("10")
    expect(section).to_contain_text("Alleen deze loyaliteit")
    assert len(questions(shown)) == 1
    for key in ("rechtsstaat", "organisatie"):
        field(shown, key).fill("5")
    expect(section).to_contain_text("staan hier 3 loyaliteiten")
    assert len(questions(shown)) == 3


def test_the_browser_and_python_agree_on_the_heaviest(host: Host) -> None:
    scales = LoyaltyScales()
    points = (0, 5, 20, 35)
    divisions = [
        dict(zip(LOYALTIES, (a, b, c, d, 20), strict=True))
        for a in points
        for b in points
        for c in points
        for d in points
    ]
    found = host.open(scales).page.evaluate(
        """async ([source, keys, divisions]) => {
            const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
            return divisions.map((weights) => module.heaviest(weights, keys));
        }""",
        [str(scales._esm), list(LOYALTIES), divisions],
    )
    assert found == [list(heaviest(weights)) for weights in divisions]


def test_start_again_takes_all_points_back_and_says_so(host: Host) -> None:
    shown = host.open(LoyaltyScales(weights=FULL))
    shown.page.get_by_role("button", name="Begin opnieuw").press("Enter")
    assert shown.state("weights") == NOTHING
    expect(shown.page.get_by_role("status")).to_have_text(
        "Alle punten staan weer op 0. Nog te verdelen: 100 van 100."
    )


def test_the_remainder_is_said_once_typing_rests(host: Host) -> None:
    shown = host.open(LoyaltyScales("en"))
    live = shown.page.get_by_role("status")
    field(shown, "burgers", "en").press_sequentially("25", delay=20)
    expect(live).to_have_text("Still to divide: 75 of 100.")
    expect(field(shown, "burgers", "en")).to_have_accessible_name(re.compile("^Points for The citizens"))
    expect(field(shown, "burgers", "en")).to_have_accessible_description(LOYALTIES["burgers"].asks["en"])


def test_jupyter_does_not_take_what_is_typed(host: Host) -> None:
    shown = host.open(LoyaltyScales())
    shown.page.evaluate("() => { window.heard = []; window.onkeydown = (e) => window.heard.push(e.key); }")
    field(shown, "burgers").focus()
    for key in ("1", "ArrowUp", "d", "Control+b", "Tab"):
        shown.page.keyboard.press(key)
    assert shown.page.evaluate("heard") == ["Control", "b", "Tab"]


@pytest.mark.parametrize("minimal", [False, True], ids=["with off", "without off"])
def test_two_views_follow_each_other_and_leave_nothing_behind(host: Host, minimal: bool) -> None:
    shown = host.open(LoyaltyScales(), views=2, minimal=minimal)
    page = shown.page
    first, second = field(shown, "burgers").all()
    first.fill("30")
    expect(second).to_have_value("30")
    page.evaluate("for (const clean of hosted.cleanups) clean()")
    expect(page.locator("main > div > *")).to_have_count(0)
    shown.receive("weights", FULL)
    page.wait_for_timeout(800)
    if not minimal:
        assert shown.listeners() == 0


# --- the radar ---


def test_the_radar_is_drawn_as_the_figure_says_and_read_as_text(host: Host) -> None:
    shown = host.open(radar("nl", FULL, NOTHING | {"rechtsstaat": 60, "maatschappij": 40}))
    page = shown.page
    picture = page.locator("svg.mwr-picture")
    assert picture.evaluate("element => element.closest('[aria-hidden=true]') === element")
    lines = picture.locator("path[stroke-dasharray]")
    expect(lines).to_have_count(2)
    # Five points a line: the heaviest is the farthest from the middle, in the direction of its spoke.
    dots = picture.locator("circle").evaluate_all(
        "all => all.map((c) => [c.cx.baseVal.value, c.cy.baseVal.value])"
    )
    assert len(dots) == len(LOYALTIES)
    centre = dots[-1]
    reach = [((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5 for x, y in dots]
    assert reach == pytest.approx([80 * 40 / 60, 80 * 35 / 60, 80 * 25 / 60, 0, 0])
    assert dots[0][1] < centre[1]
    expect(page.locator(".mw-radar")).to_contain_text(
        "moment 1Van zwaar naar licht: Rechtsstaat 60, Maatschappij 40"
    )


def test_the_radar_follows_and_hides_when_there_is_nothing_to_show(host: Host) -> None:
    view = RadarView("en")
    shown = host.open(view)
    expect(shown.page.locator(".mw-radar")).to_be_hidden()
    view.show({"": FULL})
    shown.receive("content", view.content)
    expect(shown.page.get_by_role("heading", name="Your loyalties in a picture")).to_be_visible()
    shown.page.evaluate("hosted.cleanups[0]()")
    assert shown.listeners() == 0
