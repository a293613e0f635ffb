"""A real Chromium, and a bare page that shows one of our widgets without Jupyter.

Every page is guarded: it may reach nothing but this machine, and an error in its console fails the test.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anywidget
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from guarded import CHROMIUM_ARGUMENTS, Guard, chromium
from lab import PATIENCE, StartedCourse, started_course
from maatwerk_site.build import build
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HOST = Path(__file__).parent / "host"
# What a page has to show may take long on a busy machine; whether it shows it is what is tested.
expect.set_options(timeout=PATIENCE)
WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@dataclass(frozen=True)
class Hosted:
    """One widget on the bare page. ``number`` tells it from others on the same page."""

    page: Page
    number: int

    def state(self, name: str) -> Any:
        """A trait's value as Python would have it: only what the widget saved."""
        return self.page.evaluate("([n, name]) => hosted.models[n].saved[name]", [self.number, name])

    def receive(self, name: str, value: object) -> None:
        """Change a trait from the Python side."""
        self.page.evaluate(
            "([n, name, value]) => hosted.models[n].set(name, value)", [self.number, name, value]
        )

    def listeners(self) -> int:
        """How many listeners the model has."""
        return int(self.page.evaluate("n => hosted.models[n].listenerCount", self.number))


@dataclass(frozen=True)
class Host:
    """Makes guarded pages, and shows widgets on them."""

    browser: Browser
    address: str
    guard: Guard
    contexts: list[BrowserContext] = field(default_factory=list)

    def new_page(self, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """An empty, guarded page; ``options`` go to Playwright's ``new_context``."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        self.guard.watch(context)
        self.contexts.append(context)
        return context.new_page()

    def open(
        self,
        widget: Any,
        *,
        width: int = 1280,
        views: int = 1,
        dark: bool = False,
        minimal: bool = False,
        page: Page | None = None,
        **options: Any,
    ) -> Hosted:
        """Show the state of a real widget object on a bare page.

        Parameters
        ----------
        widget : anywidget.AnyWidget
            Gives its module, style and state.
        width : int
            Of the window, in CSS pixels.
        views : int
            How many times to show it over one and the same model.
        dark : bool
            Whether the page around it has JupyterLab's dark background.
        minimal : bool
            Whether the model lacks ``off``, which a host need not have.
        page : Page, optional
            Show it below what is already on this page.
        """
        if page is None:
            page = self.new_page(width, **options)
            page.goto(self.address)
            page.wait_for_function("window.hostReady === true")
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
        number = page.evaluate(
            "given => show(given)",
            {
                "module": str(widget._esm),
                "css": str(getattr(widget, "_css", "")),
                "state": front_end_state(widget),
                "views": views,
                "minimal": minimal,
            },
        )
        return Hosted(page, number)

    def close(self) -> None:
        """Close all pages."""
        for context in self.contexts:
            context.close()


def front_end_state(widget: Any) -> dict[str, Any]:
    """The traits that the front end gets, without those of ipywidgets itself."""
    foreign = {*anywidget.AnyWidget.class_trait_names(), "_esm", "_css", "_anywidget_id"}
    return {name: value for name, value in widget.get_state().items() if name not in foreign}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. One a module: Playwright's event loop may not outlive the browser tests."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def dutch_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartedCourse]:
    """The Dutch course as `maatwerk start` opens it.

    One start serves all its tests: mark them ``xdist_group("lab")``.
    """
    with started_course(tmp_path_factory.mktemp("home"), "nl") as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as a site.

    One build serves all its tests: mark them ``xdist_group("site")``.
    """
    folder = tmp_path_factory.mktemp("site") / "built"
    build(folder)
    return folder


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def host_address() -> Iterator[str]:
    """Where the bare page is served, on this machine only."""
    handler = functools.partial(_QuietHandler, directory=str(HOST))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def host(browser: Browser, host_address: str) -> Iterator[Host]:
    """Shows widgets on guarded pages, and fails the test when a page misbehaved."""
    given = Host(browser, host_address, Guard())
    yield given
    given.close()
    assert given.guard.complaints == []


@pytest.fixture
def page(host: Host) -> Page:
    """An empty, guarded page."""
    return host.new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Axe's findings on a page against WCAG 2.2 A and AA; an empty list when there are none."""

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE_SCRIPT)
        result = page.evaluate("tags => axe.run({ runOnly: tags })", list(WCAG_TAGS))
        return [
            f"{violation['id']}: {node['html']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return violations
