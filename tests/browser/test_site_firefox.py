"""What is Firefox's own: it asks whether a site may keep data; and whatever a page may not do is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from built_site import served
from firefox import in_firefox
from guarded import Guard
from maatwerk_site.pages import TEXTS
from playwright.sync_api import Error, Playwright, expect, sync_playwright

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.flaky(reruns=1)]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def test_the_start_page_says_why_firefox_asks_to_keep_data(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    guard = Guard()
    with served(site) as server, in_firefox(playwright, tmp_path / "profile", guard) as visit:
        visit.page.goto(server.address)
        expect(visit.page.locator("#storage")).to_have_text(TEXTS["storage_asked"]["nl"])
    assert guard.complaints == []


def test_what_a_page_in_firefox_may_not_do_is_seen(
    site: Path, playwright: Playwright, tmp_path: Path
) -> None:
    guard = Guard()
    with served(site) as server, in_firefox(playwright, tmp_path / "profile", guard) as visit:
        visit.page.goto(server.address)
        visit.page.evaluate("fetch('https://planted.example/').catch(() => null)")
        with pytest.raises(Error):
            visit.page.goto("http://elsewhere.example/")
        visit.page.goto(server.address)
        visit.page.evaluate("setTimeout(() => { throw new Error('planted') })")
        visit.page.wait_for_timeout(500)
    seen = "\n".join(guard.complaints)
    for planted in (
        "connect-src https://planted.example/",
        "request to http://elsewhere.example/ HTTP/1.1",
        "uncaught: planted",
    ):
        assert planted in seen
