"""The notebooks around the chapters: the start page, the portfolio, the practice and the glossary."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.assignments import assignments
from maatwerk_widgets import Course

COURSE = Path(__file__).parents[2] / "course"
CALLS = {"00-start": ["overview", "keep", "erase"], "06-portfolio": ["portfolio"], "08-oefenen": ["practice"]}

every_language = pytest.mark.parametrize("language", LANGUAGES)


def cells(language: Language, stem: str, kind: str) -> list[str]:
    notebook = nbformat.read(COURSE / language / f"{stem}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def links(language: Language, stem: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", "\n".join(cells(language, stem, "markdown")))


@every_language
@pytest.mark.parametrize("stem", CALLS)
def test_each_shows_its_widgets_after_one_setup(stem: str, language: Language) -> None:
    setup, *others = cells(language, stem, "code")
    assert setup == f'from maatwerk_widgets import Course\ncourse = Course(lang="{language}")'
    assert others == [f"course.{name}()" for name in CALLS[stem]]
    assert all(callable(getattr(Course, name)) for name in CALLS[stem])


@every_language
def test_the_glossary_has_nothing_to_run(language: Language) -> None:
    """Then JupyterLab can go straight to a heading."""
    assert cells(language, "07-begrippen", "code") == []


@every_language
def test_the_start_page_leads_everywhere(language: Language) -> None:
    found = set(links(language, "00-start"))
    assert {f"{key}/{key}.ipynb" for key in assignments()} <= found
    assert {"06-portfolio.ipynb", "07-begrippen.ipynb", "08-oefenen.ipynb"} <= found
    # And there is a way back.
    for stem in ("06-portfolio", "08-oefenen"):
        assert "00-start.ipynb" in links(language, stem)


@every_language
def test_the_last_chapter_ends_with_the_portfolio(language: Language) -> None:
    assert "06-portfolio.ipynb" in links(language, "05-doorbreken")


@every_language
def test_every_chapter_links_its_words(language: Language) -> None:
    for file in sorted((COURSE / language).glob("0[1-5]-*.md")):
        linked = [link for link in links(language, file.stem) if link.startswith("07-begrippen.ipynb#")]
        assert len(linked) >= 8, file.stem
