"""Submissions as a class hands them in: answered in full or in part, saved after a run, each different."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maatwerk import Language, Placement, framework
from maatwerk_exercises.assignments import ClosedQuiz, assignments
from maatwerk_exercises.exercises import Exercise
from maatwerk_exercises.itembank import CONFIDENCES, AnyItem, Choice, Matching, Ordering, Placing
from maatwerk_grading.bridge import closed_key
from maatwerk_grading.criteria import model_answer

EXERCISES = Path(__file__).parents[1] / "exercises"
# The largest: four cases, each with eight criteria and a text that a person marks.
NAME = "opdracht-5-doorbreken"
LANGUAGE: Language = "nl"
TEXTS = ("justification", "counter_argument", "change_mind")


def course_folder(root: Path) -> Path:
    """Make a course folder at ``root``, with the assignment released by nbgrader itself."""
    shutil.copytree(EXERCISES / LANGUAGE / "source", root / "source")
    shutil.copy(EXERCISES / LANGUAGE / "nbgrader_config.py", root)
    nbgrader(root, "generate_assignment", NAME)
    return root


def nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader in a course folder; the programs that it needs stand beside this Python."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )


def hand_in(root: Path, count: int, seed: int = 5) -> list[str]:
    """Put ``count`` submissions in a course folder; returns the students' names."""
    chance = random.Random(seed)
    released = json.loads((root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    students = [f"cursist-{number:05}" for number in range(count)]
    for student in students:
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / "answers.json").write_text(
            json.dumps(answers(chance), ensure_ascii=False), encoding="utf-8"
        )
        (folder / f"{NAME}.ipynb").write_text(json.dumps(saved(released, chance), indent=1), encoding="utf-8")
        moment = f"2026-11-{chance.randint(1, 28):02} {chance.randint(8, 20):02}:00:00.000000 UTC"
        (folder / "timestamp.txt").write_text(moment, encoding="utf-8")
    return students


def answers(chance: random.Random) -> dict[str, Any]:
    """An answers file in which most is answered, some well and some not."""
    assignment = assignments()[NAME]
    given = {exercise.key: dict(_fields(exercise, chance)) for exercise in assignment.dilemmas}
    given |= {closed_key(quiz.key): dict(_closed(quiz, chance)) for quiz in assignment.closed}
    return {
        "schema": "maatwerk.answers",
        "version": 1,
        "revision": chance.randint(1, 400),
        "saved_at": f"2026-11-{chance.randint(1, 28):02}T10:{chance.randint(10, 59)}:00+00:00",
        "answers": given,
    }


def _fields(exercise: Exercise, chance: random.Random) -> Iterator[tuple[str, Any]]:
    fw = framework()
    keys = list(fw.loyalties)
    cuts = sorted(chance.randint(0, 100) for _ in keys[1:])
    weights = dict(zip(keys, (b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)), strict=True))
    place = Placement(chance.randint(0, 100), chance.randint(0, 100))
    elsewhere = Placement(chance.randint(0, 100), chance.randint(0, 100))
    here, there = (model_answer(at, weights, exercise, fw).to_json() for at in (place, elsewhere))
    for name, value in here.items():
        # Now and then a part is left open, or fits another place than the learner's own.
        draw = chance.random()
        if draw > 0.1:
            yield name, there.get(name, value) if draw < 0.25 else value
    for name in TEXTS:
        yield name, " ".join(chance.choices(_WORDS, k=chance.randint(0, 150)))


def _closed(quiz: ClosedQuiz, chance: random.Random) -> Iterator[tuple[str, Any]]:
    for item in quiz.items:
        if chance.random() > 0.1:
            yield item.key, {"response": _response(item, chance), "confidence": chance.choice(CONFIDENCES)}


def _response(item: AnyItem, chance: random.Random) -> Any:
    match item:
        case Choice():
            return chance.choice(item.options).key
        case Matching():
            return {row.key: chance.choice(item.options).key for row in item.rows}
        case Ordering():
            return [one.key for one in chance.sample(item.options, len(item.options))]
        case Placing():
            return {"person": chance.randrange(0, 101, 5), "group": chance.randrange(0, 101, 5)}


def saved(released: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The released notebook as JupyterLab saves it after a run."""
    notebook: dict[str, Any] = json.loads(json.dumps(released))
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            shown = " ".join(chance.choices(_WORDS, k=25))
            data = {"text/html": [f"<p><strong>{shown}</strong></p>"], "text/plain": [shown]}
            cell["execution_count"] = count
            cell["outputs"] = [{"data": data, "metadata": {}, "output_type": "display_data"}]
    return notebook


_WORDS = (
    *("de", "aanvraag", "gemeente", "regel", "uitzondering", "burger", "omdat", "gelijk", "zwaar", "wet"),
    *("ruimte", "kosten", "vertrouwen", "rechter", "college", "besluit", "afweging", "verschil", "één"),
    *("situatie", "persoon", "groep", "beleid", "kader", "toets", "bezwaar", "geïnformeerd"),
)
