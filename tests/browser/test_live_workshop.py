"""A facilitator and eight phones play a ready-made workshop: one phone by keyboard alone, others by touch."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import by_keyboard
import pytest
from lab import PATIENCE as USUAL_PATIENCE
from maatwerk import Language, framework
from maatwerk_live.content import live_words
from maatwerk_live.core.aggregate import Point, movement, summarise, tension
from maatwerk_live.core.plans import Step, read_plans
from maatwerk_live.report.report import whole
from maatwerk_widgets.plane import plane_content
from playwright.sync_api import expect

from tests.live.clients import Running, live

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Host

PATIENCE = 60_000
PEOPLE = 8
# Screenshots of every step go to this folder, to look at as from a back row; without it there are none.
SHOTS = os.environ.get("MAATWERK_SHOTS", "")
SIZES = {
    "bord": ((1024, 768), (1366, 768), (1920, 1080)),
    "regie": ((1366, 768),),
    "telefoon": ((320, 568), (390, 844)),
}
# All take one chair: with fewer than five others in a second one, the board would show neither.
CHAIR = "burger"
REASONS: Mapping[Language, str] = {
    "nl": "Wie volgt, wil weten waarom.",
    "en": "Whoever comes next will want to know why.",
}


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Each step waits for a phone, a server, a disk and a board."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=USUAL_PATIENCE)


@contextmanager
def workshop(host: Host, folder: Path, *arguments: str) -> Iterator[Running]:
    """A server for one test. When it stops, pages that are still open miss it, and say so."""
    with live(folder / "workshops.db", *arguments) as running:
        yield running
        host.guard.forgive(running.address)


def opened(host: Host, address: str, width: int, height: int, **options: object) -> Page:
    page = host.new_page(width, height, **options)
    page.set_default_timeout(PATIENCE)
    # Whoever looks at it waits for what it shows: pages load beside each other.
    page.goto(address, wait_until="commit")
    return page


def facilitator(host: Host, running: Running) -> Page:
    return opened(host, f"{running.address}stage#{running.code}.{running.token}", 1280, 900)


def board(host: Host, running: Running, **options: object) -> Page:
    return opened(host, f"{running.address}board#{running.code}.{running.board_key}", 1280, 720, **options)


def phone(host: Host, running: Running, lang: str) -> Page:
    return opened(host, f"{running.address}join#{running.code}", 360, 740, has_touch=True, locale=lang)


def touch(page: Page, across: float, upwards: float) -> None:
    field = page.locator(".mwp-drawing")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + (1 - upwards) * box["height"])


def steer(stage: Page, keys: str) -> None:
    """What the facilitator does, by single keys; each waits until the one before is done."""
    # Firefox gives keys to the window in front.
    stage.bring_to_front()
    for key in keys:
        stage.keyboard.press(key)


def scrolls(page: Page) -> bool:
    over = "Math.max(root.scrollHeight - innerHeight, root.scrollWidth - innerWidth)"
    return bool(page.evaluate(f"(root => {over} > 0)(document.documentElement)"))


@dataclass
class Touching:
    """Somebody with a phone."""

    page: Page
    words: Mapping[str, str]

    def sit(self, chair: str) -> None:
        self.page.get_by_label(chair, exact=True).tap()

    def place(self, across: float, upwards: float) -> None:
        touch(self.page, across, upwards)

    def divide(self, points: Sequence[int]) -> None:
        for number, one in enumerate(points):
            self.page.get_by_role("spinbutton").nth(number).fill(str(one))

    def argue(self, side: str, text: str) -> None:
        self.page.get_by_label(self.words["argue"]).fill(text)
        self.page.get_by_role("button", name=self.words[f"side_{side}"]).tap()

    def support(self) -> None:
        self.page.get_by_role("button", name=self.words["support"]).first.tap()

    def go_on(self) -> None:
        self.page.locator(".ways .main").tap()
        expect(self.page.locator("h1")).to_be_focused()

    def saved(self) -> None:
        expect(self.page.locator(".status.good")).to_have_text(self.words["saved"])

    def placed(self) -> Point:
        person, group = (
            int(self.page.locator(f".mwp-range-{axis}").input_value()) for axis in ("person", "group")
        )
        return person, group


class ByKeyboard(Touching):
    """Somebody who uses nothing but keys."""

    def tab_to(self, target: Locator) -> None:
        by_keyboard.tab_to(self.page, target, 60)

    def sit(self, chair: str) -> None:
        self.tab_to(self.page.get_by_role("radio").first)
        self.page.keyboard.press("ArrowDown")
        expect(self.page.get_by_label(chair, exact=True)).to_be_checked()

    def place(self, across: float, upwards: float) -> None:
        """Somewhere else than the others."""
        self.tab_to(self.page.locator(".mwp-place"))
        self.page.keyboard.press("Enter")
        for _ in range(4):
            self.page.keyboard.press("PageDown")

    def divide(self, points: Sequence[int]) -> None:
        for number, one in enumerate(points):
            self.tab_to(self.page.get_by_role("spinbutton").nth(number))
            self.page.keyboard.type(str(one))
        self.page.keyboard.press("Tab")

    def argue(self, side: str, text: str) -> None:
        self.tab_to(self.page.get_by_label(self.words["argue"]))
        self.page.keyboard.type(text)
        self.tab_to(self.page.get_by_role("button", name=self.words[f"side_{side}"]))
        self.page.keyboard.press("Enter")

    def support(self) -> None:
        self.tab_to(self.page.get_by_role("button", name=self.words["support"]).first)
        self.page.keyboard.press("Enter")

    def go_on(self) -> None:
        self.tab_to(self.page.locator(".ways .main"))
        self.page.keyboard.press("Enter")
        expect(self.page.locator("h1")).to_be_focused()


@dataclass
class RunningWorkshop:
    """A facilitator, a board and people with phones, who do what the plan says."""

    lang: Language
    stage: Page
    board: Page
    people: Sequence[Touching]
    axe: Callable[[Page], list[str]]
    round: int = 0
    before: dict[int, Point] = field(default_factory=dict)
    places: dict[int, Point] = field(default_factory=dict)
    points: list[dict[str, int]] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)
    pictures: int = 0

    @property
    def words(self) -> Mapping[str, str]:
        return live_words(self.lang)

    def choose(self, plan: str) -> None:
        chosen = self.stage.get_by_label(self.words["plan_choose"])
        chosen.select_option(plan)
        chosen.press("Tab")

    def play(self, step: Step) -> None:
        """The step that the facilitator's screen shows."""
        expect(self.stage.locator(".step-title")).to_have_text(step.title[self.lang])
        if step.does != "nothing":
            steer(self.stage, "s")
        match step.does:
            case "open" | "again":
                self._begins(step)
                self._answer(step)
            case "ask":
                self._answer(step)
            case "close":
                self._sees_nothing_yet()
            case "reveal":
                self._sees(step)
            case "end":
                for person in self.people:
                    expect(person.page.get_by_role("heading", name=self.words["ended_title"])).to_be_visible()
                    # Once it said for ever that an argument was on its way to the screen.
                    expect(person.page.get_by_text(self.words["sent"])).to_have_count(0)
                    # What they take along: each round in which they answered, with the hall's picture.
                    assert person.page.locator(".kept .hall").count() == self.pictures
                expect(self.board.locator(".thanks")).to_be_visible()
        assert not scrolls(self.board), step.key
        assert self.board.evaluate(CUT_OFF) == [], step.key
        self._shoot(step)

    def next(self) -> None:
        steer(self.stage, "n")

    def _is_clean(self, what: str, *pages: Page) -> None:
        """Nothing is in the way of anybody; looked at once for each thing that screens show."""
        if what in self.looked_at:
            return
        self.looked_at.add(what)
        for page in pages:
            assert self.axe(page) == [], what

    def _begins(self, step: Step) -> None:
        if step.does == "open":
            self.places = {}
        self.round += 1
        self.before, self.places = self.places, {}
        for person in self.people:
            expect(person.page.locator(".kicker")).to_contain_text(str(self.round))
        # As long as it is hidden, the board shows the case and how many, but no dot.
        expect(self.board.locator("canvas")).to_have_count(0)

    def _answer(self, step: Step) -> None:
        asked = [one for one in ("role", "place", "weigh", "argue") if one in step.asks]
        for number, ask in enumerate(asked):
            getattr(self, f"_{ask}")()
            if number + 1 < len(asked):
                for person in self.people:
                    person.go_on()

    def _role(self) -> None:
        chair = framework().perspectives[CHAIR].name[self.lang]
        for person in self.people:
            person.sit(chair)
            person.saved()

    def _place(self) -> None:
        # First most of them at the top left, then at the bottom right.
        away = 0.1 if self.round % 2 else 0.9
        for number, person in enumerate(self.people):
            if self.before:
                expect(person.page.locator(".mwp-earlier")).to_be_visible()
            person.place(abs(away - 0.02 * number), 1 - away)
            person.saved()
            self.places[number] = person.placed()
        answered = self.words["placed"].format(placed=len(self.people), people=len(self.people))
        expect(self.board.locator(".right")).to_contain_text(answered)
        self._is_clean("placing", self.people[1].page, self.board)

    def _weigh(self) -> None:
        loyalties = list(framework().loyalties)
        for number, person in enumerate(self.people):
            points = [50, 30, 20, 0, 0] if number % 2 else [10, 0, 60, 30, 0]
            person.divide(points)
            person.saved()
            self.points.append(dict(zip(loyalties, points, strict=True)))
        answered = self.words["weighed"].format(weighed=len(self.people), people=len(self.people))
        expect(self.board.locator(".right")).to_contain_text(answered)
        self._is_clean("weighing", self.people[1].page)

    def _argue(self) -> None:
        """One writes and is let through, another is not; the others back the first."""
        writer, other, *backers = self.people
        reason = REASONS[self.lang]
        writer.argue("voor", reason)
        expect(writer.page.locator(".status.good")).to_have_text(self.words["sent"])
        waiting = self.stage.locator(".arguments .waiting")
        expect(waiting).to_contain_text(reason)
        assert reason not in self.board.content()
        steer(self.stage, "w")
        self.stage.keyboard.press("Enter")
        expect(self.stage.locator(".arguments .shown")).to_be_visible()
        other.argue("tegen", "Jan de Vries")
        expect(waiting).to_contain_text("Jan de Vries")
        waiting.get_by_role("button", name=self.words["remove"]).click()
        expect(waiting).to_have_count(0)
        for person in backers:
            person.support()
        backed = self.words["votes"].format(votes=len(backers))
        expect(self.stage.locator(".arguments .shown")).to_contain_text(backed)
        self._is_clean("arguing", backers[0].page)

    def _sees_nothing_yet(self) -> None:
        for person in self.people:
            expect(person.page.get_by_role("heading", name=self.words["closed_title"])).to_be_visible()
        expect(self.board.locator(".phase")).to_have_text(self.words["round_closed"])
        expect(self.board.locator("canvas")).to_have_count(0)

    def _sees(self, step: Step) -> None:
        """The board says what the phones chose."""
        self.pictures += 1
        status = self.board.locator("[role=status]")
        view = self.board.locator(".frame")
        if not self.places:
            pull = tension(self.points)
            names = framework().loyalties
            said = self.words["tension"].format(
                first=names[pull.first].short[self.lang], second=names[pull.second].short[self.lang]
            )
            expect(view).to_have_attribute("data-view", "wide")
            expect(self.board.locator(".tension h2")).to_have_text(said)
            expect(status).to_contain_text(said)
        else:
            summary = summarise(list(self.places.values()))
            assert summary
            said = self.words["centre"].format(
                person=whole(summary.person), group=whole(summary.group), spread=whole(summary.spread)
            )
            expect(view).to_have_attribute("data-view", "plane")
            expect(status).to_contain_text(said)
            corners = [str(summary.variants[key]) for key in framework().variants]
            expect(self.board.locator(".corner b")).to_have_text(corners)
            self._sees_movement(status)
        # On the phones too: the hall as a whole, beside one's own place.
        for person in self.people:
            expect(person.page.locator(".hall")).to_be_visible()
        self._is_clean(f"picture of {step.key}", self.board, self.stage, self.people[1].page)

    def _sees_movement(self, status: Locator) -> None:
        both = [who for who in self.places if who in self.before]
        moved = movement([(self.before[who], self.places[who]) for who in both])
        if moved:
            said = self.words["moved"].format(moved=moved.moved, people=moved.people, crossed=moved.crossed)
            assert moved.crossed > 4
            expect(status).to_contain_text(said)
            expect(self.stage.locator(".stance").last).to_have_text(self.words["stance_moved"])
        else:
            expect(self.stage.locator(".stance")).to_have_text(self.words["stance_agrees"])

    def _shoot(self, step: Step) -> None:
        if not SHOTS:
            return
        pages = {"bord": self.board, "regie": self.stage, "telefoon": self.people[1].page}
        for name, page in pages.items():
            before = page.viewport_size
            for width, height in SIZES[name]:
                page.set_viewport_size({"width": width, "height": height})
                # What was fitted to the size before is fitted anew.
                page.wait_for_timeout(300)
                file = Path(SHOTS, f"{self.lang}-{self.round}-{step.key}-{name}-{width}.png")
                page.screenshot(path=file)
            if before:
                page.set_viewport_size(before)


