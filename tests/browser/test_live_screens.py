"""What stands on the first screen of a laptop and of a small telephone, and what one takes along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from maatwerk import Language
from maatwerk_live.content import live_words
from playwright.sync_api import expect

from tests.live.clients import Running, live

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host

PATIENCE = 60_000
# All that the facilitator reaches for while the hall waits.
AT_HAND = (
    ".tiles",
    ".bar .clock",
    *(f"[data-command={name}]" for name in ("hide", "close", "timer", "open", "open_again", "undo", "end")),
    "[data-step=next]",
    ".moderate h2",
)
# What of the plane and of the ways on is not on the screen, or lies over something else.
HIDDEN = """() => {
  const box = (part) => document.querySelector(part).getBoundingClientRect();
  const [ways, board, across] = [box(".ways .main"), box(".mwp-drawing"), box(".mwp-head-group")];
  const found = [];
  if (document.documentElement.scrollHeight > innerHeight) found.push("the page scrolls");
  if (ways.bottom > innerHeight) found.push(`the way on ends at ${ways.bottom}`);
  if (across.bottom > ways.top) found.push(`the plane ends ${across.bottom - ways.top} too low`);
  if (board.width < 200) found.push(`the plane is ${board.width} wide`);
  for (const name of document.querySelectorAll(".mwp-corners .mwp-corner-name")) {
    const at = name.getBoundingClientRect();
    const inside = at.width && at.left >= board.left && at.right <= board.right;
    if (!inside) found.push(`outside: ${name.textContent}`);
  }
  const help = document.querySelector(".mwp-keys").getBoundingClientRect();
  if (help.height) found.push("help for a keyboard");
  return found;
}"""


def opened(host: Host, address: str, width: int, height: int, **options: object) -> Page:
    page = host.new_page(width, height, **options)
    page.set_default_timeout(PATIENCE)
    page.goto(address, wait_until="commit")
    return page


def phone(host: Host, running: Running, lang: str, width: int, height: int) -> Page:
    address = f"{running.address}join#{running.code}"
    return opened(host, address, width, height, has_touch=True, is_mobile=True, locale=lang)


def is_at_hand(stage: Page, selector: str) -> bool:
    box = stage.locator(selector).first.bounding_box()
    return box is not None and box["height"] > 0 and box["y"] + box["height"] <= 768


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_first_screens_a_step_that_was_done_and_what_one_takes_along(
    lang: Language, host: Host, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    words = live_words(lang)
    with live(tmp_path / "workshops.db", "--lang", lang) as running:
        stage = opened(host, f"{running.address}stage#{running.code}.{running.token}", 1366, 768)
        stage.get_by_label(words["plan_choose"]).select_option("45")
        stage.get_by_label(words["plan_choose"]).press("Tab")
        while not stage.locator("[data-step=do]").count():
            stage.keyboard.press("n")
        stage.keyboard.press("s")
        # A step that was done no longer asks to be carried out: a second press would wipe the first answers.
        expect(stage.locator(".step-done")).to_contain_text(words["plan_done"], timeout=PATIENCE)
        expect(stage.locator("[data-step=do]")).to_have_count(0)
        stage.keyboard.press("s")
        expect(stage.locator(".status")).to_have_text(words["plan_done_already"])
        # The clock that belongs to it is taken back first; the step stays done until nothing of it is left.
        expect(stage.locator(".bar .clock")).to_be_visible()
        stage.keyboard.press("u")
        expect(stage.locator(".bar .clock")).to_be_hidden()
        expect(stage.locator(".step-done")).to_be_visible()
        stage.keyboard.press("u")
        expect(stage.locator("[data-step=do]")).to_be_visible()
        stage.keyboard.press("s")
        expect(stage.locator(".step-done")).to_be_visible()
        expect(stage.locator(".bar .clock")).to_be_visible()
        assert [name for name in AT_HAND if not is_at_hand(stage, name)] == []

        small, usual = phone(host, running, lang, 320, 568), phone(host, running, lang, 390, 844)
        for page in (small, usual):
            page.locator(".mwp-drawing").wait_for()
            assert page.evaluate(HIDDEN) == []
            page.locator(".mwp-drawing").tap()
            expect(page.locator(".status.good")).to_have_text(words["saved"], timeout=PATIENCE)
            assert page.evaluate(HIDDEN) == []
        assert axe(small) == []
        # The question is not lost on a small screen.
        small.get_by_text(words["read_case"]).tap()
        expect(small.locator(".question.folded")).to_be_visible()

        stage.locator("[data-command=end]").click()
        expect(small.locator(".kept .chosen")).to_be_visible(timeout=PATIENCE)
        assert axe(small) == [] and axe(stage) == []
        with small.expect_download() as download:
            small.get_by_role("button", name=words["along_save"]).tap()
        assert download.value.suggested_filename == f"{words['along_file']}-{running.code}.html"
        saved = Path(download.value.path()).read_text(encoding="utf-8")
        assert small.locator(".kept .chosen").inner_text().strip() in saved
        assert "<script" not in saved and "http" not in saved
        small.get_by_role("button", name=words["along_wipe"]).tap()
        small.get_by_role("button", name=words["along_sure"]).tap()
        expect(small.get_by_text(words["along_wiped"])).to_be_visible()
        assert "place" not in small.evaluate("JSON.stringify(localStorage)")
        host.guard.forgive(running.address)
