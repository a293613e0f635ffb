"""Running the instructor's own cells: most are one call of the course's own functions, which needs no kernel.

A cell that is not — an instructor may write any — is run by :mod:`maatwerk_grading.autograde.shell`. So is
a whole notebook in which one of the calls does something unexpected: there is one way to run a cell, and a
short cut.
"""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maatwerk_learner.answers import Answer, AnswerBook, Fields

from maatwerk_grading import bridge
from maatwerk_grading.autograde.marks import Output
from maatwerk_grading.bridge import DESK, Shown, Unusable

FORMS = "maatwerk_widgets"


@dataclass(frozen=True, slots=True)
class Call:
    """A cell that calls one function of the bridge; without a name it only draws a form for the learner."""

    function: str
    positional: tuple[object, ...] = ()
    named: tuple[tuple[str, object], ...] = ()


FORM = Call("")


class UnexpectedError(Exception):
    """A call that did what only a real notebook can show: it failed, or wrote something."""


class MemoryDesk:
    """Answers that have been read already, and what was shown about them."""

    def __init__(self, book: AnswerBook | Unusable) -> None:
        self.book = book
        self.shown: list[Shown] = []
        self.problems: dict[str, Unusable] = {}
        self._answers: dict[str, Answer | Unusable] = {}

    def answer(self, exercise: str) -> Answer | Unusable:
        """The answer to one exercise, or why there is none."""
        found = self._answers.get(exercise)
        if found is None:
            found = self._answers[exercise] = bridge.answer_in(self.book, exercise)
            if isinstance(found, Unusable):
                self.problems[found.problem.en] = found
        return found

    def kept(self, key: str) -> Fields | Unusable:
        """Whatever the answers keep under a key, or why that cannot be told."""
        found = bridge.kept_in(self.book, key)
        if isinstance(found, Unusable):
            self.problems[found.problem.en] = found
        return found

    def show(self, shown: Shown) -> None:
        """Keep what a cell shows."""
        self.shown.append(shown)


@lru_cache(maxsize=1024)
def as_call(source: str) -> Call | None:
    """The one call that a cell consists of; ``None`` for any other cell.

    The cell imports one function, of the bridge or of the widgets, and calls it with constants.
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    match statements:
        case [
            ast.ImportFrom(module=module, names=[ast.alias(name=function, asname=None)], level=0),
            ast.Expr(value=ast.Call(func=ast.Name(id=called), args=positional, keywords=named)),
        ] if called == function:
            pass
        case _:
            return None
    if module == FORMS:
        return FORM
    if module != bridge.__name__ or not callable(getattr(bridge, function, None)):
        return None
    arguments = [*positional, *(keyword.value for keyword in named)]
    if not all(isinstance(argument, ast.Constant) for argument in arguments):
        return None
    if any(keyword.arg is None for keyword in named):
        return None
    return Call(
        function,
        tuple(ast.literal_eval(argument) for argument in positional),
        tuple((str(keyword.arg), ast.literal_eval(keyword.value)) for keyword in named),
    )


def run_calls(calls: Sequence[Call], desk: MemoryDesk) -> list[list[Output]]:
    """The outputs of each call, in order, as a kernel would have given them.

    Raises
    ------
    UnexpectedError
        When a call fails, writes to stdout or stderr, or gives something else than a number or nothing.
    """
    written = io.StringIO()
    on = DESK.set(desk)
    try:
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
            outputs = [_run(call, count, desk) for count, call in enumerate(calls, 1)]
    except UnexpectedError:
        raise
    except Exception as error:
        raise UnexpectedError from error
    finally:
        DESK.reset(on)
    if written.tell():
        raise UnexpectedError
    return outputs


def _run(call: Call, count: int, desk: MemoryDesk) -> list[Output]:
    if call == FORM:
        return []
    desk.shown = []
    value = getattr(bridge, call.function)(*call.positional, **dict(call.named))
    outputs = [_displayed(shown) for shown in desk.shown]
    if value is not None:
        # IPython shows other values in ways of its own.
        if type(value) not in (float, int):
            raise UnexpectedError
        outputs.append(_result(repr(value), count))
    return outputs


def _displayed(shown: Shown) -> Output:
    data: Mapping[str, str] = {"text/html": shown.html, "text/plain": shown.plain}
    return {"data": data, "metadata": {}, "output_type": "display_data"}


def _result(text: str, count: int) -> Output:
    return {
        "data": {"text/plain": text},
        "execution_count": count,
        "metadata": {},
        "output_type": "execute_result",
    }
