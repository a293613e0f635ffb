"""What the cells of an assignment notebook call: a score with its feedback, and the learner's own words.

nbgrader runs these cells. It gives nothing for a cell that writes to stderr, and everything for a cell whose
last value is no plain number. So nothing here writes to stderr, no answers file makes it fail, and a score is
a builtin ``float`` between 0 and the maximum. The answers file is only read, never written.
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Framework, Language, framework
from maatwerk.citation import cite_all
from maatwerk.loader import read_texts
from maatwerk.text import Text, as_language
from maatwerk_exercises.exercises import Exercise, exercises
from maatwerk_exercises.itembank import AnyItem, item_bank, mark
from maatwerk_learner.answers import TEXTS as ANSWER_TEXTS
from maatwerk_learner.answers import Answer, AnswerBook, AnswerError, Fields

from maatwerk_grading.criteria import CRITERIA

ANSWERS_FILE = Path("answers.json")
TEXTS = read_texts(Path(__file__).parent / "bridge_texts.toml")

# Many times the size of an answers file in which every text is as long as it may be.
LARGEST_FILE = 5_000_000
# Under which key the answers file keeps the answers to the instructor's own questions.
SUMMATIVE = "summative"
WRITTEN_FIELDS = ("justification", "counter_argument", "change_mind")

_HARMFUL = re.compile(
    # Control characters, such as the escape of ANSI codes; a new line and a tab are no harm.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    # Half of a surrogate pair, which is no character.
    "\ud800-\udfff"
    # Marks that turn the reading direction of what follows. A right-to-left script itself needs none of them.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
# MathJax and the like leave these classes alone, so that a learner's text never becomes a formula or a link.
_AS_TYPED = 'class="tex2jax_ignore mathjax_ignore" dir="auto"'
_WRAP = "white-space: pre-wrap; overflow-wrap: anywhere; font-family: inherit"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows: for a browser, and for where there is none."""

    html: str
    plain: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.plain}


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why there is no answer to look at, in both languages."""

    problem: Text


class Desk(Protocol):
    """Where a cell finds the answers, and where it shows something."""

    def answer(self, exercise: str) -> Answer | Unusable:
        """The answer to one exercise, or why there is none."""

    def kept(self, key: str) -> Fields | Unusable:
        """Whatever the file keeps under a key, or why that cannot be told."""

    def show(self, shown: Shown) -> None:
        """Show it to whoever reads the notebook."""


class NotebookDesk:
    """In a notebook: the answers stand beside it, and what is shown becomes the cell's output."""

    def answer(self, exercise: str) -> Answer | Unusable:
        """The answer to one exercise, or why there is none."""
        return read_answer(ANSWERS_FILE, exercise)

    def kept(self, key: str) -> Fields | Unusable:
        """Whatever the file keeps under a key, or why that cannot be told."""
        return kept_in(read_book(ANSWERS_FILE), key)

    def show(self, shown: Shown) -> None:
        """Show it to whoever reads the notebook."""
        display(shown)


# The fast grader puts its own in place; no cell says where it runs.
DESK: ContextVar[Desk] = ContextVar("desk", default=NotebookDesk())  # noqa: B039  (it has no state)


def points(exercise: str, criterion: str, lang: str = DEFAULT_LANGUAGE) -> float:
    """Show what a criterion says about the answers beside the notebook, and give its points.

    Parameters
    ----------
    exercise, criterion : str
        Their keys.
    lang : {"nl", "en"}
        The language of the feedback.

    Returns
    -------
    float
        The points, from 0 to the criterion's maximum; 0 when the answers file is missing or damaged.
    """
    desk = DESK.get()
    asked = exercises()[exercise]
    scored, shown = judge(desk.answer(exercise), asked, criterion, as_language(lang), framework())
    desk.show(shown)
    return scored


def written(exercise: str, lang: str = DEFAULT_LANGUAGE) -> None:
    """Show what the learner wrote, for the person who marks it.

    Parameters
    ----------
    exercise : str
        Its key.
    lang : {"nl", "en"}
        The language of the words around the learner's own.
    """
    desk = DESK.get()
    desk.show(show_written(desk.answer(exercise), as_language(lang), framework()))


def closed(quiz: str, item: str, lang: str = DEFAULT_LANGUAGE) -> float:
    """Show what the answer to a closed item is worth, and give that: 1 point, or a part of it.

    Parameters
    ----------
    quiz : str
        The key of the quiz that asks it (``assignments.toml``).
    item : str
        Its key in the item bank.
    lang : {"nl", "en"}
        The language of the feedback.

    Returns
    -------
    float
        From 0 to 1; 0 without an answer, or with something that is none.
    """
    desk = DESK.get()
    scored, shown = judge_closed(desk.kept(closed_key(quiz)), item_bank()[item], as_language(lang))
    desk.show(shown)
    return scored


