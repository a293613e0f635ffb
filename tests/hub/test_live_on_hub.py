"""A live workshop from a facilitator's server: anybody with a phone takes part, and reaches nothing else."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from playwright.sync_api import expect, sync_playwright
from running_hub import FACILITATOR, PATIENCE, Hub, signed_in, xsrf
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

pytestmark = pytest.mark.xdist_group("hub")

# What a request without a login gets: the way to the login page, or a refusal.
SHUT = (302, 401, 403, 404, 405)
# What every Jupyter server shows to anybody, by its handlers: its version, and files of Jupyter itself.
# Neither leads to a kernel or to a file of a person.
OPEN = {
    "jupyter_server.base.handlers.APIVersionHandler",
    "jupyter_server.base.handlers.FileFindHandler",
    "jupyter_server.base.handlers.PublicStaticFileHandler",
    "jupyterhub.singleuser.extension.JupyterHubOAuthCallbackHandler",
}
# These only lead to another path of the same server, which is in the list too.
ONWARD = {
    "jupyter_server.base.handlers.RedirectWithParams",
    "jupyter_server.base.handlers.TrailingSlashHandler",
}
# These refuse, but fail at saying so, and then say nothing at all (jupyterlab_server 2.28).
NEVER_ANSWER = {"jupyterlab_server.licenses_handler.LicensesHandler"}
WORKSHOP = "maatwerk_live.server.jupyter."


@dataclass(frozen=True)
class Workshop:
    """A workshop that has begun: ``address`` is of the facilitator's server."""

    address: str
    code: str
    links: dict[str, str]

    def link(self, page: str) -> str:
        return self.links[page]


@pytest.fixture(scope="module")
def workshop(hub: Hub) -> Workshop:
    answer = hub.people[FACILITATOR].own("maatwerk-live/workshops", "POST", json={"lang": "nl"})
    assert answer.status_code == 201, answer.text
    begun: dict[str, str] = answer.json()
    links = {name: hub.address.rstrip("/") + begun[name] for name in ("stage", "board", "join")}
    return Workshop(f"{hub.address}user/{FACILITATOR}/", begun["code"], links)


def test_a_phone_without_an_account_votes_and_the_board_shows_it(hub: Hub, workshop: Workshop) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "Chromium is missing. On Debian or Ubuntu: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        stage = browser.new_page()
        phone = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True, locale="nl-NL")
        for page, name in ((stage, "stage"), (phone, "join")):
            page.set_default_timeout(PATIENCE * 1000)
            page.goto(workshop.link(name))
        phone.get_by_text("Je bent binnen").wait_for()
        # The code on the screen leads to the facilitator's server, through the hub.
        assert f"{workshop.address}maatwerk-live/join" in stage.content() + json.dumps(workshop.links)
        stage.locator("[data-command=open]").click()
        slider = phone.locator(".mwp-range-person")
        slider.focus()
        slider.press("ArrowUp")
        phone.locator(".status.good").wait_for()
        board = browser.new_page(viewport={"width": 1280, "height": 720})
        board.set_default_timeout(PATIENCE * 1000)
        board.goto(workshop.link("board"))
        expect(board.get_by_text("1 van 1")).to_be_visible(timeout=PATIENCE * 1000)
        # With the cookies that it has by now, the phone gets no further than the hub's login page.
        for path in ("lab", "tree", "files/00-start.ipynb"):
            answer = phone.goto(workshop.address + path)
            assert answer and "/hub/login" in phone.url, path
        for path in ("api/contents", "api/kernels"):
            answer = phone.goto(workshop.address + path)
            assert answer and answer.status == 403, path
        browser.close()


IN_A_NOTEBOOK = """
from pathlib import Path
from queue import Queue
from maatwerk_live.notebook.follow import Wanted, begin_following

news = Queue()
begin_following(Wanted("nl", Path("own.db"), False, ORIGIN), lambda **told: news.put(told))
while "stage" not in (told := news.get(timeout=180)):
    pass
print(told["stage"], Path("own.db").exists())
"""


