"""A made-up class that hands in an assignment: for the pictures of the instructor's page, and its test."""

from __future__ import annotations

import csv
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

# Made-up people, by their address in Moodle; each with a place on the plane and a division of the points.
LEARNERS: Mapping[str, tuple[str, tuple[int, int], tuple[int, int, int, int, int]]] = {
    "amina@example.org": ("Amina Bakker", (80, 20), (40, 20, 10, 20, 10)),
    "bram@example.org": ("Bram de Wit", (20, 75), (20, 40, 20, 10, 10)),
    "chantal@example.org": ("Chantal Osei", (75, 70), (50, 10, 10, 20, 10)),
    "daan@example.org": ("Daan Visser", (15, 15), (10, 50, 20, 10, 10)),
    "elif@example.org": ("Elif Yilmaz", (85, 30), (30, 30, 10, 10, 20)),
    "farid@example.org": ("Farid Haddad", (60, 85), (35, 15, 15, 15, 20)),
}
# Who is on the list, and handed in nothing.
ABSENT = ("gerda@example.org", "Gerda Mulder")
# Moodle's numbers for the participants of this assignment begin here.
FIRST_NUMBER = 70
# When everybody handed in, as the worksheet says too.
MOMENT = (2026, 1, 12, 10, 12, 0)
# In the order of the learners; each in words of their own.
WRITTEN: Mapping[Language, tuple[str, ...]] = {
    "nl": (
        "Zij kan zonder scootmobiel de deur niet uit. Een afdak kost minder dan elk jaar een nieuwe accu.\n"
        "Wie hetzelfde vraagt en wel een schuur heeft, krijgt een ander antwoord."
        " Dat leg ik uit in het besluit.",
        "De verordening geldt voor iedereen in de straat. Maak ik hier een uitzondering, dan vraagt"
        " de buurman morgen waarom hij die niet kreeg.",
        "Ik wil eerst zelf gaan kijken. Wat op papier een klein verschil lijkt, kan thuis heel groot zijn.",
        "De raad heeft dit bedrag vastgesteld. Wil ik meer geven, dan hoort dat eerst"
        " daar te worden besproken.",
        "De wet laat ruimte, en die gebruik ik. Het doel is dat mensen mee"
        " kunnen doen; daar let de rechter op.",
        "Met haar huisarts en de wijkverpleegkundige zoek ik wat werkt. Na een half jaar kijken we opnieuw.",
    ),
    "en": (
        "Without the scooter she cannot leave the house. A shelter costs less than new batteries.\n"
        "Whoever asks the same but has a shed gets another answer. I explain that in the decision.",
        "The regulation holds for everybody in the street. If I make an exception here, the neighbour"
        " will ask tomorrow why there was none for him.",
        "First I want to go and see for myself. A difference that looks small on paper can be large at home.",
        "The council set this amount. If I want to give more, that should be discussed there first.",
        "The law leaves room, and I use it. Its aim is that people can take part; a judge looks at that too.",
        "With her doctor and the district nurse I look for what works. After half a year we look again.",
    ),
}
# Who tried what happens when the cells are changed.
CURIOUS = "daan@example.org"


# As Moodle names and fills the grading worksheet: the name, the columns, and what stands in the rows.
SHEETS: Mapping[Language, tuple[str, tuple[str, ...], str, str, str, str, str]] = {
    "nl": (
        "Cijfers",
        (
            *("Identificatie", "Volledige naam", "E-mailadres", "Status", "Cijfer", "Maximaal cijfer"),
            *("Het cijfer kan gewijzigd worden", "Laatst gewijzigd (inzending)"),
            *("Laatst gewijzigd (beoordeling)", "Feedback"),
        ),
        *("Deelnemer{}", "Opdracht ingestuurd om te beoordelen", "Geen inzending", "Ja"),
        "maandag, 12 januari 2026, 10:12",
    ),
    "en": (
        "Grades",
        (
            *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
            *("Grade can be changed", "Last modified (submission)"),
            *("Last modified (grade)", "Feedback comments"),
        ),
        *("Participant {}", "Submitted for grading", "No submission", "Yes"),
        "Monday, 12 January 2026, 10:12 AM",
    ),
}


def hand_in(root: Path, lang: Language) -> tuple[Path, Path]:
    """What Moodle gives of this class: the zip with what everybody handed in, and the grading worksheet."""
    notebook = (root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    word, columns, participant, handed, nothing, yes, when = SHEETS[lang]
    download, sheet = root / f"MW26-{NAME}-19.zip", root / f"{word}-MW26-{NAME}-19.csv"
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        maximum = f"{gradebook.find_assignment(NAME).max_score:.2f}"
    rest = (maximum.replace(".", ",") if lang == "nl" else maximum, yes)
    with (
        zipfile.ZipFile(download, "w") as archive,
        sheet.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        rows = csv.writer(file)
        rows.writerow(columns)
        for at, (student, (name, place, points)) in enumerate(LEARNERS.items()):
            number = FIRST_NUMBER + at
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w") as handed_in:
                own = notebook.replace(r"points(\"scootmobiel", r"print(\"scootmobiel", 1)
                handed_in.writestr(f"{NAME}/{NAME}.ipynb", own if student == CURIOUS else notebook)
                handed_in.writestr(
                    f"{NAME}/answers.json", json.dumps(answers(place, points, WRITTEN[lang][at]))
                )
            packed = zipfile.ZipInfo(f"{name}_{number}_assignsubmission_file/{NAME}.zip", MOMENT)
            archive.writestr(packed, inner.getvalue())
            rows.writerow((participant.format(number), name, student, handed, "", *rest, when, "-", ""))
        last = participant.format(FIRST_NUMBER + len(LEARNERS))
        rows.writerow((last, *reversed(ABSENT), nothing, "", *rest, "-", "-", ""))
    return download, sheet


def answers(place: tuple[int, int], points: tuple[int, ...], text: str) -> dict[str, Any]:
    """An answers file in which every case is answered from one place."""
    assignment = assignments()[NAME]
    given = {one.key: _fields(one, place, points, text) for one in assignment.dilemmas}
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


def _fields(exercise: Exercise, place: tuple[int, int], points: tuple[int, ...], text: str) -> dict[str, Any]:
    fw = framework()
    weights = dict(zip(fw.loyalties, points, strict=True))
    fields = dict(model_answer(Placement(*place), weights, exercise, fw).to_json())
    # Nobody does everything right.
    for name in ("dynamic_actor", "counter_statement", "tension")[: 1 + sum(place) % 3]:
        fields.pop(name, None)
    return {**fields, "justification": text}


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
