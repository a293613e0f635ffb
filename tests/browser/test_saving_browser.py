"""'Saved' is said only of what Python wrote; whatever happens to Python, nothing of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kept import CHAPTER, MAKERS, KeptPage
from maatwerk import LANGUAGES
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host

FIELDS = {
    "plane": "plane.before",
    "loyalties": "scales.before",
    "profile": "profile.before",
    "cards": "cards.before",
    "text": "reflection.first-reason",
    "quiz": "recall.overvraagd",
    "rounds": "rounds.before",
}


def fill_in(page: Page, part: str) -> None:
    """Answer one widget, as a learner does."""
    if part == "cards":
        page.locator(".mwc-one button").first.click()
        page.get_by_role("slider").first.press("ArrowUp")
    elif part == "text":
        page.get_by_role("textbox").press_sequentially("Omdat het kan.")
        page.get_by_role("textbox").blur()
    elif part == "quiz":
        page.get_by_role("radio").first.check()
        page.get_by_role("radio").last.check()
        page.get_by_role("button").first.click()
    elif part == "loyalties":
        page.get_by_role("button", name="meer voor").first.click()
    elif part == "rounds":
        page.get_by_role("combobox").select_option(index=1)
    else:
        page.get_by_role("slider").first.press("ArrowUp")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


@pytest.fixture
def opened(host: Host, path: Path) -> Iterator[Callable[..., KeptPage]]:
    def open_page(*parts: str, lang: str = "nl", page: Page | None = None, **options: Any) -> KeptPage:
        return KeptPage(host, path, parts, page or host.new_page(**options), lang)

    yield open_page


def kept(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))["answers"].get(CHAPTER, {}) if path.exists() else {}


def bar(page: Page) -> Any:
    return page.locator(".mw-bar")


@pytest.mark.parametrize("part", MAKERS)
def test_saved_is_said_after_python_wrote_it_and_not_before(
    opened: Callable[..., KeptPage], path: Path, part: str
) -> None:
    shown = opened(part)
    fill_in(shown.page, part)
    shown.page.wait_for_function("outbox.length > 0")
    assert "Opgeslagen" not in "".join(shown.pills())
    # Python wrote it, but its answer is still on its way.
    shown.carry(back=False)
    assert kept(path)
    assert "Opgeslagen" not in "".join(shown.pills())
    shown.settle()
    assert "Opgeslagen" in "".join(shown.pills())
    assert shown.drafts() == []


@pytest.mark.parametrize("part", MAKERS)
def test_when_python_is_gone_it_is_told_in_sight_and_a_reload_saves_it(
    opened: Callable[..., KeptPage], path: Path, part: str
) -> None:
    """Once one typed on under a green 'saved'; the plane, loyalties, profile and cards said nothing."""
    shown = opened(part)
    page = shown.page
    shown.kill()
    fill_in(page, part)
    expect(bar(page)).to_contain_text("Nog niet opgeslagen")
    expect(bar(page).get_by_role("status")).to_contain_text("in deze browser bewaard")
    expect(page.locator(".mwb-status").first).to_have_text("Nog niet opgeslagen")
    assert kept(path) == {}
    shown.open()
    shown.settle()
    assert FIELDS[part] in kept(path)
    assert shown.drafts() == []
    expect(bar(page)).to_have_count(0)
    expect(page.locator(".mwb-status").first).to_contain_text("Opgeslagen")


def test_a_python_that_begins_anew_below_an_open_page_gets_what_the_old_one_missed(
    opened: Callable[..., KeptPage], path: Path
) -> None:
    shown = opened("text", "plane")
    shown.kill()
    fill_in(shown.page, "text")
    fill_in(shown.page, "plane")
    shown.begin()
    shown.settle()
    assert set(kept(path)) == {FIELDS["text"], FIELDS["plane"]}
    assert shown.drafts() == []


def test_a_slow_answer_is_told_and_taken_back_when_it_comes(opened: Callable[..., KeptPage]) -> None:
    shown = opened("text")
    fill_in(shown.page, "text")
    expect(bar(shown.page)).to_be_visible()
    shown.settle()
    expect(bar(shown.page)).to_have_count(0)


def test_a_full_disk_is_told_and_what_was_typed_goes_along_later(
    opened: Callable[..., KeptPage], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened("text")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as no_room:
        no_room.setattr("maatwerk_learner.store.write_whole", full)
        fill_in(shown.page, "text")
        shown.page.wait_for_function("outbox.length > 0")
        shown.settle()
        expect(bar(shown.page)).to_be_visible()
        expect(shown.page.locator(".mwb-status").first).to_contain_text("Nog niet opgeslagen")
        assert kept(path) == {}
    shown.page.wait_for_function("outbox.length > 0")
    shown.settle()
    assert kept(path) == {FIELDS["text"]: "Omdat het kan."}
    expect(bar(shown.page)).to_have_count(0)


def test_what_python_wrote_before_it_was_killed_is_no_other_answer(
    opened: Callable[..., KeptPage], path: Path
) -> None:
    shown = opened("text")
    box = shown.page.get_by_role("textbox")
    box.press_sequentially("Eerst")
    shown.page.wait_for_function("outbox.length > 0")
    shown.carry(back=False)
    shown.kill()
    box.press_sequentially(" en toen")
    box.blur()
    shown.open()
    shown.settle()
    assert kept(path) == {FIELDS["text"]: "Eerst en toen"}
    expect(shown.page.get_by_text("Er zijn twee antwoorden")).to_have_count(0)


def test_of_two_windows_both_answers_are_shown_and_the_other_one_can_be_taken(
    opened: Callable[..., KeptPage], path: Path
) -> None:
    first = opened("text")
    context = first.page.context
    second = opened("text", page=context.new_page())
    for shown, words in ((first, "uit het eerste"), (second, "uit het tweede")):
        shown.page.get_by_role("textbox").press_sequentially(words)
        shown.page.get_by_role("textbox").blur()
    first.settle()
    second.settle()
    choice = second.page.locator(".mwb-conflict")
    expect(choice).to_contain_text("uit het eerste")
    expect(choice).to_contain_text("uit het tweede")
    # The other window no longer shows as current what is not.
    first.settle()
    expect(first.page.get_by_role("textbox")).to_have_value("uit het tweede")
    # Also after a reload, until one was chosen.
    second.open()
    second.page.get_by_role("button", name="Neem het andere antwoord").click()
    second.settle()
    assert kept(path) == {FIELDS["text"]: "uit het eerste"}
    expect(second.page.get_by_role("textbox")).to_have_value("uit het eerste")
    expect(choice).to_have_count(0)
    second.open()
    expect(choice).to_have_count(0)


def test_a_browser_that_keeps_nothing_says_to_copy_the_text(opened: Callable[..., KeptPage]) -> None:
    shown = opened("text")
    shown.page.evaluate("() => void (Storage.prototype.setItem = () => { throw new Error('full'); })")
    shown.kill()
    fill_in(shown.page, "text")
    expect(bar(shown.page).get_by_role("status")).to_contain_text("Kopieer eerst je tekst")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_while_it_is_not_saved_and_at_a_choice(
    opened: Callable[..., KeptPage], axe: Callable[[Page], list[str]], path: Path, lang: str, width: int
) -> None:
    shown = opened("text", "plane", lang=lang, width=width)
    other = opened("text", lang=lang, page=shown.page.context.new_page())
    for one in (other, shown):
        fill_in(one.page, "text")
        one.page.get_by_role("textbox").press_sequentially(f" {one is other}")
        one.page.get_by_role("textbox").blur()
        one.settle()
    shown.kill()
    fill_in(shown.page, "plane")
    expect(bar(shown.page)).to_be_visible()
    expect(shown.page.locator(".mwb-conflict")).to_be_visible()
    assert axe(shown.page) == []
    assert shown.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
