"""The workshop's pages in a real browser: phones place by touch, and the board shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.live.clients import Running, live

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with live(tmp_path_factory.mktemp("live") / "workshops.db") as server:
        yield server


def open_page(host: Host, address: str, width: int = 1280, **options: object) -> Page:
    """A patient page: each step waits for a phone, a server, a disk and a board."""
    page = host.new_page(width, 740, **options)
    page.set_default_timeout(60_000)
    page.goto(address)
    return page


def open_phone(host: Host, address: str) -> Page:
    return open_page(host, address, 360, has_touch=True, locale="nl-NL")


def place(page: Page, across: float, upwards: float) -> None:
    """Touch the plane there, in parts of its side."""
    field = page.locator(".mwp-field")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + (1 - upwards) * box["height"])


def placed_at(page: Page) -> tuple[int, int]:
    """Where the plane's two sliders stand: person, group."""
    person, group = (int(page.locator(f".mwp-range-{axis}").input_value()) for axis in ("person", "group"))
    return person, group


def test_five_phones_place_by_touch_and_the_board_shows_it(
    host: Host, running: Running, axe: Callable[[Page], list[str]]
) -> None:
    stage = open_page(host, f"{running.address}stage#{running.code}.{running.token}")
    stage.locator("[data-command=open]").wait_for()
    board = open_page(host, f"{running.address}board#{running.code}.{running.board_key}")
    board.locator(".qr path").wait_for(state="attached")
    assert running.code in board.locator("main").inner_text()

    # One types the code in small letters; the others follow the link.
    links = ["join", *[f"join#{running.code}"] * 4]
    phones = [open_phone(host, f"{running.address}{link}") for link in links]
    phones[0].get_by_label("Code op het scherm").fill(running.code.lower())
    phones[0].get_by_role("button", name="Doe mee").click()
    for page in phones:
        page.get_by_text("Je bent binnen").wait_for()

    stage.locator("[data-command=open]").click()
    stage.locator("[data-command=hide]").click()
    for number, page in enumerate(phones):
        place(page, 0.8, 0.1 + 0.05 * number)
        page.locator(".status.good").wait_for()
    board.get_by_text("5 van 5 hebben geplaatst").wait_for()
    centre = board.get_by_text(re.compile("Midden van de zaal"))
    centre.wait_for()
    shown = [int(number) for number in re.findall(r"\d+", centre.inner_text())[:2]]
    chosen = [placed_at(page) for page in phones]
    assert shown == [round(sum(axis) / 5) for axis in zip(*chosen, strict=True)]
    assert len(set(chosen)) == 5 and all(person < 45 and group > 55 for person, group in chosen)

    # A reload is the same person, at the same place.
    phones[0].reload()
    assert placed_at(phones[0]) == chosen[0]
    assert axe(phones[0]) == [] and axe(board) == [] and axe(stage) == []
    assert not phones[0].evaluate("document.documentElement.scrollWidth > innerWidth")


def test_an_argument_in_script_stays_text(host: Host, running: Running) -> None:
    stage = open_page(host, f"{running.address}stage#{running.code}.{running.token}")
    stage.get_by_role("checkbox", name="argumenten").check()
    stage.locator("[data-command=open]").click()
    phone = open_phone(host, f"{running.address}join#{running.code}")
    script = "<img src=x onerror=\"document.title='raak'\">"
    phone.get_by_role("button", name="Verder").click()
    phone.get_by_label("Geef een kort argument").fill(script)
    phone.get_by_role("button", name="Vóór maatwerk").click()
    stage.get_by_role("button", name="Laat zien").click()
    for page in (phone, stage):
        page.get_by_text(script).wait_for()
        assert page.locator("img").count() == 0 and page.title() != "raak"


def test_a_phone_goes_on_after_the_server_was_killed(host: Host, tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"
    with live(data) as running:
        stage = open_page(host, f"{running.address}stage#{running.code}.{running.token}")
        stage.locator("[data-command=open]").click()
        phone = open_phone(host, f"{running.address}join#{running.code}")
        place(phone, 0.5, 0.9)
        phone.get_by_text("Bewaard").wait_for()
        host.guard.forgive(running.address)
        running.kill()
        phone.get_by_text("Even geen verbinding").wait_for()
        place(phone, 0.2, 0.2)
        stage.close()
        with live(data, port=running.port) as again:
            assert again.code == running.code
            phone.locator(".status.good").wait_for()
            # Before the server goes for good, so that nothing asks for it any more.
            phone.close()
