"""A feedback page's sheet, from the released cells in their order: which belong together, what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from maatwerk import Framework, Language
from maatwerk_exercises.assignments import assignments, closed_quizzes
from maatwerk_exercises.exercises import Exercise, exercises
from maatwerk_exercises.itembank import item_bank
from maatwerk_exercises.rating import rating_exercises
from maatwerk_learner.answers import AnswerBook
from markupsafe import Markup

from maatwerk_grading.autograde.cells import FORM
from maatwerk_grading.autograde.source import SourceCell, SourceNotebook
from maatwerk_grading.bridge import clean
from maatwerk_grading.feedback import sections
from maatwerk_grading.feedback.marks import NotebookGiven
from maatwerk_grading.feedback.sheet import (
    Asked,
    Dilemma,
    Handed,
    Improve,
    OtherCell,
    Others,
    Score,
    Section,
    Sheet,
    Who,
    added,
    worth,
)
from maatwerk_grading.feedback.words import TEXTS
from maatwerk_grading.plain_markdown import rendered
from maatwerk_grading.rubric_levels import read_comment

_RATING = re.compile(r'\brating_form\("([^"]+)"')
_TITLE = re.compile(r"\A\s*#{1,2} +(.+?) *$", re.MULTILINE)
# What the course's own functions earn; what else a cell may do, an instructor made.
_OURS = ("points", "closed", "summative")
MOST_IMPROVEMENTS = 3


@dataclass
class _Group:
    """Cells that make one section."""

    kind: str
    key: str
    cells: list[SourceCell] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What was asked in a notebook; made once, and used for every learner.

    Parameters
    ----------
    assignment : str
        Its name in the gradebook.
    source : SourceNotebook
        As it was released.
    order : tuple of str
        The names of its cells in the order of the notebook; those that are not in it come last.
    lang : {"nl", "en"}
        Of the assignment.
    framework : Framework
        The tables.
    """

    assignment: str
    source: SourceNotebook
    order: tuple[str, ...]
    lang: Language
    framework: Framework

    @cached_property
    def cells(self) -> tuple[SourceCell, ...]:
        """The released cells, in order."""
        places = {name: place for place, name in enumerate(self.order)}
        return tuple(
            sorted(
                self.source.cells.values(), key=lambda cell: (places.get(cell.name, len(places)), cell.name)
            )
        )

    @cached_property
    def title(self) -> str:
        """What the assignment calls itself."""
        # The course's own say it in their first cell, whatever order is known.
        cells = sorted(self.cells, key=lambda cell: cell.name != "intro")
        first = next((found[1] for cell in cells if (found := _TITLE.match(_markdown(cell)))), None)
        known = assignments().get(self.assignment)
        return first or (known.title[self.lang] if known else self.assignment)

    @cached_property
    def groups(self) -> tuple[_Group, ...]:
        """What belongs together, in the order of the notebook."""
        found: dict[tuple[str, str], _Group] = {}
        for cell in self.cells:
            at = _place(cell)
            if at is not None:
                found.setdefault(at, _Group(*at)).cells.append(cell)
        return tuple(found.values())

    @cached_property
    def is_ours(self) -> bool:
        """Whether the course's own cells are in it, so that its texts are told here in another way."""
        return any(group.kind != "other" for group in self.groups)

    @cached_property
    def reads_notebooks(self) -> bool:
        """Whether something of the autograded notebook itself is shown."""
        return not self.is_ours or any(group.kind == "other" for group in self.groups)

    def case(self, exercise: str) -> str | None:
        """The case as it was released, without its title."""
        cell = self.source.cells.get(f"{exercise}-case")
        return _TITLE.sub("", cell.source, count=1).strip() if cell is not None and cell.source else None

    @cached_property
    def maximum(self) -> float:
        """What the whole notebook is worth."""
        return sum(cell.points or 0.0 for cell in self.cells if cell.grade_id is not None)


def _markdown(cell: SourceCell) -> str:
    return cell.source if cell.cell_type == "markdown" else ""


def _place(cell: SourceCell) -> tuple[str, str] | None:
    """The section that a cell belongs to; ``None`` when nothing of it is told."""
    call = cell.call
    if call is not None and call.function in _OURS and call.positional:
        key = str(call.positional[0])
        if call.function == "points" and key in exercises():
            return "dilemma", key
        if call.function == "closed" and str(call.positional[1]) in item_bank():
            return "closed", key
        if call.function == "summative":
            return "own", ""
    if cell.task and (exercise := _exercise_of(cell)) is not None:
        return "dilemma", exercise.key
    rating = _RATING.search(cell.source) if call == FORM else None
    if rating is not None and rating[1] in rating_exercises():
        return "rating", rating[1]
    return ("other", "") if cell.grade or cell.task or cell.solution else None


def _exercise_of(cell: SourceCell) -> Exercise | None:
    return next(
        (one for key, one in exercises().items() if cell.name == f"{key}-{one.manual}"),
        None,
    )


def sheet(plan: Plan, who: Who, handed: Handed) -> Sheet:
    """Everything that the page of one learner says."""
    asked = Asked(plan.lang, plan.framework)
    problem = "" if isinstance(handed.book, AnswerBook) else handed.book.problem[plan.lang]
    if who.refused is not None:
        return _refused(plan, who, who.refused[plan.lang])
    if plan.is_ours:
        parts = tuple(_section(group, plan, handed, asked) for group in plan.groups)
    else:
        parts, problem = (_whole_notebook(plan, handed, asked),), ""
    scores = [part.score for part in parts if part.score is not None]
    whole = added(scores)
    penalty = handed.given.penalty
    return Sheet(
        lang=plan.lang,
        title=plan.title,
        name=who.name,
        handed_in=who.handed_in,
        refused="",
        problem=problem,
        total=Score(max(0.0, whole.points - penalty), whole.maximum, whole.waiting),
        penalty=penalty,
        waiting=sum(
            worth(cell.name, cell.points or 0.0, handed.given).waiting > 0
            for cell in plan.cells
            if cell.grade_id is not None
        ),
        sections=parts,
        improve=_improve(parts),
        remarks=tuple(_remarked(parts)),
    )


