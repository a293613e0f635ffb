"""What is said while submissions are graded: a bar, a line for each that needs attention, and the numbers."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from maatwerk import Language

from maatwerk_grading.autograde.problems import Remark, Word
from maatwerk_grading.autograde.results import Result, State
from maatwerk_grading.bridge import clean
from maatwerk_grading.likeness import Likeness, Texts

if TYPE_CHECKING:
    from maatwerk_grading.autograde.verify import Opinion

# So many pairs of learners with texts that are alike are named; the report on the assignment names them all.
MOST_PAIRS = 25


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
        self._likeness = Likeness()
        self._bar: Any = None
        self._missing: tuple[str, ...] = ()

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
            if self._missing:
                names = ", ".join(self._missing)
                missing = Remark("never_collected", {"count": len(self._missing), "names": names})
                self._line(missing.say(self._language))

    def add(self, result: Result) -> None:
        """Tell about one result."""
        self._states[result.state] += 1
        first = self._likeness.add(result.student, result.sketch)
        copied = [Remark("same_answers", {"student": first})] if first else []
        remarks = [*result.remarks, *copied]
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

    def alike(self, texts: Callable[[str], Texts], given: Callable[[], Iterable[str]]) -> None:
        """Tell whose texts are alike, now that all have been seen; see :meth:`Likeness.alike`."""
        found = self._likeness.alike(texts, given)
        for one in found[:MOST_PAIRS]:
            words: dict[str, Word] = {
                "student": one.student,
                "other": one.other,
                "places": ", ".join(one.places),
                "percent": round(100 * one.similarity),
            }
            self._line(Remark("alike", words).say(self._language))
        if len(found) > MOST_PAIRS:
            self._line(Remark("alike_more", {"count": len(found) - MOST_PAIRS}).say(self._language))

    def never_collected(self, names: Sequence[str]) -> None:
        """Name who is on the list, and of whom nothing was collected."""
        self._missing = tuple(sorted(names))

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

    def _line(self, text: str) -> None:
        # What a learner chose may be in it: it stays on its line, and steers no terminal.
        line = " ".join(clean(text).split())
        if self._bar is None:
            print(line)
        else:
            self._bar.write(line)
