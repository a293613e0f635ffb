"""The whole path of stock nbgrader, in both course roots: what goes in, and what comes out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from course_roots import CourseRoot, of_the_exercise
from handed_in import (
    ASSIGNMENT,
    CORNERS,
    EXERCISE,
    HALF_SCORES,
    NAME,
    POSITION,
    SENTINEL,
    WEIGHTS,
    Submission,
    closed_half,
    submissions,
)
from maatwerk import LANGUAGES, Language
from maatwerk_exercises.assignments import closed_cell_name
from maatwerk_exercises.notebook import cell_name
from maatwerk_grading.course_folder.hidden_tests import without_hidden
from maatwerk_grading.course_folder.own_questions import PREFIX
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

pytestmark = pytest.mark.xdist_group("nbgrader")

ROWS = {submission.student: submission for submission in submissions()}
FULL = {criterion: float(points) for criterion, points in EXERCISE.points.items()}
NONE = dict.fromkeys(FULL, 0.0)
MANUAL = "verantwoording"


WHOLE = ("midden", "vijandig", "herkenbaar", "aantekening", "te-laat")


def expected() -> Mapping[str, Mapping[str, float]]:
    full = dict.fromkeys((*(f"hoek-{c}" for c in CORNERS), *WHOLE), FULL)
    nothing = dict.fromkeys(("leeg", "geen-bestand", "beschadigd", "sjoemel"), NONE)
    return full | nothing | {"half": HALF_SCORES}


def outputs(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """What the cells of the exercise show, by part."""
    return of_the_exercise(all_outputs(notebook))


def all_outputs(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    return {c.metadata.nbgrader.grade_id: c.outputs for c in notebook.cells if c.cell_type == "code"}


@pytest.mark.parametrize("student", expected())
def test_every_cell_has_the_known_score(student: str, nl: CourseRoot) -> None:
    scores = dict(nl.scores[student])
    assert scores.pop(MANUAL) is None
    assert scores == pytest.approx(expected()[student])


def test_dutch_and_english_give_equal_scores_cell_by_cell(roots: Mapping[Language, CourseRoot]) -> None:
    both = [s.student for s in ROWS.values() if s.languages == LANGUAGES]
    assert len(both) >= 5
    assert {s: roots["en"].scores[s] for s in both} == {s: roots["nl"].scores[s] for s in both}
    assert roots["en"].maximum == roots["nl"].maximum
    assert of_the_exercise(roots["nl"].maximum) == {**FULL, MANUAL: EXERCISE.manual_points}


def test_an_exercise_that_was_not_answered_earns_nothing_and_waits_for_nobody_else(nl: CourseRoot) -> None:
    others = [one for one in ASSIGNMENT.dilemmas if one != EXERCISE]
    assert others
    for scores in nl.all_scores.values():
        for exercise in others:
            assert {scores[cell_name(exercise, criterion)] for criterion in exercise.points} == {0.0}


def closed_scores(student: str, root: CourseRoot) -> dict[str, float | None]:
    return {
        cell: score
        for cell, score in root.all_scores[student].items()
        if cell.startswith(("closed-", PREFIX))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_closed_item_has_the_known_score(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    cells = [closed_cell_name(quiz, item) for quiz in ASSIGNMENT.closed for item in quiz.items]
    own = [f"{PREFIX}{key}" for key in ("mandaat", "termijn", "open")]
    _, half = closed_half()
    assert set(half) == set(cells) and set(half.values()) > {0.0, 1.0}
    wanted = {
        "midden": {**dict.fromkeys(cells, 1.0), **dict(zip(own, (1.0, 1.0, 0.0), strict=True))},
        "half": {**half, **dict.fromkeys(own, 0.0)},
        **dict.fromkeys(("vijandig", "leeg", "beschadigd"), dict.fromkeys([*cells, *own], 0.0)),
    }
    for student, scores in wanted.items():
        assert closed_scores(student, roots[language]) == pytest.approx(scores), student


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_in_the_release_or_in_feedback(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    root = roots[language].path
    source = (root / "source" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert source.count("BEGIN HIDDEN TESTS") == 3 and "right=" in source
    for folder in ("release", "submitted", "feedback"):
        files = [file for file in (root / folder).rglob("*") if file.is_file()]
        assert files
        for file in files:
            assert not re.search(rb"HIDDEN TESTS|right=|ALLEEN-VOOR", file.read_bytes()), file
    page = BeautifulSoup(roots[language].feedback("half"), "html.parser").get_text()
    assert "Het team" in page, "one's own answer is there"
    assert 'De "directie" & raad' not in page, "and the right one is not"


def test_a_deleted_test_cell_waits_for_a_person_and_costs_no_other_points(nl: CourseRoot) -> None:
    scores = nl.scores["gewist"]
    assert scores["spanning"] is None
    assert {k: v for k, v in scores.items() if k not in ("spanning", MANUAL)} == {
        k: v for k, v in FULL.items() if k != "spanning"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_export_gives_the_sum(language: Language, roots: Mapping[Language, CourseRoot]) -> None:
    root = roots[language]
    assert set(root.exported) == {s.student for s in ROWS.values() if language in s.languages}
    for student, row in root.exported.items():
        total = sum(score or 0.0 for score in root.all_scores[student].values())
        penalty = float(row["late_submission_penalty"])
        assert penalty == (pytest.approx(total) if student == "te-laat" else 0)
        assert float(row["score"]) == pytest.approx(total - penalty)
        assert float(row["max_score"]) == sum(root.maximum.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_release_loses_nothing_and_is_valid(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    source, release = roots[language].source(), roots[language].release()
    MetadataValidator().validate_nb(release)
    assert [(c.id, c.cell_type, c.source) for c in release.cells] == [
        (c.id, c.cell_type, without_hidden(c.source)) for c in source.cells
    ]
    for cell in release.cells:
        assert cell.metadata.editable is False
        assert cell.metadata.deletable is False
        assert cell.metadata.nbgrader.checksum


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_writes_to_stderr_or_fails(language: Language, roots: Mapping[Language, CourseRoot]) -> None:
    for student in roots[language].scores:
        for cell, found in all_outputs(roots[language].autograded(student)).items():
            kinds = {o.output_type if o.output_type != "stream" else o.name for o in found}
            assert kinds <= {"display_data", "execute_result"}, (student, cell, found)
    assert "has changed" in roots["nl"].autograde_log, "the edited cells of 'sjoemel' were noticed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_grading_leaves_the_answers_as_they_were(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    root = roots[language].path
    for student in roots[language].scores:
        given = ROWS[student].answers
        names = {f"{NAME}.ipynb"}
        names |= {"answers.json"} if given else set()
        names |= {"timestamp.txt"} if ROWS[student].timestamp else set()
        for stage in ("submitted", "autograded"):
            folder = root / stage / student / NAME
            assert {f.name for f in folder.iterdir()} == names
            if given:
                assert (folder / "answers.json").read_bytes() == given


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gradebook_holds_scores_and_no_convictions(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    with closing(sqlite3.connect(roots[language].database)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type='table'")]
        values = [v for t in tables for row in database.execute(f"select * from '{t}'") for v in row]
    texts = [v for v in values if isinstance(v, str)]
    assert any(EXERCISE.key in text for text in texts), "the gradebook has been read"
    numbers = {v for v in values if isinstance(v, int | float)}
    convictions = {*POSITION.values(), *(w for w in WEIGHTS.values() if w)}
    assert not numbers & convictions
    for text in texts:
        assert SENTINEL not in text
        assert not re.search(r"91\.73|88\.64|\b(burgers|rechtsstaat|organisatie)\b", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedback_shows_the_reasons_and_no_script(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    for student in ("half", "vijandig"):
        page = BeautifulSoup(roots[language].feedback(student), "html.parser")
        shown = outputs(roots[language].autograded(student))
        for criterion in FULL:
            (display, result) = shown[criterion]
            assert result.data["text/plain"] == repr(roots[language].scores[student][criterion])
            # The points stand beside the name of the part there; every reason is told as it was.
            title, *reasons = BeautifulSoup(display.data["text/html"], "html.parser").find_all("p")
            part = page.find(id=cell_name(EXERCISE, criterion))
            assert part is not None and reasons
            for word in title.get_text().split(": "):
                assert word in part.get_text()
            for reason in reasons:
                assert len(reason.get_text()) > 10
                assert reason.get_text() in part.get_text()
        assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
        assert not page.find_all(onerror=True)
        assert not page.find_all("a", href=re.compile("javascript", re.IGNORECASE))
    assert "<script>alert('x')</script>" in page.get_text(), "the text is there, as text"


def test_what_a_learner_wrote_in_cells_of_their_own_does_nothing_in_feedback(nl: CourseRoot) -> None:
    page = BeautifulSoup(nl.feedback("aantekening"), "html.parser")
    # Notes that nobody marks are not told back.
    assert "uit-een-cel" not in str(page)
    assert "alert(" not in "".join(script.get_text() for script in page.find_all("script"))
    assert not page.find_all(onerror=True)
    assert not page.find_all("a", href=re.compile("javascript", re.IGNORECASE))
    assert not page.find_all("img", src=re.compile("example"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedback_fetches_nothing_from_another_machine(
    language: Language, roots: Mapping[Language, CourseRoot]
) -> None:
    page = BeautifulSoup(roots[language].feedback("midden"), "html.parser")
    fetched = [
        tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img", "iframe"])
    ]
    assert [address for address in fetched if address and not address.startswith("data:")] == []


def test_the_learners_words_stand_next_to_the_task_without_tricks(nl: CourseRoot) -> None:
    notebook = nl.autograded("vijandig")
    order = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    task = order.index(cell_name(EXERCISE, MANUAL))
    assert order[task - 1] == cell_name(EXERCISE, "written")
    (display,) = outputs(notebook)["written"]
    for shown in (display.data["text/html"], display.data["text/plain"]):
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800]", shown
        )
        assert "rood" in shown and "omgekeerd" in shown
    assert "<script" not in display.data["text/html"]
    assert "<img" not in display.data["text/html"]


def test_every_submission_is_in_one_expectation() -> None:
    assert set(ROWS) == {*expected(), "gewist"}
    assert all(isinstance(submission, Submission) for submission in ROWS.values())
