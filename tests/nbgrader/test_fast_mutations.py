"""A small sample of the mutated submissions of ``benchmarks/grading.py fuzz``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from handed_in import NAME
from hostile_case import SECRET, SECRET_CONTENT
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.course import read_course
from maatwerk_grading.autograde.results import Result, State
from mutations import MOST, hand_in_mutated

pytestmark = pytest.mark.xdist_group("fast")


def problems(result: Result) -> list[str]:
    """What may never be, whatever was handed in."""
    said = [remark.say("en") for remark in result.remarks]
    scores = [score for one in result.notebooks for score in one.scores.values() if score is not None]
    found = [one for one in said if "not foreseen" in one]
    if result.state is State.FAILED and not said:
        found.append("not graded, and no reason")
    if not all(0.0 <= score <= MOST for score in scores) or sum(scores) > MOST:
        found.append(f"scores {scores}")
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_submissions_get_a_mark_or_a_reason(seed: int, released: Path, tmp_path: Path) -> None:
    shutil.copytree(released, tmp_path / "nl")
    hand_in_mutated(tmp_path / "nl", 100, seed)
    course = read_course(tmp_path / "nl", NAME)
    found = {result.student: result for result in grade_all(course, list(course.students()), Request())}
    assert len(found) == 100
    assert {name: problems(result) for name, result in found.items() if problems(result)} == {}
    assert (tmp_path / "nl" / SECRET).read_bytes() == SECRET_CONTENT
    states = [result.state for result in found.values()]
    assert min(states.count(State.GRADED), states.count(State.FAILED)) > 10
