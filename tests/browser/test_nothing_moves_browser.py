"""While a finger or a button is down nothing moves under it, and Python gets the point that was aimed at.

Once the invitation above the plane went away at the first press: the plane jumped 112-140 pixels under the
pointer, and who aimed at 75 got 51.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from maatwerk import framework
from maatwerk_exercises.itembank import item_bank, items_by_key
from maatwerk_widgets.cards import PracticeCards
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import QuestionForm
from maatwerk_widgets.loop_view import LoopView
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.plane import DecisionPlane
from maatwerk_widgets.profile import ProfileSliders
from maatwerk_widgets.questions import exercise_steps
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.rounds_run import RoundsRun
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Host, Hosted

# Chromium holds its layout-shift entries back while a pointer is down, and tells of them with those that
# follow when it is lifted. So here every element is measured, when it goes down and just before it is lifted:
# that is stricter. What is drawn on the plane follows the finger, as it should.
WATCH = """() => {
  window.moved = [];
  window.presses = 0;
  const drawn = "svg *, .mwp-corners *, .mwk-stage *";
  const all = () => [...document.querySelectorAll("main *")].filter((one) => !one.matches(drawn));
  const measure = () => new Map(all().map((one) => [one, one.getBoundingClientRect()]));
  let before = new Map();
  window.addEventListener("pointerdown", () => (presses += 1, (before = measure())), true);
  window.addEventListener("pointerup", () => {
    for (const [one, now] of measure()) {
      const then = before.get(one);
      const isShown = then?.height > 0 && now.height > 0;
      if (isShown && Math.hypot(now.x - then.x, now.y - then.y) >= 1) {
        moved.push(`${one.className || one.nodeName} from ${then.x}, ${then.y} to ${now.x}, ${now.y}`);
      }
    }
  }, true);
}"""
DRAWN = """() => new Promise((done) => {
  let frames = 3;
  const next = () => (frames-- ? requestAnimationFrame(next) : setTimeout(done, 20));
  next();
})"""


def quiz() -> Quiz:
    placing = next(one.key for one in item_bank().values() if type(one).__name__ == "Placing")
    return Quiz(items_by_key(item_bank(), [placing]))


@dataclass(frozen=True)
class Gestures:
    """A widget, and where on it something can be pressed and dragged; ``first`` opens it."""

    make: Callable[[], Any]
    targets: str
    first: str = ""


WIDGETS = {
    "plane": Gestures(DecisionPlane, ".mwp-drawing, input, button"),
    "plane that tells nothing": Gestures(lambda: DecisionPlane(reveal="nothing"), ".mwp-drawing, input"),
    "loyalties": Gestures(LoyaltyScales, "input, button"),
    "profile": Gestures(ProfileSliders, "input"),
    "cards": Gestures(PracticeCards, ".mwc-one input, .mwc-one .mwc-square", ".mwc-one button"),
    "form": Gestures(lambda: QuestionForm(exercise_steps(framework(), "nl")), "label, textarea, button"),
    "quiz": Gestures(quiz, "svg, input, button"),
    "rounds": Gestures(RoundsRun, "input, button"),
    "loops": Gestures(lambda: LoopView((), "nl"), "button, label"),
}


def drag_over(shown: Hosted, box: dict[str, float]) -> None:
    """Press at a third of it, drag to its end and keep still there, and let Python say things meanwhile."""
    mouse = shown.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    mouse.down()
    for part in (0.45, 0.6, 0.75, 0.9):
        mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * (1 - part))
    shown.page.evaluate(DRAWN)
    shown.page.mouse.up()
    shown.page.evaluate(DRAWN)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_moves_while_a_pointer_is_down(host: Host, name: str, width: int) -> None:
    gestures = WIDGETS[name]
    shown = host.open(gestures.make(), width=width)
    panel = host.open(FeedbackPanel("nl", scored=True), page=shown.page)
    page = shown.page
    if gestures.first:
        page.locator(gestures.first).first.click()
    page.evaluate(WATCH)
    for number in range(min(3, page.locator(gestures.targets).count())):
        target = page.locator(gestures.targets).nth(number)
        if not target.is_visible():
            continue
        # What Python says comes at any moment.
        page.evaluate(
            """n => window.addEventListener("pointermove", () => {
              const said = `${performance.now()}`;
              hosted.models[n].set("status", { state: "error", text: `Nog niet opgeslagen ${said}` });
              hosted.models[n].set("notices", [said]);
            }, { once: true })""",
            panel.number,
        )
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        drag_over(shown, box)
    assert page.evaluate("presses") > 0
    assert page.evaluate("moved") == []


AIMED = ((75, 30), (36, 88))


def finger(shown: Hosted, way: str, at: list[tuple[float, float]]) -> None:
    """Press, drag and lift, by mouse, by finger or with a pen."""
    session = shown.page.context.new_cdp_session(shown.page)
    names = {"touch": ("touchStart", "touchMove", "touchEnd")}.get(
        way, ("mousePressed", "mouseMoved", "mouseReleased")
    )
    steps = [(names[0], at[0]), *((names[1], one) for one in at[1:]), (names[2], at[-1])]
    for name, (x, y) in steps:
        if way == "touch":
            points = [] if name == names[2] else [{"x": x, "y": y, "id": 0}]
            session.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": points})
        else:
            held = {"button": "left", "buttons": 1, "clickCount": 1, "pointerType": way}
            session.send("Input.dispatchMouseEvent", {"type": name, "x": x, "y": y, **held})


@pytest.mark.parametrize("zoom", [1, 2, 4])
@pytest.mark.parametrize("way", ["mouse", "touch", "pen"])
def test_the_first_placement_is_where_it_was_aimed(host: Host, way: str, zoom: int) -> None:
    """At 400 % there are 320 pixels: the invitation and its button stand above each other there."""
    options = {"device_scale_factor": zoom, "has_touch": way == "touch"}
    for person, group in AIMED:
        shown = host.open(DecisionPlane(), width=1280 // zoom, height=1024 // zoom, **options)
        drawing = shown.page.locator(".mwp-drawing")
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box is not None
        # A press alone, so that what moves after it shows; the drag stays within what is in sight.
        at = (box["x"] + box["width"] * group / 100, box["y"] + box["height"] * (100 - person) / 100)
        if not 0 <= at[1] < 1024 // zoom:
            shown.page.mouse.wheel(0, at[1] - 512 // zoom)
            shown.page.wait_for_timeout(300)
            box = drawing.bounding_box()
            assert box is not None
            at = (at[0], box["y"] + box["height"] * (100 - person) / 100)
        finger(shown, way, [at, at, at])
        expect(drawing).not_to_have_class("mwp-dragging")
        shown.page.wait_for_function("n => hosted.models[n].saved.placed", arg=shown.number)
        found = shown.state("person"), shown.state("group")
        assert max(abs(found[0] - person), abs(found[1] - group)) <= 1, found


def test_the_first_placement_by_keyboard_is_where_the_keys_brought_it(host: Host) -> None:
    shown = host.open(DecisionPlane(), width=320)
    keyboard = shown.page.keyboard
    shown.page.get_by_role("slider").first.focus()
    for key in ["Shift+ArrowUp"] * 2 + ["ArrowUp"] * 5 + ["Shift+ArrowLeft"] * 2:
        keyboard.press(key)
    assert [shown.state(name) for name in ("person", "group", "placed")] == [75, 30, True]


def test_a_drag_is_one_message_when_it_rests(host: Host) -> None:
    """Once each of 121 moves was a message, and 46 of them a write of the file."""
    shown = host.open(DecisionPlane())
    box = shown.page.locator(".mwp-drawing").bounding_box()
    assert box is not None
    mouse = shown.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 200, box["y"] + 300, steps=40)
    mouse.up()
    shown.page.wait_for_function("n => hosted.models[n].saved.placed", arg=shown.number)
    # On a busy machine the test itself may keep still for a moment.
    assert shown.page.evaluate("n => hosted.models[n].saves", shown.number) <= 3
