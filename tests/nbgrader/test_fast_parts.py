"""The parts of the fast grader, each against nbgrader's own."""

from __future__ import annotations

import copy
import json
import logging
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest
from handed_in import EXERCISE, NAME, answers_file, model_fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maatwerk import LANGUAGES
from maatwerk_app.cli import main
from maatwerk_grading import bridge
from maatwerk_grading.autograde import gradebook, marks
from maatwerk_grading.autograde.batch import released
from maatwerk_grading.autograde.by_nbgrader import put_back_by_nbgrader
from maatwerk_grading.autograde.cells import FORM, Call, MemoryDesk, UnexpectedError, as_call, run_calls
from maatwerk_grading.autograde.course import IGNORED, Course, read_course
from maatwerk_grading.autograde.fast_path import ordinary
from maatwerk_grading.autograde.late_penalty import penalty
from maatwerk_grading.autograde.notebook import restore
from maatwerk_grading.autograde.problems import TEXTS, CannotGradeError
from maatwerk_grading.autograde.shell import run_in_shell
from maatwerk_grading.autograde.source import SourceNotebook
from maatwerk_grading.autograde.submission import handed_in_at
from nbformat import from_dict
from nbgrader import api, utils
from nbgrader.coursedir import CourseDirectory

pytestmark = pytest.mark.xdist_group("fast")

SILENT = logging.getLogger("silent")
SILENT.disabled = True

# --- Marks ------------------------------------------------------------------------------------------------

RESULTS = st.sampled_from(
    [
        "1.0",
        "0",
        "2",
        "2.0001",
        "-1",
        "nan",
        "inf",
        "-0.0",
        "1e0",
        "True",
        "'2'",
        "",
        " 1 ",
        "１",
        "None",
        "1_0",
    ]
) | st.floats().map(repr)
OUTPUT = st.one_of(
    RESULTS.map(lambda text: {"output_type": "execute_result", "data": {"text/plain": text}}),
    st.sampled_from(["stdout", "stderr"]).map(lambda n: {"output_type": "stream", "name": n, "text": "x"}),
    st.just({"output_type": "error", "ename": "E", "evalue": "", "traceback": []}),
    st.just({"output_type": "display_data", "data": {"text/plain": "5"}, "metadata": {}}),
)
CELL = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown"]),
        "source": st.sampled_from(["", "antwoord", "ander antwoord\n", "é ‘x’"]),
        "outputs": st.lists(OUTPUT, max_size=3),
        "metadata": st.fixed_dictionaries(
            {
                "nbgrader": st.fixed_dictionaries(
                    {
                        "grade": st.just(True),
                        "solution": st.booleans(),
                        "locked": st.booleans(),
                        "task": st.just(False),
                        "points": st.sampled_from([2, 2.0, 0, 1.5]),
                        "grade_id": st.sampled_from(["a", "b-1"]),
                        "checksum": st.sampled_from(["", "0" * 32]),
                    }
                )
            }
        ),
    }
)


@given(CELL, st.booleans())
def test_a_mark_is_nbgraders(cell: dict[str, Any], untouched: bool) -> None:
    theirs = from_dict(copy.deepcopy(cell))
    assert marks.checksum(cell) == utils.compute_checksum(theirs)
    if untouched:
        for one in (cell, theirs):
            one["metadata"]["nbgrader"]["checksum"] = marks.checksum(cell)
    try:
        wanted, _ = utils.determine_grade(theirs, SILENT)
    except (ValueError, KeyError):
        with pytest.raises(marks.ScoreError):
            marks.score(cell)
    else:
        assert marks.score(cell) == wanted


# --- Moments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 09:30:00.123456 UTC",
        "2026-11-24 09:30:00 UTC",
        "2026-11-24 09:30:00.5 UTC",
        "2026-11-24 09:30:00 Europe/Amsterdam",
        "2026-11-24 09:30:00 CET",
        "2026-11-24 09:30:00 3600",
        "2026-07-24 09:30:00 Nergens/Land",
        "2026-11-24T09:30:00+01:00",
        "24 Nov 2026 9:30",
        "  2026-11-24 09:30:00.000001 UTC\n",
    ],
)
def test_a_moment_is_nbgraders(text: str) -> None:
    assert handed_in_at(text.encode()) == utils.parse_utc(text.strip())


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))
def test_every_moment_that_nbgrader_writes_is_read_as_it_does(moment: datetime) -> None:
    text = f"{moment.year:04}-{moment:%m-%d %H:%M:%S.%f} UTC"
    assert handed_in_at(text.encode()) == utils.parse_utc(text) == moment


