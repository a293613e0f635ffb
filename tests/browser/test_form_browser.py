"""The form, the feedback and the tables in a real browser: by keyboard, without losing a letter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import by_keyboard
import pytest
from maatwerk import LANGUAGES, Language, framework
from maatwerk_widgets.autosave import keep_safe
from maatwerk_widgets.feedback import FeedbackPanel, outcome
from maatwerk_widgets.form import QuestionForm, choice, group, option, step, text
from maatwerk_widgets.questions import exercise_steps, headings
from maatwerk_widgets.saving import AnswerKeeper
from maatwerk_widgets.table_view import TableView
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

tab_to = partial(by_keyboard.tab_to, most=80)
SAVED = {"state": "saved", "text": "Opgeslagen om 14:03"}
AT_REST = 600  # Longer than typing rests before it is sent.


def exercise(lang: Language = "nl", **values: Any) -> QuestionForm:
    return QuestionForm(exercise_steps(framework(), lang), values=values, lang=lang, status=SAVED)


def one_text(value: str = "") -> QuestionForm:
    return QuestionForm([step([text("words", "Woorden", "Schrijf iets")])], values={"words": value})


def panel(lang: Language) -> FeedbackPanel:
    given = FeedbackPanel(lang, scored=True, status=SAVED, notices=["Er is iets bijzonders."])
    given.show_outcomes(
        [outcome(f"Deel {p}", p, 2, "Uitleg.", "tabel 5.2", lang) for p in (0.0, 2 / 3, 2.0)],
    )
    return given


def checked(lang: Language = "nl", **state: Any) -> QuestionForm:
    options = [group([option("a", "Eerste"), option("b", "Tweede")])]
    return QuestionForm([step([choice("one", "Welke?", options)], action="Kijk na")], lang=lang, **state)


WIDGETS: dict[str, Callable[[Language], Any]] = {
    "form": lambda lang: exercise(
        lang, tension="precedent", effects={"manager": {"nadeel": "complex-geheel"}}
    ),
    "headings": lambda lang: QuestionForm(headings(lang), lang=lang, status=SAVED),
    "feedback": panel,
    "form with a button": lambda lang: checked(
        lang, values={"one": "a"}, reply={"state": "right", "text": "Dat klopt."}
    ),
    "table of variants": lambda lang: TableView("5.1", lang),
    "table of practices": lambda lang: TableView("2.2", lang),
    "table with a note": lambda lang: TableView("5.3", lang),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], name: str, lang: Language
) -> None:
    for width, dark in ((1280, False), (320, True)):
        page = host.open(WIDGETS[name](lang), width=width, dark=dark).page
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_long_dutch_word_in_an_english_answer_breaks_on_a_telephone(host: Host) -> None:
    """Beside the text of a notebook, JupyterLab leaves this much of a telephone's window."""
    page = host.open(exercise("en"), width=240).page
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_whole_form_is_filled_by_keyboard_alone(host: Host) -> None:
    shown = host.open(exercise())
    page = shown.page
    tab_to(page, page.get_by_role("radio", name="Eerlijk verdelen"))
    page.keyboard.press("ArrowDown")
    for row, side in (("Burger", "Voordeel"), ("Burger", "Nadeel"), ("Manager", "Voordeel")):
        tab_to(page, page.get_by_role("group", name=row, exact=True).get_by_label(side))
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("radio", name="Verschil merken, om gelijkheid vragen"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("radio", name="Burgers"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("radio", name="Standaardisatie"))
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_label("Wat is het sterkste voordeel"))
    page.keyboard.press("ArrowDown")
    for label in ("Zeg het in je eigen woorden", "Wanneer zou je van mening", "Leg je besluit uit"):
        tab_to(page, page.get_by_label(label))
        page.keyboard.type(f"Over: {label.lower()}")
    page.keyboard.press("Tab")
    edits = shown.state("edits")
    assert set(edits.pop("effects")) == {"burger", "manager"}
    assert framework().statements[edits.pop("counter_statement")].side == "voordeel"
    assert edits == {
        "tension": "proportionaliteit",
        "dynamic": "burgers",
        "dynamic_actor": "uitvoeringsambtenaren",
        "counter_variant": "standaardmaatwerk",
        "counter_argument": "Over: zeg het in je eigen woorden",
        "change_mind": "Over: wanneer zou je van mening",
        "justification": "Over: leg je besluit uit",
    }


