"""The circles and the game in a real browser: by keyboard, on any screen, and without needless motion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import by_keyboard
import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.loop_view import ALL, LoopView
from maatwerk_widgets.rounds_run import RoundsRun
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

tab_to = partial(by_keyboard.tab_to, most=60)
LENGTH = framework().game.length
WIDE, NARROW = 1280, 320


def circles(lang: Language = "nl") -> LoopView:
    """All four, on their way through a loop with a minus sign."""
    return LoopView((), lang, at={"view": ALL, "loop": "vertrouwen-slijt", "step": 4})


def game(lang: Language = "nl") -> RoundsRun:
    """Played to the end, with a previous game to compare with."""
    run = RoundsRun(lang, prediction="ruimte")
    run.played = LENGTH
    run.played = 0
    run.settings = {**run.settings, "reflex": 90}
    run.kept = dict(run.settings)
    run.played = LENGTH
    return run


WIDGETS: dict[str, Callable[[Language], Any]] = {"circles": circles, "game": game}


@pytest.mark.parametrize(("lang", "width", "dark"), [("nl", WIDE, False), ("en", NARROW, True)])
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], lang: Language, width: int, dark: bool
) -> None:
    page = host.open(circles(lang), width=width, dark=dark).page
    host.open(game(lang), dark=dark, page=page)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".mwk-box").first.click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_is_left_behind_and_a_model_without_off_will_do(host: Host, name: str) -> None:
    shown = host.open(WIDGETS[name]("nl"), views=2)
    shown.page.evaluate("hosted.cleanups.forEach(one => one())")
    assert shown.listeners() == 0
    expect(shown.page.locator("main > div > *")).to_have_count(0)
    host.open(WIDGETS[name]("nl"), minimal=True, page=shown.page)
    expect(shown.page.get_by_role("button").first).to_be_visible()


# --- the circles ---


def test_a_circle_is_chosen_and_walked_round_by_keyboard(host: Host) -> None:
    shown = host.open(LoopView(("burgers",)))
    page = shown.page
    tab_to(page, page.get_by_role("radio", name="Verschil vraagt om regels"))
    page.keyboard.press("ArrowDown")
    assert shown.state("at") == {"view": "burgers", "loop": "regels-dempen-verschil", "step": 0}
    # What was chosen keeps the focus, so that the next arrow key works too.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="Zet de eerste stap"))
    told = page.locator("[aria-live=polite]", has_text="B1")
    for number, words in enumerate(("dus een luidere roep", "dus meer regels", "dus minder ruimte"), 1):
        page.keyboard.press("Enter")
        expect(told).to_contain_text(f"Stap {number} van 4")
        expect(told).to_contain_text(words)
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Deze kring remt zichzelf. Tel de mintekens: 1.")
    assert shown.state("at")["step"] == 4
    page.keyboard.press("Enter")
    assert shown.state("at")["step"] == 0


def test_stepping_back_to_the_start_does_not_lose_the_focus(host: Host) -> None:
    page = host.open(
        LoopView(("managers",), at={"view": "managers", "loop": "ruimte-loopt-vol", "step": 1})
    ).page
    tab_to(page, page.get_by_role("button", name="Stap terug"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Zet de eerste stap")).to_be_focused()


def test_each_word_in_the_drawing_is_reached_by_keyboard_and_explained(host: Host) -> None:
    page = host.open(LoopView(("bestuurders",))).page
    names = [
        q.name["nl"] for key, q in framework().quantities.items() if key in ("druk", "sturing", "effect")
    ]
    for name in names:
        tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")
    about = page.get_by_role("status").filter(has_text="Hoeveel een maatregel doet")
    expect(about).to_contain_text("Beter leren ontkomen, dus minder effect van de sturing.")
    expect(about).to_contain_text("Meer effect van de sturing, dus minder nieuwe sturing.")
    expect(page.get_by_role("button", name=names[-1])).to_have_attribute("aria-expanded", "true")
    tab_to(page, page.get_by_role("button", name="Sluit"))
    page.keyboard.press("Enter")
    expect(about).to_have_count(0)
    expect(page.get_by_role("button", name=names[-1])).to_be_focused()


def test_another_view_starts_at_its_first_circle(host: Host) -> None:
    shown = host.open(LoopView())
    page = shown.page
    tab_to(page, page.get_by_role("radio", name="Burgers"))
    page.keyboard.press("ArrowUp")
    assert shown.state("at") == {"view": ALL, "loop": "verschil-vraagt-om-regels", "step": 0}
    expect(page.get_by_role("radio", name="Alle vier")).to_be_focused()
    expect(page.locator(".mwk-box")).to_have_count(len(framework().quantities))


def test_an_arrow_says_its_sign_in_words_and_in_its_line_not_in_colour_only(host: Host) -> None:
    page = host.open(LoopView(("bestuurders",))).page
    signs = page.locator(".mwk-sign").all_text_contents()
    arrows = {(a.source, a.target): a.sign for a in _arrows("bestuurders")}
    assert sorted(sign.strip("measgnti ") for sign in signs) == sorted(
        {"+": "+", "-": "−"}[sign] for sign in arrows.values()
    )
    assert {sign[1:] for sign in signs} == {"mee", "tegen"}
    dashes = {
        look: page.locator(f".mwk-arrow.mwk-{look}").first.evaluate(
            "line => getComputedStyle(line).strokeDasharray"
        )
        for look in ("plus", "minus")
    }
    assert dashes["plus"] == "none" != dashes["minus"]


def _arrows(dynamic: str) -> list[Any]:
    return [a for loop in framework().loops.values() if loop.dynamic == dynamic for a in loop.arrows]


@pytest.mark.parametrize("width", [WIDE, 740, NARROW])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_lies_over_another_or_outside_the_drawing(host: Host, lang: Language, width: int) -> None:
    shown = host.open(LoopView((), lang), width=width)
    for view in LoopView((), lang).content["views"]:
        # Every word marked, as it is larger then.
        loop = view["loops"][0]
        steps = len(framework().loops[loop].arrows)
        shown.receive("at", {"view": view["key"], "loop": loop, "step": steps})
        found = shown.page.evaluate(
            """() => {
              const stage = document.querySelector(".mwk-stage").getBoundingClientRect();
              const all = [...document.querySelectorAll(".mwk-box")];
              const boxes = all.map((one) => [one.textContent, one.getBoundingClientRect()]);
              // And the sign of an arrow, which was once cut off at the edge of a telephone.
              const signs = [...document.querySelectorAll(".mwk-sign")]
                .map((one) => [one.textContent, one.getBoundingClientRect()]);
              const outside = [...boxes, ...signs].filter(([, b]) => b.left < stage.left - 1
                || b.right > stage.right + 1 || b.top < stage.top - 1 || b.bottom > stage.bottom + 1);
              const over = boxes.flatMap(([name, a], n) => boxes.slice(n + 1)
                .filter(([, b]) => a.left < b.right && b.left < a.right)
                .filter(([, b]) => a.top < b.bottom && b.top < a.bottom)
                .map(([other]) => `${name} / ${other}`));
              const cut = all.filter((one) => one.scrollWidth > one.clientWidth + 1);
              return [outside.map(([name]) => name), over, cut.map((one) => one.textContent)];
            }"""
        )
        assert found == [[], [], []], view["key"]
        drawn = shown.page.locator(".mwk-arrow").count()
        assert drawn == len(view["arrows"])


def test_the_drawing_stands_still_for_those_who_want_it_so(host: Host) -> None:
    at = {"view": "burgers", "loop": "verschil-vraagt-om-regels", "step": 1}
    moves = "document.querySelector('.mwk-now.mwk-arrow').getAnimations().length"
    for choice, moving in (("no-preference", 1), ("reduce", 0)):
        page = host.open(LoopView(("burgers",), at=at), reduced_motion=choice).page
        assert page.evaluate(moves) == moving


def test_the_whole_is_there_as_text(host: Host) -> None:
    page = host.open(LoopView(("managers",), "en")).page
    page.get_by_text("All circles as text").click()
    for loop in framework().loops.values():
        if loop.dynamic != "managers":
            continue
        section = page.locator("section", has_text=loop.gist["en"])
        expect(section.get_by_role("heading")).to_contain_text(loop.name["en"])
        expect(section.get_by_role("listitem")).to_have_count(len(loop.arrows))
        for arrow in loop.arrows:
            expect(section).to_contain_text(arrow.why["en"])


# --- the game ---


def follow(shown: Hosted, run: RoundsRun) -> None:
    """Do what the notebook does: take over what the browser asks, and send back what came of it."""
    state = {name: shown.state(name) for name in ("settings", "prediction", "kept", "played")}
    with run.hold_trait_notifications():
        for name, value in state.items():
            setattr(run, name, value)
    for name in ("kept_words", "shown"):
        shown.receive(name, getattr(run, name))


def test_the_game_is_played_by_keyboard_alone(host: Host) -> None:
    run = RoundsRun()
    shown = host.open(run)
    page = shown.page
    tab_to(page, page.get_by_label("Voorspel eerst"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert shown.state("prediction") == "regels"
    dial = page.get_by_role("slider", name="Hoe hard bestuurders reageren")
    tab_to(page, dial)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert shown.state("settings")["reflex"] == 95
    expect(dial).to_have_attribute("aria-valuetext", "95 van 100")
    tab_to(page, page.get_by_role("button", name="Speel één ronde"))
    page.keyboard.press("Enter")
    follow(shown, run)
    assert run.played == 1
    said = page.get_by_role("status")
    expect(said.filter(has_text="Ronde 1 van 16 is gespeeld.")).to_be_visible()
    expect(said.filter(has_text="Ronde 1. Nieuw: Risicoregelreflex.")).to_have_count(1)
    tab_to(page, page.get_by_role("button", name="Speel tot het eind"))
    page.keyboard.press("Enter")
    follow(shown, run)
    assert run.played == LENGTH
    # The button that was pressed can do nothing more now.
    restart = page.get_by_role("button", name="Begin opnieuw")
    expect(restart).to_be_focused()
    expect(page.locator(".mwg-predicted")).to_contain_text("Je voorspelde")
    page.keyboard.press("Enter")
    follow(shown, run)
    assert run.played == 0
    expect(page.get_by_role("button", name="Speel één ronde")).to_be_focused()
    expect(page.get_by_text("Dunne grijze lijnen")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Bewaar deze stand"))
    page.keyboard.press("Enter")
    follow(shown, run)
    assert run.kept["reflex"] == 95
    expect(said.filter(has_text="reflex van bestuurders 95")).to_be_visible()


def test_a_dial_that_is_turned_halfway_says_when_it_counts(host: Host) -> None:
    run = RoundsRun("en")
    run.played = 3
    shown = host.open(run)
    shown.page.get_by_role("slider", name="Room that you give").press("Home")
    expect(shown.page.get_by_text("You turned a dial. It counts from round 4 on.")).to_be_visible()


def test_every_line_has_a_label_a_mark_and_a_dash_of_its_own(host: Host) -> None:
    page = host.open(game()).page
    for picture in range(2):
        place = page.locator(".mwg-picture").nth(picture)
        lines = place.locator(".mwg-line")
        dashes = [line.get_attribute("stroke-dasharray") for line in lines.all()]
        assert len(set(dashes)) == len(dashes)
        labels = [box.bounding_box() for box in place.locator(".mwg-label").all()]
        assert len(labels) == len(dashes)
        tops = sorted(box["y"] for box in labels if box)
        assert all(b - a >= 12 for a, b in pairwise(tops))
        expect(place.locator(".mwg-before")).to_have_count(len(dashes))
    # The picture is for the eye; the table has the same for everybody.
    expect(page.locator(".mwg-pictures")).to_have_attribute("aria-hidden", "true")
    page.get_by_text("De getallen in een tabel").click()
    expect(page.get_by_role("row")).to_have_count(LENGTH + 2)


def test_a_silent_notebook_is_told_what_to_do(host: Host) -> None:
    shown = host.open(RoundsRun())
    shown.page.clock.install()
    shown.page.get_by_role("button", name="Speel één ronde").click()
    shown.page.clock.run_for(5_000)
    expect(shown.page.get_by_text("De cursus antwoordt niet.")).to_be_visible()


# --- the geometry ---


def module_of(page: Page, widget: Any) -> str:
    source = str(widget._esm)
    return page.evaluate_handle(
        "source => import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))", source
    )


def test_labels_are_spread_without_overlap_in_order_and_within_bounds(host: Host) -> None:
    run = RoundsRun()
    page = host.open(run).page
    spread = module_of(page, run).evaluate(
        """module => [[50, 50, 50], [0, 1, 2, 3], [99, 98, 97], [10, 60, 90], []].map((wanted) =>
            module.spread(wanted, 17, 0, 100))"""
    )
    for placed in spread:
        ordered = sorted(placed)
        assert all(b - a >= 17 for a, b in pairwise(ordered))
        assert all(0 <= place <= 100 for place in placed)
    assert spread[3] == [10, 60, 90]
    assert spread[1] == sorted(spread[1]) and spread[2] == sorted(spread[2], reverse=True)


def test_an_arrow_starts_outside_one_box_and_ends_outside_the_other(host: Host) -> None:
    view = LoopView(("burgers",))
    page = host.open(view).page
    found = module_of(page, view).evaluate(
        """module => {
          const box = (x, y) => ({ x, y, width: 80, height: 40 });
          const ends = [[50, 50, 300, 50], [50, 50, 50, 300], [300, 200, 40, 30]];
          const pairs = ends.map(([x, y, u, v]) => [box(x, y), box(u, v)]);
          const curves = pairs.flatMap(([a, b]) =>
            [-0.3, 0, 0.3].map((bend) => [a, b, module.curve(a, b, bend).points]));
          const { within } = module;
          const outside = (p, ...boxes) => boxes.every((box) => !within(p, box, 0));
          return {
            clear: curves.every(([a, b, points]) => points.every((p) => outside(p, a, b))),
            near: curves.every(([a, b, points]) => within(points[0], a, 14) && within(points.at(-1), b, 14)),
            touching: module.curve(box(0, 0), box(20, 10), 0),
          };
        }"""
    )
    assert found == {"clear": True, "near": True, "touching": None}
