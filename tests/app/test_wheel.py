"""What an installed package holds: the course, and nothing that somebody made in the clone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from maatwerk_app.cli import main

ROOT = Path(__file__).parents[2]
SECRET = "ALLEEN-VOOR-DE-DOCENT"
FINAL = "eindopdracht"

CODE = r"maatwerk(_app|_exercises|_grading|_learner|_live|_widgets)?"
ALLOWED = (
    rf"{CODE}(/[a-z_0-9]+)*/[a-z_0-9]+\.py",
    rf"{CODE}/py\.typed",
    rf"{CODE}(/(tables|data|report|autograde|feedback|itembank|lms|jupyterlab|marking|voila))*/[a-z_0-9]+\.toml",
    r"(maatwerk_widgets|maatwerk_live)/static/[a-z_0-9]+\.(js|css|html)",
    r"maatwerk_grading/report/report\.css",
    r"maatwerk_grading/nbgrader_templates/(feedback|formgrade)/(mathjax|maatwerk)\.html\.j2",
    r"maatwerk_grading/feedback/page\.(css|html\.j2)",
    r"maatwerk_grading/marking/marking\.(css|html\.j2|js)",
    r"maatwerk_app/voila/jupyter/voila/templates/maatwerk/(static/)?[a-z]+\.(j2|html|html\.j2|css|js)",
    r"maatwerk_app/jupyterlab/[\w./-]+\.(json|js)",
    r"maatwerk_app/jupyterlab/extensions/maatwerk-course/static/course\.css",
    r"maatwerk/_content/course/(nl|en)/\d\d-[a-z]+\.(md|ipynb)",
    r"maatwerk/_content/exercises/items/[a-z0-9-]+\.toml",
    r"maatwerk/_content/exercises/(nl|en)/source/(?P<name>[a-z0-9-]+)/(?P=name)\.ipynb",
    r"maatwerk-[\d.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/[\w./-]+)",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a clone in which an instructor has worked, as they may."""
    clone = tmp_path_factory.mktemp("wiel") / "clone"
    shutil.copytree(
        ROOT,
        clone,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", ".*_cache", ".hypothesis", "node_modules", "tests", "dist"
        ),
    )
    for folder in (clone / "docent", clone / "exercises" / "nl" / "docent"):
        assert main(["teach", "--lang", "nl", "init", str(folder)]) == 0
        assert main(["teach", "--lang", "nl", "questions", str(folder)]) == 0
        (folder / "gradebook.db").write_text(SECRET)
    own = ("exercises/nl/summative.toml", "exercises/summative.toml", "summative.toml")
    for file in (*own, "course/nl/answers.json", f"exercises/nl/source/{FINAL}/answers.json"):
        (clone / file).write_text(f"# {SECRET}")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=clone,
        check=True,
        capture_output=True,
        timeout=600,
    )
    (built,) = (clone / "dist").glob("*.whl")
    return built


def test_the_wheel_holds_the_course_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        strange = [name for name in names if not any(re.fullmatch(rule, name) for rule in ALLOWED)]
        assert strange == []
        unused = [rule for rule in ALLOWED if not any(re.fullmatch(rule, name) for name in names)]
        assert unused == []
        for name in names:
            content = archive.read(name)
            assert SECRET.encode() not in content, name
            if name.endswith(".ipynb"):
                assert b"HIDDEN TESTS" not in content and b"right=" not in content, name
