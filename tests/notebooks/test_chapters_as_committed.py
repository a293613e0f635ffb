"""The real chapters: built as they should be, mirrored, and asking for nothing that does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from maatwerk import LANGUAGES, framework
from maatwerk.content import content_root, originals
from maatwerk_widgets import Chapter
from maatwerk_widgets.table_view import table_html

COURSE = Path(__file__).parents[2] / "course"
NOTEBOOKS = sorted(COURSE.glob("*/*.ipynb"))
# The chapters of the essay; other notebooks show what was learned in them.
CHAPTERS = [file for file in NOTEBOOKS if re.match("0[1-5]-", file.stem)]


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


# What a learner decides on before reading and again after it.
DECISIONS = ("plane", "scales", "profile")

every_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=_name)
every_chapter = pytest.mark.parametrize("file", CHAPTERS, ids=_name)
only_chapter_5 = pytest.mark.parametrize("file", [f for f in CHAPTERS if f.stem[:2] == "05"], ids=_name)


def cells(file: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == kind]


def calls(file: Path) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Every ``chapter.<name>(…)`` with its arguments, in order (``course.<name>(…)`` in other notebooks)."""
    for cell in cells(file, "code")[1:]:
        call = ast.parse(cell.source, mode="eval").body
        assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        assert isinstance(call.func.value, ast.Name) and call.func.value.id in ("chapter", "course")
        named = {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
        yield call.func.attr, [ast.literal_eval(one) for one in call.args], named


def test_there_is_a_chapter_in_each_language() -> None:
    assert {file.parent.name for file in NOTEBOOKS} == set(LANGUAGES)


def test_the_course_has_no_problem(builder: ModuleType) -> None:
    assert builder.check(COURSE) == []


def test_building_twice_gives_the_same_bytes(builder: ModuleType) -> None:
    for file in NOTEBOOKS:
        text = file.with_suffix(".md")
        built = [builder.notebook_text(builder.read_chapter(text)) for _ in range(2)]
        assert built[0] == built[1] == file.read_text(encoding="utf-8")


def test_both_languages_have_the_same_cells_in_the_same_order() -> None:
    by_stem: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    for file in NOTEBOOKS:
        kinds = tuple((cell.id, cell.cell_type) for cell in nbformat.read(file, as_version=4).cells)
        by_stem.setdefault(file.stem, set()).add(kinds)
    assert [stem for stem, seen in by_stem.items() if len(seen) > 1] == []


@every_notebook
def test_no_learner_sees_code_and_no_output_is_committed(file: Path) -> None:
    for cell in cells(file, "code"):
        assert cell.metadata == {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
        assert cell.outputs == [] and cell.execution_count is None


@every_chapter
def test_code_cells_are_one_line_after_the_setup(file: Path) -> None:
    setup, *others = [cell.source for cell in cells(file, "code")]
    assert setup == (
        f'from maatwerk_widgets import Chapter\nchapter = Chapter("{file.stem}", lang="{file.parent.name}")'
    )
    assert [source for source in others if "\n" in source] == []


@every_notebook
def test_the_notebook_asks_to_be_run_on_opening_and_says_its_language(file: Path) -> None:
    wish = nbformat.read(file, as_version=4).metadata.maatwerk
    assert wish == {"autorun": True, "language": file.parent.name}


@every_notebook
def test_every_table_and_statement_asked_for_exists(file: Path) -> None:
    asked = [(name, *arguments[:1]) for name, arguments, _ in calls(file)]
    recalled = {key for name, *keys in asked if name == "recall" for key in keys}
    assert recalled <= set(framework().statements)
    for name, *numbers in asked:
        if name == "table":
            assert "<table" in table_html(framework(), *numbers, "nl")


@every_notebook
def test_every_quiz_asks_items_that_exist(file: Path, tmp_path: Path) -> None:
    chapter = Chapter(file.stem, path=tmp_path / "answers.json")
    for name, arguments, named in calls(file):
        if name == "quiz":
            chapter.quiz(*arguments, **named)


@only_chapter_5
def test_recall_mixes_statements_of_all_variants_and_some_of_two(file: Path) -> None:
    recalled = [
        framework().statements[arguments[0]] for name, arguments, _ in calls(file) if name == "recall"
    ]
    assert {variant for one in recalled for variant in one.variants} == set(framework().variants)
    assert sum(len(one.variants) > 1 for one in recalled) >= 2
    # Never asked right below its own table: recall needs a gap.
    order = [(name, arguments[0]) for name, arguments, _ in calls(file)]
    for (name, number), (following, key) in pairwise(order):
        if name == "table" and following == "recall":
            own = {framework().variants[v].own_table.number for v in framework().statements[key].variants}
            assert number not in own


@every_notebook
def test_no_two_widgets_keep_their_answer_in_the_same_place(file: Path) -> None:
    kept = [(name, *arguments[:1]) for name, arguments, _ in calls(file) if name not in ("table", "compare")]
    assert len(set(kept)) == len(kept)


@every_chapter
def test_what_is_shown_again_was_asked_before(file: Path) -> None:
    seen: set[str] = set()
    for name, arguments, named in calls(file):
        shown = arguments if name == "compare" else named.get("earlier", ())
        assert set(shown) <= seen
        if name in DECISIONS:
            seen.add(arguments[0])


@every_chapter
def test_the_first_decision_is_made_before_any_theory(file: Path) -> None:
    name, arguments, named = next(calls(file))
    assert name in DECISIONS
    assert arguments == ["before"]
    # A plane that names the variants would be theory.
    assert name != "plane" or named == {"reveal": "nothing"}


@every_chapter
def test_the_same_decision_comes_back_with_its_shift_and_a_reflection(file: Path) -> None:
    order = [(name, *arguments) for name, arguments, _ in calls(file)]
    first = order[0][0]
    after = order.index((first, "after"))
    assert order[after:].index(("compare", "before", "after")) > 0
    assert ("reflection", "what-moved-you") in order[after:]


@every_chapter
def test_a_chapter_has_something_to_retrieve_and_something_for_the_own_desk(file: Path) -> None:
    asked = [(name, *arguments[:1]) for name, arguments, _ in calls(file)]
    assert any(name in ("recall", "quiz") for name, *_ in asked)
    assert ("reflection", "own-desk") in asked


@only_chapter_5
def test_the_border_that_the_text_names_is_that_of_the_data(file: Path) -> None:
    text = "\n".join(cell.source for cell in cells(file, "markdown"))
    plane = framework().plane
    border, band = f"{plane.border:g}", f"{plane.band:g}"
    assert re.search(rf"halverwege, bij {border}\.|halfway, at {border}\.", text)
    assert re.search(rf"strook van {band} punten|band of {band} points", text)


@every_notebook
def test_links_lead_to_a_file_in_the_learners_folder(file: Path) -> None:
    text = "\n".join(cell.source for cell in cells(file, "markdown"))
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    copied = {one.target.as_posix() for one in originals(content_root(), file.parent.name)}  # type: ignore[arg-type]
    assert links and set(links) <= copied
