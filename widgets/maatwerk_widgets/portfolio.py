"""What a learner chose and wrote, gathered from their answers: pure, and nothing about who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maatwerk import Framework, Language, Placement
from maatwerk.profile import Profile
from maatwerk.weighing import TOTAL
from maatwerk_exercises.assignments import Assignment
from maatwerk_learner.progress import Outline

from maatwerk_widgets.form import FORM_TEXTS
from maatwerk_widgets.kept import Fields, kept_placement, kept_profile, kept_text, kept_weights
from maatwerk_widgets.overview import COURSE_TEXTS
from maatwerk_widgets.words import words

Answers = Mapping[str, Fields]
Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement, with the moment in words; ``name`` is the chapter's own for that moment."""

    name: str
    label: str
    placement: Placement


@dataclass(frozen=True, slots=True)
class Written:
    """What was asked, and what the learner wrote."""

    asked: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one chapter or one case holds.

    Parameters
    ----------
    title : str
        The chapter's, or the case's.
    placed : tuple of Placed
        In the order of the chapter.
    weights : tuple of pairs
        The moment in words, and how all points were divided.
    profiles : mapping
        The considerations by the moment in words.
    written : tuple of Written
        In the order of the chapter.
    """

    title: str
    placed: tuple[Placed, ...] = ()
    weights: tuple[tuple[str, Weights], ...] = ()
    profiles: tuple[tuple[str, Profile], ...] = ()
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything together: the chapters, and the cases of the assignments."""

    chapters: tuple[Part, ...]
    cases: tuple[Part, ...]


def gather(
    outlines: Iterable[Outline],
    answers: Answers,
    assignments: Iterable[Assignment],
    case_answers: Mapping[str, Answers],
    fw: Framework,
    lang: Language,
) -> Portfolio:
    """The portfolio; a chapter or case without any answer is left out.

    Parameters
    ----------
    outlines : iterable of Outline
        The chapters, with what they ask.
    answers : mapping
        What was answered in the chapters.
    assignments : iterable of Assignment
        The assignments, with their cases.
    case_answers : mapping
        What was answered in each assignment, by its key.
    fw : Framework
        The tables.
    lang : {"nl", "en"}
        The language of all words.
    """
    chapters = (_chapter(outline, answers.get(outline.stem, {}), fw, lang) for outline in outlines)
    cases = (
        _case(case.key, case.title[lang], case_answers.get(assignment.key, {}), fw, lang)
        for assignment in assignments
        for case in assignment.dilemmas
    )
    return Portfolio(_filled(chapters), _filled(cases))


def _filled(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part != Part(part.title))


def _chapter(outline: Outline, fields: Fields, fw: Framework, lang: Language) -> Part:
    moments = words("chapter_moment", lang, FORM_TEXTS)
    prompts = words("chapter_prompt", lang, FORM_TEXTS)
    placed, weights, profiles, written = [], [], [], []
    for one in outline.asked:
        label = moments.get(one.name, one.name)
        if one.method == "plane" and (placement := kept_placement(fields, one.field)) is not None:
            placed.append(Placed(one.name, label, placement))
        elif (
            one.method == "scales" and sum((points := kept_weights(fields, one.field, fw)).values()) == TOTAL
        ):
            weights.append((label, points))
        elif one.method == "profile" and (profile := kept_profile(fields, one.field, fw)):
            profiles.append((label, profile))
        elif one.method == "reflection" and (text := kept_text(fields, one.field)):
            written.append(Written(prompts.get(one.name, one.name), text))
    return Part(outline.title, tuple(placed), tuple(weights), tuple(profiles), tuple(written))


def _case(key: str, title: str, answers: Answers, fw: Framework, lang: Language) -> Part:
    fields = answers.get(key, {})
    placement = kept_placement(fields, "placement")
    points = kept_weights(fields, "loyalties", fw)
    asked = words("portfolio", lang, COURSE_TEXTS)["justification"]
    text = kept_text(fields, "justification")
    return Part(
        title,
        placed=(Placed(key, title, placement),) if placement is not None else (),
        weights=(("", points),) if sum(points.values()) == TOTAL else (),
        written=(Written(asked, text),) if text else (),
    )


def mean_weights(divisions: Iterable[Weights], fw: Framework) -> Mapping[str, tuple[float, int, int]]:
    """For each loyalty the mean of its points, the least and the most; empty without a division."""
    given = list(divisions)
    if not given:
        return {}
    columns = {key: [one[key] for one in given] for key in fw.loyalties}
    return {key: (sum(points) / len(points), min(points), max(points)) for key, points in columns.items()}
