"""The course roots, worked in once for all tests here."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from course_roots import CourseRoot, worked_in
from maatwerk import LANGUAGES, Language


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, CourseRoot]:
    """Both course roots, worked in at the same time; a kernel start for each submission makes this slow."""
    folder = tmp_path_factory.mktemp("nbgrader")
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        return dict(zip(LANGUAGES, pool.map(lambda lang: worked_in(lang, folder), LANGUAGES), strict=True))


@pytest.fixture(scope="session")
def nl(roots: Mapping[Language, CourseRoot]) -> CourseRoot:
    return roots["nl"]
