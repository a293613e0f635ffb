"""The parts of a feedback page: each from what was asked, what was answered and what it earned. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from maatwerk import Placement, PlacementError, Text
from maatwerk.citation import cite_all
from maatwerk.model import SIDES, Side
from maatwerk.weighing import TOTAL
from maatwerk_exercises.exercises import Exercise, Marking
from maatwerk_exercises.itembank import AnyItem, Choice, Matching, Ordering, Placing, mark
from maatwerk_exercises.rating import ARGUMENT_SIDES, MARKS, RatingExercise, drive, feedback
from maatwerk_exercises.rating import TEXTS as RATING_TEXTS
from maatwerk_learner.answers import Answer

from maatwerk_grading import bridge
from maatwerk_grading.autograde.source import SourceCell
from maatwerk_grading.bridge import SUMMATIVE, Unusable, closed_key, number, option_key
from maatwerk_grading.criteria import CRITERIA
from maatwerk_grading.feedback.plane import drawing
from maatwerk_grading.feedback.sheet import (
    Asked,
    ByPerson,
    Criterion,
    Dilemma,
    Handed,
    Line,
    Question,
    Questions,
    Rated,
    Rating,
    RubricLevel,
    RubricRow,
    added,
    harmless,
    worth,
)
from maatwerk_grading.feedback.words import TEXTS
from maatwerk_grading.plain_markdown import rendered
from maatwerk_grading.rubric_levels import read_comment

# The words of the notebook itself, so that a part is called the same on this page.
NOTEBOOK = bridge.TEXTS


def dilemma(
    exercise: Exercise,
    cells: Sequence[SourceCell],
    case: str | None,
    handed: Handed,
    asked: Asked,
) -> Dilemma:
    """A case with everything that was asked about it.

    Parameters
    ----------
    cells : sequence of SourceCell
        The cells of the assignment that earn something in this exercise.
    case : str, optional
        The case as it was released, in Markdown without its title; otherwise the course's own.
    """
    answer = bridge.answer_in(handed.book, exercise.key)
    known = answer if isinstance(answer, Answer) else Answer()
    criteria = tuple(
        _criterion(str(cell.call.positional[1]), cell, exercise, answer, handed, asked)
        for cell in cells
        if cell.call is not None and cell.call.function == "points"
    )
    by_person = next((_by_person(cell, exercise, handed, asked) for cell in cells if cell.task), None)
    scores = [one.score for one in criteria] + ([by_person.score] if by_person else [])
    text = case or f"{exercise.case[asked.lang]}\n\n**{exercise.question[asked.lang]}**"
    return Dilemma(
        key=exercise.key,
        title=exercise.title[asked.lang],
        score=added(scores),
        case=rendered(text, below=2),
        question=exercise.question[asked.lang],
        plane=drawing(known.placement, asked.framework, asked.lang) if known.placement else None,
        answered=isinstance(answer, Unusable) or bool(answer.to_json()),
        criteria=criteria,
        written=written_lines(known, exercise, asked),
        by_person=by_person,
    )


def _criterion(
    key: str,
    cell: SourceCell,
    exercise: Exercise,
    answer: Answer | Unusable,
    handed: Handed,
    asked: Asked,
) -> Criterion:
    lang = asked.lang
    score = worth(cell.name, cell.points or 0.0, handed.given)
    grade = handed.given.grades.get(cell.name)
    if isinstance(answer, Unusable):
        chosen: tuple[Line, ...] = ()
        said, cited = answer.problem[lang], ""
    else:
        outcome = CRITERIA[key](answer, exercise, asked.framework)
        chosen = CHOSEN[key](answer, asked) if key in CHOSEN else ()
        said, cited = outcome.feedback[lang], cite_all(outcome.places, lang) if outcome.places else ""
    return Criterion(
        key=key,
        title=NOTEBOOK[f"criterion_{key}"][lang],
        score=score,
        chosen=chosen,
        said=TEXTS["missing_cell"][lang] if score.waiting else said,
        cited="" if score.waiting else cited,
        by_person=bool(grade and grade.by_person),
    )


def _by_person(cell: SourceCell, exercise: Exercise, handed: Handed, asked: Asked) -> ByPerson:
    remarked = read_comment(handed.given.comments.get(cell.name))
    return ByPerson(
        score=worth(cell.name, cell.points or 0.0, handed.given),
        rubric=rubric(exercise.marking, remarked.levels, asked),
        comment=rendered(remarked.words, below=3) if remarked.words else None,
    )


def rubric(marking: Marking, levels: Mapping[str, int], asked: Asked) -> tuple[RubricRow, ...]:
    """The rubric, with the levels that a person chose."""
    return tuple(
        RubricRow(
            criterion.name[asked.lang],
            tuple(
                RubricLevel(level.points, level.anchor[asked.lang], levels.get(key) == level.points)
                for level in criterion.levels
            ),
        )
        for key, criterion in marking.rubric.items()
    )


def written_lines(answer: Answer, exercise: Exercise, asked: Asked) -> tuple[Line, ...]:
    """What the learner wrote, under the words that were asked; empty where nothing was written."""
    fields = ("own_case", *bridge.WRITTEN_FIELDS) if exercise.own_case else bridge.WRITTEN_FIELDS
    return tuple(
        Line(NOTEBOOK[field][asked.lang], harmless(getattr(answer, field) or "")) for field in fields
    )


def _place(answer: Answer, asked: Asked) -> tuple[Line, ...]:
    if answer.placement is None:
        return ()
    lang, plane = asked.lang, asked.framework.plane
    names = [variant.name[lang] for variant in answer.placement.variants(asked.framework)]
    form = names[0] if len(names) == 1 else TEXTS["chosen_between"][lang].format(variants=_and(names, asked))

    def points(value: float) -> str:
        return TEXTS["chosen_points"][lang].format(points=number(round(value, 1), lang))

    return (
        Line(TEXTS["chosen_form"][lang], form),
        Line(plane.person.name[lang], points(answer.placement.person)),
        Line(plane.group.name[lang], points(answer.placement.group)),
    )


def _and(names: Sequence[str], asked: Asked) -> str:
    words = NOTEBOOK["and"][asked.lang]
    return words.format(first=", ".join(names[:-1]), last=names[-1])


def _loyalties(answer: Answer, asked: Asked) -> tuple[Line, ...]:
    if not answer.loyalties:
        return ()
    return tuple(
        Line(loyalty.name[asked.lang], f"{points}", share=min(100.0, 100.0 * points / TOTAL))
        for key, loyalty in asked.framework.loyalties.items()
        for points in (answer.loyalties.get(key, 0),)
    )


def _tension(answer: Answer, asked: Asked) -> tuple[Line, ...]:
    named = asked.framework.tensions().get(answer.tension or "")
    return (Line(TEXTS["chosen_tension"][asked.lang], named[1].name[asked.lang]),) if named else ()


def _effects(side: Side) -> Callable[[Answer, Asked], tuple[Line, ...]]:
    def chosen(answer: Answer, asked: Asked) -> tuple[Line, ...]:
        statements = asked.framework.statements
        return tuple(
            Line(perspective.name[asked.lang], statements[named].text[asked.lang])
            for key, perspective in asked.framework.perspectives.items()
            if (named := answer.effects.get(key, {}).get(side, "")) in statements
        )

    return chosen


def _dynamic(answer: Answer, asked: Asked) -> tuple[Line, ...]:
    found = asked.framework.dynamics
    named, actor = found.get(answer.dynamic or ""), found.get(answer.dynamic_actor or "")
    return (
        *((Line(TEXTS["chosen_dynamic"][asked.lang], named.name[asked.lang]),) if named else ()),
        *((Line(TEXTS["chosen_actor"][asked.lang], actor.actor[asked.lang]),) if actor else ()),
    )


def _counter(answer: Answer, asked: Asked) -> tuple[Line, ...]:
    other = asked.framework.variants.get(answer.counter_variant or "")
    statement = asked.framework.statements.get(answer.counter_statement or "")
    return (
        *((Line(TEXTS["chosen_other"][asked.lang], other.name[asked.lang]),) if other else ()),
        *((Line(TEXTS["chosen_statement"][asked.lang], statement.text[asked.lang]),) if statement else ()),
    )


# What the learner chose for each criterion. Two sides is about what was chosen for the two before it.
CHOSEN: Mapping[str, Callable[[Answer, Asked], tuple[Line, ...]]] = {
    "plaatsing": _place,
    "loyaliteiten": _loyalties,
    "spanning": _tension,
    "voordelen": _effects(SIDES[0]),
    "nadelen": _effects(SIDES[1]),
    "dynamiek": _dynamic,
    "tegenargument": _counter,
}


def closed(
    quiz: str, title: str, items: Sequence[tuple[AnyItem, SourceCell]], handed: Handed, asked: Asked
) -> Questions:
    """Closed questions, each with what was answered and what is to be learned from it."""
    kept = bridge.kept_in(handed.book, closed_key(quiz))
    questions = tuple(_closed(item, cell, kept, handed, asked) for item, cell in items)
    return Questions(f"closed-{quiz}", title, added([one.score for one in questions]), questions)


def _closed(
    item: AnyItem, cell: SourceCell, kept: Mapping[str, Any] | Unusable, handed: Handed, asked: Asked
) -> Question:
    lang = asked.lang
    answer: tuple[str, ...] = ()
    if isinstance(kept, Unusable):
        said = kept.problem[lang]
    elif kept.get(item.key) is None:
        said = NOTEBOOK["closed_unanswered"][lang]
    else:
        found = kept[item.key]
        response = found.get("response") if isinstance(found, Mapping) else None
        marked = mark(item, response)
        if marked.outcome == "unanswered":
            said = NOTEBOOK["closed_no_answer"][lang]
        else:
            answer, said = answered(item, response, asked), marked.feedback[lang]
    return _question(item.ask[lang], item.given, answer, said, cell, handed, asked)


def _question(
    ask: str,
    about: Text | None,
    answer: tuple[str, ...],
    said: str,
    cell: SourceCell,
    handed: Handed,
    asked: Asked,
) -> Question:
    grade = handed.given.grades.get(cell.name)
    score = worth(cell.name, cell.points or 0.0, handed.given)
    return Question(
        ask=ask,
        given=about[asked.lang] if about else "",
        answer=answer,
        score=score,
        said=(TEXTS["missing_cell"][asked.lang],) if score.waiting else tuple(said.splitlines()),
        by_person=bool(grade and grade.by_person),
    )


@singledispatch
def answered(item: AnyItem, response: Any, asked: Asked) -> tuple[str, ...]:
    """A response that is an answer to the item, in the course's own words."""
    raise TypeError(f"no item: {item!r}")