def test_nobodys_coming_in_is_logged(hub: Hub, workshop: Workshop) -> None:
    """A log would hold the addresses of people who take part."""
    assert requests.get(workshop.links["join"], timeout=PATIENCE).status_code == 200
    told = (hub.folder / "log").read_text()
    for path in ("join", "ws/phone", "content/nl.json", "static/live/phone.js"):
        assert f"{FACILITATOR}/maatwerk-live/{path}" not in told, path


def test_a_notebook_of_the_facilitator_goes_on_with_the_workshop(hub: Hub, workshop: Workshop) -> None:
    origin = hub.address.rstrip("/")
    said = hub.people[FACILITATOR].run("nieuw.ipynb", IN_A_NOTEBOOK.replace("ORIGIN", repr(origin)))
    assert said.split() == [workshop.links["stage"].removeprefix(origin), "False"]


def test_without_a_login_every_other_route_is_shut(hub: Hub, workshop: Workshop) -> None:
    found = routes(hub)
    # The list is that of the real server: what one would most like to reach is in it.
    patterns = " ".join(route["pattern"] for route in found)
    for wanted in ("api/kernels", "api/contents", "lab/api/settings", "files/", "nbconvert", "maatwerk-live"):
        assert wanted in patterns, wanted
    # Jupyter protects its own kind of handlers; one of another kind, which may hand out files, must be known.
    others = {route["handler"] for route in found if not route["asks_for_login"] and not route["websocket"]}
    assert {one for one in others if not one.startswith(WORKSHOP)} <= OPEN | ONWARD
    got_in, closed = [], 0
    with requests.Session() as nobody:
        for route in found:
            address = hub.address.rstrip("/") + quote(example(route["pattern"]))
            for method in () if route["websocket"] else route["methods"]:
                status = asked(nobody, method, address, route["handler"])
                closed += status in SHUT
                if status not in SHUT:
                    got_in.append((status, method, route["handler"], address))
    public = {handler for _, _, handler, _ in got_in}
    assert {one for one in public if not one.startswith(WORKSHOP)} <= OPEN, got_in
    assert closed > 50
    # Nor does the workshop let just anybody begin one.
    assert f"{WORKSHOP}NewWorkshop" not in public


def test_without_a_login_no_websocket_leads_to_a_kernel(hub: Hub, workshop: Workshop) -> None:
    kernel = hub.people[FACILITATOR].own("api/kernels", "POST", json={"name": "python3"}).json()["id"]
    found = [route for route in routes(hub) if route["websocket"]]
    ours = {example(route["pattern"]) for route in found if route["handler"].startswith(WORKSHOP)}
    foreign = {example(route["pattern"]) for route in found} - ours
    foreign.add(f"/user/{FACILITATOR}/api/kernels/{kernel}/channels")
    assert len(ours) == 3 and len(foreign) >= 3
    for path in foreign:
        assert asyncio.run(refusal(hub.address, path)) in SHUT, path
    # A page of somebody else may not speak with the workshop either, though anybody may from its own pages.
    for path in ours:
        assert asyncio.run(refusal(hub.address, path, Origin="https://elsewhere.example")) == 403, path
        assert asyncio.run(refusal(hub.address, path, Origin=hub.address.rstrip("/"))) is None, path
    assert hub.people[FACILITATOR].own(f"api/kernels/{kernel}", "DELETE").status_code == 204


