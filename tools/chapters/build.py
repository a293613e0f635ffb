"""Build every chapter's notebook from its text.

::

    python tools/chapters/build.py               write the notebooks
    python tools/chapters/build.py --check       change nothing; exit with 1 and name what is not as it
    should be python tools/chapters/build.py --translated  note in every English text that it translates the
    Dutch as
    it is now
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import glossary_page
import jupytext
import navigation
import nbformat
import parity
from maatwerk import LANGUAGES, Language, framework
from parity import Cell, Chapter, Problem

COURSE = Path(__file__).parents[2] / "course"

# The same for every notebook.
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# Learners are no programmers: no code cell is ever shown. So the texts need not say so at every cell.
CODE_METADATA = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}

_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n\s*", re.DOTALL | re.MULTILINE)


def read_chapter(file: Path) -> Chapter:
    """A chapter as its text tells it."""
    text = file.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="md:myst")
    cells = tuple(
        Cell(_cell_id(file.stem, number), number, cell.cell_type, cell.source)
        for number, cell in enumerate(notebook.cells, start=1)
    )
    translates = notebook.metadata.get("translates")
    language = _language(file)
    above, below = _made(file, language, len(cells) + 1)
    return Chapter(file.stem, language, cells, digest(text), translates, above, below)


def digest(text: str) -> str:
    """What a translation remembers of the text that it translates."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def notebook_text(chapter: Chapter) -> str:
    """The notebook as it is committed: no outputs, and the same bytes for the same text."""
    cells: list[dict[str, Any]] = []
    for cell in (*chapter.above, *chapter.cells, *chapter.below):
        common = {"cell_type": cell.kind, "id": cell.id, "source": cell.source}
        if cell.kind == "code":
            cells.append(common | {"metadata": CODE_METADATA, "execution_count": None, "outputs": []})
        else:
            source = glossary_page.with_links(cell.source, framework().glossary, chapter.language)
            cells.append(common | {"metadata": {}, "source": source})
    # `autorun` asks the learner's JupyterLab to run it on opening.
    metadata = NOTEBOOK_METADATA | {"maatwerk": {"autorun": True, "language": chapter.language}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    nbformat.validate(notebook)
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)}\n"


def read_course(course: Path) -> Mapping[Language, Mapping[str, Chapter]]:
    """Every chapter, by language and stem."""
    return {
        language: {file.stem: read_chapter(file) for file in sorted((course / language).glob("*.md"))}
        for language in LANGUAGES
    }


def write(course: Path) -> list[Path]:
    """Write every notebook that is not as it should be; returns those."""
    chapters = _chapters(course)
    changed = [chapter for chapter in chapters if _committed(course, chapter) != notebook_text(chapter)]
    for chapter in changed:
        _notebook(course, chapter).write_text(notebook_text(chapter), encoding="utf-8", newline="\n")
    return [_notebook(course, chapter) for chapter in changed]


def check(course: Path) -> list[str]:
    """Every problem of the course as one line; changes nothing."""
    read = read_course(course)
    problems: list[Problem] = parity.compare_course(read["nl"], read["en"])
    chapters = _chapters(course)
    for chapter in chapters:
        problems += parity.unknown_places(chapter)
        problems += parity.unknown_terms(chapter, framework().glossary)
    return [*map(str, problems), *_outdated(course, chapters)]


def mark_translated(course: Path) -> list[Path]:
    """Note in every English text the digest of the Dutch; returns the texts that changed."""
    changed = []
    dutch = read_course(course)["nl"]
    for file in sorted((course / "en").glob("*.md")):
        if file.stem not in dutch:
            continue
        text = file.read_text(encoding="utf-8")
        new = f"---\ntranslates: {dutch[file.stem].digest}\n---\n\n{_FRONT_MATTER.sub('', text)}"
        if new != text:
            file.write_text(new, encoding="utf-8", newline="\n")
            changed.append(file)
    return changed


def _made(file: Path, language: Language, number: int) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """What a notebook shows above and below its own text."""
    texts = {one.stem: one.read_text(encoding="utf-8") for one in file.parent.glob("*.md")}
    above, below = [], []
    if file.stem == glossary_page.PAGE:
        text = glossary_page.page(framework().glossary, texts, language)
        below.append(Cell(_cell_id(file.stem, number), number, "markdown", text))
    if links := navigation.links(file.stem, texts, language):
        # The start page needs no way back at its top.
        if file.stem != navigation.START:
            above.append(Cell(f"{file.stem}-above", 0, "markdown", links))
        below.append(Cell(f"{file.stem}-below", number + 1, "markdown", links))
    return tuple(above), tuple(below)


def _outdated(course: Path, chapters: Iterable[Chapter]) -> list[str]:
    built = {_notebook(course, chapter): notebook_text(chapter) for chapter in chapters}
    differ = [
        f"{file.relative_to(course)}: differs from its text; run: python tools/chapters/build.py"
        for file, text in built.items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]
    orphans = [
        f"{file.relative_to(course)}: has no text that it is built from"
        for language in LANGUAGES
        for file in sorted((course / language).glob("*.ipynb"))
        if file not in built
    ]
    return [*differ, *orphans]


def _chapters(course: Path) -> list[Chapter]:
    return [chapter for chapters in read_course(course).values() for chapter in chapters.values()]


def _notebook(course: Path, chapter: Chapter) -> Path:
    return course / chapter.language / f"{chapter.stem}.ipynb"


def _committed(course: Path, chapter: Chapter) -> str | None:
    file = _notebook(course, chapter)
    return file.read_text(encoding="utf-8") if file.exists() else None


def _cell_id(stem: str, number: int) -> str:
    # From the place alone: jupytext would invent random ones, and both languages need the same.
    return f"{stem}-{number:03d}"


def _language(file: Path) -> Language:
    for language in LANGUAGES:
        if file.parent.name == language:
            return language
    raise ValueError(f"{file}: a chapter lives in one of the folders {', '.join(LANGUAGES)}")


def main(arguments: Sequence[str] | None = None, course: Path = COURSE) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="tools/chapters/build.py", description="build the chapters' notebooks"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="change nothing; exit with 1 on any problem")
    what.add_argument(
        "--translated", action="store_true", help="note that the English translates the Dutch as it is now"
    )
    asked = parser.parse_args(arguments)
    if asked.check:
        problems = check(course)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    for file in mark_translated(course) if asked.translated else write(course):
        print(file.relative_to(course))
    return 0


if __name__ == "__main__":
    sys.exit(main())
