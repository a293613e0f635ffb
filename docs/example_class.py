"""A made-up class that hands in an assignment: for the pictures of the instructor's page, and its test."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maatwerk import Language, Placement, framework
from maatwerk_exercises.assignments import assignments
from maatwerk_exercises.exercises import Exercise
from maatwerk_exercises.itembank import Choice
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.bridge import closed_key
from maatwerk_grading.criteria import model_answer
from nbgrader.api import Gradebook

NAME = "opdracht-3-dilemmas"

# Made-up people, as Brightspace names them; each with a place on the plane and a division of the points.
LEARNERS: Mapping[str, tuple[str, tuple[int, int], tuple[int, int, int, int, int]]] = {
    "1042": ("Amina Bakker", (80, 20), (40, 20, 10, 20, 10)),
    "1043": ("Bram de Wit", (20, 75), (20, 40, 20, 10, 10)),
    "1044": ("Chantal Osei", (75, 70), (50, 10, 10, 20, 10)),
    "1045": ("Daan Visser", (15, 15), (10, 50, 20, 10, 10)),
    "1046": ("Elif Yilmaz", (85, 30), (30, 30, 10, 10, 20)),
    "1047": ("Farid Haddad", (60, 85), (35, 15, 15, 15, 20)),
}
WRITTEN: Mapping[Language, str] = {
    "nl": "Zij kan zonder scootmobiel de deur niet uit. Een afdak kost minder dan elk jaar een nieuwe accu.\n"
    "Wie hetzelfde vraagt en wel een schuur heeft, krijgt een ander antwoord. Dat leg ik uit in het besluit.",
    "en": "Without the scooter she cannot leave the house. A shelter costs less than new batteries.\n"
    "Whoever asks the same but has a shed gets another answer. I explain that in the decision.",
}
# Who tried what happens when the cells are changed.
CURIOUS = "1045"


def hand_in(root: Path, lang: Language) -> None:
    """One file of Brightspace's, with what everybody handed in."""
    archive = root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    notebook = (root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    with zipfile.ZipFile(archive / "Brightspace.zip", "w") as download:
        for student, (name, place, points) in LEARNERS.items():
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w") as handed_in:
                own = notebook.replace(r"points(\"scootmobiel", r"print(\"scootmobiel", 1)
                handed_in.writestr(f"{NAME}/{NAME}.ipynb", own if student == CURIOUS else notebook)
                handed_in.writestr(f"{NAME}/answers.json", json.dumps(answers(place, points, lang)))
            when = "12 January, 2026 1012 AM"
            download.writestr(f"{student}-77 - {name} - {when}/{NAME}.zip", inner.getvalue())


def answers(place: tuple[int, int], points: tuple[int, ...], lang: Language) -> dict[str, Any]:
    """An answers file in which every case is answered from one place."""
    assignment = assignments()[NAME]
    given = {one.key: _fields(one, place, points, lang) for one in assignment.dilemmas}
    for quiz in assignment.closed:
        # Some of these are right.
        chosen = {
            one.key: one.options[sum(place) % len(one.options)].key
            for one in quiz.items
            if isinstance(one, Choice)
        }
        given[closed_key(quiz.key)] = {key: {"response": option} for key, option in chosen.items()}
    return {
        "schema": "maatwerk.answers",
        "version": 1,
        "revision": 12,
        "saved_at": "2026-01-12T10:00:00+00:00",
        "answers": given,
    }


def _fields(
    exercise: Exercise, place: tuple[int, int], points: tuple[int, ...], lang: Language
) -> dict[str, Any]:
    fw = framework()
    weights = dict(zip(fw.loyalties, points, strict=True))
    fields = dict(model_answer(Placement(*place), weights, exercise, fw).to_json())
    # Nobody does everything right.
    for name in ("dynamic_actor", "counter_statement", "tension")[: 1 + sum(place) % 3]:
        fields.pop(name, None)
    return {**fields, "justification": WRITTEN[lang]}


def mark_by_hand(root: Path) -> None:
    """Give every text a mark, as the instructor does in formgrader."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for student, (_, place, _) in LEARNERS.items():
            for number, one in enumerate(assignments()[NAME].dilemmas):
                grade = gradebook.find_grade(cell_name(one, one.manual), NAME, NAME, student)
                if grade.needs_manual_grade:
                    grade.manual_score = 2 + (sum(place) + number) % 5
                    grade.needs_manual_grade = False
        gradebook.db.commit()
