"""The page that other browser tests stand on does catch what it should catch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import anywidget
import traitlets

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host


class Tiny(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      label.append("Naam ", input);
      input.addEventListener("input", () => { model.set("text", input.value); model.save_changes(); });
      el.append(label);
    } };
    """
    _css = ""
    text = traitlets.Unicode("").tag(sync=True)
    lang = traitlets.Unicode("nl").tag(sync=True)


def test_the_page_carries_what_is_typed_to_the_model(host: Host) -> None:
    shown = host.open(Tiny(lang="en"))
    shown.page.get_by_label("Naam").fill("hoi")
    assert shown.state("text") == "hoi"
    assert shown.page.locator("html").get_attribute("lang") == "en"


def test_axe_finds_a_control_that_lost_its_label(host: Host, axe: Callable[[Page], list[str]]) -> None:
    page = host.open(Tiny()).page
    assert axe(page) == []
    page.evaluate("document.querySelector('label').replaceWith(document.querySelector('input'))")
    assert any(found.startswith("label:") for found in axe(page))


def test_axe_looks_at_the_size_of_targets(host: Host, axe: Callable[[Page], list[str]]) -> None:
    page = host.open(Tiny()).page
    page.evaluate(
        "document.querySelector('main').innerHTML = "
        "'<button style=\"width:9px;height:9px;padding:0\">a</button>'.repeat(2)"
    )
    assert any(found.startswith("target-size:") for found in axe(page))


def test_a_request_to_elsewhere_and_an_error_are_noticed(host: Host) -> None:
    page = host.open(Tiny()).page
    with page.expect_console_message(lambda message: "planted" in message.text):
        page.evaluate("fetch('https://example.org/').catch(() => console.error('planted'))")
    noticed = list(host.guard.complaints)
    host.guard.complaints.clear()
    assert any("example.org" in complaint for complaint in noticed)
    assert any("planted" in complaint for complaint in noticed)
