"""'Erase everything' keeps its promise: every answer in the learner's folder goes, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from maatwerk.content import content_root, originals
from maatwerk_learner.answers import AnswerBook
from maatwerk_learner.erase import answers_in, erase_answers
from maatwerk_learner.store import AnswerStore

SECRET = "what nobody else should read"
ASSIGNMENT = "opdracht-3-dilemmas"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A learner's copy of the course, without an answer yet, and with a file of their own."""
    mine = tmp_path / "mine"
    for original in originals(content_root(), "nl"):
        (mine / original.target).parent.mkdir(parents=True, exist_ok=True)
        (mine / original.target).write_bytes(original.file.read_bytes())
    (mine / "answers.docx").write_text("my own notes")
    (mine / "portfolio.txt").write_text("my own notes")
    return mine


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(".lock")
    }


def show(notebook: Path, shown: str) -> None:
    """Have a notebook show something, as after a run."""
    content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    code = next(cell for cell in content["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "display_data", "data": {"text/html": shown}, "metadata": {}}]
    notebook.write_text(json.dumps(content), encoding="utf-8")


def leave_traces(folder: Path) -> set[str]:
    """Leave an answer everywhere where the course may leave one; returns those places."""
    AnswerStore(folder / "answers.json").save("05-doorbreken", {"reflection.own-desk": SECRET}, {})
    AnswerStore(folder / ASSIGNMENT / "answers.json").save("scootmobiel", {"justification": SECRET}, {})
    notebook = folder / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    show(notebook, SECRET)
    aside = notebook.with_name(f"{ASSIGNMENT}.20261124-093015.ipynb")
    aside.write_bytes(notebook.read_bytes())
    chapter = folder / "05-doorbreken.ipynb"
    content = json.loads(chapter.read_text(encoding="utf-8"))
    content["metadata"]["widgets"] = {"state": SECRET}
    chapter.write_text(json.dumps(content), encoding="utf-8")
    others = [
        "answers.other-window.jsonl",
        "answers.damaged-20261124-093015.json",
        "answers.damaged-20261124-093015-1.json",
        ".answers.json.part",
        ".ipynb_checkpoints/answers-checkpoint.json",
        ".ipynb_checkpoints/answers.other-window-checkpoint.jsonl",
        "portfolio-20261124-093015.html",
        f"{ASSIGNMENT}.zip",
        f"{ASSIGNMENT}/answers.other-window.jsonl",
        f"{ASSIGNMENT}/.ipynb_checkpoints/{ASSIGNMENT}-checkpoint.ipynb",
    ]
    for name in others:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    changed = [folder / "answers.json", folder / ASSIGNMENT / "answers.json", notebook, aside, chapter]
    return {*others, *(one.relative_to(folder).as_posix() for one in changed)}


def test_every_trace_is_found_and_erased_and_nothing_else_is_touched(folder: Path) -> None:
    untouched = contents(folder)
    traces = leave_traces(folder)
    assert {one.as_posix() for one in answers_in(folder)} == traces
    # Looking is not erasing.
    assert SECRET.encode() in contents(folder)["answers.json"]
    erased = erase_answers(folder)
    assert {one.as_posix() for one in erased.files} == traces and erased.problems == ()
    left = contents(folder)
    assert not any(SECRET.encode() in content for content in left.values())
    for name in set(untouched) - traces:
        assert left[name] == untouched[name]
    assert answers_in(folder) == () and erase_answers(folder).files == ()


def test_a_notebook_keeps_its_text(folder: Path) -> None:
    notebook = folder / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    before = json.loads(notebook.read_text(encoding="utf-8"))
    show(notebook, SECRET)
    erase_answers(folder)
    assert json.loads(notebook.read_text(encoding="utf-8")) == before


def test_nothing_to_erase_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    assert erase_answers(folder).files == ()
    assert contents(folder) == before


def test_a_window_that_is_still_open_does_not_bring_the_answers_back(folder: Path) -> None:
    file = folder / "answers.json"
    shown = (
        AnswerStore(file).save("05-doorbreken", {"x": SECRET, "y": SECRET}, {}).book.answers["05-doorbreken"]
    )
    erase_answers(folder)
    saved = AnswerStore(file).save("05-doorbreken", {"x": "new"}, shown)
    assert saved.book.answers == {"05-doorbreken": {"x": "new"}} and saved.notices == ()
    assert SECRET not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["{ damaged", json.dumps({"schema": "maatwerk.answers", "version": 99})])
def test_a_file_that_the_course_cannot_read_is_erased_too(folder: Path, content: str) -> None:
    (folder / "answers.json").write_text(content)
    assert [one.name for one in erase_answers(folder).files] == ["answers.json"]
    assert AnswerStore(folder / "answers.json").load().book.answers == {}
    assert AnswerBook.parse(json.loads((folder / "answers.json").read_text())).answers == {}


def test_a_file_that_cannot_be_erased_does_not_keep_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_traces(folder)
    really_unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".html":
            raise PermissionError(13, "Permission denied")
        really_unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    erased = erase_answers(folder)
    (problem,) = erased.problems
    assert "portfolio-20261124-093015.html" in problem.nl and "je hebt geen toegang" in problem.nl
    assert "you have no access" in problem.en
    assert [one.name for one in answers_in(folder)] == ["portfolio-20261124-093015.html"]
