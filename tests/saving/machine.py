"""Tabs that type, Pythons that die, disks that fill up, pages that are loaded again: in any order.

The page's own module (in node), the real widgets and the real store in Python, and between the two only what
the machine lets pass. At every moment: a page that says 'saved' is right. At the end, once each tab has a
Python that lives and a disk with room: all that was ever typed is in the answers file or beside it.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import maatwerk_learner.store
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from maatwerk_learner.files import write_whole
from maatwerk_widgets.chapter import Chapter
from maatwerk_widgets.looks import STATIC
from maatwerk_widgets.modules import one_module

CHAPTER = "05-doorbreken"
TEXT, PLANE = "reflection.first-reason", "plane.before"
TABS = st.sampled_from([0, 1])
FULL = OSError(28, "No space left on device")


class Pages:
    """The pages, in node."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        module = Path(self.folder.name) / "saving.js"
        entry = STATIC / "saving.js"
        # As a widget has it: with all that it imports, and exported as one value.
        whole = one_module(entry).replace("export default", "// export default")
        last = whole.rindex("export const")
        number = whole[last:].partition("} = ")[2].partition(";")[0]
        module.write_text(f"{whole[:last]}const m = {number};\n", encoding="utf-8")
        self.process = subprocess.Popen(
            ["node", str(Path(__file__).with_name("pages.mjs")), str(module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, what: str, **given: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"what": what, **given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the pages broke down"
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.folder.cleanup()


class Python:
    """One kernel: a chapter's text and plane."""

    def __init__(self, path: Path, first: int) -> None:
        chapter = Chapter(CHAPTER, "nl", path)
        self.first = first
        self.said: list[tuple[int, str, Any]] = []
        self.parts = [chapter.reflection("first-reason"), chapter.plane("before")]
        self.widgets = [part.children[0] for part in self.parts]
        self.panels = [part.children[1] for part in self.parts]
        for number, widget in enumerate(self.widgets):
            names = [
                name for name in widget.get_state() if name not in anywidget.AnyWidget.class_trait_names()
            ]
            widget.observe(
                lambda change, n=first + number: self.said.append((n, change["name"], change["new"])),  # type: ignore[misc]
                [name for name in names if not name.startswith("_")],
            )

    def state(self, number: int) -> dict[str, Any]:
        wanted = (
            "keeping",
            "taken",
            "edited",
            "offered",
            "looked",
            "values",
            "edits",
            "person",
            "group",
            "placed",
        )
        return {name: value for name, value in self.widgets[number].get_state().items() if name in wanted}


class Saving(RuleBasedStateMachine):
    """Two tabs of one chapter, each with a Python of its own, over one answers file."""

    pages: ClassVar[Pages]
    counted: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.counted["sequences"] += 1
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "answers.json"
        self.pythons: list[Python | None] = [None, None]
        self.first = [0, 0]
        self.numbers = 0
        self.words: list[str] = []
        self.typists: set[int] = set()
        self.was_there: dict[str, list[Any]] = {TEXT: [], PLANE: []}
        self.is_full = False
        self.left_behind = False
        maatwerk_learner.store.write_whole = self.write
        self.pages.do("clear")
        for tab in (0, 1):
            self.open(tab)

    # --- the parts ---

    def write(self, path: Path, text: str) -> None:
        if self.is_full:
            raise FULL
        write_whole(path, text)
        for name, there in self.was_there.items():
            there.append(self.answers().get(name))

    def answers(self) -> dict[str, Any]:
        if not self.path.exists():
            return {}
        found = json.loads(self.path.read_text(encoding="utf-8"))["answers"].get(CHAPTER, {})
        assert isinstance(found, dict)
        return found

    def open(self, tab: int) -> None:
        self.pages.do("open", page=tab)
        self.begin(tab)

    def begin(self, tab: int) -> None:
        self.numbers += 2
        self.first[tab] = self.numbers
        python = Python(self.path, self.numbers)
        self.pythons[tab] = python
        for number, traits in ((0, ["edits"]), (1, ["person", "group", "placed"])):
            state = python.state(number)
            self.pages.do("show", page=tab, number=self.numbers + number, state=state, traits=traits)
        python.said.clear()

    def shown(self, tab: int, part: int) -> tuple[str, dict[str, Any]]:
        state, values = self.pages.do("states", page=tab)[str(self.first[tab] + part)]
        return state, values

    def text(self, tab: int) -> str:
        """As the form shows it: what was typed here and is not confirmed, or else what Python has."""
        state, values = self.shown(tab, 0)
        mine = values["edits"].get(TEXT) if state != "clean" else None
        return str(mine if mine is not None else values["values"].get(TEXT, ""))

    def bring(self, tab: int, *, there: bool, back: bool) -> int:
        messages = self.pages.do("take", page=tab) if there else []
        python = self.pythons[tab]
        if python is None:
            return 0
        for number, changed in messages:
            if number >= self.first[tab]:
                before = len(python.said)
                python.widgets[number - self.first[tab]].set_state(changed)
                # What a page sent is not sent back to it.
                python.said[before:] = [
                    one for one in python.said[before:] if one[0] != number or changed.get(one[1]) != one[2]
                ]
        if back:
            said, python.said = python.said, []
            self.pages.do("tell", page=tab, told=said)
        return len(messages)

    def bring_all(self, tab: int) -> None:
        for _ in range(10):
            self.pages.do("time", page=tab, milliseconds=10, asleep=False)
            python = self.pythons[tab]
            if not self.bring(tab, there=True, back=True) and not (python and python.said):
                return

    def teardown(self) -> None:
        try:
            self.nothing_is_lost()
        finally:
            maatwerk_learner.store.write_whole = write_whole
            self.folder.cleanup()

    # --- what people and computers do ---

    @rule(tab=TABS, rests=st.booleans())
    def type_a_word(self, tab: int, rests: bool) -> None:
        word = f"w{len(self.words)};"
        self.words.append(word)
        self.typists.add(tab)
        edits = {TEXT: self.text(tab) + word}
        self.pages.do("edit", page=tab, number=self.first[tab], values={"edits": edits}, rests=rests)

    @rule(tab=TABS)
    def type_and_wait(self, tab: int) -> None:
        self.type_a_word(tab, rests=True)
        self.bring_all(tab)

    @rule(tab=TABS, person=st.integers(0, 100))
    def move_the_point(self, tab: int, person: int) -> None:
        values = {"person": person, "group": tab, "placed": True}
        self.pages.do("edit", page=tab, number=self.first[tab] + 1, values=values, rests=True)

    @rule(tab=TABS, there=st.booleans(), back=st.booleans())
    def bring_some(self, tab: int, there: bool, back: bool) -> None:
        self.bring(tab, there=there, back=back)

    @rule(tab=TABS)
    def bring_everything(self, tab: int) -> None:
        self.bring_all(tab)

    @rule(tab=TABS)
    def kill(self, tab: int) -> None:
        self.pythons[tab] = None

    @rule(tab=TABS)
    def begin_anew_below_the_page(self, tab: int) -> None:
        self.left_behind |= bool(self.words)
        self.begin(tab)

    @rule(tab=TABS)
    def load_again(self, tab: int) -> None:
        self.left_behind |= bool(self.words)
        self.open(tab)

    @rule(full=st.booleans())
    def fill_the_disk(self, full: bool) -> None:
        self.is_full = full

    @rule(tab=TABS, seconds=st.sampled_from([0.4, 4, 60]), asleep=st.booleans())
    def time_passes(self, tab: int, seconds: float, asleep: bool) -> None:
        """The computer works, or sleeps: then all timers come at once."""
        self.pages.do("time", page=tab, milliseconds=int(seconds * 1000), asleep=asleep)

    # --- what must hold ---

    @invariant()
    def who_says_saved_is_right(self) -> None:
        self.counted["steps"] += 1
        for tab in (0, 1):
            state, _values = self.shown(tab, 0)
            text = self.text(tab)
            if state == "clean" and text:
                self.counted["called saved"] += 1
                assert text in self.was_there[TEXT], f"tab {tab} says that {text!r} is saved"
            state, values = self.shown(tab, 1)
            if state == "clean" and values["placed"]:
                self.counted["called saved"] += 1
                place = {"person": values["person"], "group": values["group"]}
                assert place in self.was_there[PLANE], f"tab {tab} says that {place} is saved"

    @precondition(lambda self: len(self.typists) < 2 and not self.left_behind)
    @invariant()
    def who_types_in_one_tab_is_asked_nothing(self) -> None:
        """But for what an earlier page left: on top of that nobody typed."""
        for python in self.pythons:
            if python is not None:
                assert TEXT not in [one["field"] for panel in python.panels for one in panel.conflicts]

    def nothing_is_lost(self) -> None:
        self.is_full = False
        for _ in range(3):
            for tab in (0, 1):
                self.pages.do("time", page=tab, milliseconds=6000, asleep=False)
                self.bring_all(tab)
                self.open(tab)
                self.bring_all(tab)
        beside = self.path.with_name("answers.other-window.jsonl")
        kept = str(self.answers().get(TEXT, "")) + (beside.read_text() if beside.exists() else "")
        self.counted["words"] += len(self.words)
        lost = [word for word in self.words if word not in kept]
        assert lost == [], (lost, kept)
        assert self.pages.do("drafts") == []


def run(sequences: int, steps: int = 25, **more: Any) -> dict[str, int]:
    """Try so many sequences of at most so many steps; what was counted."""
    pages = Pages()
    counted = dict.fromkeys(("sequences", "steps", "words", "called saved"), 0)
    machine = type("Machine", (Saving,), {"pages": pages, "counted": counted})
    chosen = settings(max_examples=sequences, stateful_step_count=steps, deadline=None, database=None, **more)
    try:
        run_state_machine_as_test(machine, settings=chosen)
    finally:
        pages.close()
    return counted