# Text on the board that its part cuts off.
CUT_OFF = """() => [...document.querySelectorAll(".left, .right, .case, .top, .bottom, .columns section")]
  .filter((part) => part.scrollHeight > part.clientHeight + 2 || part.scrollWidth > part.clientWidth + 2)
  .map((part) => part.className)"""


def played(
    host: Host, running: Running, lang: Language, axe: Callable[[Page], list[str]]
) -> Iterator[tuple[RunningWorkshop, Step]]:
    """The 45-minute plan, step by step; each is about to be played."""
    words = live_words(lang)
    stage, screen = facilitator(host, running), board(host, running)
    expect(screen.locator(".qr path")).to_be_attached()
    expect(screen.locator(".right .code")).to_have_text(running.code)
    pages = [phone(host, running, lang) for _ in range(PEOPLE)]
    for page in pages:
        expect(page.get_by_role("heading", name=words["inside"])).to_be_visible()
    expect(screen.locator(".people")).to_have_text(words["people"].format(people=PEOPLE))
    people = [(Touching if number else ByKeyboard)(page, words) for number, page in enumerate(pages)]
    hall = RunningWorkshop(lang, stage, screen, people, axe)
    hall.choose("45")
    for number, step in enumerate(read_plans().plans["45"].steps.values()):
        if number:
            hall.next()
        yield hall, step