@answered.register
def _choice(item: Choice, response: str, asked: Asked) -> tuple[str, ...]:
    return tuple(one.text[asked.lang] for one in item.options if one.key == response)


@answered.register
def _matching(item: Matching, response: Mapping[str, str], asked: Asked) -> tuple[str, ...]:
    options = {one.key: one.text[asked.lang] for one in item.options}
    words = TEXTS["matched"][asked.lang]
    return tuple(
        words.format(row=row.text[asked.lang], option=options[response[row.key]]) for row in item.rows
    )


@answered.register
def _ordering(item: Ordering, response: Sequence[str], asked: Asked) -> tuple[str, ...]:
    options = {one.key: one.text[asked.lang] for one in item.options}
    return tuple(f"{place}. {options[key]}" for place, key in enumerate(response, 1))


@answered.register
def _placing(item: Placing, response: Mapping[str, float], asked: Asked) -> tuple[str, ...]:
    try:
        placement = Placement(response["person"], response["group"])
    except (KeyError, PlacementError):
        return ()
    names = [variant.name[asked.lang] for variant in placement.variants(asked.framework)]
    person, group = (number(round(one, 1), asked.lang) for one in (placement.person, placement.group))
    at = TEXTS["placed"][asked.lang].format(person=person, group=group)
    return (f"{names[0] if len(names) == 1 else _and(names, asked)} ({at})",)


