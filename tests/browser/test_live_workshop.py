"""A facilitator and six phones play the 45-minute plan: one phone by keyboard alone, the others by touch."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from maatwerk import framework
from maatwerk_live.aggregate import movement
from maatwerk_widgets.plane import plane_content
from playwright.sync_api import expect

from tests.live.clients import Running, live

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host

PATIENCE = 60_000
PEOPLE = 6


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with live(tmp_path_factory.mktemp("live") / "workshops.db") as server:
        yield server


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Each step waits for a phone, a server, a disk and a board."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


def opened(host: Host, address: str, width: int, height: int, **options: object) -> Page:
    page = host.new_page(width, height, **options)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def facilitator(host: Host, running: Running) -> Page:
    return opened(host, f"{running.address}stage#{running.code}.{running.token}", 1280, 900)


def board(host: Host, running: Running, **options: object) -> Page:
    return opened(host, f"{running.address}board#{running.code}.{running.board_key}", 1280, 720, **options)


def phone(host: Host, running: Running, lang: str = "nl") -> Page:
    return opened(host, f"{running.address}join#{running.code}", 360, 740, has_touch=True, locale=lang)


def touch(page: Page, across: float, upwards: float) -> None:
    field = page.locator(".mwp-drawing")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + (1 - upwards) * box["height"])


def steer(stage: Page, keys: str) -> None:
    """What the facilitator does, by single keys; each waits until the one before is done."""
    for key in keys:
        stage.keyboard.press(key)


def scrolls(page: Page) -> bool:
    over = "Math.max(root.scrollHeight - innerHeight, root.scrollWidth - innerWidth)"
    return bool(page.evaluate(f"(root => {over} > 0)(document.documentElement)"))


def test_a_hall_plays_the_45_minute_plan(
    host: Host, running: Running, axe: Callable[[Page], list[str]]
) -> None:
    stage, screen = facilitator(host, running), board(host, running)
    expect(screen.locator(".qr path")).to_be_attached()
    expect(screen.locator(".right .code")).to_have_text(running.code)
    phones = [phone(host, running) for _ in range(PEOPLE)]
    for page in phones:
        expect(page.get_by_role("heading", name="Je bent binnen")).to_be_visible()
    expect(screen.locator(".people")).to_have_text(f"In de zaal: {PEOPLE}")

    # Coming in, then: first choose for yourself. All by keyboard.
    stage.get_by_label("Kies een draaiboek").focus()
    stage.keyboard.type("45")
    stage.keyboard.press("Tab")
    steer(stage, "ns")
    by_keyboard, *others = phones
    expect(by_keyboard.get_by_role("heading", name="De overdekte scootmobiel")).to_be_visible()
    while not by_keyboard.locator(".mwp-place").evaluate("e => e === document.activeElement"):
        by_keyboard.keyboard.press("Tab")
    by_keyboard.keyboard.press("Enter")
    for _ in range(4):
        by_keyboard.keyboard.press("PageDown")
    for number, page in enumerate(others):
        touch(page, 0.1 + 0.02 * number, 0.9)
    for page in phones:
        expect(page.locator(".status.good")).to_have_text("Bewaard: je antwoord telt mee")
    # As long as it is hidden, the board shows the case and how many, but no dot.
    expect(screen.locator(".right")).to_contain_text(f"{PEOPLE} van {PEOPLE} hebben geplaatst")
    expect(screen.locator("canvas")).to_have_count(0)
    assert axe(screen) == [] and axe(by_keyboard) == [] and not scrolls(screen)

    # In pairs, then the hall sees itself.
    steer(stage, "ns")
    expect(by_keyboard.get_by_role("heading", name="De ronde is gesloten")).to_be_visible()
    expect(by_keyboard.locator(".chosen")).to_contain_text("groep 10")
    expect(screen.locator(".left")).to_contain_text("Een man vraagt de Sociale Dienst")
    steer(stage, "ns")
    expect(screen.locator(".variants tr", has_text="Hardheidsclausule").locator(".number")).to_have_text("5")
    expect(screen.locator("[role=status]")).to_contain_text("Midden van de zaal")
    expect(stage.locator(".stance")).to_have_text("De zaal is het grotendeels eens")
    assert axe(screen) == [] and axe(stage) == [] and not scrolls(screen)

    # The same case again, with a reason: one phone writes it by keyboard, another backs it.
    steer(stage, "ns")
    for page in phones:
        expect(page.locator(".mwp-earlier")).to_be_visible()
    for page in others:
        touch(page, 0.9, 0.1)
        expect(page.locator(".status.good")).to_be_visible()
    by_keyboard.get_by_role("button", name="Verder").focus()
    by_keyboard.keyboard.press("Enter")
    expect(by_keyboard.locator("h1")).to_be_focused()
    while not by_keyboard.locator("textarea").evaluate("e => e === document.activeElement"):
        by_keyboard.keyboard.press("Tab")
    by_keyboard.keyboard.type("Wie volgt, wil weten waarom.")
    by_keyboard.keyboard.press("Tab")
    by_keyboard.keyboard.press("Enter")
    expect(by_keyboard.locator(".status.good")).to_contain_text("Ingestuurd")
    expect(stage.locator(".arguments .waiting")).to_contain_text("Wie volgt, wil weten waarom.")
    assert "Wie volgt" not in screen.content()
    steer(stage, "w")
    stage.keyboard.press("Enter")
    expect(stage.locator(".arguments .shown")).to_be_visible()
    others[0].get_by_role("button", name="Verder").tap()
    others[0].get_by_role("button", name="Sterk argument").tap()
    expect(stage.locator(".arguments .shown")).to_contain_text("1× gesteund")
    assert axe(others[0]) == []

    steer(stage, "ns")
    expect(screen.locator(".given")).to_contain_text("Wie volgt, wil weten waarom.")
    expect(screen.locator(".right")).to_contain_text(
        f"Een andere plek: 5 van {PEOPLE - 1}. Een grens over: 5."
    )
    expect(stage.locator(".stance").last).to_have_text("De zaal is in beweging gekomen")

    # Afterwards: the report and the figures.
    for kind in ("html", "csv"):
        with stage.expect_download() as download:
            stage.locator(f"[data-save={kind}]").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert download.value.suggested_filename == f"verslag-{running.code}.{kind}"
        assert "scootmobiel" in text
    assert {row["round"] for row in csv.DictReader(io.StringIO(text))} == {"1", "2"}
    steer(stage, "ns")
    expect(by_keyboard.get_by_role("heading", name="We zijn klaar")).to_be_visible()
    expect(screen.locator(".thanks")).to_be_visible()


def test_a_hall_in_english_sees_no_picture_of_four_people_and_nothing_moves_by_itself(
    host: Host, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with live(tmp_path / "workshops.db", "--lang", "en") as running:
        stage = facilitator(host, running)
        screen = board(host, running, color_scheme="dark", reduced_motion="reduce")
        one = phone(host, running, "en")
        expect(one.get_by_role("heading", name="You are in")).to_be_visible()
        stage.get_by_label("take a role").check()
        stage.get_by_label("Case", exact=True).select_option(label="Mother's groceries")
        stage.get_by_label("Case", exact=True).press("Tab")
        steer(stage, "oh")
        expect(one.get_by_role("group", name="From whose chair do you look?")).to_be_visible()
        one.get_by_label("Manager").check()
        expect(one.locator(".status.good")).to_have_text("Saved: your answer counts")
        one.get_by_role("button", name="Next").tap()
        # Nothing chosen is nothing saved, and the phone never says otherwise.
        expect(one.locator(".status")).to_be_empty()
        one.get_by_role("button", name="Done").tap()
        expect(one.get_by_role("heading", name="Something is still open")).to_be_focused()
        one.get_by_role("button", name="Change my answer").tap()
        one.get_by_role("button", name="Next").tap()
        touch(one, 0.3, 0.3)
        one.get_by_role("button", name="Done").tap()
        expect(one.get_by_role("heading", name="That is all for now")).to_be_visible()
        expect(one.locator(".chosen li")).to_have_count(2)
        expect(screen.locator(".right")).to_contain_text("There is a picture from 5 people.")
        moving = "document.getAnimations().filter(one => one.playState === 'running').length"
        assert screen.evaluate(moving) == 0
        assert axe(screen) == [] and axe(one) == [] and axe(stage) == []
        assert not re.search(r"undefined|\{\w+\}", screen.inner_text("body") + stage.inner_text("body"))

        # The board colours an arrow by the same border as the server counts by.
        arrows = list(product((0, 44, 45, 56, 100), repeat=4))
        crossed = screen.evaluate(
            "async ([arrows, plane]) => {"
            " const { crosses } = await import('./static/live/scene.js');"
            " return arrows.map(one => crosses(one, plane)); }",
            [arrows, plane_content(framework(), "en")["plane"]],
        )
        for (person, group, *to), over in zip(arrows, crossed, strict=True):
            moved = movement(
                dict.fromkeys(range(5), (person, group)), dict.fromkeys(range(5), (to[0], to[1]))
            )
            assert moved and bool(moved.crossed) == over

        # A single key does nothing while somebody types, or once the keys are off.
        stage.get_by_text("Type a case of your own").click()
        stage.get_by_label("Own case").fill("")
        stage.get_by_label("Own case").press_sequentially("hcl")
        stage.get_by_label("Shortcut keys are on").uncheck()
        stage.keyboard.press("c")
        stage.get_by_label("Shortcut keys are on").check()
        expect(screen.locator(".phase")).to_have_text("The round is open")
        stage.keyboard.press("c")
        expect(screen.locator(".phase")).to_have_text("The round is closed")
        stage.keyboard.press("u")
        expect(screen.locator(".phase")).to_have_text("The round is open")
