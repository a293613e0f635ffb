"""What a real building does to the workshop's pages.

A network that refuses websockets or falls silent, a browser that keeps nothing, a code that was typed wrong.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from guarded import CHROMIUM_ARGUMENTS, chromium
from maatwerk_live.content import live_words
from playwright.sync_api import expect

from tests.live.clients import Running, live
from tests.live.network import Network, network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.conftest import Host

PATIENCE = 60_000
WORDS = live_words("nl")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with live(tmp_path / "workshops.db") as server:
        yield server


@pytest.fixture
def between(host: Host, running: Running) -> Iterator[Network]:
    with network(running.port) as found:
        yield found
        # Before the network goes, so that no page asks for it any more.
        host.close()


def opened(host: Host, address: str, width: int = 1280, **options: object) -> Page:
    page = host.new_page(width, 740, locale="nl-NL", **options)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def phone(host: Host, between: Network, running: Running) -> Page:
    page = opened(host, f"{between.address}join#{running.code}", 360, has_touch=True)
    inside(page)
    return page


def inside(page: Page) -> None:
    expect(page.get_by_role("heading", name=WORDS["inside"])).to_be_visible(timeout=PATIENCE)


def facilitator(host: Host, between: Network, running: Running) -> Page:
    page = opened(host, f"{between.address}stage#{running.code}.{running.token}")
    page.locator("[data-command=open]").wait_for()
    return page


def board(host: Host, between: Network, running: Running) -> Page:
    page = opened(host, f"{between.address}board#{running.code}.{running.board_key}")
    page.locator(".qr path").first.wait_for(state="attached")
    return page


def touch(page: Page, across: float, upwards: float) -> None:
    box = page.locator(".mwp-drawing").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + (1 - upwards) * box["height"])


def saved(page: Page) -> None:
    expect(page.locator(".status.good")).to_have_text(WORDS["saved"], timeout=PATIENCE)


def test_where_websockets_are_refused_all_goes_on_over_plain_http(
    host: Host, running: Running, between: Network
) -> None:
    """Once it said for ever that there was no connection for a moment."""
    between.lets_sockets_through = False
    host.guard.forgive(between.address)
    stage, screen = facilitator(host, between, running), board(host, between, running)
    person = phone(host, between, running)
    # Each page tried; on a busy machine one that got no answer in time does not try twice.
    assert between.refused >= 3
    # Nothing technical is said, and nothing of trouble.
    assert person.locator(".status").inner_text() == ""
    stage.locator("[data-command=open]").click()
    expect(stage.locator(".status.good")).to_be_visible(timeout=PATIENCE)
    touch(person, 0.3, 0.7)
    saved(person)
    expect(screen.locator(".right")).to_contain_text(WORDS["placed"].format(placed=1, people=1))
    # A reload is the same person at the same place, and knows the way.
    place = person.locator(".mwp-range-person").input_value()
    tried = between.sockets
    person.reload()
    expect(person.locator(".mwp-range-person")).to_have_value(place, timeout=PATIENCE)
    assert between.sockets == tried
    # A better network: back to a websocket, and nothing is lost by it.
    between.lets_sockets_through = True
    person.evaluate("dispatchEvent(new Event('online'))")
    person.wait_for_function("sessionStorage.getItem('maatwerk.live.way') === 'socket'")
    touch(person, 0.8, 0.2)
    saved(person)
    expect(screen.locator(".right")).to_contain_text(WORDS["placed"].format(placed=1, people=1))
    stage.locator("[data-command=close]").click()
    expect(person.get_by_role("heading", name=WORDS["closed_title"])).to_be_visible(timeout=PATIENCE)


def test_a_connection_that_falls_silent_is_noticed(host: Host, running: Running, between: Network) -> None:
    """Once a phone waited for a round that had opened 150 s ago, and a command hung without a word."""
    stage, screen = facilitator(host, between, running), board(host, between, running)
    waiting, unlocked = phone(host, between, running), phone(host, between, running)
    between.fall_silent()
    # She hears within three seconds that there is no answer yet, and then it is done: once.
    stage.locator("[data-command=open]").click()
    expect(stage.locator(".status.away")).to_contain_text("Nog geen antwoord", timeout=10_000)
    expect(stage.locator(".status.good")).to_be_visible(timeout=20_000)
    expect(stage.locator(".round-now .kicker")).to_have_text("Ronde 1")
    # Who unlocks the phone sees it almost at once.
    unlocked.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(unlocked.locator(".mwp-drawing")).to_be_visible(timeout=10_000)
    # The others within twenty seconds, by themselves, and with no word about it.
    expect(waiting.locator(".mwp-drawing")).to_be_visible(timeout=25_000)
    expect(screen.locator(".kicker")).to_have_text("Ronde 1", timeout=25_000)
    touch(waiting, 0.5, 0.9)
    saved(waiting)


@contextmanager
def blocked(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser in which somebody blocked all cookies and site data, in its own settings."""
    settings = folder / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    choice = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    settings.write_text(json.dumps(choice), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS), locale="nl-NL", has_touch=True
    )
    try:
        yield context
    finally:
        context.close()