def summative(question: str, ask: str, *options: str, right: int, lang: str = DEFAULT_LANGUAGE) -> float:
    """Show what the answer to an instructor's own question is worth, and give that: 1 point or none.

    Stands only among the hidden tests of a cell (see :mod:`maatwerk_grading.course_folder.own_questions`),
    and never shows which option is right.

    Parameters
    ----------
    question : str
        Its key in the answers file.
    ask : str
        The question itself.
    *options : str
        What can be chosen.
    right : int
        The number of the right option, from 1.
    lang : {"nl", "en"}
        The language of the feedback.
    """
    desk = DESK.get()
    kept = desk.kept(SUMMATIVE)
    scored, shown = judge_summative(kept, question, ask, options, right, as_language(lang))
    desk.show(shown)
    return scored


def closed_key(quiz: str) -> str:
    """Under which key the answers file keeps the answers to a quiz of an assignment."""
    return f"closed-{quiz}"


def display(shown: Shown) -> None:
    """Make it the output of the notebook's cell."""
    # Imported only here: the fast grader shows nothing in a notebook, and starts without IPython.
    from IPython.display import display as in_notebook

    in_notebook(shown)  # type: ignore[no-untyped-call]


def read_answer(file: Path, exercise: str) -> Answer | Unusable:
    """The answer to one exercise in an answers file, or why there is none; reads only."""
    return answer_in(read_book(file), exercise)


def read_book(file: Path) -> AnswerBook | Unusable:
    """Everything in an answers file, or why there is nothing; reads only."""
    try:
        if not file.exists():
            return Unusable(TEXTS["missing"])
        # A pipe or a device would keep the grader waiting.
        if not file.is_file():
            return Unusable(TEXTS["unreadable"])
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError:
        return Unusable(TEXTS["unreadable"])
    if len(content) > LARGEST_FILE:
        return Unusable(TEXTS["too_large"])
    return parse_book(content)


def parse_book(content: bytes) -> AnswerBook | Unusable:
    """Everything in the bytes of an answers file, or why there is nothing."""
    try:
        return AnswerBook.parse(json.loads(content.decode("utf-8")))
    except AnswerError as error:
        return _unusable(error)
    except (ValueError, RecursionError):
        return Unusable(TEXTS["unreadable"])


def answer_in(book: AnswerBook | Unusable, exercise: str) -> Answer | Unusable:
    """The answer to one exercise, or why there is none."""
    fields = kept_in(book, exercise)
    if isinstance(fields, Unusable):
        return fields
    try:
        return Answer.parse(fields)
    except AnswerError as error:
        return _unusable(error)


def kept_in(book: AnswerBook | Unusable, key: str) -> Fields | Unusable:
    """Whatever the book keeps under a key, or why that cannot be told."""
    if isinstance(book, Unusable):
        return book
    if key in book.spoiled:
        return _unusable(AnswerError(ANSWER_TEXTS["no_fields"]))
    return book.answers.get(key, {})


def _unusable(error: AnswerError) -> Unusable:
    problems = {lang: TEXTS["unusable"][lang].format(problem=error.message(lang)) for lang in LANGUAGES}
    return Unusable(Text(**problems))


def judge(
    answer: Answer | Unusable, exercise: Exercise, criterion: str, lang: Language, framework: Framework
) -> tuple[float, Shown]:
    """The points of one criterion, and what its cell shows.

    Raises
    ------
    ValueError
        When the criterion gives something else than 0 to the maximum: a mistake in the criterion.
    """
    maximum = float(exercise.points[criterion])
    if isinstance(answer, Unusable):
        return 0.0, _score_shown(criterion, 0.0, maximum, (answer.problem[lang],), lang)
    outcome = CRITERIA[criterion](answer, exercise, framework)
    scored = float(outcome.points)
    if not (math.isfinite(scored) and 0.0 <= scored <= maximum):
        raise ValueError(f"criterion '{criterion}' gives {outcome.points!r}, not 0 to {maximum}")
    said = [outcome.feedback[lang]]
    if outcome.places:
        said.append(TEXTS["cite"][lang].format(places=cite_all(outcome.places, lang)))
    return scored, _score_shown(criterion, scored, maximum, tuple(said), lang)


def judge_closed(kept: Fields | Unusable, item: AnyItem, lang: Language) -> tuple[float, Shown]:
    """The points of one closed item, and what its cell shows.

    Parameters
    ----------
    kept : mapping or Unusable
        The answers to the quiz, by item, in whatever state they are.
    """
    question = f"{item.ask[lang]} {item.given[lang]}" if item.given else item.ask[lang]
    if isinstance(kept, Unusable):
        return 0.0, _closed_shown(question, 0.0, kept.problem[lang], lang)
    given = kept.get(item.key)
    if given is None:
        return 0.0, _closed_shown(question, 0.0, TEXTS["closed_unanswered"][lang], lang)
    marked = mark(item, given.get("response") if isinstance(given, Mapping) else None)
    said = TEXTS["closed_no_answer"] if marked.outcome == "unanswered" else marked.feedback
    return marked.share, _closed_shown(question, marked.share, said[lang], lang)


