"""A widget looks the same whatever was read after its own style sheet, and whatever page it stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from maatwerk import Language
from maatwerk_exercises.itembank import item_bank, items_by_key
from maatwerk_widgets.cards import PracticeCards
from maatwerk_widgets.form import QuestionForm, choice, group, option, select, step
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.loop_view import LoopView
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.plane import DecisionPlane
from maatwerk_widgets.profile import ProfileSliders
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.rounds_run import RoundsRun
from maatwerk_widgets.table_view import TableView

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Host


def form(lang: Language) -> QuestionForm:
    groups = [group([option("a", "Eerste"), option("b", "Tweede")])]
    questions = [choice("one", "Welke?", groups), select("two", "En welke?", groups)]
    return QuestionForm([step(questions, title="Kies", action="Kijk na")], lang=lang, values={"one": "a"})


WIDGETS: dict[str, Callable[[Language], Any]] = {
    "plane": DecisionPlane,
    "loyalties": LoyaltyScales,
    "profile": lambda lang: ProfileSliders(lang, positions={"vorm": 1}),
    "cards": PracticeCards,
    "circles": lambda lang: LoopView(("burgers",), lang),
    "game": RoundsRun,
    "form": form,
    "quiz": lambda lang: Quiz(items_by_key(item_bank(), ["chain.risicoregelreflex"]), lang),
    "table": lambda lang: TableView("5.1", lang),
}
# What JupyterLab's own style sheet asks of everything on its page.
JUPYTERLAB = """
.jp-ThemedContainer a, .jp-ThemedContainer a:hover { color: unset; text-decoration: unset; }
.jp-ThemedContainer button { border-radius: 2px; }
.jp-ThemedContainer button:focus-visible { outline: 1px solid red; outline-offset: -1px; }
.jp-ThemedContainer code { font-family: monospace; font-size: 13px; line-height: 1; }
:where(.jp-ThemedContainer) button { font-family: serif; }
"""
STYLES = """() => [...document.querySelectorAll("main .mw, main .mw *")].map((element) =>
  [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; ");
  }).join("\\n"))"""


def note(page: Page) -> None:
    """Keep how every element of the widget looks."""
    assert page.evaluate(f"(window.noted = ({STYLES})()).length") > 10


def changed(page: Page) -> int:
    """How many elements look otherwise than was noted."""
    return int(page.evaluate(f"({STYLES})().filter((looks, n) => looks !== window.noted[n]).length"))


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_keeps_its_looks_among_others_and_in_jupyterlab(host: Host, name: str) -> None:
    page = host.open(WIDGETS[name]("nl"), reduced_motion="reduce").page
    page.keyboard.press("Tab")
    focused = page.locator("main :focus-visible")
    if focused.count():
        assert focused.evaluate("element => getComputedStyle(element).outlineWidth") == "3px"
    note(page)
    page.add_style_tag(content="".join(looks(file.name) for file in STATIC.glob("*.css")))
    page.evaluate("document.body.classList.add('jp-ThemedContainer')")
    page.evaluate(
        "css => document.head.prepend(Object.assign(document.createElement('style'), { textContent: css }))",
        JUPYTERLAB,
    )
    assert changed(page) == 0
    page.add_style_tag(content=".mw-card { padding: 1px; }")
    assert changed(page) > 0
