"""The instructor's page tells what happens: its commands are run, and what it shows is what they print."""

from __future__ import annotations

import csv
import io
import re
import shlex
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from course_roots import nbgrader
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
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
    """Types the page's commands, one after another."""

    home: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
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
        if program == "nbgrader":
            return nbgrader(self.folder, *arguments)
        assert program == "maatwerk"
        self.monkeypatch.chdir(self.folder)
        self.capsys.readouterr()
        assert main(arguments) == 0, line
        return self.capsys.readouterr().out.replace(str(self.home), "~")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_works_and_prints_what_the_page_shows(
    lang: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    printed = ""
    for kind, lines in blocks(lang):
        if kind == "text":
            assert lines and [line for line in lines if line not in printed.splitlines()] == []
            continue
        assert kind == "sh"
        printed = ""
        for line in lines:
            # What a person does before it: downloads from Moodle, and gives points in formgrader.
            if line.startswith("maatwerk collect"):
                files = hand_in(terminal.folder, lang)
                assert line.split()[-2:] == [file.name for file in files]
            if line.startswith("maatwerk feedback"):
                mark_by_hand(terminal.folder)
            printed += terminal.type(line)
    root = terminal.folder
    for student in LEARNERS:
        assert (root / "feedback" / student / NAME / f"{NAME}.html").is_file()
    (filled,) = root.glob("*-19-*.csv")
    rows = list(csv.reader(io.StringIO(filled.read_text(encoding="utf-8-sig"))))
    # The page tells which maximum to set, and everybody who handed in has a mark.
    assert f" {float(rows[1][5].replace(',', '.')):g} " in page(lang)
    assert {row[2] for row in rows[1:] if row[4]} == set(LEARNERS)
    with zipfile.ZipFile(root / f"{NAME}-feedback-moodle.zip") as packed:
        assert {name.split("_")[0] for name in packed.namelist()} == {name for name, *_ in LEARNERS.values()}


def test_both_languages_give_the_same_commands_and_pictures() -> None:
    dutch, english = (
        [
            line.replace(f" --lang {lang}", "")
            .replace("maatwerk-docent", "DIR")
            .replace("maatwerk-teaching", "DIR")
            .replace("Cijfers-", "SHEET-")
            .replace("Grades-", "SHEET-")
            for line in commands(lang)
        ]
        for lang in LANGUAGES
    )
    assert dutch == english
    assert [line.split()[:2] for line in dutch if not line.startswith("cd ")] == [
        ["maatwerk", "teach"],
        ["nbgrader", "generate_assignment"],
        *(["maatwerk", one] for one in ("collect", "grade", "feedback", "report", "export")),
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
