"""What of the workshop's pages needs no browser: pure modules, in the node that Playwright brings along."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from maatwerk_live.content import STATIC
from maatwerk_widgets.looks import STATIC as WIDGETS
from playwright._impl._driver import compute_driver_executable

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("name", sorted(file.name for file in PAGES.glob("*.test.mjs")))
def test_pure_modules(name: str, tmp_path: Path) -> None:
    # As the server lays them out, so that they find each other.
    shutil.copytree(STATIC, tmp_path / "live")
    shutil.copytree(WIDGETS, tmp_path / "widgets")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(PAGES / name, tests)
    node = str(compute_driver_executable()[0])
    done = subprocess.run([node, "--test", str(tests / name)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
