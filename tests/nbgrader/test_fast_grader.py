"""The fast grader against stock nbgrader, on the same submissions: what it leaves, and what it does again."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from course_roots import CourseRoot, nbgrader
from handed_in import CORNERS, EXERCISE, NAME, answers_file, model_fields, submissions
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.autograde.batch import Request, grade_all, released
from maatwerk_grading.autograde.compare import Facts, differences, facts, gradebook_facts
from maatwerk_grading.autograde.course import Course, read_course
from maatwerk_grading.autograde.results import Result, State
from maatwerk_grading.autograde.verify import second_opinion
from nbgrader.api import Gradebook

pytestmark = pytest.mark.xdist_group("nbgrader")


def students(language: Language) -> list[str]:
    return [one.student for one in submissions() if language in one.languages]


def everything(root: Path, language: Language) -> Facts:
    return facts(read_course(root, NAME), students(language))


def grade(course: Course, *names: str, force: bool = False) -> dict[str, Result]:
    found = grade_all(course, list(names or course.students()), Request(force=force))
    return {result.student: result for result in found}


def states(results: Mapping[str, Result]) -> dict[str, State]:
    return {student: result.state for student, result in results.items()}


@pytest.fixture
def course(fast: Mapping[Language, Path], tmp_path: Path) -> Course:
    """A copy of a course folder that was graded already."""
    shutil.copytree(fast["nl"], tmp_path / "nl")
    return read_course(tmp_path / "nl", NAME)


@pytest.mark.parametrize("language", LANGUAGES)
def test_gradebook_notebooks_and_files_are_those_of_stock_nbgrader(
    language: Language, roots: Mapping[Language, CourseRoot], fast: Mapping[Language, Path]
) -> None:
    theirs = everything(roots[language].path, language)
    assert len(theirs) > 400 * len(students(language))
    assert differences(everything(fast[language], language), theirs) == []


def test_what_differs_is_found_in_the_gradebook_in_notebooks_and_in_files(
    course: Course, fast: Mapping[Language, Path]
) -> None:
    with Gradebook(course.db_url) as gradebook:
        cell = cell_name(EXERCISE, "spanning")
        gradebook.find_grade(cell, NAME, NAME, "midden").auto_score = 1.5
        gradebook.db.commit()
    folder = course.folder(course.autograded, "half")
    file = folder / f"{NAME}.ipynb"
    file.chmod(0o644)
    file.write_text(file.read_text(encoding="utf-8").replace("1,33", "1,34"), encoding="utf-8")
    (course.folder(course.autograded, "leeg") / "answers.json").unlink()
    (course.folder(course.autograded, "beschadigd") / "extra.txt").touch()
    found = differences(facts(course, students("nl")), everything(fast["nl"], "nl"))
    said = "\n".join(map(str, found))
    assert f"midden/{NAME}/{cell} auto_score: 1.5 / 2.0" in said
    assert f"half/{NAME}.ipynb mode" in said and "outputs" in said and "1,34" in said
    assert "leeg/answers.json content: None" in said
    assert "beschadigd/extra.txt mode" in said
    assert {one.fact.split("/")[0].split()[0] for one in found} == {"midden", "half", "leeg", "beschadigd"}


def test_feedback_and_export_go_on_as_if_stock_had_run(nl: CourseRoot, fast: Mapping[Language, Path]) -> None:
    root = fast["nl"]
    nbgrader(root, "generate_feedback", NAME, "--student", "h[ae]*")
    for student in ("half", "herkenbaar"):
        pages = [
            BeautifulSoup((path / "feedback" / student / NAME / f"{NAME}.html").read_text(), "html.parser")
            for path in (root, nl.path)
        ]
        ours, theirs = ([" ".join(row.split()) for row in page.get_text().splitlines()] for page in pages)
        assert [row for row in ours if row] == [row for row in theirs if row]
        assert len(ours) > 100
    nbgrader(root, "export")
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert {row["student_id"]: row for row in csv.DictReader(file)} == nl.exported


def test_no_form_is_drawn_and_nothing_of_a_widget_is_kept(fast: Mapping[Language, Path]) -> None:
    notebook = json.loads((fast["nl"] / "autograded" / "midden" / NAME / f"{NAME}.ipynb").read_text())
    assert "widgets" not in notebook["metadata"]
    forms = [cell for cell in notebook["cells"] if cell["id"] == cell_name(EXERCISE, "form")]
    assert [cell["outputs"] for cell in forms] == [[]]


def test_a_second_run_changes_nothing(course: Course) -> None:
    def seen() -> dict[str, int]:
        return {str(file): file.stat().st_mtime_ns for file in course.root.rglob("*") if file.is_file()}

    rows = gradebook_facts(course.db_url, NAME, students("nl"))
    before = seen()
    assert set(states(grade(course)).values()) == {State.UNCHANGED}
    after = seen()
    del before[str(course.root / "gradebook.db")], after[str(course.root / "gradebook.db")]
    assert after == before
    assert gradebook_facts(course.db_url, NAME, students("nl")) == rows


def test_only_what_changed_is_graded_again_and_marks_by_hand_stay(course: Course) -> None:
    cell, task = cell_name(EXERCISE, "spanning"), cell_name(EXERCISE, EXERCISE.manual)
    with Gradebook(course.db_url) as gradebook:
        for name, points in ((cell, 1.0), (task, 5.0)):
            grade_ = gradebook.find_grade(name, NAME, NAME, "leeg")
            grade_.manual_score, grade_.needs_manual_grade, grade_.extra_credit = points, False, 0.5
        gradebook.find_comment(task, NAME, NAME, "leeg").manual_comment = "Goed gezien."
        gradebook.db.commit()
    answers = course.folder(course.submitted, "leeg") / "answers.json"
    answers.write_bytes(answers_file(model_fields(5, 5)))
    # A folder that somebody threw away is made again.
    shutil.rmtree(course.folder(course.autograded, "midden"))
    found = states(grade(course))
    assert {student for student, state in found.items() if state is State.GRADED} == {"leeg", "midden"}
    rows = gradebook_facts(course.db_url, NAME, ["leeg"])
    at = f"leeg/{NAME}/{cell}"
    assert (rows[f"{at} auto_score"], rows[f"{at} manual_score"], rows[f"{at} extra_credit"]) == (
        2.0,
        1.0,
        0.5,
    )
    assert rows[f"{at} needs_manual_grade"] is True, "a person looks once more, as with nbgrader"
    at = f"leeg/{NAME}/{task}"
    assert (rows[f"{at} manual_score"], rows[f"{at} needs_manual_grade"]) == (5.0, False)
    assert rows[f"{at} comment"] == "Goed gezien."
    assert (course.folder(course.autograded, "leeg") / "answers.json").read_bytes() == answers.read_bytes()


def test_force_and_student_do_what_they_do_in_nbgrader(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(course.root)
    assert (
        main(["grade", NAME, "--course-dir", folder, "--student", "hoek-*", "--force", "--lang", "nl"]) == 0
    )
    assert f"Nagekeken: {len(CORNERS)} " in capsys.readouterr().out
    assert main(["grade", NAME, "--course-dir", folder, "--student", "half", "--lang", "en"]) == 0
    assert "Not changed: 1." in capsys.readouterr().out


def test_what_nbgrader_graded_itself_is_left_to_it_unless_something_newer_came(
    nl: CourseRoot, tmp_path: Path
) -> None:
    shutil.copytree(nl.path, tmp_path / "nl")
    course = read_course(tmp_path / "nl", NAME)
    newer = course.folder(course.submitted, "aantekening") / "timestamp.txt"
    newer.write_text("2026-11-26 09:00:00 UTC")
    before = gradebook_facts(course.db_url, NAME, students("nl"))
    found = states(grade(course))
    assert found.pop("aantekening") is State.GRADED
    assert set(found.values()) == {State.BY_NBGRADER}
    after = gradebook_facts(course.db_url, NAME, students("nl"))
    assert {one.fact.split("/")[0].split()[0] for one in differences(after, before)} == {"aantekening"}
    assert set(states(grade(course, force=True)).values()) == {State.GRADED}


def test_several_processes_do_what_one_does(
    fast: Mapping[Language, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maatwerk_grading.autograde.batch.PART", 3)
    shutil.copytree(fast["nl"], tmp_path / "nl")
    course = read_course(tmp_path / "nl", NAME)
    found = list(grade_all(course, list(course.students()), Request(force=True, jobs=2)))
    assert [result.student for result in found] == sorted(students("nl"))
    assert {result.state for result in found} == {State.GRADED}
    assert differences(facts(course, students("nl")), everything(fast["nl"], "nl")) == []


def test_a_second_opinion_finds_a_mark_that_is_not_nbgraders(course: Course) -> None:
    for student in students("nl"):
        if student not in ("half", "sjoemel"):
            shutil.rmtree(course.folder(course.autograded, student))
    cell = cell_name(EXERCISE, "nadelen")
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade(cell, NAME, NAME, "half").auto_score = 2.0
        gradebook.find_grade(cell_name(EXERCISE, EXERCISE.manual), NAME, NAME, "sjoemel").manual_score = 3.0
        gradebook.db.commit()
    # nbgrader would run this one.
    folder = course.folder(course.submitted, "midden")
    (folder / "json.py").write_text("print('van mij')")
    shutil.copytree(folder, course.folder(course.autograded, "midden"))
    opinion = second_opinion(course, released(course), 5)
    assert (opinion.students, opinion.passed_over) == (("half", "sjoemel"), 1)
    assert f"half/{NAME}/{cell} auto_score: 2.0 / 1.3333333333333333" in "\n".join(map(str, opinion.found))
    assert {one.fact.split("/")[0].split()[0] for one in opinion.found} == {"half"}
