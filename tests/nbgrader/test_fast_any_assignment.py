"""An instructor's own assignment, with any cells and several notebooks: the same as with stock nbgrader."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_roots import nbgrader
from maatwerk_app.cli import main
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.compare import differences, facts
from maatwerk_grading.autograde.course import Course, read_course
from maatwerk_grading.autograde.problems import CannotGradeError
from maatwerk_grading.autograde.results import Result, State
from nbformat import NotebookNode
from nbgrader.api import Gradebook

pytestmark = pytest.mark.xdist_group("fast")

NAME = "eigen"


def cell(name: str, source: str, kind: str = "code", **marks: Any) -> NotebookNode:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    given = {"grade": False, "solution": False, "locked": True, "task": False, "schema_version": 3, **marks}
    made: NotebookNode = make(source, id=name, metadata={"nbgrader": {**given, "grade_id": name}})
    return made


def test_cell(name: str, source: str, points: float) -> NotebookNode:
    return cell(name, source, grade=True, points=points)


test_cell.__test__ = False  # type: ignore[attr-defined]

CELLS = (
    cell("voorbereiding", "import json\nwith open('answers.json') as file:\n    gegeven = json.load(file)"),
    test_cell("deel", "from hulp import helft\nhelft(gegeven['x'])", 3),
    test_cell("bewering", "assert gegeven['y'] == 'goed', 'y is niet goed'", 2),
    test_cell("uitvoer", "print('gezien')\ngegeven['y']", 1),
    test_cell("waarschuwing", "import warnings\nwarnings.warn('let op')", 1),
    test_cell("weergave", "from IPython.display import HTML, display\ndisplay(HTML('<b>ja</b>'))", 1),
    test_cell("magie", "%%capture weg\nprint('weg')", 1),
    test_cell("brug", "from maatwerk_grading.bridge import points\npoints('zoon', 'spanning')", 2),
    test_cell("negatief", "-1", 1),
    cell("tekst", "Schrijf hier je antwoord.", "markdown", grade=True, solution=True, locked=False, points=4),
    cell("taak", "Je docent leest dit.", "markdown", task=True, points=5),
)


@dataclass(frozen=True)
class Both:
    ours: Course
    theirs: Course
    results: Mapping[str, Result]


def _answer(folder: Path, answers: Mapping[str, Any], text: str | None = None) -> None:
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    if text is not None:
        file = folder / "een.ipynb"
        notebook = nbformat.read(file, as_version=4)
        (written,) = [one for one in notebook.cells if one.id == "tekst"]
        written.source = text
        nbformat.write(notebook, file)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    root = tmp_path_factory.mktemp("eigen") / "stock"
    source = root / "source" / NAME
    source.mkdir(parents=True)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for name, cells in (("een", CELLS), ("twee", [test_cell("alles", "1.5", 2)])):
        notebook = nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})
        nbformat.write(notebook, source / f"{name}.ipynb")
    (source / "hulp.py").write_text("def helft(x):\n    return x / 2\n")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    nbgrader(root, "generate_assignment", NAME)
    submitted = root / "submitted"
    for student in ("ada", "bea"):
        shutil.copytree(root / "release" / NAME, submitted / student / NAME)
    _answer(submitted / "ada" / NAME, {"x": 5, "y": "goed"}, "Omdat het zo is.")
    _answer(submitted / "bea" / NAME, {"x": 1, "y": "fout"})
    # The instructor's own module is put back; the other notebook was not handed in.
    (submitted / "bea" / NAME / "hulp.py").write_text("def helft(x):\n    return 3\n")
    (submitted / "bea" / NAME / "twee.ipynb").unlink()
    shutil.copytree(root, root.with_name("fast"))
    nbgrader(root, "autograde", NAME)
    ours, theirs = (read_course(root.with_name(name), NAME) for name in ("fast", "stock"))
    results = {one.student: one for one in grade_all(ours, ["ada", "bea"], Request())}
    return Both(ours, theirs, results)


def test_marks_outputs_and_files_are_those_of_stock_nbgrader(both: Both) -> None:
    ours, theirs = (facts(course, ["ada", "bea"]) for course in (both.ours, both.theirs))
    assert len(theirs) > 350
    assert differences(ours, theirs) == []


def test_each_cell_has_the_known_mark(both: Both) -> None:
    ada, bea = (both.results[name] for name in ("ada", "bea"))
    assert (ada.state, bea.state) == (State.GRADED, State.GRADED)
    scores = {name: dict(one.scores) for result in (ada,) for one in result.notebooks for name in [one.name]}
    assert scores["twee"] == {"alles": 1.5}
    assert scores["een"] == {
        "deel": 2.5,
        "bewering": 2.0,
        "uitvoer": 1.0,
        "waarschuwing": 0.0,
        "weergave": 1.0,
        "magie": 1.0,
        "brug": 0.0,
        "negatief": 1.0,
        "tekst": None,
    }
    (notebook,) = bea.notebooks
    assert (notebook.scores["deel"], notebook.scores["bewering"], notebook.scores["tekst"]) == (0.5, 0.0, 0.0)
    assert notebook.comments == {"tekst": "No response.", "taak": None}
    said = [remark.say("nl") for remark in bea.remarks]
    assert any("‘twee’ is niet ingeleverd" in one for one in said)
    assert any("bewering" in one and "foutmelding" in one for one in said)


def test_what_one_submission_leaves_does_not_reach_the_next(both: Both) -> None:
    again = {one.student: one for one in grade_all(both.ours, ["bea", "ada"], Request(force=True))}
    assert {name: one.notebooks for name, one in again.items()} == {
        name: one.notebooks for name, one in both.results.items()
    }


def test_when_the_instructors_own_module_changes_all_is_graded_again(both: Both, tmp_path: Path) -> None:
    root = tmp_path / "nieuw"
    shutil.copytree(both.ours.root, root)
    course = read_course(root, NAME)
    assert {one.state for one in grade_all(course, ["ada", "bea"], Request())} == {State.UNCHANGED}
    (root / "source" / NAME / "hulp.py").write_text("def helft(x):\n    return 0.25\n")
    (ada, _) = grade_all(course, ["ada", "bea"], Request())
    assert (ada.state, ada.notebooks[0].scores["deel"]) == (State.GRADED, 0.25)
    assert "0.25" in (root / "autograded" / "ada" / NAME / "hulp.py").read_text()


def test_an_assignment_in_which_learners_write_code_is_left_to_nbgrader(both: Both, tmp_path: Path) -> None:
    shutil.copytree(both.ours.root, tmp_path / "code")
    course = read_course(tmp_path / "code", NAME)
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_source_cell("voorbereiding", "een", NAME).locked = False
        gradebook.db.commit()
    with pytest.raises(CannotGradeError, match="learners write code themselves"):
        list(grade_all(course, ["ada"], Request(force=True)))
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_source_cell("voorbereiding", "een", NAME).locked = True
        gradebook.find_notebook("twee", NAME).kernelspec = json.dumps({"name": "bash", "language": "bash"})
        gradebook.db.commit()
    with pytest.raises(CannotGradeError, match="‘twee’ is not made for Python"):
        list(grade_all(course, ["ada"], Request(force=True)))


def test_in_a_shared_course_the_group_may_write(both: Both, tmp_path: Path) -> None:
    root = tmp_path / "gedeeld"
    shutil.copytree(both.ours.root, root)
    shutil.rmtree(root / "autograded")
    (root / "nbgrader_config.py").write_text("c.CourseDirectory.groupshared = True")
    list(grade_all(read_course(root, NAME), ["ada"], Request(force=True)))
    folder = root / "autograded" / "ada" / NAME
    modes = {
        file: stat.filemode(file.stat().st_mode) for file in (folder, *folder.iterdir(), *folder.parents[:2])
    }
    assert {mode for file, mode in modes.items() if file.is_file()} == {"-rw-rw-r--"}
    assert {mode for file, mode in modes.items() if file.is_dir()} == {"drwxrwsr-x"}


def test_two_at_once_in_one_folder_is_refused(both: Both) -> None:
    first = grade_all(both.ours, ["ada", "bea"], Request(force=True))
    next(first)
    with pytest.raises(CannotGradeError, match="Grading is going on"):
        list(grade_all(both.ours, ["ada"], Request()))
    assert [one.student for one in first] == ["bea"]


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda root: (root / "gradebook.db").unlink(), "Er is nog geen cijferboek"),
        (
            lambda root: (root / "gradebook.db").write_bytes(b"geen database" * 100),
            "Het cijferboek is beschadigd",
        ),
        (lambda root: (root / "nbgrader_config.py").write_text("1 / 0"), "ZeroDivisionError"),
        (
            lambda root: shutil.rmtree(root / "autograded") or (root / "autograded").touch(),
            "niet worden gewerkt",
        ),
    ],
)
def test_what_stops_everything_is_told_with_what_to_do(
    break_it: Callable[[Path], object],
    said: str,
    both: Both,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(both.ours.root, tmp_path / "stuk")
    break_it(tmp_path / "stuk")
    assert main(["grade", NAME, "--course-dir", str(tmp_path / "stuk"), "--lang", "nl"]) == 2
    assert said in capsys.readouterr().err
