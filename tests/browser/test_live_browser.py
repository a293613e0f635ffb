"""The workshop's pages in a real browser: phones place by touch, and the board shows it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from maatwerk_live.core.protocol import AskKind, BoardState, Joining, Picture
from maatwerk_live.core.session import Session
from maatwerk_live.report.replay_notebook import steps_of
from msgspec.structs import replace
from playwright.sync_api import expect

from tests.live.clients import Running, live
from tests.live.workshops import crowded

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

    from tests.browser.conftest import Host


# Screenshots go to this folder, to look at; without it there are none.
SHOTS = os.environ.get("MAATWERK_SHOTS", "")
QR = tuple("".join(str((x * y + x) % 2) for x in range(37)) for y in range(37))
# Show a board, and find what scrolls or is cut off, once it is drawn.
LOOK = """async (board) => {
  screen2.show(board, content, { fresh: true, ahead: 0 });
  for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
  const parts = '.left, .right, .case:not(.cut), .top, .bottom, section, h1, .question, .given li, th, td';
  const size = (part) => [part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight];
  const root = document.documentElement;
  const found = [...document.querySelectorAll(parts)]
    .filter((part) => Math.max(...size(part)) > 2)
    .map((part) => `${part.tagName}.${part.className} by ${size(part)}`);
  const scrolls = root.scrollHeight > innerHeight || root.scrollWidth > innerWidth;
  if (scrolls) found.push('the page scrolls');
  // Once the code stood there as "UX3BZ" and "4" below it.
  const lines = (part) => part.offsetHeight / parseFloat(getComputedStyle(part).fontSize);
  if ([...document.querySelectorAll('.code')].some((part) => lines(part) > 1.6)) found.push('a broken code');
  // Everybody who placed stands in a number beside the plane.
  const counts = [...document.querySelectorAll('.corners b')].map((part) => Number(part.textContent));
  const people = board.picture?.summary?.people;
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length && people && all !== people) found.push(`${all} of ${people} are counted`);
  return found;
}"""


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


def modes(session: Session) -> dict[str, BoardState]:
    """A board of a large hall in everything that it can show."""
    boards = [step.board for step in steps_of(session, "nl")]
    by_asks = {board.round.asks: board for board in boards if board.round}
    place, chairs, weigh, argue = (
        by_asks[asks] for asks in (("place",), ("role", "place"), ("weigh",), ("argue",))
    )
    joining = Joining("http://begeleider-van-de-werkvorm.voorbeeldgemeente.nl:8765/join", "ABC234", QR)

    def asking(board: BoardState, *asks: AskKind) -> BoardState:
        assert board.round
        return replace(board, round=replace(board.round, asks=asks), arguments=argue.arguments)

    everything: tuple[AskKind, ...] = ("role", "place", "weigh", "argue")
    empty = replace(asking(place, *everything), dots=None, picture=Picture())
    hidden = replace(empty, hidden=True, phase="open", joining=joining, locked=False, ends=1)
    picture = replace(place.picture, weighing=weigh.picture.weighing)
    return {
        "lobby": replace(place, round=None, phase="lobby", joining=joining),
        "hidden": hidden,
        "closed": replace(hidden, phase="closed", arguments=()),
        "place": place,
        "chairs": chairs,
        "weigh": weigh,
        "argue": argue,
        "place and argue": asking(place, "place", "argue"),
        "place and weigh": replace(asking(place, "place", "weigh"), picture=picture),
        "ended": replace(place, phase="ended"),
    }


def test_a_large_hall_and_long_words_fit_on_the_board(host: Host, running: Running) -> None:
    boards = modes(crowded(1_000))
    page = open_page(host, f"{running.address}board#{running.code}.{running.board_key}")
    page.locator(".qr path").first.wait_for(state="attached")
    page.evaluate(
        """async () => {
        const { Screen } = await import('./static/live/screen.js');
        const { loadContent } = await import('./static/live/socket.js');
        window.content = await loadContent('nl');
        const frame = document.createElement('main');
        document.querySelector('main').replaceWith(frame);
        window.screen2 = new Screen(frame, document.documentElement);
        }"""
    )
    for theme, width, height in (("light", 1024, 768), ("light", 1280, 720), ("dark", 1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        for mode, board in boards.items():
            found = page.evaluate(LOOK, msgspec.to_builtins(board))
            if SHOTS:
                page.screenshot(path=Path(SHOTS, f"board-{width}-{mode}.png"))
            assert found == [], (mode, width)


def test_a_typed_case_is_shown_a_reset_is_undone_and_a_shut_door_says_so(host: Host, tmp_path: Path) -> None:
    with live(tmp_path / "workshops.db") as running:
        stage = open_page(host, f"{running.address}stage#{running.code}.{running.token}")
        stage.get_by_text("Een eigen zaak typen").click()
        stage.get_by_label("Eigen zaak").fill("De tweede hond")
        stage.get_by_label("Wat er speelt").fill(
            "Zij woont alleen.\n\n- De buren klagen niet.\n- Hij is oud."
        )
        stage.locator("[data-command=open_typed]").click()
        phone = open_phone(host, f"{running.address}join#{running.code}")
        phone.get_by_text("Lees de zaak").tap()
        expect(phone.locator(".prose li")).to_have_text(
            ["De buren klagen niet.", "Hij is oud."], timeout=60_000
        )
        place(phone, 0.2, 0.8)
        phone.locator(".status.good").wait_for()
        chosen = placed_at(phone)
        stage.locator("[data-command=reset]").click()
        phone.locator(".mwp-place").wait_for()
        stage.locator("[data-command=undo]").click()
        # What counts again is on the phone again.
        phone.locator(".mwp-place").wait_for(state="hidden")
        assert placed_at(phone) == chosen
        stage.locator("[data-command=lock]").click()
        stage.get_by_role("button", name="Doe de deur open").wait_for()
        late = open_phone(host, f"{running.address}join#{running.code}")
        late.get_by_role("alert").get_by_text("De deur is dicht").wait_for()
        stage.locator("[data-command=lock]").click()
        stage.get_by_role("button", name="Doe de deur dicht").wait_for()
        late.get_by_role("button", name="Probeer het opnieuw").tap()
        late.get_by_role("heading", name="De tweede hond").wait_for()
        host.guard.forgive(running.address)


def test_a_phone_in_line_says_how_long_and_goes_on_by_itself(host: Host, tmp_path: Path) -> None:
    page = host.new_page(360, 740, has_touch=True, locale="nl-NL")

    def hold_up(phone: WebSocketRoute) -> None:
        """The registry for who comes in with thousands: what it says comes after a word about the line."""
        held.clear()
        phone.connect_to_server().on_message(lambda message: held.append((phone, message)))
        phone.send('{"t":"in_line","seconds":12}')

    held: list[tuple[WebSocketRoute, str | bytes]] = []
    page.route_web_socket("**/ws/phone", hold_up)
    with live(tmp_path / "workshops.db") as running:
        page.goto(f"{running.address}join#{running.code}")
        in_line = "Het is druk bij de deur. Over ongeveer 15 seconden ben je binnen. Dat gaat vanzelf."
        expect(page.get_by_role("status")).to_have_text(in_line)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "phone-in-line.png")
        while not held:
            page.wait_for_timeout(50)
        for phone, message in held:
            phone.send(message)
        page.get_by_text("Je bent binnen").wait_for()
        expect(page.get_by_text(in_line)).to_have_count(0)
        page.close()


def test_an_argument_in_script_stays_text(host: Host, running: Running) -> None:
    stage = open_page(host, f"{running.address}stage#{running.code}.{running.token}")
    stage.get_by_role("checkbox", name="argumenten").check()
    stage.locator("[data-command=open]").click()
    phone = open_phone(host, f"{running.address}join#{running.code}")
    script = "<img src=x onerror=\"document.title='raak'\">"
    phone.get_by_role("button", name="Verder").click()
    phone.get_by_label("Geef een kort argument").fill(script)
    phone.get_by_role("button", name="Voor mijn plek").click()
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
