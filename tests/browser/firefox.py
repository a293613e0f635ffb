"""Debian's Firefox, which may reach nothing but this machine, and whose pages are watched.

Playwright drives it by WebDriver BiDi, the protocol that Firefox itself speaks.
"""

from __future__ import annotations

import shutil
import socketserver
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from built_site import PATIENCE
from guarded import Guard
from playwright.sync_api import Playwright
from visit import Visit

# Firefox asks its maker for settings, whatever page it shows.
ITS_MAKER = ".mozilla.com:443"


@dataclass(frozen=True)
class VisitInFirefox(Visit):
    """Playwright does not hear of a file that Firefox saves; the folder for such files tells."""

    downloads: Path

    def downloaded(self, button: str, file: Path) -> Path:
        self.page.get_by_role("button", name=button).press("Enter")
        until = time.monotonic() + PATIENCE / 1000
        while not (found := [one for one in self.downloads.glob("*") if zipfile.is_zipfile(one)]):
            assert time.monotonic() < until, "no file was saved"
            self.page.wait_for_timeout(200)
        return found[0].replace(file)


@contextmanager
def in_firefox(playwright: Playwright, profile: Path, guard: Guard) -> Iterator[Visit]:
    """A Firefox that keeps what a person's would keep; closed at the end of the block."""
    with _Outside(guard) as outside:
        thread = threading.Thread(target=outside.serve_forever, daemon=True)
        thread.start()
        downloads = profile.with_name("downloads")
        context = playwright.firefox.launch_persistent_context(
            profile,
            channel="moz-firefox",
            executable_path=_executable(),
            firefox_user_prefs=outside.preferences(),
            downloads_path=downloads,
            viewport={"width": 1280, "height": 900},
            locale="nl-NL",
        )
        context.set_default_timeout(PATIENCE)
        guard.watch(context)
        yield VisitInFirefox(context.pages[0], downloads)
        context.close()
        outside.shutdown()
        thread.join()


def _executable() -> str:
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        pytest.fail("Firefox is missing. On Debian: apt-get install -y firefox-esr", pytrace=False)
    return found


class _Outside(socketserver.ThreadingTCPServer):
    """All the world but this machine: a proxy that notes what is asked, and gives nothing."""

    daemon_threads = True

    def __init__(self, guard: Guard) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.guard = guard

    def preferences(self) -> dict[str, str | float | bool]:
        """Firefox's own preferences with which it comes here for every other address."""
        host, port = self.server_address[:2]
        return {
            "network.proxy.type": 1,
            "network.proxy.http": str(host),
            "network.proxy.http_port": int(port),
            "network.proxy.ssl": str(host),
            "network.proxy.ssl_port": int(port),
            "ui.prefersReducedMotion": 1,
            # Firefox shows what was saved in a window of its own, which takes the keys.
            "browser.download.alwaysOpenPanel": False,
        }


class _Refusal(socketserver.StreamRequestHandler):
    server: _Outside

    def handle(self) -> None:
        _method, _sep, asked = self.rfile.readline().decode().strip().partition(" ")
        if asked and not asked.partition(" ")[0].endswith(ITS_MAKER):
            self.server.guard.complaints.append(f"request to {asked}")
