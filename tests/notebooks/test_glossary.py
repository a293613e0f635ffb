"""The glossary: its terms as data, the page made of them, and the links from the chapters that lead to it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from maatwerk import LANGUAGES, Language, TableError, framework
from maatwerk.framework import TABLES
from maatwerk.glossary import read_glossary

COURSE = Path(__file__).parents[2] / "course"
PAGE = "07-begrippen"

every_language = pytest.mark.parametrize("language", LANGUAGES)


def headings(language: Language) -> list[str]:
    """The headings of the page's terms, as a reader sees them."""
    cells = nbformat.read(COURSE / language / f"{PAGE}.ipynb", as_version=4).cells
    return [name for cell in cells for name in re.findall(r"^## (.+)$", cell.source, re.MULTILINE)]


def test_there_are_enough_words_to_look_up() -> None:
    assert len(framework().glossary) >= 35


def test_the_variants_and_the_words_of_the_dynamics_are_explained() -> None:
    fw = framework()
    assert set(fw.variants) <= set(fw.glossary)
    assert {"overconformisme", "protocollering", "risicoregelreflex", "willekeur"} <= set(fw.glossary)


@every_language
def test_the_page_has_every_term_in_alphabetical_order(language: Language) -> None:
    shown = headings(language)
    assert sorted(shown) == sorted(term.name[language] for term in framework().glossary.values())
    assert shown == sorted(shown, key=str.casefold)


@every_language
def test_a_heading_gives_an_address_without_special_signs(language: Language) -> None:
    """JupyterLab neither encodes nor decodes the name of a heading."""
    names = [heading.replace(" ", "-") for heading in headings(language)]
    assert len({name.casefold() for name in names}) == len(names)


@every_language
def test_every_link_to_a_term_leads_to_its_heading(language: Language) -> None:
    names = {heading.replace(" ", "-") for heading in headings(language)}
    linked = {
        found
        for file in (COURSE / language).glob("*.ipynb")
        for found in re.findall(rf"\]\({PAGE}\.ipynb#([^)]*)\)", _text(file))
    }
    assert linked and linked <= names
    assert all(re.fullmatch(r"[A-Za-z-]+", name) for name in linked)
    assert not any("begrip:" in _text(file) for file in (COURSE / language).glob("*.ipynb"))


def _text(file: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(file, as_version=4).cells)


def test_a_link_is_built_in_the_language_of_the_chapter(tmp_path: Path, builder: ModuleType) -> None:
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        text = "# A\n\nEen [echte\nclausule](begrip:hardheidsclausule), geen [los](begrip:bestaat-niet) eind."
        (tmp_path / language / "01-a.md").write_text(text)
        (tmp_path / language / f"{PAGE}.md").write_text("# Words\n")
    builder.mark_translated(tmp_path)
    builder.write(tmp_path)
    built = {lang: json.loads((tmp_path / lang / "01-a.ipynb").read_text()) for lang in LANGUAGES}
    source = {lang: notebook["cells"][0]["source"] for lang, notebook in built.items()}
    assert f"[echte\nclausule]({PAGE}.ipynb#Hardheidsclausule)" in source["nl"]
    assert f"[echte\nclausule]({PAGE}.ipynb#Hardship-clause)" in source["en"]
    # And the page knows where the word is used.
    page = (tmp_path / "en" / f"{PAGE}.ipynb").read_text()
    assert "Dutch: Hardheidsclausule" in page and "Course: [chapter 1](01-a.ipynb)" in page
    assert "Cursus: [hoofdstuk 1](01-a.ipynb)" in (tmp_path / "nl" / f"{PAGE}.ipynb").read_text()
    problems = builder.check(tmp_path)
    assert len(problems) == 2 and all("'bestaat-niet'" in problem for problem in problems)


def test_a_changed_explanation_asks_for_the_page_to_be_built_again(
    tmp_path: Path, builder: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        (tmp_path / language / f"{PAGE}.md").write_text("# Words\n")
    builder.mark_translated(tmp_path)
    builder.write(tmp_path)
    assert builder.check(tmp_path) == []
    glossary = tmp_path / "glossary.toml"
    text = (TABLES / "glossary.toml").read_text(encoding="utf-8")
    glossary.write_text(text.replace("precies hoe. Wat", "precies hoe! Wat"), encoding="utf-8")
    changed = replace(framework(), glossary=read_glossary(glossary))
    monkeypatch.setattr(builder, "framework", lambda: changed)
    assert builder.check(tmp_path) == [
        f"nl/{PAGE}.ipynb: differs from its text; run: python tools/chapters/build.py"
    ]


@pytest.mark.parametrize(
    ("old", "new", "row", "field"),
    [
        ('see = ["rechtsgelijkheid"]', 'see = ["gelijkheid"]', "precedent", "see"),
        ('see = ["rechtsgelijkheid"]', 'see = ["precedent"]', "precedent", "see"),
        ('see = ["rechtsgelijkheid"]', 'see = ["willekeur", "willekeur"]', "precedent", "see"),
        ('key = "willekeur"', 'key = "dilemma"', "dilemma", "key"),
        ('"paragraaf 3.2"', '"paragraaf 3.9"', "proportionaliteit", "places"),
        ('name.en = "Dilemma"', 'name.fr = "Dilemme"', "dilemma", "name.en"),
    ],
)
def test_a_planted_mistake_is_named(tmp_path: Path, old: str, new: str, row: str, field: str) -> None:
    file = tmp_path / "glossary.toml"
    shutil.copy(TABLES / file.name, file)
    written = file.read_text(encoding="utf-8")
    assert old in written
    file.write_text(written.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_glossary(file)
    assert (caught.value.file, caught.value.row, caught.value.field) == (file, row, field)