def _refused(plan: Plan, who: Who, reason: str) -> Sheet:
    return Sheet(
        lang=plan.lang,
        title=plan.title,
        name=who.name,
        handed_in=who.handed_in,
        refused=clean(reason) or TEXTS["refused_unknown"][plan.lang],
        problem="",
        total=Score(0.0, plan.maximum),
        penalty=0.0,
        waiting=0,
        sections=(),
        improve=(),
        remarks=(),
    )


def _section(group: _Group, plan: Plan, handed: Handed, asked: Asked) -> Section:
    match group.kind:
        case "dilemma":
            exercise = exercises()[group.key]
            return sections.dilemma(exercise, group.cells, plan.case(group.key), handed, asked)
        case "closed":
            quiz = closed_quizzes().get(group.key)
            items = [
                (item_bank()[str(cell.call.positional[1])], cell)
                for cell in group.cells
                if cell.call is not None
            ]
            title = quiz.title[plan.lang] if quiz else group.key
            return sections.closed(group.key, title, items, handed, asked)
        case "own":
            return sections.own_questions(group.cells, handed, asked)
        case "rating":
            return sections.rating(rating_exercises()[group.key], handed, asked)
        case _:
            return _others(plan, group.cells, handed, asked)


def _others(plan: Plan, wanted: Sequence[SourceCell], handed: Handed, asked: Asked) -> Others:
    """The cells of an instructor's own making that earn something, or in which a learner writes."""
    shown = {_name(cell): cell for cell in handed.cells}
    cells = tuple(_other(shown.get(cell.name), cell, handed.given, asked) for cell in wanted)
    scores = [cell.score for cell in cells if cell.score is not None]
    return Others("others", TEXTS["other"][asked.lang], added(scores) if scores else None, cells)


def _whole_notebook(plan: Plan, handed: Handed, asked: Asked) -> Others:
    """A notebook of an instructor's own making, in its own order; their code stays out of sight."""
    told = set()
    cells = []
    for cell in handed.cells:
        source = plan.source.cells.get(_name(cell))
        if source is not None:
            told.add(source.name)
        elif cell.get("cell_type") != "markdown":
            # A learner's own cell of code: nobody marked it.
            continue
        made = _other(cell, source, handed.given, asked)
        if made.score is not None or made.comment or made.body or made.outputs:
            cells.append(made)
    # What is not in the notebook any more, and was marked all the same.
    cells += [
        _other(None, cell, handed.given, asked)
        for cell in plan.cells
        if cell.name not in told and cell.grade_id is not None
    ]
    scores = [cell.score for cell in cells if cell.score is not None]
    title = TEXTS["notebook"][asked.lang]
    return Others("notebook", title, added(scores) if scores else None, tuple(cells))


def _name(cell: Mapping[str, Any]) -> str:
    kind = cell.get("metadata", {}).get("nbgrader", {})
    name = kind.get("grade_id", "") if isinstance(kind, Mapping) else ""
    return name if isinstance(name, str) else ""


def _other(
    cell: Mapping[str, Any] | None, source: SourceCell | None, given: NotebookGiven, asked: Asked
) -> OtherCell:
    text = _joined(cell.get("source", "")) if cell else ""
    body = Markup("")
    if cell and cell.get("cell_type") == "markdown":
        body = rendered(text, below=2)
    elif cell and text.strip() and source is not None and not source.locked:
        body = Markup("<pre>{}</pre>").format(clean(text))
    remarked = read_comment(given.comments.get(source.name)) if source else read_comment(None)
    earns = source is not None and source.grade_id is not None
    return OtherCell(
        title=source.name if source and earns else "",
        body=body,
        outputs=tuple(_outputs(cell)) if cell else (),
        score=worth(source.name, source.points or 0.0, given) if source and earns else None,
        comment=rendered(remarked.words, below=3) if remarked.words else None,
    )


def _outputs(cell: Mapping[str, Any]) -> list[str]:
    """What a cell showed, as text: a page that a learner's code made could do anything."""
    found = []
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
        if clean(_joined(text)).strip():
            found.append(clean(_joined(text)))
    return found


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _improve(parts: Sequence[Section]) -> tuple[Improve, ...]:
    cases = [part for part in parts if isinstance(part, Dilemma)]
    lost = [
        Improve(f"{part.key}-{one.key}", one.title, part.title, one.score)
        for part in cases
        if part.answered
        for one in part.criteria
        if one.score.state in ("part", "none")
    ]
    lost.sort(key=lambda one: one.score.points - one.score.maximum)
    left_open = [Improve(part.key, "", part.title, part.score) for part in cases if not part.answered]
    return (*lost[:MOST_IMPROVEMENTS], *left_open)


def _remarked(parts: Sequence[Section]) -> list[tuple[str, str]]:
    return [
        (f"{part.key}-person", part.title)
        for part in parts
        if isinstance(part, Dilemma) and part.by_person and part.by_person.comment
    ] + [
        (part.key, part.title)
        for part in parts
        if isinstance(part, Others) and any(cell.comment for cell in part.cells)
    ]
