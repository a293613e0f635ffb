"""An instructor's own test questions, put into an assignment with their keys hidden.

They stand in ``summative.toml`` in the instructor's course folder: never in this package, whose closed items
anyone can look up in the tables. The keys go into hidden tests of ``source/``; nbgrader leaves those out of
the release, and puts them back to grade.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from maatwerk import Language
from maatwerk.content import content_root
from maatwerk.errors import CommandError
from maatwerk.loader import read_texts
from maatwerk_exercises.notebook import HAND_IN, code_cell, words_cell
from maatwerk_exercises.notebook import TEXTS as NOTEBOOK_TEXTS
from nbformat import NotebookNode

from maatwerk_grading.course_folder.hidden_tests import hidden

TEXTS = read_texts(Path(__file__).parents[1] / "teach_texts.toml")

FILE = "summative.toml"
# Every cell that this module makes, so that it can make them anew.
PREFIX = "summative-"
# With the prefix it is the name of a cell, of which Jupyter allows 64 characters.
_KEY = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,39}")
_FIELDS = ("key", "ask", "options", "right")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one right answer.

    Parameters
    ----------
    key : str
        Its name in the gradebook and in the answers file.
    ask : str
        What is asked.
    options : tuple of str
        In the order in which they are shown: one that tells nothing of that in the file, where the right one
        is often the first.
    right : int
        The number of the right option, from 1.
    """

    key: str
    ask: str
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions, and the assignment that asks them."""

    assignment: str
    questions: tuple[Question, ...]


def put_questions(folder: Path, language: Language) -> tuple[Path, int]:
    """Put the questions of the course folder into its source notebook; those of an earlier time go.

    Returns
    -------
    tuple
        The notebook, and how many questions it asks now.

    Raises
    ------
    CommandError
        Naming the file, the question and the field of a mistake, with what is needed there.
    """
    if folder.resolve().is_relative_to(content_root().resolve() / "exercises"):
        raise CommandError(TEXTS["questions_own_folder"][language].format(folder=folder))
    asked = read_questions(folder / FILE, language)
    notebook = folder / "source" / asked.assignment / f"{asked.assignment}.ipynb"
    if not notebook.is_file():
        known = ", ".join(sorted(file.parent.name for file in (folder / "source").glob("*/*.ipynb")))
        words = TEXTS["questions_unknown_assignment"][language]
        raise CommandError(words.format(file=FILE, assignment=asked.assignment, assignments=known))
    found = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    lang: Language = found.metadata.get("maatwerk", {}).get("language", language)
    others = [cell for cell in found.cells if not cell.id.startswith(PREFIX)]
    # Handing in comes last.
    end = next((at for at, cell in enumerate(others) if cell.id == HAND_IN), len(others))
    found.cells = [*others[:end], *cells(asked.questions, lang), *others[end:]]
    nbformat.validate(found)
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    notebook.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return notebook, len(asked.questions)


def said_after_questions(notebook: Path, count: int, language: Language) -> str:
    """What to do next."""
    words = TEXTS["questions_done"][language].strip()
    return words.format(count=count, notebook=notebook, assignment=notebook.stem)


def cells(questions: Sequence[Question], lang: Language) -> Iterator[NotebookNode]:
    """The form for learners, and for each question a test cell whose key is hidden."""
    shown = [{"key": one.key, "ask": one.ask, "options": one.options} for one in questions]
    as_json = json.dumps(shown, ensure_ascii=False)
    title, intro = (NOTEBOOK_TEXTS[key][lang] for key in ("summative_title", "summative_intro"))
    yield words_cell(f"{PREFIX}title", f"{title}\n\n{intro}")
    form = f'from maatwerk_widgets import summative_form\nsummative_form({as_json!r}, lang="{lang}")'
    yield code_cell(f"{PREFIX}form", form)
    for one in questions:
        arguments = ", ".join(map(repr, (one.key, one.ask, *one.options)))
        test = hidden(f'summative({arguments}, right={one.right}, lang="{lang}")')
        source = f"from maatwerk_grading.bridge import summative\n{test}"
        yield code_cell(f"{PREFIX}{one.key}", source, grade=True, points=1)


def read_questions(file: Path, language: Language) -> Questions:
    """Read ``summative.toml``.

    Raises
    ------
    CommandError
        Naming the file, the question and the field of a mistake, with what is needed there.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        words = TEXTS["questions_no_file"][language]
        raise CommandError(words.format(file=FILE, folder=file.parent)) from None
    except (OSError, ValueError) as error:
        words = TEXTS["questions_unreadable"][language]
        raise CommandError(words.format(file=FILE, reason=error)) from None
    given = table.get("question")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise _MistakeError("-", "question", "none").error(language)
    try:
        return Questions(_text(table, "-", "assignment"), tuple(_questions(given)))
    except _MistakeError as mistake:
        raise mistake.error(language) from None


class _MistakeError(Exception):
    """What is wrong in a field of a question; ``problem`` is a key of the texts."""

    def __init__(self, question: str, field: str, problem: str, **values: str) -> None:
        self.question, self.field, self.problem, self.values = question, field, problem, values

    def error(self, language: Language) -> CommandError:
        problem = TEXTS[f"questions_problem_{self.problem}"][language].format(**self.values)
        words = TEXTS["questions_mistake"][language]
        return CommandError(
            words.format(file=FILE, question=self.question, field=self.field, problem=problem)
        )


def _questions(given: Sequence[Mapping[str, Any]]) -> Iterator[Question]:
    seen = set()
    for number, fields in enumerate(given, 1):
        question = _question(fields, str(fields.get("key") or number))
        if question.key in seen:
            raise _MistakeError(question.key, "key", "twice")
        seen.add(question.key)
        yield question


def _question(fields: Mapping[str, Any], name: str) -> Question:
    for field in fields:
        if field not in _FIELDS:
            raise _MistakeError(name, field, "unknown", fields=", ".join(_FIELDS))
    key, ask, right = (_text(fields, name, field) for field in ("key", "ask", "right"))
    if _KEY.fullmatch(key) is None:
        raise _MistakeError(name, "key", "key")
    options = fields.get("options")
    if not isinstance(options, list) or not all(isinstance(one, str) and one.strip() for one in options):
        raise _MistakeError(name, "options", "options")
    texts = [one.strip() for one in options]
    if len(texts) < 2 or len(set(texts)) != len(texts):
        raise _MistakeError(name, "options", "options")
    if right not in texts:
        raise _MistakeError(name, "right", "right", right=right)
    mixed = sorted(texts, key=lambda text: sha256(f"{key}|{text}".encode()).digest())
    return Question(key, ask, tuple(mixed), mixed.index(right) + 1)


def _text(fields: Mapping[str, Any], name: str, field: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _MistakeError(name, field, "text")
    return value.strip()