def test_the_tensions_stand_in_a_group_per_loyalty(host: Host) -> None:
    page = host.open(exercise()).page
    for loyalty in framework().loyalties.values():
        group = page.get_by_role("group", name=loyalty.short["nl"], exact=True)
        expect(group.get_by_role("radio")).to_have_count(len(loyalty.tensions))
    page.get_by_role("radio", name="Krappe capaciteit").check()
    page.get_by_role("radio", name="Rechtmatigheid").check()
    expect(page.locator("input:checked")).to_have_count(1)


def test_earlier_answers_are_back(host: Host) -> None:
    form = exercise(
        tension="precedent",
        effects={"burger": {"nadeel": "averechtse-regels"}},
        counter_statement="beheersbaarheid",
        justification="Regel een.\nRegel twee.",
    )
    page = host.open(form).page
    expect(page.get_by_role("radio", name="Een voorbeeld voor later")).to_be_checked()
    burger = page.get_by_role("group", name="Burger", exact=True)
    expect(burger.get_by_label("Nadeel")).to_have_value("averechtse-regels")
    expect(burger.get_by_label("Voordeel")).to_have_value("")
    expect(page.get_by_label("Leg je besluit uit")).to_have_value("Regel een.\nRegel twee.")


def test_a_choice_can_be_taken_back(host: Host) -> None:
    shown = host.open(exercise(effects={"burger": {"nadeel": "averechtse-regels"}}))
    shown.page.get_by_role("group", name="Burger", exact=True).get_by_label("Nadeel").select_option("")
    assert shown.state("edits") == {"effects": {}}


# --- typing ---


def area(shown: Hosted) -> Any:
    return shown.page.get_by_label("Woorden")


def test_typing_is_sent_when_it_rests(host: Host) -> None:
    shown = host.open(one_text())
    area(shown).press_sequentially("abc")
    shown.page.wait_for_timeout(AT_REST)
    assert shown.state("edits") == {"words": "abc"}
    expect(area(shown)).to_be_focused()


def test_an_echo_of_older_typing_does_not_touch_newer_typing(host: Host) -> None:
    shown = host.open(one_text())
    area(shown).press_sequentially("abc")
    shown.page.wait_for_timeout(AT_REST)
    area(shown).press_sequentially("de")
    shown.receive("values", {"words": "abc"})
    expect(area(shown)).to_have_value("abcde")
    shown.page.wait_for_timeout(AT_REST)
    shown.receive("values", {"words": "abc"})
    expect(area(shown)).to_have_value("abcde")
    shown.receive("values", {"words": "abcde"})
    area(shown).press_sequentially("f")
    expect(area(shown)).to_have_value("abcdef")


def test_the_caret_stays_where_it_is_when_python_confirms(host: Host) -> None:
    shown = host.open(one_text("een twee"))
    area(shown).focus()
    area(shown).evaluate("element => element.setSelectionRange(3, 3)")
    shown.page.keyboard.type("!")
    shown.page.wait_for_timeout(AT_REST)
    shown.receive("values", {"words": "een! twee"})
    shown.page.keyboard.type("?")
    expect(area(shown)).to_have_value("een!? twee")


def test_what_another_tab_saved_comes_in(host: Host) -> None:
    shown = host.open(one_text("hier"))
    shown.receive("values", {"words": "daar"})
    expect(area(shown)).to_have_value("daar")
    area(shown).press_sequentially("!")
    area(shown).blur()
    assert shown.state("edits") == {"words": "daar!"}


@pytest.mark.parametrize("event", ["pagehide", "beforeunload"])
def test_the_last_words_go_along_when_the_page_goes(host: Host, event: str) -> None:
    shown = host.open(one_text())
    area(shown).press_sequentially("nog net")
    shown.page.evaluate("name => window.dispatchEvent(new Event(name))", event)
    assert shown.state("edits") == {"words": "nog net"}


def test_the_last_words_go_along_when_the_widget_goes(host: Host) -> None:
    shown = host.open(one_text())
    area(shown).press_sequentially("nog net")
    shown.page.evaluate("hosted.cleanups[0]()")
    assert shown.state("edits") == {"words": "nog net"}
    assert shown.listeners() == 0


