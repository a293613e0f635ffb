"""Every chapter runs from top to bottom in a real kernel, and says nothing but widgets."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from tests.kernels import run_in_kernel

COURSE = Path(__file__).parents[2] / "course"
# The code of both languages is the same (the parity check sees to that): around the chapters one will do.
# The page of the glossary has nothing to run.
CHAPTERS = sorted(COURSE.glob("*/0[1-5]-*.ipynb"))
AROUND = [COURSE / "nl" / f"{stem}.ipynb" for stem in ("00-start", "06-portfolio", "08-oefenen")]
NOTEBOOKS = [*CHAPTERS, *AROUND]
# One chapter will do for what the answers file may hold.
CHAPTER = COURSE / "nl" / "05-doorbreken.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(file: Path, folder: Path) -> list[nbformat.NotebookNode]:
    """The code cells of ``file`` after a run in ``folder``."""
    notebook = nbformat.read(file, as_version=4)
    run_in_kernel(notebook, folder, timeout=60)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_chapter_runs_and_shows_one_widget_a_cell(file: Path, tmp_path: Path) -> None:
    setup, *others = run(file, tmp_path)
    assert setup.outputs == []
    for cell in others:
        assert [output.output_type for output in cell.outputs] == ["execute_result"], cell.source
        assert WIDGET in cell.outputs[0].data, cell.source
    # Looking is not answering.
    assert not (tmp_path / "answers.json").exists()


def test_a_chapter_also_runs_over_a_damaged_answers_file(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("{ not json")
    for cell in run(CHAPTER, tmp_path)[1:]:
        assert [output.output_type for output in cell.outputs] == ["execute_result"], cell.source
    # Looking is not answering: the file is put aside when something is saved.
    assert [file.read_text() for file in tmp_path.iterdir()] == ["{ not json"]


def test_a_chapter_also_runs_over_answers_of_the_wrong_kind(tmp_path: Path) -> None:
    stem = CHAPTER.stem
    answers = {
        stem: {
            "plane.before": "north",
            "scales.before": [1],
            "reflection.own-desk": 7,
            "recall.overvraagd": [],
        }
    }
    file = {
        "schema": "maatwerk.answers",
        "version": 1,
        "revision": 1,
        "saved_at": "2026-11-24T09:00:00+00:00",
    }
    (tmp_path / "answers.json").write_text(json.dumps(file | {"answers": answers}))
    for cell in run(CHAPTER, tmp_path)[1:]:
        assert [output.output_type for output in cell.outputs] == ["execute_result"], cell.source
