"""Handing in through the real nbgrader's exchange, where a school has one."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import answers_file, half_fields
from maatwerk_app.cli import main
from maatwerk_learner.exchange import find_exchange

ASSIGNMENT = "opdracht-3-dilemmas"
pytestmark = pytest.mark.xdist_group("nbgrader")


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's copy of the course, on a machine with settings and a data folder of its own."""
    folder = tmp_path / "leerling" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text("{}")
    (folder / "answers.json").write_bytes(answers_file(half_fields()))
    (folder / "answers.damaged-20260101-000000.json").write_text("weg")
    for name in ("CONFIG_PATH", "CONFIG_DIR", "DATA_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(tmp_path / name.lower()))
    (tmp_path / "config_path").mkdir()
    return folder.parent


def exchange(learner: Path, course: str, said: str = "") -> Path:
    """An exchange in which the assignment was opened, and nbgrader's configuration that leads there."""
    root = learner.parent / "exchange"
    released = root / course / "outbound" / ASSIGNMENT
    released.mkdir(parents=True)
    (released / f"{ASSIGNMENT}.ipynb").write_text("{}")
    (root / course / "inbound").mkdir()
    config = f"c = get_config()\nc.Exchange.root = {str(root)!r}\n{said}"
    (learner.parent / "config_path" / "nbgrader_config.py").write_text(config)
    return root / course


def submit(learner: Path, *more: str) -> int:
    return main(["submit", ASSIGNMENT, "--dir", str(learner), "--lang", "nl", *more])


def test_where_there_is_none_it_is_a_file(learner: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert find_exchange("nl") is None
    assert submit(learner) == 0
    assert str(learner / f"{ASSIGNMENT}.zip") in capsys.readouterr().out


def test_where_there_is_one_the_teacher_gets_the_notebook_and_the_answers_and_nothing_else(
    learner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = exchange(learner, "maatwerk-nl", "c.CourseDirectory.student_id = 'sam'\n")
    assert submit(learner) == 0
    said = capsys.readouterr()
    assert "ingeleverd bij je docent" in said.out and said.err == ""
    (got,) = (course / "inbound").iterdir()
    assert got.name.startswith(f"sam+{ASSIGNMENT}+")
    files = {one.name for one in got.iterdir()} - {"timestamp.txt", "submission_secret.txt"}
    assert files == {f"{ASSIGNMENT}.ipynb", "answers.json"}
    assert (got / "answers.json").read_bytes() == answers_file(half_fields())
    assert not list(learner.glob("*.zip"))
    # Once more, and a file on request.
    assert submit(learner) == 0
    assert len(list((course / "inbound").iterdir())) == 2
    assert submit(learner, "--zip") == 0
    assert (learner / f"{ASSIGNMENT}.zip").is_file()


def test_the_schools_own_name_for_the_course_is_used(learner: Path) -> None:
    course = exchange(learner, "najaar", "c.CourseDirectory.course_id = 'najaar'\n")
    assert submit(learner) == 0
    assert len(list((course / "inbound").iterdir())) == 1


def test_an_assignment_that_is_not_open_is_told_and_nothing_is_lost(
    learner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = exchange(learner, "maatwerk-nl")
    (course / "outbound" / ASSIGNMENT).rename(course / "outbound" / "dicht")
    assert submit(learner) == 2
    said = capsys.readouterr().err
    assert "nog niet opengezet" in said and "Traceback" not in said
    assert not list((course / "inbound").iterdir())
    assert (learner / ASSIGNMENT / "answers.json").read_bytes() == answers_file(half_fields())


def test_an_exchange_that_fails_is_told(learner: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = exchange(learner, "maatwerk-nl")
    # nbgrader keeps a copy for the learner; here a file stands where its folder should be.
    (learner.parent / "data_dir").write_text("")
    assert submit(learner) == 2
    said = capsys.readouterr().err
    assert "Inleveren is niet gelukt" in said and "Traceback" not in said
    assert course.is_dir()


def test_the_working_directory_does_not_decide(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange(learner, "maatwerk-nl")
    (learner / "nbgrader_config.py").write_text("raise SystemExit('van een ander')")
    monkeypatch.chdir(learner)
    assert submit(learner) == 0