def test_a_silent_notebook_is_reported_and_the_saved_mark_goes(host: Host, tmp_path: Path) -> None:
    form = QuestionForm([step([text("words", "Woorden")], title="Titel")], status=SAVED)
    keeper = AnswerKeeper("key", "nl", tmp_path / "answers.json")
    form.set_trait("watches", keep_safe(form, keeper, "nl", ["words"], lambda: form.values, lambda: None))
    shown = host.open(form)
    expect(shown.page.get_by_text("Opgeslagen om 14:03")).to_be_visible()
    shown.page.clock.install()
    area(shown).fill("hallo")
    area(shown).blur()
    expect(shown.page.get_by_text("Wordt opgeslagen")).to_be_visible()
    expect(shown.page.get_by_text("Opgeslagen om 14:03")).to_have_count(0)
    shown.page.clock.run_for(3100)
    expect(shown.page.get_by_role("status")).to_contain_text("De cursus antwoordt niet")
    expect(shown.page.locator(".mwf-status")).to_have_text("Nog niet opgeslagen")
    shown.receive("values", {"words": "hallo"})
    # That it is shown is not yet that it is written.
    expect(shown.page.locator(".mwf-status")).to_have_text("Nog niet opgeslagen")
    taken = {"revision": shown.state("edited")["revision"], "state": "saved", "base": {"words": '"hallo"'}}
    shown.receive("taken", taken)
    expect(shown.page.locator(".mw-bar")).to_have_count(0)
    expect(shown.page.get_by_text("Opgeslagen om 14:03")).to_be_visible()


def test_a_pasted_text_that_is_too_long_stays_whole_and_it_is_said(host: Host) -> None:
    """Once 25,000 pasted characters were cut off at 20,000 in mid-word, under 'saved'."""
    shown = host.open(one_text())
    words = "0123456789" * 2500
    area(shown).fill(words)
    area(shown).blur()
    assert shown.state("edits") == {"words": words}
    expect(area(shown)).to_have_value(words)
    expect(shown.page.locator(".mwf-long")).to_contain_text("25000 tekens, waar er 20000 passen")
    area(shown).fill("kort")
    expect(shown.page.locator(".mwf-long")).to_have_text("")


def test_a_text_field_grows_with_the_text(host: Host) -> None:
    shown = host.open(one_text())
    before = area(shown).bounding_box()["height"]
    area(shown).fill("regel\n" * 20)
    assert area(shown).bounding_box()["height"] > before + 200
    assert area(shown).evaluate("element => element.scrollHeight <= element.clientHeight + 1")


# --- what is said ---


def test_a_button_asks_for_an_answer_and_it_is_read_out(host: Host) -> None:
    shown = host.open(checked())
    shown.page.get_by_role("radio", name="Eerste").check()
    shown.page.get_by_role("button", name="Kijk na").press("Enter")
    assert shown.state("pressed") == 1
    shown.receive("reply", {"state": "right", "text": "Dat klopt."})
    expect(shown.page.get_by_role("status")).to_have_text("Dat klopt.")


def test_the_feedback_says_every_mark_in_words(host: Host) -> None:
    page = host.open(panel("nl")).page
    items = page.get_by_role("listitem")
    for item, words in zip(items.all(), ("Nog niet", "Deels", "Helemaal"), strict=True):
        expect(item).to_contain_text(words)
        expect(item).to_contain_text("(tabel 5.2)")
    expect(items.nth(1)).to_contain_text("0,7 van 2 punten")
    expect(page.get_by_text("Samen: 2,7 van 6 punten")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Opgeslagen om 14:03")
    expect(page.get_by_role("alert")).to_have_text("Er is iets bijzonders.")


def test_only_the_saved_state_is_a_polite_live_region(host: Host) -> None:
    page = host.open(panel("nl")).page
    live = page.locator("[aria-live], [role=status], [role=alert], output")
    assert [element.get_attribute("role") for element in live.all()] == ["alert", "status"]
    expect(live.get_by_role("listitem")).to_have_count(0)


def test_a_notice_that_was_there_is_not_said_again(host: Host) -> None:
    shown = host.open(panel("nl"))
    shown.page.evaluate("window.first = document.querySelector('[role=alert] p')")
    shown.receive("notices", ["Er is iets bijzonders."])
    assert shown.page.evaluate("window.first.isConnected")
