"""How long the site takes in a cold and a warm browser: ``python -m benchmarks.site``, after ``make site``.

With Chromium, the site on loopback, every other address blocked. "First widget" is when the plane of
chapter 5 answers a key. Bytes are what goes over the line, compressed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from tests.browser.built_site import PATIENCE, chapter, served
from tests.browser.guarded import CHROMIUM_ARGUMENTS, chromium

MEGABYTE = 1_000_000


@contextmanager
def browser(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=list(CHROMIUM_ARGUMENTS),
        viewport={"width": 1280, "height": 900},
        locale="nl-NL",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def first_widget(context: BrowserContext, address: str) -> float:
    """Seconds from opening a chapter until its plane takes a key."""
    page = context.pages[0]
    began = monotonic()
    page.goto(address)
    slider = page.get_by_role("slider", name="persoon").first
    slider.wait_for()
    before = slider.input_value()
    slider.press("ArrowUp")
    assert slider.input_value() != before
    return monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("_site"))
    parser.add_argument("--visits", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(asked.site) as server, sync_playwright() as running:
        for number in range(asked.visits):
            profile = Path(folder) / str(number)
            address = chapter(server, "nl/05-doorbreken")
            for visit in ("first", "second"):
                server.sent = 0
                with browser(running, profile) as context:
                    took = first_widget(context, address)
                print(
                    f"{visit:<7} visit: first widget {took:5.1f} s, {server.sent / MEGABYTE:5.2f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
