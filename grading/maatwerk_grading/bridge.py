"""What the cells of an assignment notebook call: a score with its feedback, and the learner's own words.

nbgrader runs these cells. It gives nothing for a cell that writes to stderr, and everything for a cell whose
last value is no plain number. So nothing here writes to stderr, no answers file makes it fail, and a score is
a builtin ``float`` between 0 and the maximum. The answers file is only read, never written.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Framework, Language, framework
from maatwerk.loader import read_texts
from maatwerk.place import cite_all
from maatwerk.text import Text, as_language

from maatwerk_grading.answers import Answer, AnswerBook, AnswerError
from maatwerk_grading.criteria import CRITERIA
from maatwerk_grading.exercises import Exercise, exercises

ANSWERS_FILE = Path("answers.json")
TEXTS = read_texts(Path(__file__).parent / "bridge_texts.toml")

# Many times the size of an answers file in which every text is as long as it may be.
LARGEST_FILE = 5_000_000
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

    def show(self, shown: Shown) -> None:
        """Show it to whoever reads the notebook."""


class NotebookDesk:
    """In a notebook: the answers stand beside it, and what is shown becomes the cell's output."""

    def answer(self, exercise: str) -> Answer | Unusable:
        """The answer to one exercise, or why there is none."""
        return read_answer(ANSWERS_FILE, exercise)

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


def display(shown: Shown) -> None:
    """Make it the output of the notebook's cell."""
    # Imported only here: the fast grader shows nothing in a notebook, and starts without IPython.
    from IPython.display import display as in_notebook

    in_notebook(shown)  # type: ignore[no-untyped-call]


def read_answer(file: Path, exercise: str) -> Answer | Unusable:
    """The answer to one exercise in an answers file, or why there is none; reads only."""
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
    return parse_answer(content, exercise)


def parse_answer(content: bytes, exercise: str) -> Answer | Unusable:
    """The answer to one exercise in the bytes of an answers file, or why there is none."""
    return answer_in(parse_book(content), exercise)


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
    if isinstance(book, Unusable):
        return book
    try:
        return Answer.parse(book.answers.get(exercise, {}))
    except AnswerError as error:
        return _unusable(error)


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


def show_written(answer: Answer | Unusable, lang: Language, framework: Framework) -> Shown:
    """The chosen variants and the free texts, harmless wherever they are shown."""
    if isinstance(answer, Unusable):
        return _shown([answer.problem[lang]], lang)
    # Most exercises do not ask for a case.
    asked = ("own_case", *WRITTEN_FIELDS) if answer.own_case else WRITTEN_FIELDS
    blocks = [(TEXTS[field][lang], getattr(answer, field)) for field in asked]
    place = _place(answer, lang, framework)
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


def _place(answer: Answer, lang: Language, framework: Framework) -> str:
    if answer.placement is None:
        return TEXTS["place_none"][lang]
    names = [variant.name[lang] for variant in answer.placement.variants(framework)]
    if len(names) == 1:
        return TEXTS["place_one"][lang].format(variants=names[0])
    together = TEXTS["and"][lang].format(first=", ".join(names[:-1]), last=names[-1])
    return TEXTS["place_between"][lang].format(variants=together)