def own_questions(cells: Sequence[SourceCell], handed: Handed, asked: Asked) -> Questions:
    """An instructor's own questions: what was chosen and what it earned, and never which option is right."""
    kept = bridge.kept_in(handed.book, SUMMATIVE)
    questions = tuple(_own(cell, kept, handed, asked) for cell in cells)
    title = TEXTS["own_title"][asked.lang]
    return Questions(SUMMATIVE, title, added([one.score for one in questions]), questions)


def _own(cell: SourceCell, kept: Mapping[str, Any] | Unusable, handed: Handed, asked: Asked) -> Question:
    key, ask, *options = (str(one) for one in (cell.call.positional if cell.call else ("", cell.name)))
    answer: tuple[str, ...] = ()
    said = ""
    if isinstance(kept, Unusable):
        said = kept.problem[asked.lang]
    elif kept.get(key) is None:
        said = NOTEBOOK["closed_unanswered"][asked.lang]
    else:
        answer = tuple(option for option in options if option_key(option) == kept[key])
        said = "" if answer else NOTEBOOK["closed_no_answer"][asked.lang]
    return _question(ask, None, answer, said, cell, handed, asked)


def rating(exercise: RatingExercise, handed: Handed, asked: Asked) -> Rating:
    """Arguments that were rated, and what drove the marks."""
    lang = asked.lang
    kept = bridge.kept_in(handed.book, f"rating-{exercise.key}")
    values: Mapping[str, Any] = {} if isinstance(kept, Unusable) else kept
    stance = next((side for side in ARGUMENT_SIDES if side == values.get("stance")), None)
    # The form keeps a mark as text.
    marks = {
        key: point for key in exercise.arguments for point in MARKS if str(values.get(key)) == str(point)
    }
    found = drive(exercise, stance, marks) if stance is not None else None
    return Rating(
        key=f"rating-{exercise.key}",
        title=exercise.title[lang],
        verdict=exercise.verdict[lang],
        stance=RATING_TEXTS[f"stance_{stance}"][lang] if stance else "",
        said=feedback(found)[lang] if found else TEXTS["rating_unfinished"][lang],
        # Why an argument is strong or weak is told once all were rated, as in the form.
        rated=tuple(
            Rated(one.text[lang], f"{marks[key]}", one.why[lang]) for key, one in exercise.arguments.items()
        )
        if found
        else (),
    )
