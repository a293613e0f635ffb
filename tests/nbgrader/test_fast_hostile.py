"""Broken and hostile submissions: each gets a mark or a flag, and none does anything else."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from handed_in import EXERCISE, NAME
from hostile import cases, submit
from hostile_case import SECRET, SECRET_CONTENT, TRACE, Case
from maatwerk import LANGUAGES
from maatwerk_app.cli import main
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.course import read_course
from maatwerk_grading.autograde.problems import TEXTS
from maatwerk_grading.autograde.refused import is_notice, reason, why_refused
from maatwerk_grading.autograde.report import Report
from maatwerk_grading.autograde.results import Known, Result, State
from maatwerk_grading.autograde.submission import SECRET as RECEIPT
from maatwerk_grading.autograde.submission import TIMESTAMP
from nbgrader.api import Gradebook

pytestmark = pytest.mark.xdist_group("fast")

CASES = {case.name: case for case in cases()}
GOOD = Case("goed", lambda _folder: None)

# What a file says of itself: its kind, size, permissions and when it was changed.
Seen = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Graded:
    """A course folder in which all cases were graded, beside one good submission."""

    root: Path
    results: Mapping[str, Result]
    lines: Mapping[str, list[str]]
    scores: Mapping[str, list[float | None]]
    before: Seen
    after: Seen


def _seen(folder: Path) -> Seen:
    found = {}
    for file in folder.rglob("*"):
        status = os.lstat(file)
        found[str(file)] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("hostile") / "nl"
    shutil.copytree(released, root)
    for case in (*CASES.values(), GOOD):
        submit(case, root)
    course = read_course(root, NAME)
    said: dict[str, list[str]] = {}
    before = _seen(root / "submitted")
    with pytest.MonkeyPatch.context() as patch:
        # Whoever works in a learner's folder would import what stands there.
        patch.chdir(root)
        students = list(course.students())
        report = Report("en", len(students))
        found = {}
        for result in grade_all(course, students, Request()):
            found[result.student] = result
            said[result.student] = []
            patch.setattr("builtins.print", said[result.student].append)
            report.add(result)
            patch.undo()
    with Gradebook(course.db_url) as gradebook:
        scores = {
            submission.student.id: [grade.auto_score for one in submission.notebooks for grade in one.grades]
            for submission in gradebook.assignment_submissions(NAME)
        }
    return Graded(root, found, said, scores, before, _seen(root / "submitted"))


def test_there_are_enough_of_them() -> None:
    assert len(CASES) > 150
    assert len({case.folder for case in CASES.values()}) == len(CASES)


@pytest.mark.parametrize("name", CASES)
def test_it_gets_a_mark_or_a_flag_and_a_clear_line(name: str, graded: Graded) -> None:
    case = CASES[name]
    result, lines = graded.results[case.folder], graded.lines[case.folder]
    assert result.state is case.state, lines
    earned = [sum(score or 0.0 for score in notebook.scores.values()) for notebook in result.notebooks]
    assert earned == ([] if case.earns is None else [case.earns])
    keys = [remark.key for remark in result.remarks]
    copied = ["same_answers"] if "same_answers" in case.remarks else []
    assert (*keys, *copied) == case.remarks
    assert len(lines) == len(case.remarks)
    for line in lines:
        assert line.isprintable()
        assert ("NOT graded" in line) == (case.state is State.FAILED)
        assert not re.search(r"\{[a-z_]+\}", line.replace(case.folder, ""))
        assert "not foreseen" not in line
    scores = graded.scores.get(case.folder, [])
    notebook = graded.root / "autograded" / case.folder / NAME / f"{NAME}.ipynb"
    assert sum(score or 0.0 for score in scores) == (case.earns or 0.0)
    if case.earns is None:
        # What formgrader shows of it says why, and holds nothing of what was handed in.
        assert notebook.is_file() == (result.known is Known.SUBMISSION)
        assert {file.name for file in notebook.parent.rglob("*")} <= {notebook.name, TIMESTAMP, RECEIPT}
        if notebook.is_file():
            why = why_refused(json.loads(notebook.read_bytes()))
            assert why == reason(result.remarks[0])
    else:
        assert notebook.is_file() and not is_notice(json.loads(notebook.read_bytes()))
    # Where every test cell is gone, every mark waits for a person.
    assert any(score is not None for score in scores) == any(one.scores for one in result.notebooks)


def test_a_good_submission_among_them_is_as_good_as_ever(graded: Graded) -> None:
    result = graded.results[GOOD.name]
    assert result.state is State.GRADED and result.remarks == ()
    assert sum(score or 0.0 for score in result.notebooks[0].scores.values()) == sum(EXERCISE.points.values())


def test_nothing_that_was_handed_in_is_touched(graded: Graded) -> None:
    assert graded.after == graded.before


def test_nothing_of_it_ran_or_was_unpacked_and_no_link_was_followed(graded: Graded) -> None:
    assert not list(graded.root.parent.rglob(f"*{TRACE}*"))
    assert not Path("/tmp", TRACE).exists()
    autograded = [file for file in (graded.root / "autograded").rglob("*") if file.is_file()]
    assert not [file for file in autograded if file.is_symlink()]
    content = b"".join(file.read_bytes() for file in autograded)
    assert SECRET_CONTENT not in content
    assert (graded.root / SECRET).read_bytes() == SECRET_CONTENT
    assert b"SQLite format 3" not in content
    assert not (graded.root / "autograded" / ".maatwerk").exists()


def test_each_can_be_said_in_both_languages() -> None:
    used = {key for case in CASES.values() for key in case.remarks}
    assert used <= set(TEXTS)
    for lang in LANGUAGES:
        assert len({TEXTS[key][lang] for key in used}) == len(used)


def test_the_command_says_that_not_all_was_graded(
    released: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(released, root)
    submit(GOOD, root)
    submit(CASES["notebook-leeg"], root)
    assert main(["grade", NAME, "--course-dir", str(root), "--jobs", "1", "--lang", "nl"]) == 1
    said = capsys.readouterr().out
    assert "notebook-leeg: NIET nagekeken." in said
    assert "Nagekeken: 1 " in said and "Niet nagekeken: 1." in said


def test_a_file_that_may_not_be_read_is_told(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "nl"
    shutil.copytree(released, root)
    submit(GOOD, root)
    real = os.open

    def refuse(path: Path, *arguments: int, **named: int) -> int:
        if Path(path).name == "answers.json" and "submitted" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr("os.open", refuse)
    (result,) = grade_all(read_course(root, NAME), [GOOD.name], Request())
    assert result.state is State.FAILED
    assert "Permission denied" in result.remarks[0].say("nl")
