"""The committed assignments: built from the exercise, equal in both languages, and whole for nbgrader."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from handed_in import NAME
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.assignments import assignments, closed_cell_name
from maatwerk_exercises.notebook import build_notebook, cell_name
from nbgrader.nbgraderformat import MetadataValidator

EXERCISES = Path(__file__).parents[2] / "exercises"


@pytest.fixture
def build() -> ModuleType:
    """``tools/exercises/build.py``."""
    spec = importlib.util.spec_from_file_location(
        "exercises_build", EXERCISES.parent / "tools" / "exercises" / "build.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_committed_is_what_is_built(build: ModuleType) -> None:
    assert build.check(EXERCISES) == []


def test_check_names_what_differs_and_changes_nothing(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main([], tmp_path) == 0
    assert len(capsys.readouterr().out.split()) == len(LANGUAGES) * len(assignments())
    assert build.main([], tmp_path) == 0
    assert capsys.readouterr().out == "", "nothing is written twice"
    assert build.main(["--check"], tmp_path) == 0
    file = tmp_path / "en" / "source" / NAME / f"{NAME}.ipynb"
    edited = file.read_text(encoding="utf-8").replace("points", "punten", 1)
    file.write_text(edited, encoding="utf-8")
    answers = tmp_path / "nl" / "source" / NAME / "answers.json"
    answers.write_text("{}")
    assert build.main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == [
        f"en/source/{NAME}/{NAME}.ipynb",
        f"nl/source/{NAME}/answers.json",
    ]
    assert file.read_text(encoding="utf-8") == edited
    file.unlink()
    assert build.main(["--check"], tmp_path) == 1


every_assignment = pytest.mark.parametrize("key", assignments())


@every_assignment
@pytest.mark.parametrize("lang", LANGUAGES)
def test_building_twice_gives_the_same_valid_notebook(key: str, lang: Language) -> None:
    first, second = (build_notebook(assignments()[key], lang) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    nbformat.validate(first)
    MetadataValidator().validate_nb(first)
    assert first.metadata.kernelspec.name == "python3"
    assert first.metadata.maatwerk.language == lang
    for cell in first.cells:
        assert cell.metadata.nbgrader.locked and not cell.metadata.nbgrader.solution
        assert cell.metadata.editable is False
        if cell.cell_type == "code":
            assert cell.metadata.jupyter.source_hidden is True
            assert len(cell.source.splitlines()) == 2


@every_assignment
def test_both_languages_have_the_same_cells_and_points(key: str) -> None:
    assignment = assignments()[key]
    dutch, english = (build_notebook(assignment, lang) for lang in LANGUAGES)
    assert [(c.id, c.cell_type, c.metadata) for c in dutch.cells] == [
        (c.id, c.cell_type, c.metadata) for c in english.cells
    ]
    for one, other in zip(dutch.cells, english.cells, strict=True):
        if one.cell_type == "code":
            assert one.source.replace('lang="nl"', 'lang="en"') == other.source
        else:
            assert one.source != other.source
    points = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points
        for c in dutch.cells
        if "points" in c.metadata.nbgrader
    }
    assert points == {
        cell_name(exercise, part): worth
        for exercise in assignment.dilemmas
        for part, worth in {**exercise.points, exercise.manual: exercise.manual_points}.items()
    } | {closed_cell_name(quiz, item): 1 for quiz in assignment.closed for item in quiz.items}


@every_assignment
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_last_thing_is_handing_in(key: str, lang: Language) -> None:
    *_, last = build_notebook(assignments()[key], lang).cells
    assert last.source == f'from maatwerk_widgets import hand_in\nhand_in("{key}", lang="{lang}")'


@every_assignment
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_task_shows_every_level_of_the_rubric(key: str, lang: Language) -> None:
    assignment = assignments()[key]
    tasks = {c.id: c.source for c in build_notebook(assignment, lang).cells if c.metadata.nbgrader.task}
    for exercise in assignment.dilemmas:
        task = tasks[cell_name(exercise, exercise.manual)]
        rows = [line for line in task.splitlines() if line.startswith("|")]
        cells = [re.split(r"(?<!\\)\|", row)[1:-1] for row in rows]
        assert len({len(row) for row in cells}) == 1
        assert len(rows) == 2 + len(exercise.rubric)
        assert all(cell.strip() for row in cells for cell in row)
