"""What makes everybody be graded again: a changed criterion does, a changed greeting does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from course_roots import hand_in
from handed_in import NAME, Submission, answers_file, model_fields
from maatwerk_grading.autograde.rules import scoring_files

pytestmark = pytest.mark.xdist_group("fast")

ROOT = Path(__file__).parents[2]
GRADING = "grading/maatwerk_grading"
FOLDERS = (
    *("course/maatwerk", "exercises/maatwerk_exercises", "exercises/items", "learner/maatwerk_learner"),
    *(GRADING, "app/maatwerk_app"),
)
SCORES = (
    f"{GRADING}/criteria.py",
    "learner/maatwerk_learner/answers.py",
    f"{GRADING}/bridge.py",
    f"{GRADING}/bridge_texts.toml",
    f"{GRADING}/criteria_texts.toml",
    "exercises/maatwerk_exercises/itembank/marking.py",
    "exercises/maatwerk_exercises/itembank/data/questions.toml",
    f"{GRADING}/autograde/marks.py",
    f"{GRADING}/autograde/notebook.py",
    "course/maatwerk/tables/statements.toml",
    "course/maatwerk/placement.py",
    "exercises/items/dilemma-scootmobiel.toml",
    "exercises/items/marking.toml",
)
SAYS_ONLY = (
    "app/maatwerk_app/start_texts.toml",
    f"{GRADING}/teach_texts.toml",
    "app/maatwerk_app/cli.py",
    f"{GRADING}/likeness.py",
    f"{GRADING}/autograde/grade_texts.toml",
    f"{GRADING}/autograde/report.py",
    f"{GRADING}/report/page.py",
    "course/maatwerk/tables/glossary.toml",
    "exercises/items/rating-tweede-scootmobiel.toml",
)

READ_ALL = """
import json, sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from maatwerk import framework
from maatwerk_grading import bridge
from maatwerk_exercises.exercises import exercises
from maatwerk_exercises.itembank import item_bank
framework()
for exercise in exercises().values():
    for criterion in exercise.points:
        bridge.judge(bridge.Answer(), exercise, criterion, "nl", framework())
for item in item_bank().values():
    bridge.judge_closed({}, item, "nl")
modules = [module.__file__ for name, module in sys.modules.items() if name.startswith("maatwerk")]
print(json.dumps([file for file in (*opened, *modules) if file and file.endswith((".py", ".toml"))]))
"""


def test_the_fingerprint_covers_all_that_a_score_is_made_of() -> None:
    run = subprocess.run([sys.executable, "-c", READ_ALL], capture_output=True, text=True, check=True)
    ours = tuple(str(ROOT / folder) for folder in FOLDERS)
    read = {Path(file).resolve() for file in json.loads(run.stdout) if file.startswith(ours)}
    covered = {file.resolve() for file in scoring_files()}
    assert len(read) > 50
    # An empty file says that a folder is a package, and nothing else.
    left = {str(file.relative_to(ROOT)) for file in read - covered if file.read_bytes()}
    assert left == {"course/maatwerk/tables/glossary.toml"}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course once more, to change things in."""
    root = tmp_path_factory.mktemp("course")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def python(root: Path, *arguments: str) -> str:
    path = os.pathsep.join(
        str(root / folder) for folder in ("course", "exercises", "learner", "grading", "app")
    )
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_a_changed_greeting_regrades_nobody_and_a_changed_criterion_everybody(
    copied: Path, released: Path, tmp_path: Path
) -> None:
    shutil.copytree(released, tmp_path / "nl")
    hand_in(tmp_path / "nl", Submission("een", answers_file(model_fields(5, 5))))

    def grade() -> str:
        command = ["-m", "maatwerk_app.cli", "grade", NAME, "--jobs", "1", "--lang", "nl"]
        return python(copied, *command, "--course-dir", str(tmp_path / "nl")).splitlines()[-1]

    def change(file: str) -> None:
        with (copied / file).open("a", encoding="utf-8") as opened:
            opened.write("\n# veranderd\n")

    assert "Nagekeken: 1 " in grade()
    change(SAYS_ONLY[0])
    assert "Niet veranderd: 1." in grade()
    change(SCORES[0])
    assert "Nagekeken: 1 " in grade()
    assert "Niet veranderd: 1." in grade()


EVERY_CHANGE = """
import hashlib, json, sys
from pathlib import Path
from maatwerk_grading.autograde.rules import scoring_files

def digest():
    return hashlib.sha256(b"".join(file.read_bytes() for file in scoring_files())).hexdigest()

told = {}
for name in sys.argv[1:]:
    before, file = digest(), Path(name)
    file.write_bytes(file.read_bytes() + b"\\n")
    told[name] = digest() != before
print(json.dumps(told))
"""


def test_each_file_counts_or_does_not(copied: Path) -> None:
    told = json.loads(python(copied, "-c", EVERY_CHANGE, *SCORES, *SAYS_ONLY))
    assert told == dict.fromkeys(SCORES, True) | dict.fromkeys(SAYS_ONLY, False)
