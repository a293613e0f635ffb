"""The course's builder as a module: it is a script, and 'build' is also the name of a package on PyPI."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

COURSE = Path(__file__).parents[2] / "course"


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """``tools/chapters/build.py``."""
    if str(COURSE) not in sys.path:
        sys.path.append(str(COURSE))
    spec = importlib.util.spec_from_file_location(
        "course_build", COURSE.parent / "tools" / "chapters" / "build.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
