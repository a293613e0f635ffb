"""What is said while submissions are graded: a bar, a line for each that needs attention, and the numbers."""

from __future__ import annotations

import sys
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Any

from maatwerk import Language

from maatwerk_grading.bridge import clean
from maatwerk_grading.fast.problems import Remark
from maatwerk_grading.fast.results import Result, State

if TYPE_CHECKING:
    from maatwerk_grading.fast.verify import Opinion


class Report:
    """Tells about results one by one.

    Parameters
    ----------
    language : {"nl", "en"}
        The instructor's.
    total : int
        How many results will come.
    """

    def __init__(self, language: Language, total: int) -> None:
        self._language = language
        self._total = total
        self._states: Counter[State] = Counter()
        self._remarked = 0
        self._seen: dict[str, str] = {}
        self._bar: Any = None

        self._differences = 0

    @property
    def all_well(self) -> bool:
        """Whether every submission was graded, and nbgrader makes the same of it."""
        return not self._states[State.FAILED] and not self._differences

    def __enter__(self) -> Report:
        # A bar is for a person who waits; in a log it is noise.
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=self._total, unit="", leave=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
        if kind is None:
            self._line(self.summary())

    def add(self, result: Result) -> None:
        """Tell about one result."""
        self._states[result.state] += 1
        remarks = [*result.remarks, *self._same_answers(result)]
        self._remarked += bool(remarks) and result.state is State.GRADED
        for remark in remarks:
            words = {
                "student": result.student,
                "state": Remark(result.state.value).say(self._language),
                "remark": remark.say(self._language),
            }
            self._line(Remark("line", words).say(self._language))
        if self._bar is not None:
            self._bar.update()

    def second_opinion(self, opinion: Opinion) -> None:
        """Tell what nbgrader's own autograder makes of it."""
        self._differences = len(opinion.found)
        for one in opinion.found:
            words = {"fact": one.fact, "ours": repr(one.ours), "theirs": repr(one.theirs)}
            self._line(Remark("verify_line", words).say(self._language))
        key = "verify_different" if opinion.found else "verify_same" if opinion.students else "verify_nothing"
        self._line(
            Remark(
                key,
                {
                    "count": len(opinion.students),
                    "found": len(opinion.found),
                    "students": ", ".join(opinion.students),
                    "passed_over": opinion.passed_over,
                },
            ).say(self._language)
        )

    def summary(self) -> str:
        """The numbers."""
        numbers = {state.name.lower(): self._states[state] for state in State}
        return Remark("summary", {**numbers, "remarked": self._remarked}).say(self._language)

    def _same_answers(self, result: Result) -> list[Remark]:
        """Whether another learner handed in the very same answers file."""
        if not result.answers:
            return []
        first = self._seen.setdefault(result.answers, result.student)
        return [Remark("same_answers", {"student": first})] if first != result.student else []

    def _line(self, text: str) -> None:
        # What a learner chose may be in it: it stays on its line, and steers no terminal.
        line = " ".join(clean(text).split())
        if self._bar is None:
            print(line)
        else:
            self._bar.write(line)