def test_where_storage_is_blocked_a_reload_is_the_same_person(
    browser: Browser, host: Host, running: Running, between: Network, tmp_path: Path
) -> None:
    """Once three visits were three votes."""
    stage = facilitator(host, between, running)
    stage.locator("[data-command=open]").click()
    with blocked(browser, tmp_path / "profile") as context:
        page = context.new_page()
        page.goto(f"{between.address}join#{running.code}")
        page.locator(".mwp-drawing").wait_for()
        denied = "() => { try { localStorage; return false } catch { return true } }"
        assert page.evaluate(denied)
        for n in range(3):
            touch(page, 0.2 + 0.3 * n, 0.5)
            saved(page)
            place = page.locator(".mwp-range-group").input_value()
            page.reload()
            expect(page.locator(".mwp-range-group")).to_have_value(place, timeout=PATIENCE)
        # Whoever passes the address on does not pass on who they are.
        assert page.url == f"{between.address}join#{running.code}"
    expect(stage.locator(".tiles")).to_contain_text(re.compile(r"1\s*geplaatst"))


def test_a_code_that_was_typed_wrong_is_no_dead_end(host: Host, running: Running, between: Network) -> None:
    """Once these ended at a page without a field, and another room's link did nothing."""
    page = opened(host, f"{between.address}join#AB0DE2", 360, has_touch=True)
    field, problem = page.get_by_label(WORDS["code"]), page.get_by_role("alert")
    expect(problem).to_contain_text("In een code staat nooit 0")
    expect(field).to_have_value("AB0DE2")
    for typed, said in (("A B C D", "Je typte er 4"), ("ABCDE", "Je typte er 5"), ("l23456", "nooit L")):
        field.fill(typed)
        field.press("Enter")
        expect(problem).to_contain_text(said)
    # One that may be right, but is no room's.
    field.fill("AAAAAA" if running.code != "AAAAAA" else "BBBBBB")
    field.press("Enter")
    expect(problem).to_have_text(WORDS["bye_unknown_code"])
    # As somebody reads it from the board.
    field.fill(f" {' '.join(running.code.lower())} ")
    field.press("Enter")
    inside(page)
    # Another room's link in the same tab.
    page.evaluate("location.hash = 'BBBBBB'")
    expect(problem).to_have_text(WORDS["bye_unknown_code"])
    page.evaluate(f"location.hash = '{running.code}'")
    inside(page)


def test_who_waits_is_let_in_and_who_is_taken_out_hears_it(
    host: Host, running: Running, between: Network, axe: Callable[[Page], list[str]]
) -> None:
    stage = facilitator(host, between, running)
    stage.locator("[data-command=hold]").click()
    expect(stage.locator("[data-command=hold]")).to_have_text(WORDS["hold_off"], timeout=PATIENCE)
    person = opened(host, f"{between.address}join#{running.code}", 360, has_touch=True)
    expect(person.locator(".status")).to_have_text(WORDS["waiting_room"], timeout=PATIENCE)
    expect(stage.locator(".tiles .urgent")).to_contain_text(WORDS["tile_at_door"])
    expect(stage.get_by_label(WORDS["choose_address"])).to_be_visible()
    assert axe(stage) == []
    stage.get_by_role("button", name=WORDS["admit_all"]).click()
    inside(person)
    expect(stage.locator(".tiles .urgent")).to_have_count(0)
    stage.get_by_role("checkbox", name=WORDS["ask_argue"]).check()
    stage.locator("[data-command=open]").click()
    person.get_by_role("button", name=WORDS["on"]).tap()
    person.get_by_label(WORDS["argue"]).fill("Onzin")
    person.get_by_role("button", name=WORDS["side_voor"]).tap()
    # What cannot be taken back asks once more.
    stage.get_by_role("button", name=WORDS["remove_writer"]).click()
    stage.get_by_role("button", name=WORDS["remove_writer_sure"]).click()
    expect(person.get_by_role("alert")).to_have_text(WORDS["bye_removed"], timeout=PATIENCE)
    expect(stage.locator(".tiles li").first).to_contain_text("0")
    assert "secret" not in person.evaluate("JSON.stringify(localStorage)")


def test_a_disk_that_keeps_nothing_is_told_on_all_screens_and_nothing_runs_late(
    host: Host, running: Running, between: Network, tmp_path: Path
) -> None:
    stage, screen = facilitator(host, between, running), board(host, between, running)
    person = phone(host, between, running)
    stage.locator("[data-command=open]").click()
    person.locator(".mwp-drawing").wait_for()
    other = sqlite3.connect(tmp_path / "workshops.db")
    other.execute("BEGIN IMMEDIATE")
    touch(person, 0.4, 0.6)
    expect(person.locator(".status")).to_have_text(WORDS["trouble_phone"], timeout=PATIENCE)
    expect(screen.get_by_role("alert")).to_have_text(WORDS["trouble_board"])
    expect(stage.locator(".trouble")).to_have_text(WORDS["trouble_locked"])
    stage.locator("[data-command=close]").click()
    expect(stage.locator(".status")).to_have_text(WORDS["reason_trouble"])
    other.rollback()
    other.close()
    # By themselves; and the round is still open.
    saved(person)
    expect(stage.locator(".trouble")).to_be_empty(timeout=PATIENCE)
    expect(screen.locator(".problem")).to_be_empty()
    expect(screen.locator(".phase")).to_have_text(WORDS["round_open"])
