"""A Chromium that may reach nothing but this machine, and whose pages are watched."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Of every other machine the address is unknown. Stopping a request on its way would switch the cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    # Chromium's address bar is made of pages too, which load with each window: half the work of a short test.
    # Of two such lists Chromium follows the last: this one holds what a page may notice of Playwright's own.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,MediaRouter,"
    "OptimizationHints,PaintHolding,ThirdPartyStoragePartitioning,Translate",
)
# Chromium says so in the console by itself; Firefox keeps it from who drives it.
FORBIDDEN = """addEventListener("securitypolicyviolation", (found) =>
  console.error("policy:", found.violatedDirective, found.blockedURI));"""


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
        """Note every request that would leave this machine, and every error."""
        context.add_init_script(FORBIDDEN)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "http://localhost:", "blob:", "data:")):
            self.complaints.append(f"request to {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        about = f"{message.text} {message.location['url']}"
        if message.type == "error" and not any(address in about for address in self.gone):
            self.complaints.append(f"console: {message.text}")
