"""Hostile zips, through nbgrader's own collecting and the fast grader: nothing lands outside."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from course_roots import nbgrader
from handed_in import CORNERS, EXERCISE, NAME, answers_file, model_fields
from hostile_case import TRACE
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.course import read_course
from maatwerk_grading.autograde.results import State

pytestmark = pytest.mark.xdist_group("fast")

GOOD = answers_file(model_fields(*CORNERS["hoog-laag"]))
ANSWERS = "answers.json"


def _zip(file: Path, notebook: bytes, entries: dict[str, bytes], links: dict[str, str] | None = None) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}/{NAME}.ipynb", notebook)
        for name, content in entries.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            link = zipfile.ZipInfo(name)
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, target)


def test_hostile_zips_are_collected_and_graded_without_harm(released: Path, tmp_path: Path) -> None:
    root = tmp_path / "diep" / "map" / "nl"
    shutil.copytree(released, root)
    notebook = (root / "release" / NAME / f"{NAME}.ipynb").read_bytes()
    archive = root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    answers = {f"{NAME}/{ANSWERS}": GOOD}
    _zip(archive / f"goed__{NAME}.zip", notebook, answers)
    climbing = [f"{'../' * up}{TRACE}" for up in range(1, 9)]
    absolute = [
        f"/tmp/{TRACE}",
        f"//tmp/{TRACE}",
        f"C:\\{TRACE}",
        f"..\\..\\{TRACE}",
        f"./../{TRACE}/../{TRACE}",
    ]
    _zip(archive / f"klimt__{NAME}.zip", notebook, {**answers, **dict.fromkeys([*climbing, *absolute], b"x")})
    outside = {
        f"../../goed__{NAME}/{NAME}/{ANSWERS}": b"{}",
        f"../../../../submitted/goed/{NAME}/{ANSWERS}": b"{}",
    }
    _zip(archive / f"raakt-ander__{NAME}.zip", notebook, {**answers, **outside})
    _zip(archive / f"koppelt__{NAME}.zip", notebook, {}, {f"{NAME}/{ANSWERS}": "/een/ander/bestand"})
    _zip(archive / f"bom__{NAME}.zip", notebook, {f"{NAME}/{ANSWERS}": b" " * 30_000_000})
    nbgrader(root, "zip_collect", NAME)
    course = read_course(root, NAME)
    found = {one.student: one for one in grade_all(course, list(course.students()), Request())}
    assert {one.state for one in found.values()} == {State.GRADED}
    full = float(sum(EXERCISE.points.values()))
    earned = {
        student: sum(score or 0.0 for score in one.notebooks[0].scores.values())
        for student, one in found.items()
    }
    assert earned == {
        "goed": full,
        "klimt": full,
        "raakt-ander": full,
        "koppelt": 0.0,
    }
    # What would fill a disk is refused before anything of it is unpacked, and the log says whose it is.
    assert not (root / "submitted" / "bom").exists()
    # What has a drive in its name is, on this system, a file of that name among what nbgrader extracted.
    extracted = root / "downloaded" / NAME / "extracted" / f"klimt__{NAME}"
    assert [file.parent for file in tmp_path.rglob(f"*{TRACE}*") if file.parent != extracted] == []
    assert not Path("/tmp", TRACE).exists()
    # The link was unpacked as a file with the name of its target in it.
    assert (root / "submitted" / "koppelt" / NAME / ANSWERS).read_text() == "/een/ander/bestand"
    assert not [file for file in (root / "submitted").rglob("*") if file.is_symlink()]
