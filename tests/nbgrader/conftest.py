"""The course roots, worked in once for all tests here."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from course_roots import CourseRoot, copy_root, nbgrader, worked_in
from handed_in import NAME
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, CourseRoot]:
    """Both course roots, worked in at the same time; a kernel start for each submission makes this slow."""
    folder = tmp_path_factory.mktemp("nbgrader")
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        return dict(zip(LANGUAGES, pool.map(lambda lang: worked_in(lang, folder), LANGUAGES), strict=True))


@pytest.fixture(scope="session")
def fast(roots: Mapping[Language, CourseRoot]) -> Mapping[Language, Path]:
    """The same course roots, graded by the fast grader instead."""
    for root in roots.values():
        assert main(["grade", NAME, "--course-dir", str(root.before), "--lang", "en"]) == 0
    return {language: root.before for language, root in roots.items()}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Dutch course root in which the assignment was released, and nothing handed in."""
    root = copy_root("nl", tmp_path_factory.mktemp("released") / "nl")
    nbgrader(root, "generate_assignment", NAME)
    return root


@pytest.fixture(scope="session")
def nl(roots: Mapping[Language, CourseRoot]) -> CourseRoot:
    return roots["nl"]
