"""The least that grading can cost: read the JSON, evaluate the criteria, write the same rows in bulk.

No notebook is read, and nothing is shown, checked or written but the gradebook. ``benchmarks/grading.py``
runs it on a course folder.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from maatwerk import framework
from maatwerk_exercises.assignments import closed_cell_name, closed_quizzes
from maatwerk_exercises.exercises import exercises
from maatwerk_exercises.itembank import mark
from maatwerk_grading.autograde.gradebook import (
    ASSIGNMENT,
    BASE_CELL,
    COMMENT,
    GRADE,
    NOTEBOOK,
    STUDENT,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
)
from maatwerk_grading.bridge import closed_key
from maatwerk_grading.criteria import CRITERIA
from maatwerk_learner.answers import Answer, AnswerBook
from sqlalchemy import create_engine, select


def main(root: Path) -> None:
    """Grade every submission of the one assignment in a course folder."""
    fw, asked = framework(), exercises()
    closed = {
        closed_cell_name(quiz, item): (closed_key(quiz.key), item)
        for quiz in closed_quizzes().values()
        for item in quiz.items
    }
    engine = create_engine(f"sqlite:///{root / 'gradebook.db'}")
    with engine.connect() as connection:
        assignment = connection.scalar(select(ASSIGNMENT.c.id))
        notebook = connection.execute(select(NOTEBOOK.c.id, NOTEBOOK.c.name)).one()
        cells = connection.execute(select(BASE_CELL)).all()
    students, submissions, notebooks, grades, comments = [], [], [], [], []
    for folder in sorted((root / "submitted").iterdir()):
        submission, handed_in = new_id(), new_id()
        students.append({"id": folder.name})
        submissions.append({"id": submission, "assignment_id": assignment, "student_id": folder.name})
        notebooks.append(
            {"id": handed_in, "assignment_id": submission, "notebook_id": notebook.id, "flagged": False}
        )
        content = (folder / notebook.name / "answers.json").read_bytes()
        book = AnswerBook.parse(json.loads(content))
        answers = {key: Answer.parse(fields) for key, fields in book.answers.items() if key in asked}
        for cell in cells:
            row = {"id": new_id(), "notebook_id": handed_in, "cell_id": cell.id}
            if cell.name in closed:
                quiz, item = closed[cell.name]
                points = mark(item, book.answers.get(quiz, {}).get(item.key, {}).get("response")).share
                grades.append({**row, "auto_score": points, "needs_manual_grade": False})
            elif cell.type == "GradeCell":
                exercise, part = cell.name.split("-", 1)
                points = CRITERIA[part](answers[exercise], asked[exercise], fw).points
                grades.append({**row, "auto_score": points, "needs_manual_grade": False})
            else:
                grades.append({**row, "auto_score": None, "needs_manual_grade": True})
                comments.append({**row, "id": new_id(), "auto_comment": None})
    with engine.begin() as connection:
        for table, rows in (
            (STUDENT, students),
            (SUBMISSION, submissions),
            (SUBMITTED_NOTEBOOK, notebooks),
            (GRADE, grades),
            (COMMENT, comments),
        ):
            connection.execute(table.insert(), rows)


def new_id() -> str:
    """A key as nbgrader makes them."""
    return os.urandom(16).hex()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
