"""A Chromium that may reach nothing but this machine, and whose pages are watched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Route

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium() -> str:
    """Where Chromium is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("Chromium is missing. On Debian or Ubuntu: apt-get install -y chromium", pytrace=False)
    return found


@dataclass
class Guard:
    """What a page did that it may not do."""

    complaints: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def forgive(self, address: str) -> None:
        """From now on there is no server at this address: a browser says so, each time in other words."""
        self.gone.append(address.partition("//")[2])

    def watch(self, context: BrowserContext) -> None:
        """Block and note every request that would leave this machine; note every error."""
        context.route("**/*", self._route)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))

    def _route(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "http://localhost:", "blob:", "data:")):
            route.continue_()
        else:
            self.complaints.append(f"request to {url}")
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(address in message.text for address in self.gone):
            self.complaints.append(f"console: {message.text}")
