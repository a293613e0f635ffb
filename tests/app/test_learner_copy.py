"""`maatwerk start` works on the learner's own copy: originals stay whole, nothing of theirs is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maatwerk.content import Original, content_root, originals
from maatwerk_learner.course_copy import RECORD, update_copy

NOW = datetime(2026, 11, 24, 9, 30, 15)


@pytest.fixture
def course(tmp_path: Path) -> tuple[Original, ...]:
    chapters = tmp_path / "originals" / "course" / "nl"
    assignment = tmp_path / "originals" / "exercises" / "nl" / "source" / "dilemma"
    chapters.mkdir(parents=True)
    assignment.mkdir(parents=True)
    (chapters / "01-a.ipynb").write_text("chapter one")
    (assignment / "dilemma.ipynb").write_text("exercise")
    (assignment / ".ipynb_checkpoints").mkdir()
    (assignment / ".ipynb_checkpoints" / "dilemma-checkpoint.ipynb").write_text("junk")
    return originals(tmp_path / "originals", "nl")


def test_first_start_copies_chapters_and_assignments_only(
    course: tuple[Original, ...], tmp_path: Path
) -> None:
    report = update_copy(course, tmp_path / "mine", NOW)
    assert report.new == (Path("01-a.ipynb"), Path("dilemma/dilemma.ipynb"))
    files = {p.relative_to(tmp_path / "mine") for p in (tmp_path / "mine").rglob("*") if p.is_file()}
    assert files == {Path("01-a.ipynb"), Path("dilemma/dilemma.ipynb"), RECORD}


def test_second_start_leaves_the_learners_work_alone(course: tuple[Original, ...], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    update_copy(course, mine, NOW)
    (mine / "01-a.ipynb").write_text("chapter one, with my outputs")
    (mine / "answers.json").write_text("{}")
    report = update_copy(course, mine, NOW)
    assert (report.new, report.updated, report.kept_aside) == ((), (), ())
    assert (mine / "01-a.ipynb").read_text() == "chapter one, with my outputs"
    assert (mine / "answers.json").read_text() == "{}"


def test_a_renewed_chapter_arrives_and_the_changed_copy_is_kept(
    course: tuple[Original, ...], tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    update_copy(course, mine, NOW)
    (mine / "01-a.ipynb").write_text("chapter one, with my outputs")
    course[0].file.write_text("chapter one, second edition")
    report = update_copy(course, mine, NOW)
    assert (mine / "01-a.ipynb").read_text() == "chapter one, second edition"
    assert report.kept_aside == (Path("01-a.20261124-093015.ipynb"),)
    assert (mine / report.kept_aside[0]).read_text() == "chapter one, with my outputs"


def test_an_untouched_copy_is_renewed_without_a_spare(course: tuple[Original, ...], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    update_copy(course, mine, NOW)
    course[0].file.write_text("chapter one, second edition")
    report = update_copy(course, mine, NOW)
    assert (report.updated, report.kept_aside) == ((Path("01-a.ipynb"),), ())


@given(record=st.binary(max_size=40), theirs=st.binary(max_size=40))
def test_whatever_stands_in_the_folder_is_never_lost(
    tmp_path_factory: pytest.TempPathFactory, record: bytes, theirs: bytes
) -> None:
    here = tmp_path_factory.mktemp("copy")
    (here / "original.ipynb").write_bytes(b"the course's")
    mine = here / "mine"
    (mine / RECORD).parent.mkdir(parents=True)
    (mine / RECORD).write_bytes(record)
    (mine / "original.ipynb").write_bytes(theirs)
    update_copy([Original(here / "original.ipynb", Path("original.ipynb"))], mine, NOW)
    assert (mine / "original.ipynb").read_bytes() == b"the course's"
    kept = {p.read_bytes() for p in mine.glob("*.ipynb")}
    assert theirs in kept
    assert (here / "original.ipynb").read_bytes() == b"the course's"


def test_the_real_course_has_its_originals_in_both_languages() -> None:
    for language in ("nl", "en"):
        targets = [original.target.as_posix() for original in originals(content_root(), language)]
        assert "05-doorbreken.ipynb" in targets
        # What `maatwerk start` opens.
        assert targets[0] == "00-start.ipynb"
        assert "opdracht-3-dilemmas/opdracht-3-dilemmas.ipynb" in targets
        assert not any("answers" in target for target in targets)
