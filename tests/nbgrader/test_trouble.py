"""A disk, a lock or a name that is not right: told for what it is, with what to do, and nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from course_roots import hand_in
from handed_in import EXERCISE, NAME, Submission, answers_file, model_fields
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
from maatwerk_grading.autograde import autograded, batch
from maatwerk_grading.autograde.problems import TEXTS
from maatwerk_grading.autograde.trouble import trouble
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

pytestmark = pytest.mark.xdist_group("fast")

GOOD = Submission("goed", answers_file(model_fields(5, 5)))
UPGRADE = "nbgrader db upgrade"


@pytest.fixture
def root(released: Path, tmp_path: Path) -> Path:
    shutil.copytree(released, tmp_path / "nl")
    hand_in(tmp_path / "nl", GOOD)
    return tmp_path / "nl"


def grade(root: Path, *more: str, lang: Language = "nl") -> int:
    return main(["grade", NAME, "--course-dir", str(root), "--jobs", "1", "--lang", lang, *more])


def scores(root: Path) -> list[tuple[float | None]]:
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        return gradebook.execute("SELECT auto_score FROM grade ORDER BY cell_id").fetchall()


def complaints(folder: Path) -> Iterator[tuple[str, str, str]]:
    """A database, what is asked of it in this state, and which text has to tell about that."""
    for name in ("vol", "bezet", "alleen-lezen"):
        with sqlite3.connect(folder / name) as made:
            made.execute("CREATE TABLE t (x)")
        made.close()
    (folder / "kapot").write_bytes(b"dit is geen cijferboek" * 100)
    (folder / "map").mkdir()
    grow = "INSERT INTO t SELECT randomblob(9999)"
    yield f"sqlite:///{folder / 'vol'}", f"PRAGMA max_page_count = 2; {grow}", "gradebook_full"
    yield f"sqlite:///{folder / 'bezet'}", grow, "gradebook_locked"
    yield f"sqlite:///file:{folder / 'alleen-lezen'}?mode=ro&uri=true", grow, "gradebook_no_access"
    yield f"sqlite:///{folder / 'map'}", grow, "gradebook_no_access"
    yield f"sqlite:///{folder / 'kapot'}", grow, "gradebook_damaged"
    # What an older nbgrader left has no such column: that alone is a matter of upgrading.
    yield f"sqlite:///{folder / 'vol'}", "SELECT y FROM t", "gradebook_unusable"


def test_what_sqlite_complains_of_is_told_for_what_it_is(tmp_path: Path) -> None:
    asked = list(complaints(tmp_path))
    with sqlite3.connect(tmp_path / "bezet", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        for url, statements, key in asked:
            engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 0.05})
            with pytest.raises(SQLAlchemyError) as raised, engine.begin() as connection:
                for statement in statements.split(";"):
                    connection.execute(text(statement))
            remark = trouble(raised.value)
            assert remark.key == key
            for lang in LANGUAGES:
                assert (UPGRADE in remark.say(lang)) == (key == "gradebook_unusable")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_locked_gradebook_does_not_advise_an_upgrade(
    root: Path, lang: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SECONDS_FOR_THE_GRADEBOOK", 0.05)
    with sqlite3.connect(root / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert grade(root, lang=lang) == 2
    said = capsys.readouterr().err
    assert "formgrader" in said and UPGRADE not in said and "Traceback" not in said
    # And when the other program is done, the same command does it all.
    assert grade(root, lang=lang) == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_full_disk_loses_nothing_and_is_told(
    root: Path, lang: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grade(root) == 0
    before = scores(root)
    file = root / "autograded" / GOOD.student / NAME / f"{NAME}.ipynb"
    content = file.read_bytes()
    capsys.readouterr()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "answers.json")

    with monkeypatch.context() as patch:
        patch.setattr(autograded, "_copy", full)
        assert grade(root, "--force", lang=lang) == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert "No space left on device" in line
    assert TEXTS["not_written"][lang].split("(")[0] in line
    assert (scores(root), file.read_bytes()) == (before, content)
    assert sum(score or 0.0 for (score,) in before) == sum(EXERCISE.points.values())


@pytest.mark.parametrize(
    ("more", "key", "named"),
    [(("--student", "Jan*"), "no_such_student", "Jan*"), ((), "nobody", NAME)],
    ids=["pattern", "nobody"],
)
def test_who_matches_nobody_is_told_so(
    root: Path, more: tuple[str, ...], key: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not more:
        shutil.rmtree(root / "submitted")
    for lang in LANGUAGES:
        assert grade(root, *more, lang=lang) == 2
        said = capsys.readouterr()
        assert said.out == "" and named in said.err and str(root / "submitted") in said.err
        assert said.err.startswith(f"maatwerk: {TEXTS[key][lang].split('‘')[0]}")


@pytest.mark.parametrize("command", [("report", NAME), ("export",)], ids=lambda one: one[0])
def test_a_gradebook_that_is_none_is_no_traceback(
    root: Path,
    command: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (root / "gradebook.db").write_bytes(b"dit is geen cijferboek" * 100)
    monkeypatch.chdir(root)
    assert main([*command, "--lang", "nl"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("maatwerk: Het cijferboek is beschadigd") and UPGRADE not in said


def test_an_export_to_where_nothing_can_be_written_is_no_traceback(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "bestand").touch()
    monkeypatch.chdir(root)
    for lang in LANGUAGES:
        assert main(["export", "--to", "bestand/map", "--lang", lang]) == 2
        said = capsys.readouterr().err
        assert said.startswith("maatwerk: bestand") and said.count("\n") == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_grade_ends_with_whose_texts_are_alike_and_changes_no_mark(
    root: Path, lang: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "Mevrouw woont alleen en de bus stopt niet meer in haar straat, dus zonder hulp komt zij nergens. "
        "De verordening kent de uitzondering, en ik kan aan haar buren uitleggen waarom zij hem krijgt."
    )
    for student, written in (
        ("een", text),
        ("twee", text.replace("nergens", "niet meer ver")),
        ("drie", "Nee."),
    ):
        answers = answers_file(model_fields(95, 5) | {"justification": written})
        hand_in(root, Submission(student, answers))
    assert grade(root, lang=lang) == 0
    *lines, _summary = capsys.readouterr().out.splitlines()
    (line,) = [one for one in lines if "%" in one]
    assert line == lines[-1] and "scootmobiel/justification" in line
    # In the order of the folders; neither is said to have copied.
    assert "twee" in line and "een" in line and "drie" not in line
    earned = sum(EXERCISE.points.values())
    assert sum(score or 0.0 for (score,) in scores(root)) == 4 * earned
