"""From Moodle's download to Moodle's worksheet: collected, marked, and back with the right person."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from courses import FOUR, MOODLE, THREE, CourseOf
from maatwerk_app.cli import main
from maatwerk_grading.lms.people import People
from moodle_import import MoodleAssignment
from nbgrader.api import Gradebook
from sqlalchemy import text

TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
MARKS = {one["key"]: one["mark_in_filled_sheets"] for one in TRUTH["people"]}
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def mark_all(course: CourseOf, assignment: str, numbers: dict[str, str]) -> dict[str, float]:
    """Give everybody whose work was collected the mark that is theirs in truth."""
    people = People.read(course.root)
    given = {}
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        book.db.execute(text("PRAGMA synchronous = OFF"))
        book.add_grade_cell("a", assignment, assignment, max_score=20, cell_type="code")
        for student in course.answers(assignment):
            key = next(
                numbers[number]
                for lms, name, number in people[student].participants
                if (lms, name) == ("moodle", assignment)
            )
            mark = MARKS[key] if MARKS[key] is not None else 3.0
            book.add_submission(assignment, student)
            grade = book.find_grade("a", assignment, assignment, student)
            grade.auto_score, grade.needs_manual_grade = mark, False
            given[key] = mark
        book.db.commit()
    return given


@pytest.mark.parametrize(
    ("download", "sheet", "kind", "assignment", "pages", "people"),
    [
        ("plain-folders-nl", "plain-nl", "plain", THREE, "nl", 16),
        ("blind-flat-nl", "blind-nl", "blind", FOUR, "nl", 16),
        ("team-flat-en", "team-en", "team", THREE, "en", 13),
        ("separate-groups-groep-a-folders-en", "separate-groups-groep-a-en", "plain", FOUR, "en", 8),
    ],
)
def test_collected_marked_and_back_with_the_right_person(
    download: str,
    sheet: str,
    kind: str,
    assignment: str,
    pages: str,
    people: int,
    course: CourseOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (zip_file,) = (MOODLE / "downloads" / download).glob(f"*{assignment}*.zip")
    (found,) = (MOODLE / "worksheets" / sheet).glob(f"*{assignment}*.csv")
    worksheet = Path(shutil.copy(found, course.root / found.name))
    course.collect(assignment, zip_file, worksheet, code=1 if kind == "team" else 0)
    (one,) = [one for one in TRUTH["assignments"] if (one["kind"], one["name"]) == (kind, assignment)]
    numbers = {str(number): key for key, number in one["participant_number"].items()}
    given = mark_all(course, assignment, numbers)
    assert len(given) == people
    monkeypatch.chdir(course.root)
    assert main(["export", assignment, "--into", worksheet.name, "--lang", "en"]) == 0
    moodle = MoodleAssignment(numbers)
    filled = worksheet.with_name(f"{worksheet.stem}-filled.csv")
    assert moodle.upload(filled.read_bytes(), pages=pages) == (people, 0)
    assert {key: stored.mark for key, stored in moodle.stored.items()} == given
