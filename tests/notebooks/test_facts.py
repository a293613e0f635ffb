"""The facts of the essay stand in the chapters, in both languages, with the place that has them.

``facts.toml`` lists them. The essay is not in this repository: what a fact *is* was read from it by hand.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from maatwerk import LANGUAGES, Language
from maatwerk.citation import Citation
from parity import citations

COURSE = Path(__file__).parents[2] / "course"
FACTS = tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))["fact"]
CHAPTERS = sorted(file.stem for file in COURSE.glob("nl/0[1-5]-*.md"))

# What a reader sees of a link.
LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
# A case has its own, lower heading inside the section that cites it.
HEADING = re.compile(r"^#{1,2} ", re.MULTILINE)


def line_of(phrase: str, text: str) -> int | None:
    """The number of the line on which ``phrase`` starts; links and where a line was broken do not matter."""
    text = LINK.sub(r"\1", text)
    # A quotation goes on with a mark of its own on the next line.
    words = [re.escape(word) for word in phrase.split()]
    found = re.search(r"\s+(?:> )?".join(words), text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def section_around(line: int, text: str) -> str:
    """From the section's heading above a line to that of the next section."""
    starts = [text.count("\n", 0, one.start()) + 1 for one in HEADING.finditer(text)]
    first = max((start for start in starts if start <= line), default=1)
    last = min((start for start in starts if start > line), default=text.count("\n") + 2)
    return "\n".join(text.split("\n")[first - 1 : last - 1])


def problems(facts: list[dict[str, str]], course: Path) -> list[str]:
    """Every fact that a chapter does not state, or states without its place."""
    found = []
    for one in facts:
        for language in LANGUAGES:
            file = course / language / f"{one['chapter']}.md"
            text = file.read_text(encoding="utf-8")
            line = line_of(one[language], text)
            name = f"{language}/{file.name}"
            if line is None:
                found.append(f"{name}: does not state '{one['fact']}'")
            elif one["place"] not in citations(section_around(line, text), language):
                found.append(f"{name}:{line}: states '{one['fact']}' without citing {one['place']}")
    return found


def test_every_fact_is_stated_in_both_languages_beside_its_place() -> None:
    assert problems(FACTS, COURSE) == []


def test_there_are_at_least_sixty_facts_and_some_in_every_chapter() -> None:
    assert len({one["fact"] for one in FACTS}) == len(FACTS) >= 60
    counted = Counter(one["chapter"] for one in FACTS)
    assert set(counted) == set(CHAPTERS)
    assert min(counted.values()) >= 10


def test_every_fact_names_a_place_of_the_essay() -> None:
    for one in FACTS:
        assert str(Citation.parse(one["place"]).number) in one["place"]


@pytest.fixture
def planted(tmp_path: Path, builder: ModuleType) -> Path:
    """A course of one chapter: one fact in each language, on two lines, beside its place."""
    for language, text in (
        ("nl", "# Proef\n\nZe moet ruim\n7.000 euro betalen (hoofdstuk 1).\n\n## Later\n\nVerder.\n"),
        ("en", "# Trial\n\nShe has to pay more\nthan 7,000 euros (chapter 1).\n\n## Later\n\nOn.\n"),
    ):
        (tmp_path / language).mkdir()
        (tmp_path / language / "01-proef.md").write_text(text, encoding="utf-8")
    return tmp_path


FACT = {
    "fact": "7,000 euro",
    "place": "hoofdstuk 1",
    "chapter": "01-proef",
    "nl": "ruim 7.000 euro",
    "en": "more than 7,000 euros",
}


@pytest.mark.parametrize(
    ("language", "old", "new", "complaint"),
    [
        ("nl", "7.000", "8.000", "nl/01-proef.md: does not state '7,000 euro'"),
        ("en", "more\nthan", "about", "en/01-proef.md: does not state '7,000 euro'"),
        ("nl", " (hoofdstuk 1)", "", "nl/01-proef.md:3: states '7,000 euro' without citing hoofdstuk 1"),
        ("en", "Later", "Later (chapter 1)", None),
    ],
    ids=["another figure", "not translated", "no place", "nothing wrong"],
)
def test_a_planted_defect_is_named_by_its_line(
    planted: Path, language: Language, old: str, new: str, complaint: str | None
) -> None:
    file = planted / language / "01-proef.md"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert problems([FACT], planted) == ([complaint] if complaint else [])


def test_a_place_in_another_section_does_not_count(planted: Path) -> None:
    file = planted / "nl" / "01-proef.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace(" (hoofdstuk 1)", "").replace("Verder", "Verder (hoofdstuk 1)"), encoding="utf-8"
    )
    assert len(problems([FACT], planted)) == 1
