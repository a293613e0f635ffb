"""What holds for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no failure: how fast something is belongs in a benchmark.
settings.register_profile("course", deadline=None)
settings.load_profile("course")
# The groups of tests that take longest, each on one worker.
LONGEST = ("site", "nbgrader", "lab", "fast", "pages", "tests/browser/test_live_workshop.py", "hub")


@pytest.fixture(scope="session", autouse=True)
def tools_of_this_python_on_the_path() -> Iterator[None]:
    """A new gradebook calls alembic, and a hub its servers: beside Python, even where none is activated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give what happens in a browser a second chance: on a busy machine, page and server may miss each other.

    The summary names each test that needed it; what fails twice fails. The tests of one file share a browser,
    and so a worker: else each of the workers starts one for each file.
    """
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.flaky(reruns=1))
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """See that pytest-xdist keeps a group on one worker; else each worker starts servers of its own.

    The longest groups go first: then the short ones keep all workers at work until the end.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    marked = [item for item in items if item.get_closest_marker("xdist_group")]
    if any("@" not in item.nodeid for item in marked):
        raise pytest.UsageError("this pytest-xdist does not keep groups together with this pytest")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Which of the longest groups a test belongs to; what belongs to none comes after them."""
    group = item.nodeid.rpartition("@")[2]
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)