def test_a_hall_plays_the_45_minute_plan(
    host: Host, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with workshop(host, tmp_path) as running:
        for hall, step in played(host, running, "nl", axe):
            hall.play(step)
            if step.key == "beweging":
                expect(hall.board.locator(".given")).to_contain_text(REASONS["nl"])
        # Afterwards: the report, the figures, and a notebook to look back in.
        saved = {}
        for kind in ("html", "csv", "ipynb"):
            with hall.stage.expect_download() as download:
                hall.stage.locator(f"[data-save={kind}]").click()
            assert download.value.suggested_filename == f"verslag-{running.code}.{kind}"
            saved[kind] = Path(download.value.path()).read_text(encoding="utf-8")
            assert "scootmobiel" in saved[kind]
            assert (REASONS["nl"] in saved[kind]) == (kind != "csv")
            assert "Jan de Vries" not in saved[kind]
        assert {row["round"] for row in csv.DictReader(io.StringIO(saved["csv"]))} == {"1", "2"}
        assert json.loads(saved["ipynb"])["nbformat"] == 4


def test_a_hall_plays_it_in_english_and_goes_on_with_chairs_and_loyalties(
    host: Host, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with workshop(host, tmp_path, "--lang", "en") as running:
        for hall, step in played(host, running, "en", axe):
            if step.does == "end":
                break
            hall.play(step)
        hall.choose("90")
        for step in read_plans().plans["90"].steps.values():
            if step.key == "stoelen" or hall.round > 2:
                hall.play(step)
            if step.key == "per-stoel":
                expect(hall.board.locator(".role")).to_have_count(1)
                expect(hall.board.locator(".role h3")).to_contain_text(
                    framework().perspectives[CHAIR].name["en"]
                )
            if step.does != "end":
                hall.next()


def test_a_hall_in_english_sees_no_picture_of_four_people_and_nothing_moves_by_itself(
    host: Host, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with workshop(host, tmp_path, "--lang", "en") as running:
        stage = facilitator(host, running)
        screen = board(host, running, color_scheme="dark", reduced_motion="reduce")
        one = phone(host, running, "en")
        expect(one.get_by_role("heading", name="You are in")).to_be_visible()
        stage.get_by_label("take a role").check()
        stage.get_by_label("Case", exact=True).select_option(label="Mother's groceries")
        stage.get_by_label("Case", exact=True).press("Tab")
        steer(stage, "oh")
        expect(one.get_by_role("group", name="From whose chair do you look?")).to_be_visible()
        one.get_by_label("Manager").check()
        expect(one.locator(".status.good")).to_have_text("Saved: your answer counts")
        one.get_by_role("button", name="Next").tap()
        # Nothing chosen is nothing saved, and the phone never says otherwise.
        expect(one.locator(".status")).to_be_empty()
        one.get_by_role("button", name="Done").tap()
        expect(one.get_by_role("heading", name="Something is still open")).to_be_focused()
        one.get_by_role("button", name="Change my answer").tap()
        one.get_by_role("button", name="Next").tap()
        touch(one, 0.3, 0.3)
        one.get_by_role("button", name="Done").tap()
        expect(one.get_by_role("heading", name="That is all for now")).to_be_visible()
        expect(one.locator(".chosen li")).to_have_count(2)
        expect(screen.locator(".right")).to_contain_text("There is a picture from 5 people.")
        moving = "document.getAnimations().filter(one => one.playState === 'running').length"
        assert screen.evaluate(moving) == 0
        assert axe(screen) == [] and axe(one) == [] and axe(stage) == []
        assert not re.search(r"undefined|\{\w+\}", screen.inner_text("body") + stage.inner_text("body"))

        # The board colours an arrow by the same border as the server counts by.
        arrows = list(product((0, 44, 45, 56, 100), repeat=4))
        crossed = screen.evaluate(
            "async ([arrows, plane]) => {"
            " const { crosses } = await import('./static/live/scene.js');"
            " return arrows.map(one => crosses(one, plane)); }",
            [arrows, plane_content(framework(), "en")["plane"]],
        )
        for (person, group, *to), over in zip(arrows, crossed, strict=True):
            moved = movement([((person, group), (to[0], to[1]))] * 5)
            assert moved and bool(moved.crossed) == over

        # A single key does nothing while somebody types, or once the keys are off.
        stage.get_by_text("Type a case of your own").click()
        stage.get_by_label("Own case").fill("")
        stage.get_by_label("Own case").press_sequentially("hcl")
        stage.get_by_label("Shortcut keys are on").uncheck()
        stage.keyboard.press("c")
        stage.get_by_label("Shortcut keys are on").check()
        expect(screen.locator(".phase")).to_have_text("The round is open")
        stage.keyboard.press("c")
        expect(screen.locator(".phase")).to_have_text("The round is closed")
        stage.keyboard.press("u")
        expect(screen.locator(".phase")).to_have_text("The round is open")
