"""The quiz in a real browser: by keyboard and by touch, read out, and with the marking in Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import by_keyboard
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.itembank import item_bank, items_by_key
from maatwerk_widgets.quiz import Quiz
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

tab_to = partial(by_keyboard.tab_to, most=60)
BANK = item_bank()
KINDS = {
    "cell.complex-geheel": "hardheidsclausule",
    "match-meaning.1": {"duo": "duo", "cjib": "duo", "cak": "duo", "ivho": "duo"},
    "chain.risicoregelreflex": ["meer", "incident", "tegenvaller", "maatregel"],
    "place-scene.brand": {"person": 20, "group": 70},
}


def quiz(*keys: str, lang: Language = "nl") -> Quiz:
    return Quiz(items_by_key(BANK, keys or KINDS), lang)


def marked(key: str, lang: Language) -> Quiz:
    """A quiz of two items, of which the one that is shown was answered."""
    one = quiz(key, lang=lang)
    response: Any = KINDS[key]
    if isinstance(response, dict) and "person" not in response:
        response = {row.key: "duo" for row in BANK[key].rows}  # type: ignore[union-attr]
    hand_in(one, {"number": 1, "item": key, "response": response, "confidence": "zeker"})
    assert key in one.results
    return one


def hand_in(one: Quiz, submitted: dict[str, Any]) -> None:
    one.submitted = submitted


def check(shown: Hosted, one: Quiz) -> None:
    """Press the button, and do what Jupyter does: take the answer to Python and what it says back."""
    shown.page.get_by_role("button", name="Kijk na").press("Enter")
    reply(shown, one)


def reply(shown: Hosted, one: Quiz) -> None:
    hand_in(one, shown.state("submitted"))
    for name in ("results", "ending", "stopped", "reply"):
        shown.receive(name, getattr(one, name))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_and_nothing_overflows(
    host: Host, axe: Callable[[Page], list[str]], lang: Language
) -> None:
    widgets = [one for key in KINDS for one in (quiz(key, lang=lang), marked(key, lang))]
    # 250: what JupyterLab leaves on a telephone.
    for width, dark in ((1280, False), (250, True)):
        page = host.open(quiz(lang=lang), width=width, dark=dark).page
        for widget in widgets:
            host.open(widget, page=page, dark=dark)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def be_sure(page: Page, presses: int) -> None:
    """From the first radio of the confidences, some presses of an arrow further."""
    tab_to(page, page.get_by_role("radio", name="Ik weet het zeker"))
    page.keyboard.press("Space")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")


def test_a_quiz_of_all_four_kinds_is_done_by_keyboard_alone(host: Host) -> None:
    one = quiz("cell.overvraagd", "match-actors.1", "chain.risicoregelreflex", "place-scene.brand")
    shown = host.open(one)
    page = shown.page

    tab_to(page, page.get_by_role("radio", name="Standaardisatie"))
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    be_sure(page, 0)
    tab_to(page, page.get_by_role("button", name="Kijk na"))
    check(shown, one)
    expect(page.get_by_role("group", name="Goed", exact=True)).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Volgende vraag"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vraag 2 van 4")).to_be_focused()

    for row in one.items["match-actors.1"].rows:  # type: ignore[union-attr]
        tab_to(page, page.get_by_label(row.text.nl))
        for _ in range(1 + ["burgers", "uitvoeringsambtenaren", "managers", "bestuurders"].index(row.key)):
            page.keyboard.press("ArrowDown")
    be_sure(page, 1)
    tab_to(page, page.get_by_role("button", name="Kijk na"))
    check(shown, one)
    tab_to(page, page.get_by_role("button", name="Volgende vraag"))
    page.keyboard.press("Enter")

    order = ["incident", "maatregel", "tegenvaller", "meer"]
    texts = {option.key: option.text.nl for option in one.items["chain.risicoregelreflex"].options}  # type: ignore[union-attr]
    for place, key in enumerate(order):
        up = page.get_by_role("button", name=f"Omhoog: {texts[key]}")
        tab_to(page, up)
        steps = page.locator(".mwq-step").all_inner_texts()
        for _ in range(steps.index(texts[key]) - place):
            page.keyboard.press("Enter")
            expect(up).to_be_focused()
        page.get_by_role("heading", name="Vraag 3 van 4").focus()
    assert page.locator(".mwq-step").all_inner_texts() == [texts[key] for key in order]
    be_sure(page, 2)
    tab_to(page, page.get_by_role("button", name="Kijk na"))
    check(shown, one)
    tab_to(page, page.get_by_role("button", name="Volgende vraag"))
    page.keyboard.press("Enter")

    tab_to(page, page.get_by_role("slider", name="Maatwerk per persoon"))
    page.keyboard.press("End")
    tab_to(page, page.get_by_role("slider", name="Maatwerk per groep"))
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    be_sure(page, 0)
    tab_to(page, page.get_by_role("button", name="Kijk na"))
    check(shown, one)

    given = {key: (a.marked.outcome, a.confidence) for key, a in one.answers.items()}
    assert given == {
        "cell.overvraagd": ("right", "zeker"),
        "match-actors.1": ("right", "twijfel"),
        "chain.risicoregelreflex": ("right", "gok"),
        "place-scene.brand": ("right", "zeker"),
    }
    assert one.answers["place-scene.brand"].response == {"person": 100, "group": 30}
    expect(page.get_by_role("heading", name="Hoe ging het?")).to_be_visible()
    expect(page.get_by_text("Toen je gokte: 1 van de 1 goed.")).to_be_visible()


def test_an_order_says_where_a_step_went_and_stops_at_the_ends(host: Host) -> None:
    shown = host.open(quiz("chain.risicoregelreflex"))
    page = shown.page
    first = page.locator(".mwq-step").first.inner_text()
    up = page.get_by_role("button", name=f"Omhoog: {first}")
    expect(up).to_have_attribute("aria-disabled", "true")
    up.press("Enter")
    assert page.locator(".mwq-step").first.inner_text() == first
    down = page.get_by_role("button", name=f"Omlaag: {first}")
    down.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"Nu op plaats 2 van 4: {first}")
    expect(down).to_be_focused()


def test_what_is_missing_is_said_at_once(host: Host) -> None:
    one = quiz("cell.overvraagd")
    shown = host.open(one)
    check(shown, one)
    expect(shown.page.get_by_role("alert")).to_have_text(
        "Kies eerst een antwoord. Zeg er ook bij hoe zeker je bent."
    )
    shown.page.get_by_role("radio", name="Hardheidsclausule").check()
    shown.page.get_by_role("radio", name="Ik gok").check()
    check(shown, one)
    expect(shown.page.get_by_role("group", name="Nog niet raak")).to_contain_text("tabel 5.5")


def test_what_is_right_is_marked_in_words_and_not_before(host: Host) -> None:
    one = quiz("cell.overzicht-en-eenvoud")
    shown = host.open(one)
    page = shown.page
    expect(page.locator(".mwq-tag")).to_have_count(0)
    page.get_by_role("radio", name="Hardheidsclausule").check()
    page.get_by_role("radio", name="Ik twijfel").check()
    check(shown, one)
    assert page.locator(".mwq-is-right").all_inner_texts() == [
        "Standaardisatie goed",
        "Beleidscategorieën goed",
    ]
    expect(page.get_by_text("Hardheidsclausule jouw keuze")).to_be_visible()
    expect(page.get_by_role("radio", name="Ik twijfel")).to_be_disabled()


def test_trying_again_starts_clean_and_the_same_answer_counts(host: Host) -> None:
    one = marked("cell.complex-geheel", "nl")
    shown = host.open(one)
    page = shown.page
    for _ in range(2):
        page.get_by_role("button", name="Probeer het nog eens").press("Enter")
        expect(page.locator("input:checked")).to_have_count(0)
        expect(page.get_by_role("radio", name="Standaardisatie")).to_be_focused()
        page.get_by_role("radio", name="Hardheidsclausule").check()
        page.get_by_role("radio", name="Ik weet het zeker").check()
        check(shown, one)
        expect(page.get_by_role("group", name="Nog niet raak")).to_be_focused()
    assert shown.state("submitted")["number"] == 3


def test_a_tap_puts_the_dot_and_the_sliders_follow(host: Host) -> None:
    shown = host.open(quiz("place-scene.brand"), width=360, has_touch=True)
    page = shown.page
    slider = page.get_by_role("slider", name="Maatwerk per persoon")
    expect(slider).to_have_attribute("aria-valuetext", "nog niet gekozen")
    box = page.locator(".mwq-field").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.1)
    expect(slider).to_have_attribute("aria-valuetext", "90 van 100")
    expect(page.get_by_role("slider", name="Maatwerk per groep")).to_have_attribute(
        "aria-valuetext", "20 van 100"
    )


def test_everything_to_hit_is_large_enough(host: Host) -> None:
    page = host.open(quiz("cell.overvraagd"), width=320).page
    for key in ("chain.risicoregelreflex", "place-scene.brand", "match-actors.1"):
        host.open(quiz(key), page=page)
    for control in page.locator("button, select, label:has(input), input[type=range]").all():
        box = control.bounding_box()
        assert box["width"] >= 24 and box["height"] >= 24


def test_earlier_answers_are_back_and_the_first_open_question_is_shown(host: Host) -> None:
    one = quiz("cell.overvraagd", "who.overvraagd")
    one.restore({"cell.overvraagd": {"response": "standaardmaatwerk", "confidence": "zeker"}})
    page = host.open(one).page
    expect(page.get_by_role("heading", name="Vraag 2 van 2")).to_be_visible()
    page.get_by_role("button", name="Vorige vraag").click()
    expect(page.get_by_role("radio", name="Standaardmaatwerk")).to_be_checked()
    expect(page.get_by_role("group", name="Goed", exact=True)).to_be_visible()


def test_what_another_window_answered_does_not_touch_what_is_filled_in_here(host: Host) -> None:
    one = quiz("cell.overvraagd", "who.overvraagd")
    shown = host.open(one)
    shown.page.get_by_role("radio", name="Hardheidsclausule").check()
    one.restore({"who.overvraagd": {"response": "manager", "confidence": "gok"}})
    shown.receive("results", one.results)
    expect(shown.page.get_by_role("radio", name="Hardheidsclausule")).to_be_checked()


def test_a_silent_notebook_is_reported(host: Host) -> None:
    shown = host.open(quiz("cell.overvraagd"))
    shown.page.clock.install()
    shown.page.get_by_role("button", name="Kijk na").click()
    shown.page.clock.run_for(7000)
    expect(shown.page.get_by_role("alert")).to_contain_text("de cursus antwoordt niet")


def test_no_question_is_said_so(host: Host) -> None:
    page = host.open(Quiz([], "en", empty="Come back tomorrow.")).page
    expect(page.get_by_text("Come back tomorrow.")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_no_empty_box_stands_below_the_questions_before_the_end(host: Host) -> None:
    shown = host.open(quiz("cell.overvraagd"))
    expect(shown.page.locator(".mwq-question")).to_be_visible()
    expect(shown.page.locator(".mwq-ending")).to_be_hidden()
    nothing = host.open(Quiz([], "en", empty="Come back tomorrow."))
    expect(nothing.page.locator(".mwq-ending")).to_be_hidden()


def test_when_it_stops_there_is_no_next_question_but_what_comes_back(host: Host) -> None:
    one = quiz("cell.overvraagd", "who.overvraagd")
    one.on_answer(lambda item, given: one.stop(["Deze vragen komen terug: 1 morgen."]))
    shown = host.open(one)
    shown.page.get_by_role("radio", name="Standaardisatie").check()
    shown.page.get_by_role("radio", name="Ik gok").check()
    check(shown, one)
    expect(shown.page.get_by_role("button", name="Volgende vraag")).to_have_count(0)
    expect(shown.page.get_by_text("Deze vragen komen terug: 1 morgen.")).to_be_visible()


def test_the_clean_up_leaves_nothing_behind(host: Host) -> None:
    shown = host.open(quiz(), views=2)
    shown.page.evaluate("hosted.cleanups.forEach(cleanup => cleanup())")
    assert shown.listeners() == 0
    expect(shown.page.locator(".mw-quiz")).to_have_count(0)
    minimal = host.open(quiz(), minimal=True)
    minimal.page.evaluate("hosted.cleanups.forEach(cleanup => cleanup())")
    minimal.receive("results", {})
    expect(minimal.page.locator(".mw-quiz")).to_have_count(0)
