"""The exercise's form: everything is kept, everything comes back, and the feedback is the grader's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import maatwerk_widgets
import pytest
from maatwerk import LANGUAGES, Language, Placement, framework
from maatwerk_exercises.exercises import exercises
from maatwerk_grading.bridge import judge, read_answer
from maatwerk_grading.criteria import model_answer
from maatwerk_learner.answers import Answer
from maatwerk_widgets.exercise import ExerciseForm

EXERCISE = exercises()["scootmobiel"]
WEIGHTS = {"burgers": 40, "rechtsstaat": 30, "organisatie": 30, "beroepsgroep": 0, "maatschappij": 0}
WORDS = {"justification": "Omdat het zo is.\nEcht.", "counter_argument": "Ja, maar.", "change_mind": "Als."}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def opened(file: Path, lang: Language = "nl") -> ExerciseForm:
    return ExerciseForm(EXERCISE, lang, file)


def full_answer() -> dict[str, Any]:
    answer = model_answer(Placement(80, 30), WEIGHTS, EXERCISE, framework()).to_json()
    return {**answer, **WORDS}


def fill(form: ExerciseForm, answer: dict[str, Any]) -> None:
    """As the browser does: one thing after another, in its own trait."""
    form.plane.person = float(answer["placement"]["person"])
    form.plane.group = float(answer["placement"]["group"])
    form.plane.placed = True
    for key, points in answer["loyalties"].items():
        form.scales.weights = {**form.scales.weights, key: points}
    for key in set(answer) - {"placement", "loyalties"}:
        form.questions.edits = {**form.questions.edits, key: answer[key]}


def saved(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))["answers"]["scootmobiel"]


def shown(form: ExerciseForm) -> dict[str, Any]:
    place = form.plane.placement
    return {
        "placement": place and {"person": place.person, "group": place.group},
        "loyalties": form.scales.weights,
        **form.questions.values,
    }


def test_every_step_is_saved_and_everything_comes_back(file: Path) -> None:
    fill(opened(file), full_answer())
    assert saved(file) == full_answer()
    assert shown(opened(file)) == full_answer()
    assert opened(file).feedback.total == "Samen: 14 van 14 punten"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feedback_is_what_the_grader_says(file: Path, lang: Language) -> None:
    answer = full_answer()
    answer["effects"]["burger"]["nadeel"] = "onzekere-toepassing" if lang == "nl" else "niet-bestaand"
    answer["dynamic_actor"] = "managers"
    form = opened(file, lang)
    fill(form, answer)
    for outcome, criterion in zip(form.feedback.outcomes, EXERCISE.points, strict=True):
        points, cell = judge(read_answer(file, "scootmobiel"), EXERCISE, criterion, lang, framework())
        assert outcome["value"] == points
        assert outcome["maximum"] == EXERCISE.points[criterion]
        assert outcome["feedback"] in cell.plain
        assert outcome["cite"] in cell.plain
        assert outcome["title"] in cell.plain


def test_nothing_filled_in_is_invited_and_not_judged(file: Path) -> None:
    form = opened(file)
    assert form.feedback.outcomes == []
    assert not file.exists()
    form.questions.edits = {"tension": "misbruik"}
    assert len(form.feedback.outcomes) == len(EXERCISE.points)
    form.questions.edits = {"tension": ""}
    assert form.feedback.outcomes == []


def test_the_saved_state_is_shown_at_every_step(file: Path) -> None:
    form = opened(file)
    headed = [one for one in form.view.children if hasattr(one, "status")]
    assert len(headed) == 4
    for state in ("unsaved", "saved"):
        assert {one.status["state"] for one in headed} == {state}
        form.plane.placed = True


def test_opening_a_form_leaves_no_trace(file: Path) -> None:
    """The grader opens it too, over somebody's submission."""
    for content in (None, "damaged", json.dumps({"schema": "maatwerk.answers", "version": 1})):
        if content is not None:
            file.write_text(content)
        opened(file)
        assert [one.read_text() for one in file.parent.iterdir()] == ([] if content is None else [content])


def test_a_damaged_file_is_told_and_kept(file: Path) -> None:
    file.write_text('{"schema": "maatwerk.ans')
    form = opened(file)
    assert "beschadigd" in form.feedback.notices[0]
    form.plane.placed = True
    assert saved(file) == {"placement": {"person": 50, "group": 50}}
    (aside,) = file.parent.glob("answers.damaged-*.json")
    assert aside.read_text() == '{"schema": "maatwerk.ans'
    assert aside.name in form.feedback.notices[-1]


