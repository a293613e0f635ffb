"""The three plans, played to the end by keyboard alone. Run by hand: it takes some minutes for each.

``python -m tests.browser.play_plans --lang en --browser firefox --plan 90``; with ``MAATWERK_SHOTS=FOLDER``
each step is photographed in the sizes of halls, laptops and telephones.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from axe_playwright_python.base import AXE_SCRIPT
from guarded import CHROMIUM_ARGUMENTS, Guard, chromium
from maatwerk_live.content import live_words
from maatwerk_live.core.plans import read_plans
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.conftest import WCAG_TAGS, Host
from tests.browser.test_live_workshop import PATIENCE, ByKeyboard, Hall, board, facilitator, opened, workshop


class KeysOnly(ByKeyboard):
    """Somebody who places where they are asked to, by keys."""

    def tab_to(self, target: Locator) -> None:
        # Firefox gives keys to the window in front.
        self.page.bring_to_front()
        super().tab_to(target)

    def place(self, across: float, upwards: float) -> None:
        self.tab_to(self.page.locator(".mwp-place"))
        self.page.keyboard.press("Enter")
        for part, more, less in ((across, "ArrowRight", "ArrowLeft"), (upwards, "ArrowUp", "ArrowDown")):
            points = round(100 * part) - 50
            key = more if points > 0 else less
            for _ in range(abs(points) // 10):
                self.page.keyboard.press(f"Shift+{key}")
            for _ in range(abs(points) % 10):
                self.page.keyboard.press(key)


@contextmanager
def running(name: str) -> Iterator[Browser]:
    """Chromium or Firefox."""
    with sync_playwright() as playwright:
        if name == "firefox":
            found = shutil.which("firefox-esr") or shutil.which("firefox")
            yield playwright.firefox.launch(channel="moz-firefox", executable_path=found)
        else:
            yield playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))


def axe(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE_SCRIPT)
    result = page.evaluate("tags => axe.run({ runOnly: tags })", list(WCAG_TAGS))
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in result["violations"]]


def play(browser: Browser, lang: str, plan: str, people: int) -> int:
    """How many steps were played; what is not as it should be raises."""
    words = live_words(lang)  # type: ignore[arg-type]
    host = Host(browser, "", Guard())
    steps = read_plans().plans[plan].steps.values()
    with tempfile.TemporaryDirectory() as folder, workshop(host, Path(folder), "--lang", lang) as server:
        stage, screen = facilitator(host, server), board(host, server)
        expect(screen.locator(".qr path").first).to_be_attached()
        pages = [
            opened(host, f"{server.address}join#{server.code}", 360, 740, locale=lang) for _ in range(people)
        ]
        for page in pages:
            expect(page.get_by_role("heading", name=words["inside"])).to_be_visible()
        hall = Hall(lang, stage, screen, [KeysOnly(page, words) for page in pages], axe)  # type: ignore[arg-type]
        hall.choose(plan)
        for number, step in enumerate(steps):
            if number:
                hall.next()
            hall.play(step)
            print(f"{lang} {plan}: {step.key}", flush=True)
        host.close()
    assert host.guard.complaints == []
    return len(steps)


def main() -> None:
    """Play what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", nargs="*", default=["nl", "en"])
    parser.add_argument("--plan", nargs="*", default=list(read_plans().plans))
    parser.add_argument("--browser", nargs="*", default=["chromium", "firefox"])
    parser.add_argument("--people", type=int, default=12)
    given = parser.parse_args()
    expect.set_options(timeout=PATIENCE)
    for name in given.browser:
        with running(name) as browser:
            for lang in given.lang:
                for plan in given.plan:
                    began = time.monotonic()
                    played = play(browser, lang, plan, given.people)
                    took = time.monotonic() - began
                    print(
                        f"{name} {lang} {plan}: {played} steps, {given.people} phones, {took:.0f} s",
                        flush=True,
                    )
            browser.close()


if __name__ == "__main__":
    main()