def judge_summative(
    kept: Fields | Unusable, question: str, ask: str, options: Sequence[str], right: int, lang: Language
) -> tuple[float, Shown]:
    """The points of one of the instructor's own questions, and what its cell shows."""
    if isinstance(kept, Unusable):
        return 0.0, _closed_shown(ask, 0.0, kept.problem[lang], lang)
    given = kept.get(question)
    if given is None:
        return 0.0, _closed_shown(ask, 0.0, TEXTS["closed_unanswered"][lang], lang)
    chosen = next((option for option in options if option_key(option) == given), None)
    if chosen is None:
        return 0.0, _closed_shown(ask, 0.0, TEXTS["closed_no_answer"][lang], lang)
    scored = 1.0 if chosen == options[right - 1] else 0.0
    return scored, _closed_shown(ask, scored, TEXTS["chosen"][lang].format(option=chosen), lang)


@lru_cache(maxsize=4096)
def option_key(option: str) -> str:
    """How the answers file keeps a chosen option; one that was reworded since then is not recognised."""
    return hashlib.sha256(option.encode()).hexdigest()[:12]


def _closed_shown(question: str, scored: float, said: str, lang: Language) -> Shown:
    points = TEXTS["closed_points"][lang].format(points=number(scored, lang))
    lines = [points, *said.splitlines()]
    page = [
        f"<p><strong>{_safe_html(question)}</strong></p>",
        *(f"<p>{_safe_html(one)}</p>" for one in lines),
    ]
    return _wrapped(page, [question, *lines], lang)


def show_written(answer: Answer | Unusable, lang: Language, framework: Framework) -> Shown:
    """The chosen variants and the free texts, harmless wherever they are shown."""
    if isinstance(answer, Unusable):
        return _shown([answer.problem[lang]], lang)
    # Most exercises do not ask for a case.
    asked = ("own_case", *WRITTEN_FIELDS) if answer.own_case else WRITTEN_FIELDS
    blocks = [(TEXTS[field][lang], getattr(answer, field)) for field in asked]
    place = place_said(answer, lang, framework)
    page = [f"<p>{_safe_html(place)}</p>"]
    plain = [place]
    for label, text in blocks:
        words = clean(text or "").strip() or TEXTS["nothing_written"][lang]
        page += [f"<p><strong>{_safe_html(label)}</strong></p>"]
        page += [f'<pre {_AS_TYPED} style="{_WRAP}">{_safe_html(words)}</pre>']
        plain += [f"{label}:", words]
    return _wrapped(page, plain, lang)


def clean(text: str) -> str:
    """``text`` without what steers a terminal, turns the reading direction or cannot be sent on."""
    return _HARMFUL.sub("", text)


def number(value: float, lang: Language) -> str:
    """A number of points as it is read: ``1``, ``1,33`` or ``1.33``."""
    digits = f"{value:.2f}".rstrip("0").rstrip(".")
    return digits.replace(".", ",") if lang == "nl" else digits


# A class gets the same feedback over and over.
@lru_cache(maxsize=4096)
def _score_shown(
    criterion: str, scored: float, maximum: float, said: tuple[str, ...], lang: Language
) -> Shown:
    title = TEXTS["scored"][lang].format(
        title=TEXTS[f"criterion_{criterion}"][lang],
        points=number(scored, lang),
        maximum=number(maximum, lang),
    )
    page = [f"<p><strong>{_safe_html(title)}</strong></p>", *(f"<p>{_safe_html(one)}</p>" for one in said)]
    return _wrapped(page, [title, *said], lang)


def _shown(said: list[str], lang: Language) -> Shown:
    return _wrapped([f"<p>{_safe_html(one)}</p>" for one in said], said, lang)


def _wrapped(page: Iterable[str], plain: Iterable[str], lang: Language) -> Shown:
    return Shown(f'<div lang="{lang}">{"".join(page)}</div>', "\n".join(clean(line) for line in plain))


def _safe_html(text: str) -> str:
    return html.escape(clean(text))


def place_said(answer: Answer, lang: Language, framework: Framework) -> str:
    """The chosen place in words: a variant, or those that it lies between."""
    if answer.placement is None:
        return TEXTS["place_none"][lang]
    names = [variant.name[lang] for variant in answer.placement.variants(framework)]
    if len(names) == 1:
        return TEXTS["place_one"][lang].format(variants=names[0])
    together = TEXTS["and"][lang].format(first=", ".join(names[:-1]), last=names[-1])
    return TEXTS["place_between"][lang].format(variants=together)
