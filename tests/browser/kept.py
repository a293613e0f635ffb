"""A page of kept widgets with a real Python behind it, between which a test carries the messages.

So it decides what arrives, and when: Python may be slow, be killed before or after it wrote, or begin anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import front_end_state
from maatwerk_widgets.chapter import Chapter
from playwright.sync_api import Page

if TYPE_CHECKING:
    from tests.browser.conftest import Host

CHAPTER = "05-doorbreken"
MAKERS: Mapping[str, Callable[[Chapter], Any]] = {
    "plane": lambda chapter: chapter.plane("before"),
    "loyalties": lambda chapter: chapter.scales("before"),
    "profile": lambda chapter: chapter.profile("before"),
    "cards": lambda chapter: chapter.cards("before"),
    "text": lambda chapter: chapter.reflection("first-reason"),
    "quiz": lambda chapter: chapter.recall("overvraagd"),
    "rounds": lambda chapter: chapter.rounds("before"),
}


@dataclass
class Python:
    """One kernel: the widgets of a chapter, and what they have to say to the page."""

    path: Path
    parts: tuple[str, ...]
    lang: str = "nl"
    widgets: list[Any] = field(default_factory=list)
    said: list[tuple[int, str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        chapter = Chapter(CHAPTER, self.lang, self.path)  # type: ignore[arg-type]
        for part in self.parts:
            for widget in MAKERS[part](chapter).children:
                self._listen(widget, len(self.widgets))
                self.widgets.append(widget)

    def _listen(self, widget: Any, number: int) -> None:
        shown = front_end_state(widget)
        widget.observe(lambda change: self.said.append((number, change["name"], change["new"])), list(shown))

    def hear(self, number: int, changed: dict[str, Any]) -> None:
        """Take in a message of the page."""
        before = len(self.said)
        self.widgets[number].set_state(changed)
        # What a page sent is not sent back to it.
        self.said[before:] = [
            one for one in self.said[before:] if one[0] != number or changed.get(one[1]) != one[2]
        ]


class KeptPage:
    """One tab. Nothing passes between it and its Python but in :meth:`carry`."""

    def __init__(
        self,
        host: Host,
        path: Path,
        parts: tuple[str, ...],
        page: Page,
        lang: str = "nl",
        clock: bool = False,
    ) -> None:
        self.path, self.parts, self.lang, self.page, self.clock = path, parts, lang, page, clock
        if clock:
            page.clock.install()
        self.address = host.address
        self.python: Python | None = None
        self.first = 0
        self.open()

    def open(self) -> None:
        """Open the page, or load it again; as every host, with a Python that begins anew."""
        self.page.goto(self.address)
        self.page.wait_for_function("window.hostReady === true")
        self.page.evaluate("window.outbox = []")
        self.begin()

    def begin(self) -> None:
        """A Python that begins anew, and shows its widgets: also below a page that stays."""
        self.python = Python(self.path, self.parts, self.lang)
        self.page.evaluate("for (const clean of hosted.cleanups.splice(0)) clean()")
        self.first = self.page.evaluate("hosted.models.length")
        for widget in self.python.widgets:
            given = {"module": str(widget._esm), "css": str(widget._css), "state": front_end_state(widget)}
            self.page.evaluate("given => show(given)", {**given, "views": 1, "minimal": False})
        self.python.said.clear()
        # What an earlier page left is looked for.
        self.wait(30)

    def wait(self, milliseconds: int) -> None:
        """Let time pass: a real one, or that of a clock that the test moves."""
        if self.clock:
            self.page.clock.run_for(milliseconds)
            self.page.evaluate("() => Promise.resolve()")
        else:
            self.page.evaluate("ms => new Promise((done) => setTimeout(done, ms))", milliseconds)

    def kill(self) -> None:
        """Python is gone."""
        self.python = None

    def carry(self, *, there: bool = True, back: bool = True) -> int:
        """Carry all messages to Python, and its answers back; how many went there."""
        messages = self.page.evaluate("outbox.splice(0)") if there else []
        if self.python is None:
            return 0
        for number, changed in messages:
            if number >= self.first:
                self.python.hear(number - self.first, changed)
        if back:
            said, self.python.said = self.python.said, []
            told = [[self.first + number, name, value] for number, name, value in said]
            self.page.evaluate(
                """told => {
                  for (const [n, name, value] of told) hosted.models[n].receive({ [name]: value });
                }""",
                told,
            )
        return len(messages)

    def settle(self, rounds: int = 8) -> None:
        """Carry until there is nothing more to say."""
        for _ in range(rounds):
            self.wait(25)
            if not self.carry() and self.python is not None and not self.python.said:
                return

    def pills(self) -> list[str]:
        """What the marks beside the widgets say."""
        return self.page.locator(".mwb-status").all_text_contents()

    def drafts(self) -> list[str]:
        """What this browser keeps that was not saved."""
        return self.page.evaluate(
            "Object.keys(localStorage).filter((name) => name.startsWith('maatwerk:draft:'))"
        )
