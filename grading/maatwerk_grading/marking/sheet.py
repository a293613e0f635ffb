"""What the marking page shows of one submission, as data: from the autograded notebook and the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Language, framework
from maatwerk_exercises.assignments import closed_cell_name, closed_quizzes
from maatwerk_exercises.exercises import Exercise, exercises
from maatwerk_learner.answers import Answer
from markupsafe import Markup

from maatwerk_grading import bridge
from maatwerk_grading.autograde.cells import as_call
from maatwerk_grading.autograde.refused import language_of, why_refused
from maatwerk_grading.bridge import clean
from maatwerk_grading.feedback.sections import written_lines
from maatwerk_grading.feedback.sheet import Asked, Line
from maatwerk_grading.plain_markdown import rendered

Cell = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a rubric criterion."""

    points: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the rubric."""

    key: str
    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class TextToMark:
    """Something that a person reads and marks.

    Parameters
    ----------
    cell : str
        The name of its cell in the gradebook.
    title, question : str
        Of the case; ``question`` may be empty.
    case : Markup, optional
        The case itself.
    lines : tuple of Line
        What the learner wrote, under the words that were asked.
    body : Markup
        What the learner wrote in a cell; empty when it stands in ``lines``.
    problem : str
        Why there are no answers to read; empty when there are.
    rubric : tuple of Criterion
        Empty when there is none.
    maximum : float
        In points; 0 when only a comment is asked.
    """

    cell: str
    title: str
    question: str
    case: Markup | None
    lines: tuple[Line, ...]
    body: Markup
    problem: str
    rubric: tuple[Criterion, ...]
    maximum: float


@dataclass(frozen=True, slots=True)
class Computed:
    """Something that the computer marked: what it was, and what was said about it."""

    cell: str
    title: str
    said: str
    maximum: float


@dataclass(frozen=True, slots=True)
class MarkingSheet:
    """The whole page.

    Parameters
    ----------
    refused : str
        Why it could not be graded; empty when it was.
    rest : tuple of Markup
        What the learner put into the notebook beside what was asked.
    """

    lang: Language
    refused: str
    texts: tuple[TextToMark, ...]
    computed: tuple[Computed, ...]
    rest: tuple[Markup, ...]


def is_ours(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook has the course's own cells, or says why one could not be graded."""
    return why_refused(notebook) is not None or any(
        _marks(cell) and as_call(_source(cell)) is not None for cell in notebook["cells"]
    )


def marking_sheet(notebook: Mapping[str, Any], folder: Path) -> MarkingSheet:
    """What the page shows.

    Parameters
    ----------
    notebook : mapping
        The autograded one.
    folder : Path
        Where it is, with the answers beside it.
    """
    lang = language_of(notebook, DEFAULT_LANGUAGE)
    why = why_refused(notebook)
    if why is not None:
        return MarkingSheet(lang, why[lang], (), (), ())
    asked = Asked(lang, framework())
    cells: Sequence[Cell] = notebook["cells"]
    book = bridge.read_book(folder / bridge.ANSWERS_FILE)
    return MarkingSheet(
        lang=lang,
        refused="",
        texts=tuple(_texts(cells, book, asked)),
        computed=tuple(_computed(cells, lang)),
        rest=tuple(_rest(cells)),
    )


def _marks(cell: Cell) -> Mapping[str, Any]:
    kind = cell.get("metadata", {}).get("nbgrader", {})
    return kind if isinstance(kind, Mapping) and isinstance(kind.get("grade_id"), str) else {}


def _source(cell: Cell) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _texts(cells: Sequence[Cell], book: Any, asked: Asked) -> Iterator[TextToMark]:
    cases = {_marks(cell)["grade_id"]: _source(cell) for cell in cells if _marks(cell)}
    known = {f"{key}-{one.manual}": one for key, one in exercises().items()}
    for cell in cells:
        marks = _marks(cell)
        if not (marks.get("task") or marks.get("solution")):
            continue
        name = marks["grade_id"]
        maximum = float(marks.get("points") or 0.0)
        exercise = known.get(name) if marks.get("task") else None
        if exercise is not None:
            yield _of_exercise(exercise, name, cases.get(f"{exercise.key}-case"), maximum, book, asked)
            continue
        text = _source(cell)
        body = (
            rendered(text, below=2)
            if cell.get("cell_type") == "markdown"
            else Markup("<pre>{}</pre>").format(clean(text))
        )
        yield TextToMark(name, name, "", None, (), body, "", (), maximum)


def _of_exercise(
    exercise: Exercise, name: str, case: str | None, maximum: float, book: Any, asked: Asked
) -> TextToMark:
    lang = asked.lang
    answer = bridge.answer_in(book, exercise.key)
    lines: tuple[Line, ...] = ()
    if isinstance(answer, Answer):
        place = bridge.place_said(answer, lang, asked.framework)
        lines = (Line("", place), *written_lines(answer, exercise, asked))
    # Its title is the heading above it already.
    text = case.partition("\n")[2].strip() if case else exercise.case[lang]
    return TextToMark(
        cell=name,
        title=exercise.title[lang],
        question=exercise.question[lang],
        case=rendered(text, below=2),
        lines=lines,
        body=Markup(""),
        problem="" if isinstance(answer, Answer) else answer.problem[lang],
        rubric=tuple(
            Criterion(
                key,
                criterion.name[lang],
                tuple(Level(level.points, level.anchor[lang]) for level in criterion.levels),
            )
            for key, criterion in exercise.rubric.items()
        ),
        maximum=maximum,
    )


def _computed(cells: Sequence[Cell], lang: Language) -> Iterator[Computed]:
    for cell in cells:
        marks = _marks(cell)
        if marks.get("grade") and not (marks.get("solution") or marks.get("task")):
            title, said = _told(cell, lang)
            yield Computed(marks["grade_id"], title, said, float(marks.get("points") or 0.0))


def _told(cell: Cell, lang: Language) -> tuple[str, str]:
    """What a cell that the computer marked is called, and what it showed."""
    shown = [
        clean(_joined(output.get("data", {}).get("text/plain", "")))
        for output in cell.get("outputs", [])
        if output.get("output_type") == "display_data"
    ]
    said = "\n".join(shown)
    name = _marks(cell)["grade_id"]
    # Never the source itself: hidden tests stand there with their keys.
    call = as_call(_source(cell))
    if call is not None and call.function == "summative" and len(call.positional) > 1:
        return str(call.positional[1]), said
    return part_names(lang).get(name, name), said


@lru_cache(maxsize=len(LANGUAGES))
def part_names(lang: Language) -> Mapping[str, str]:
    """What the course's own cells are called, by their name in the gradebook."""
    words = bridge.TEXTS
    found = {}
    for key, exercise in exercises().items():
        for part in exercise.points:
            found[f"{key}-{part}"] = f"{exercise.title[lang]}: {words[f'criterion_{part}'][lang]}"
        found[f"{key}-{exercise.manual}"] = f"{exercise.title[lang]}: {words['justification'][lang]}"
    for quiz in closed_quizzes().values():
        for number, item in enumerate(quiz.items, 1):
            name = words["closed_part"][lang].format(title=quiz.title[lang], number=number)
            found[closed_cell_name(quiz, item)] = name
    return found


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _rest(cells: Sequence[Cell]) -> Iterator[Markup]:
    for cell in cells:
        text = _source(cell)
        if _marks(cell) or not text.strip():
            continue
        if cell.get("cell_type") == "markdown":
            yield rendered(text, below=2)
        else:
            yield Markup("<pre>{}</pre>").format(clean(text))