def test_without_a_login_real_files_and_tricks_with_paths_are_shut(hub: Hub, workshop: Workshop) -> None:
    for path in (
        "api/contents/00-start.ipynb",
        "files/00-start.ipynb",
        "nbconvert/html/00-start.ipynb",
        "lab/tree/00-start.ipynb",
        "doc/tree/00-start.ipynb",
        "view/00-start.ipynb",
        "metrics",
        "maatwerk-live/..%2f..%2fapi/contents",
        "maatwerk-live/static/live/..%2f..%2fjupyter.py",
        "maatwerk-live/static/live/%2e%2e/store.py",
        "maatwerk-live/static/widgets/form.js",
        "maatwerk-live/workshops",
        "%6daatwerk-live/../api/kernels",
        "lab?token=",
        "lab?token=wrong",
    ):
        # As it stands: requests would make the path tidy first.
        prepared = requests.Request("GET", workshop.address).prepare()
        prepared.url = workshop.address + path
        with requests.Session() as nobody:
            answer = nobody.send(prepared, timeout=PATIENCE, allow_redirects=False)
        assert answer.status_code in SHUT, (path, answer.status_code)
    # With a login of another person of the hub it is no different.
    for path in ("api/contents", "files/00-start.ipynb", "lab"):
        assert hub.people["sam"].ask(f"user/{FACILITATOR}/{path}").status_code == 403, path
    # The facilitator's page opens for everybody, and shows nothing without its token.
    said = asyncio.run(stage_says(hub.address, workshop.code, "wrong"))
    assert said == {"t": "bye", "reason": "forbidden"}


def asked(nobody: requests.Session, method: str, address: str, handler: str) -> int:
    """The status that somebody without a login gets."""
    body = b"{}" if method in ("POST", "PUT", "PATCH") else None
    seconds = 2 if handler in NEVER_ANSWER else PATIENCE
    try:
        answer = nobody.request(method, address, timeout=seconds, allow_redirects=False, data=body)
    except requests.ReadTimeout:
        assert handler in NEVER_ANSWER, (method, address)
        return 403
    return answer.status_code


def test_a_page_elsewhere_cannot_begin_a_workshop_in_the_facilitators_name(
    hub: Hub, workshop: Workshop
) -> None:
    """The browser of the facilitator sends their cookies along with whatever a page asks for."""
    begin = f"{workshop.address}maatwerk-live/workshops"
    with signed_in(hub.address, FACILITATOR) as browser:
        assert browser.get(f"{workshop.address}lab", timeout=PATIENCE).status_code == 200
        own = xsrf(browser, f"/user/{FACILITATOR}/")
        for headers in ({}, {"X-XSRFToken": "guessed"}, {"Origin": "https://elsewhere.example"}):
            answer = browser.post(begin, headers=headers, data=b"{}", timeout=PATIENCE)
            assert answer.status_code == 403, headers
        assert browser.post(begin, headers=own, data=b"{}", timeout=PATIENCE).status_code == 201


def routes(hub: Hub) -> list[dict[str, Any]]:
    """The routes of the facilitator's server, as it wrote them down itself."""
    found: list[dict[str, Any]] = json.loads((hub.home(FACILITATOR) / "routes.json").read_text())
    # Except those for every path, which lead to a page that says 404.
    return [route for route in found if route["pattern"].startswith(f"/user/{FACILITATOR}/")]


def example(pattern: str) -> str:
    """A path that the route takes."""
    once = settings(max_examples=1, phases=[Phase.generate], database=None)
    path: str = find(st.from_regex(pattern.rstrip("$"), fullmatch=True), lambda _: True, settings=once)
    return path


async def refusal(address: str, path: str, **headers: str) -> int | None:
    """The status with which a websocket is refused; ``None`` when it opens."""
    request = HTTPRequest(
        address.rstrip("/").replace("http", "ws", 1) + quote(path), headers=headers, connect_timeout=PATIENCE
    )
    try:
        connection = await websocket_connect(request)
    except HTTPClientError as error:
        return error.code
    connection.close()
    return None


async def stage_says(address: str, code: str, token: str) -> dict[str, Any]:
    """The first answer to somebody who says that they are the facilitator."""
    socket = address.replace("http", "ws", 1) + f"user/{FACILITATOR}/maatwerk-live/ws/stage"
    connection = await websocket_connect(socket, connect_timeout=PATIENCE)
    await connection.write_message(json.dumps({"t": "hello_stage", "v": 1, "code": code, "token": token}))
    said: dict[str, Any] = json.loads(await asyncio.wait_for(connection.read_message(), PATIENCE) or "{}")
    connection.close()
    return said
