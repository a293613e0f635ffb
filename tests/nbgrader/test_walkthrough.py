"""The instructor's page tells what happens: its commands are run, and what it shows is what they print."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from course_roots import nbgrader
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
from nbgrader.api import Gradebook
from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))
from example_class import LEARNERS, NAME, hand_in, mark_by_hand  # noqa: E402

pytestmark = pytest.mark.xdist_group("nbgrader")

BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LARGEST_PICTURE = 150_000


def page(lang: Language) -> str:
    return (DOCS / lang / "instructor-steps.md").read_text(encoding="utf-8")


def blocks(lang: Language) -> Iterator[tuple[str, list[str]]]:
    for found in BLOCK.finditer(page(lang)):
        yield found["kind"], found["text"].splitlines()


def commands(lang: Language) -> list[str]:
    return [line for kind, lines in blocks(lang) if kind == "sh" for line in lines]


@dataclass
class Terminal:
    """Types the page's commands, one after another; ``nl`` is where nbgrader has done its work already."""

    home: Path
    lang: Language
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    nl: Path | None
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.home
        self.monkeypatch.setenv("HOME", str(self.home))

    def type(self, line: str) -> str:
        """Carry out one command; gives what it printed."""
        program, *arguments = shlex.split(line)
        if program == "cd":
            (where,) = arguments
            self.folder = Path(where).expanduser()
            return ""
        if program == "mkdir":
            assert arguments[0] == "-p"
            (self.folder / arguments[1]).mkdir(parents=True)
            # What the instructor downloads, and puts here.
            shutil.rmtree(self.folder / arguments[1])
            hand_in(self.folder, self.lang)
            return ""
        if program == "maatwerk":
            self.monkeypatch.chdir(self.folder)
            self.capsys.readouterr()
            assert main(arguments) == 0, line
            return self.capsys.readouterr().out.replace(str(self.home), "~")
        assert program == "nbgrader"
        if self.nl is None:
            return nbgrader(self.folder, *arguments)
        # Its commands are the same in both languages, and a kernel or a converter starts slowly.
        for name in ("release", "submitted", "feedback", "gradebook.db"):
            there, here = self.nl / name, self.folder / name
            if there.is_dir() and not here.exists():
                shutil.copytree(there, here)
            elif there.is_file() and not here.exists():
                shutil.copy(there, here)
        return ""


def walk(terminal: Terminal) -> None:
    printed = ""
    for kind, lines in blocks(terminal.lang):
        if kind == "text":
            assert lines and [line for line in lines if line not in printed.splitlines()] == []
            continue
        assert kind == "sh"
        printed = ""
        for line in lines:
            if "generate_feedback" in line:
                mark_by_hand(terminal.folder)
            printed += terminal.type(line)
    assert "1042" in (terminal.folder / f"{NAME}-brightspace.csv").read_text(encoding="utf-8-sig")


def test_every_command_works_and_prints_what_the_page_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dutch, english = tmp_path / "nl", tmp_path / "en"
    for home in (dutch, english):
        home.mkdir()
    walk(Terminal(dutch, "nl", capsys, monkeypatch, None))
    root = dutch / "maatwerk-docent"
    for student in LEARNERS:
        assert (root / "feedback" / student / NAME / f"{NAME}.html").is_file()
    # As the gradebook was before anything was graded.
    before = tmp_path / "before"
    shutil.copytree(root, before)
    with Gradebook(f"sqlite:///{before / 'gradebook.db'}") as gradebook:
        for student in LEARNERS:
            gradebook.remove_submission(NAME, student)
    (before / ".maatwerk-grade.lock").unlink(missing_ok=True)
    walk(Terminal(english, "en", capsys, monkeypatch, before))


def test_both_languages_give_the_same_commands_and_pictures() -> None:
    dutch, english = (
        [
            line.replace(f" --lang {lang}", "")
            .replace("maatwerk-docent", "DIR")
            .replace("maatwerk-teaching", "DIR")
            for line in commands(lang)
        ]
        for lang in LANGUAGES
    )
    assert dutch == english
    assert [line.split()[:2] for line in dutch if line.startswith("nbgrader")] == [
        ["nbgrader", "generate_assignment"],
        ["nbgrader", "zip_collect"],
        ["nbgrader", "generate_feedback"],
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_command_in_the_text_is_one_that_was_run_or_waits_for_a_person(lang: Language) -> None:
    named = re.findall(r"`((?:maatwerk|nbgrader|jupyter|make|source) [^`\n]+)`", BLOCK.sub("", page(lang)))
    assert set(named) == {"make test", "source .venv/bin/activate", "jupyter lab"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_there_small_and_told_in_words(lang: Language) -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page(lang))
    assert len(pictures) == 5
    for words, name in pictures:
        file = (DOCS / lang / name).resolve()
        assert len(words) > 25
        assert file.stat().st_size < LARGEST_PICTURE
        with Image.open(file) as picture:
            assert picture.format == "PNG" and picture.mode == "P"
    for target in re.findall(r"\]\(([a-z-]+\.md)(?:#[a-z-]+)?\)", page(lang)):
        assert (DOCS / lang / target).is_file()
