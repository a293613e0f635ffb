"""What the tests of lists and downloads share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from courses import CourseOf, make_course


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with two assignments and nobody in it. To make one takes nbgrader seconds."""
    return make_course(tmp_path_factory.mktemp("cursus") / "cursus")


@pytest.fixture
def course(empty_course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CourseOf:
    """A course folder of this test's own."""
    return CourseOf(Path(shutil.copytree(empty_course, tmp_path / "cursus")), capsys)
