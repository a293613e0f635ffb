"""An assignment as an nbgrader notebook: one a language, and the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from maatwerk import Language
from maatwerk.citation import cite_all
from maatwerk.loader import read_texts
from nbformat import NotebookNode

from maatwerk_exercises.assignments import Assignment, ClosedQuiz, closed_cell_name
from maatwerk_exercises.exercises import Exercise
from maatwerk_exercises.rating import RatingExercise

TEXTS = read_texts(Path(__file__).parent / "notebook_texts.toml")

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Learners are no programmers: no code cell is ever shown.
HIDDEN = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
# The cell with which the notebook ends.
HAND_IN = "hand-in"
# nbgrader locks only what it releases, and a learner may take the course without it.
LOCKED = {"deletable": False, "editable": False}


def build_notebook(assignment: Assignment, lang: Language) -> NotebookNode:
    """The assignment's notebook, as it stands in the course root's ``source``.

    Parameters
    ----------
    assignment : Assignment
        What is asked and what it is worth.
    lang : {"nl", "en"}
        The language of the course root.
    """
    notebook: NotebookNode = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "maatwerk": {"autorun": True, "assignment": assignment.key, "language": lang},
        },
        cells=[
            words_cell("intro", f"# {assignment.title[lang]}\n\n{assignment.intro[lang]}"),
            words_cell("how-to", TEXTS["how_to"][lang]),
            *(cell for exercise in assignment.dilemmas for cell in _dilemma(exercise, lang)),
            *(cell for exercise in assignment.ratings for cell in _rating(exercise, lang)),
            *(cell for quiz in assignment.closed for cell in _closed(quiz, lang)),
            code_cell(HAND_IN, _hand_in(assignment, lang)),
        ],
    )
    nbformat.validate(notebook)
    return notebook


def cell_name(exercise: Exercise, part: str) -> str:
    """The name of a cell in the notebook and in the gradebook: an assignment has several exercises."""
    return f"{exercise.key}-{part}"


def _dilemma(exercise: Exercise, lang: Language) -> list[NotebookNode]:
    def name(part: str) -> str:
        return cell_name(exercise, part)

    task = words_cell(name(exercise.manual), _task(exercise, lang), task=True, points=exercise.manual_points)
    return [
        words_cell(name("case"), _case(exercise, lang)),
        code_cell(name("form"), _form(exercise, lang)),
        words_cell(name("scores"), TEXTS["scores"][lang]),
        *(_test(exercise, criterion, lang) for criterion in exercise.points),
        words_cell(name("written-heading"), TEXTS["written_heading"][lang]),
        code_cell(name("written"), _call("written", exercise.key, lang=lang)),
        task,
    ]


def _rating(exercise: RatingExercise, lang: Language) -> list[NotebookNode]:
    source = TEXTS["source"][lang].format(places=cite_all(exercise.places, lang))
    title = f"## {exercise.title[lang]}\n\n{source}"
    form = f'from maatwerk_widgets import rating_form\nrating_form("{exercise.key}", lang="{lang}")'
    return [words_cell(f"rating-{exercise.key}-title", title), code_cell(f"rating-{exercise.key}", form)]


def _closed(quiz: ClosedQuiz, lang: Language) -> list[NotebookNode]:
    form = f'from maatwerk_widgets import closed_form\nclosed_form("{quiz.key}", lang="{lang}")'
    return [
        words_cell(f"closed-{quiz.key}-title", f"## {quiz.title[lang]}\n\n{TEXTS['closed_intro'][lang]}"),
        code_cell(f"closed-{quiz.key}", form),
        words_cell(f"closed-{quiz.key}-scores", TEXTS["closed_scores"][lang]),
        *(
            code_cell(
                closed_cell_name(quiz, item),
                _call("closed", quiz.key, item.key, lang=lang),
                grade=True,
                points=1,
            )
            for item in quiz.items
        ),
    ]


def _hand_in(assignment: Assignment, lang: Language) -> str:
    return f'from maatwerk_widgets import hand_in\nhand_in("{assignment.key}", lang="{lang}")'


def _case(exercise: Exercise, lang: Language) -> str:
    source = TEXTS["source"][lang].format(places=cite_all(exercise.places, lang))
    parts = (f"## {exercise.title[lang]}", exercise.case[lang], f"**{exercise.question[lang]}**", source)
    return "\n\n".join(parts)


def _form(exercise: Exercise, lang: Language) -> str:
    return f'from maatwerk_widgets import exercise_form\nexercise_form("{exercise.key}", lang="{lang}")'


def _call(function: str, *keys: str, lang: Language) -> str:
    arguments = ", ".join(f'"{key}"' for key in keys)
    return f'from maatwerk_grading.bridge import {function}\n{function}({arguments}, lang="{lang}")'


def _test(exercise: Exercise, criterion: str, lang: Language) -> NotebookNode:
    source = _call("points", exercise.key, criterion, lang=lang)
    name = cell_name(exercise, criterion)
    return code_cell(name, source, grade=True, points=exercise.points[criterion])


def _task(exercise: Exercise, lang: Language) -> str:
    intro = TEXTS["task"][lang].format(points=exercise.manual_points)
    return f"{intro}\n\n{_rubric_table(exercise, lang)}"


def _rubric_table(exercise: Exercise, lang: Language) -> str:
    """The rubric as a Markdown table: a row a criterion, a column a level."""
    levels = [level.points for level in next(iter(exercise.rubric.values())).levels]
    heads = [TEXTS["criterion"][lang], *(_in_points(points, lang) for points in levels)]
    rows = [
        [f"**{criterion.name[lang]}**", *(level.anchor[lang] for level in criterion.levels)]
        for criterion in exercise.rubric.values()
    ]
    return "\n".join(_row(cells) for cells in (heads, ["---"] * len(heads), *rows))


def _in_points(points: int, lang: Language) -> str:
    return TEXTS["point_word" if points == 1 else "points_word"][lang].format(points=points)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def words_cell(name: str, source: str, **marks: object) -> NotebookNode:
    """A locked text; ``marks`` are nbgrader's, such as ``task`` and ``points``."""
    metadata = LOCKED | _marks(name, **marks)
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=name, metadata=metadata)  # type: ignore[no-untyped-call]
    return cell


def code_cell(name: str, source: str, **marks: object) -> NotebookNode:
    """A locked cell of code that no learner sees; ``marks`` are nbgrader's, such as ``grade``."""
    metadata = LOCKED | HIDDEN | _marks(name, **marks)
    cell: NotebookNode = nbformat.v4.new_code_cell(source, id=name, metadata=metadata)  # type: ignore[no-untyped-call]
    return cell


def _marks(name: str, **marks: object) -> dict[str, object]:
    """What nbgrader reads: every cell is locked, so that a submission gets the original back."""
    kind = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**kind, "grade_id": name, **marks}}