def test_a_field_that_cannot_be_read_is_named_and_left_until_it_is_answered_again(file: Path) -> None:
    fill(opened(file), full_answer())
    book = json.loads(file.read_text())
    book["answers"]["scootmobiel"]["tension"] = ["no", "text"]
    file.write_text(json.dumps(book))
    form = opened(file)
    assert "de spanning" in form.feedback.notices[-1]
    assert form.feedback.outcomes == []
    form.plane.person = 20.0
    assert saved(file)["tension"] == ["no", "text"]
    form.questions.edits = {"tension": full_answer()["tension"]}
    assert form.feedback.notices == []
    assert len(form.feedback.outcomes) == len(EXERCISE.points)


def test_anything_in_the_file_can_be_shown(file: Path) -> None:
    for value in ("\ud83d", {"burger": {"\ud83d": "\ud83d"}}, {"burger": []}, [1], True, 10**400, None):
        fields = dict.fromkeys(Answer.__dataclass_fields__, value)
        book = {"schema": "maatwerk.answers", "version": 1, "revision": 1, "saved_at": ""}
        file.write_text(json.dumps({**book, "answers": {"scootmobiel": fields}}))
        form = opened(file)
        state = [one.get_state() for one in form.view.children]
        assert json.dumps(state, ensure_ascii=False, default=str).encode()
        form.plane.placed = True
        assert saved(file)["placement"] == {"person": 50, "group": 50}


def test_two_windows_lose_nothing_and_show_each_others_answers(file: Path) -> None:
    one, other = opened(file), opened(file)
    one.plane.placed = True
    other.scales.weights = WEIGHTS
    one.questions.edits = {"justification": "Hier."}
    other.questions.edits = {"change_mind": "Daar."}
    expected = {
        "placement": {"person": 50, "group": 50},
        "loyalties": WEIGHTS,
        "justification": "Hier.",
        "change_mind": "Daar.",
    }
    assert saved(file) == expected
    assert shown(other) == expected


def test_moving_a_place_that_came_from_elsewhere_saves_no_half_of_it(file: Path) -> None:
    form, other = opened(file), opened(file)
    places: list[Any] = []
    form.plane.observe(lambda _: places.append((form.plane.person, form.plane.group)), ["person", "group"])
    fill(other, full_answer())
    form.questions.edits = {"justification": "Hier."}
    assert set(places) == {(80, 30)}


def test_what_could_not_be_saved_is_told_and_saved_later(file: Path) -> None:
    form = opened(file)
    file.mkdir()
    form.questions.edits = {"justification": "Blijft staan."}
    assert form.questions.status["state"] == "error"
    assert form.feedback.notices
    assert form.questions.values == {"justification": "Blijft staan."}
    file.rmdir()
    form.plane.placed = True
    assert saved(file)["justification"] == "Blijft staan."
    assert form.questions.status["state"] == "saved"


@pytest.mark.parametrize(("lang", "said"), [("nl", "geen oefening 'rolstoel'"), ("en", "no exercise 'rol")])
def test_an_unknown_exercise_is_named_with_those_there_are(lang: Language, said: str) -> None:
    with pytest.raises(KeyError, match=f"{said}.*scootmobiel"):
        maatwerk_widgets.exercise_form("rolstoel", lang=lang)


def test_a_case_of_ones_own_is_asked_first_and_kept(tmp_path: Path) -> None:
    exercise = exercises()["eigen-zaak"]
    path = tmp_path / "answers.json"
    form = ExerciseForm(exercise, "nl", path)
    assert form.view.children[0] is form.own_case
    form.own_case.edits = {"own_case": "Een man aan de balie."}
    assert json.loads(path.read_text(encoding="utf-8"))["answers"]["eigen-zaak"] == {
        "own_case": "Een man aan de balie."
    }
    assert ExerciseForm(exercise, "nl", path).own_case.values == {"own_case": "Een man aan de balie."}


def test_an_exercise_with_a_case_asks_for_no_other(file: Path) -> None:
    form = opened(file)
    assert form.own_case not in form.view.children