# --- Tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [table for table in gradebook.TABLES.tables if not table.startswith("maatwerk_")]
)
def test_a_table_is_nbgraders(name: str) -> None:
    ours, theirs = gradebook.TABLES.tables[name], api.Base.metadata.tables[name]
    for column in ours.columns:
        known = theirs.columns[column.name]
        assert column.primary_key == known.primary_key
        if name != "source_cell" or column.name != "cell_type":
            assert repr(column.type) == repr(known.type) or column.name == "late_submission_penalty"
    if name in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
        required = {column.name for column in theirs.columns if not column.nullable}
        assert required <= {column.name for column in ours.columns}


def test_our_own_table_is_none_of_nbgraders() -> None:
    assert "maatwerk_graded" not in api.Base.metadata.tables


# --- Settings ---------------------------------------------------------------------------------------------


def _course(root: Path, *lines: str) -> Course:
    root.mkdir(exist_ok=True)
    (root / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]))
    return read_course(root, "opdracht")


def test_without_settings_everything_is_as_in_nbgrader(tmp_path: Path) -> None:
    course, theirs = _course(tmp_path), CourseDirectory(root=str(tmp_path))
    assert course.db_url == theirs.db_url
    assert str(course.folder("submitted", "ada")) == theirs.format_path("submitted", "ada", "opdracht")
    assert list(IGNORED) == theirs.ignore
    assert course.largest_file == 1000 * theirs.max_file_size
    assert (course.submitted, course.autograded, course.source) == ("submitted", "autograded", "source")
    assert (course.permissions, course.seconds, course.late) == (0o444, 30, None)


def test_settings_are_followed(tmp_path: Path) -> None:
    course = _course(
        tmp_path / "a",
        f"c.CourseDirectory.root = {str(tmp_path / 'b')!r}",
        "c.CourseDirectory.db_url = 'postgresql://localhost/cijfers'",
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'",
        "c.CourseDirectory.submitted_directory = 'ingeleverd'",
        "c.CourseDirectory.groupshared = True",
        "c.CourseDirectory.ignore = ['*.tmp']",
        "c.Autograde.exclude_overwriting = {'opdracht': ['eigen.py']}",
        "c.Execute.timeout = 7",
        "c.LateSubmissionPlugin.penalty_method = 'zero'",
    )
    assert course.folder(course.submitted, "ada") == tmp_path / "b" / "ingeleverd" / "opdracht" / "ada"
    assert (course.db_url, course.permissions) == ("postgresql://localhost/cijfers", 0o664)
    assert course.ignores("x.tmp") and not course.ignores(".x.tmp") and not course.ignores("feedback")
    assert (course.not_overwritten, course.seconds) == (frozenset({"eigen.py"}), 7)
    assert course.late is not None
    (tmp_path / "b" / "ingeleverd" / "opdracht" / "ada").mkdir(parents=True)
    (tmp_path / "b" / "ingeleverd" / "opdracht" / "bea").mkdir()
    assert list(course.students()) == ["ada", "bea"]
    assert list(course.students("b*")) == ["bea"]


@pytest.mark.parametrize(
    "line",
    [
        "c.Autograde.pre_convert_hook = 'x.y'",
        "c.Execute.enabled = False",
        "c.OverwriteCells.add_missing_cells = True",
        "c.Autograde.create_student = False",
        "c.ClearMetadataPreprocessor.enabled = True",
        "c.NbGrader.db_url = 'sqlite:///oud.db'",
    ],
)
def test_a_setting_that_only_nbgrader_can_follow_is_refused_by_name(line: str, tmp_path: Path) -> None:
    option = line.removeprefix("c.").partition(" ")[0]
    with pytest.raises(CannotGradeError, match=option):
        _course(tmp_path, line)


@pytest.mark.parametrize("line", ["dit is geen Python", "import bestaat_niet", "1/0"])
def test_settings_that_cannot_be_read_are_told(line: str, tmp_path: Path) -> None:
    with pytest.raises(CannotGradeError, match=r"nbgrader_config\.py cannot be read"):
        _course(tmp_path, line)


@pytest.mark.parametrize("name", ["", " ", "a+b", "../weg", "a/b"])
def test_a_name_that_is_no_assignment_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CannotGradeError, match="not in the gradebook"):
        read_course(tmp_path, name)


def test_an_instructors_own_rule_for_handing_in_late_is_followed(tmp_path: Path) -> None:
    rule = (
        "from nbgrader.plugins import BasePlugin",
        "class Streng(BasePlugin):",
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):",
        "        return score * total_seconds_late / 3600 if student_id != 'ada' else None",
    )
    tmp_path.joinpath("strenge_regel.py").write_text("\n".join(rule))
    decide = penalty(_course(tmp_path, "c.AssignLatePenalties.plugin_class = 'strenge_regel.Streng'"))
    assert decide is not None
    assert (decide("bea", 4.0, 1800.0), decide("ada", 4.0, 1800.0)) == (2.0, None)
    with pytest.raises(CannotGradeError, match="plugin_class"):
        penalty(_course(tmp_path, "c.AssignLatePenalties.plugin_class = 'bestaat_niet.Regel'"))


# --- Notebooks --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def source(released: Path) -> SourceNotebook:
    return _released(released).notebooks[NAME]


def _released(root: Path) -> Any:
    return released(read_course(root, NAME))


@pytest.fixture(scope="module")
def submitted(released: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((released / "release" / NAME / f"{NAME}.ipynb").read_text())
    return notebook


ODD = st.sampled_from(
    [None, True, 1, 1.5, float("nan"), "", "x", [], ["x"], {}, {"x": 1}, "spanning", 10**30]
)
PLACE = st.one_of(
    st.just(("metadata",)),
    st.tuples(st.just("cells"), st.integers(0, 60)),
    st.tuples(
        st.just("cells"),
        st.integers(0, 60),
        st.sampled_from(
            ["source", "cell_type", "id", "outputs", "execution_count", "metadata", "attachments"]
        ),
    ),
    st.tuples(
        st.just("cells"),
        st.integers(0, 60),
        st.just("metadata"),
        st.sampled_from(["tags", "collapsed", "scrolled", "jupyter", "name", "trusted", "nbgrader", "x"]),
    ),
    st.tuples(
        st.just("cells"),
        st.integers(0, 60),
        st.just("metadata"),
        st.just("nbgrader"),
        st.sampled_from(["grade", "grade_id", "points", "locked", "solution", "task", "checksum", "x"]),
    ),
    st.tuples(st.sampled_from(["nbformat", "nbformat_minor", "kernelspec", "x"])),
    st.tuples(st.just("metadata"), st.sampled_from(["kernelspec", "language_info", "title", "widgets", "x"])),
)


@given(st.lists(st.tuples(PLACE, ODD), min_size=1, max_size=2))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_ordinary_notebook_is_put_back_as_nbgrader_does(
    source: SourceNotebook, submitted: dict[str, Any], changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    notebook = copy.deepcopy(submitted)
    for place, odd in changes:
        # A copy: what is put in twice would otherwise hold itself.
        _set(notebook, place, copy.deepcopy(odd))
    text = json.dumps(notebook)
    if not ordinary(json.loads(text), source):
        return
    theirs, changed = put_back_by_nbgrader(text, source)
    ours = restore(text.encode(), source)
    for one in (theirs, ours.notebook):
        one["metadata"].pop("widgets", None)
    theirs["metadata"]["kernelspec"] = dict(source.kernelspec or {})
    assert json.dumps(ours.notebook, sort_keys=True) == json.dumps(theirs, sort_keys=True)
    assert bool(changed) == ("put_back" in [remark.key for remark in ours.remarks])


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=10,
    ),
    st.booleans(),
)
def test_the_fast_reader_of_json_reads_what_pythons_own_reads(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    try:
        content = text.encode()
        read = msgspec.json.decode(content)
    except (UnicodeEncodeError, msgspec.DecodeError):
        return
    assert repr(read) == repr(json.loads(text))
    assert json.loads(msgspec.json.encode(read)) == value


def test_hidden_tests_come_back_by_the_short_way_and_are_no_change_of_the_learners(
    source: SourceNotebook, submitted: dict[str, Any]
) -> None:
    assert source.simple
    restored = restore(json.dumps(submitted).encode(), source)
    assert restored.plain and restored.remarks == ()
    tests = [cell for cell, trusted in restored.cells if trusted and trusted.handed_out != trusted.source]
    assert len(tests) == 3
    for cell in tests:
        assert "right=" in cell["source"]
        assert cell["metadata"]["nbgrader"]["checksum"] == marks.checksum(cell)


def _set(inside: Any, place: tuple[Any, ...], value: Any) -> None:
    for step in place[:-1]:
        # An earlier change may have put something else at this place.
        if isinstance(inside, dict):
            inside = inside.get(step)
        elif isinstance(step, int):
            inside = inside[step % len(inside)]
        else:
            return
        if not isinstance(inside, dict | list) or not inside:
            return
    last = place[-1]
    if isinstance(inside, list) and isinstance(last, int):
        inside[last % len(inside)] = value
    elif isinstance(inside, dict):
        inside[last] = value


# --- Cells ------------------------------------------------------------------------------------------------

BRIDGE = "from maatwerk_grading.bridge import points\n"


@pytest.mark.parametrize(
    ("source", "call"),
    [
        (BRIDGE + 'points("a", "b", lang="nl")', Call("points", ("a", "b"), (("lang", "nl"),))),
        ('from maatwerk_widgets import exercise_form\nexercise_form("a", lang="nl")', FORM),
        ('from maatwerk_widgets import exercise_form\nexercise_form("a")\n1', None),
        (BRIDGE + 'points("a", input())', None),
        (BRIDGE + 'points(*["a"])', None),
        (BRIDGE + 'points(**{"a": 1})', None),
        (BRIDGE + 'written("a")', None),
        (BRIDGE + 'points("a").real', None),
        (BRIDGE + 'x = points("a")', None),
        ('from maatwerk_grading.bridge import points as p\np("a")', None),
        ('from .bridge import points\npoints("a")', None),
        ("from maatwerk_grading.bridge import TEXTS\nTEXTS()", None),
        ('from os import system\nsystem("x")', None),
        ("points('a')", None),
        ("%matplotlib inline", None),
        ("", None),
        ("(" * 500, None),
    ],
)
def test_only_a_plain_call_of_the_courses_own_functions_takes_the_short_cut(
    source: str, call: Call | None
) -> None:
    assert as_call(source) == call


def test_the_short_cut_shows_what_a_kernel_shows() -> None:
    desk = MemoryDesk(bridge.parse_book(answers_file(model_fields(5, 5))))
    (outputs, nothing) = run_calls([Call("points", (EXERCISE.key, "spanning")), FORM], desk)
    assert [one["output_type"] for one in outputs] == ["display_data", "execute_result"]
    assert outputs[1]["data"] == {"text/plain": "2.0"}
    assert nothing == []


@pytest.mark.parametrize(
    "odd",
    [
        lambda *_: 1 / 0,
        lambda *_: print("x"),
        lambda *_: "tekst",
        lambda *_: True,
        lambda *_: (_ for _ in ()),
    ],
)
def test_a_call_that_does_something_else_is_left_to_a_real_shell(
    odd: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "points", odd)
    with pytest.raises(UnexpectedError):
        run_calls([Call("points", ("a", "b"))], MemoryDesk(bridge.parse_book(b"{}")))


def test_a_shell_keeps_apart_what_it_shows_and_leaves_no_trace(tmp_path: Path) -> None:
    folder, helpers = tmp_path / "leerling", tmp_path / "docent"
    for one in (folder, helpers):
        one.mkdir()
    (folder / "hulp.py").write_text("raise SystemExit('van de leerling')")
    (helpers / "hulp.py").write_text("WAARDE = 3")
    cells = [
        "x = 1; print('uit'); import sys; print('fout', file=sys.stderr)",
        "from hulp import WAARDE\nWAARDE / 2",
        "1 / 0",
        "raise SystemExit",
        "from IPython.display import display, clear_output\nprint('weg'); clear_output(); display('blijft')",
        "while True: pass",
    ]
    before = (signal.getsignal(signal.SIGALRM), Path.cwd())
    shown = run_in_shell(cells, folder, helpers, 1)
    kinds = [[output["output_type"] for output in outputs] for outputs in shown]
    assert kinds[:3] == [["stream", "stream"], ["execute_result"], ["error"]]
    assert shown[1][0]["data"] == {"text/plain": "1.5"}
    assert shown[3][0]["ename"] == "SystemExit"
    assert [output["data"]["text/plain"] for output in shown[4]] == ["'blijft'"]
    assert shown[5][0]["ename"] == "CellTimeoutError"
    ((error,),) = run_in_shell(["x"], folder, helpers, None)
    assert error["ename"] == "NameError"
    assert (signal.getsignal(signal.SIGALRM), Path.cwd()) == before


def test_without_nbgrader_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("maatwerk_app.commands.grade.find_spec", lambda _name: None)
    assert main(["grade", NAME, "--lang", "nl"]) == 2
    assert "pip install 'maatwerk[teach]'" in capsys.readouterr().err


def test_every_text_names_the_same_words_in_both_languages() -> None:
    for key, text in TEXTS.items():
        words = [{name for _, name, _, _ in Formatter().parse(text[lang]) if name} for lang in LANGUAGES]
        assert words[0] == words[1], key
