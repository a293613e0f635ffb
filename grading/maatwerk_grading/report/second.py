"""The marks of a second marker: read as a spreadsheet saved them, and refused when a row cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maatwerk import Language
from maatwerk.loader import read_texts

from maatwerk_grading.bridge import clean, number
from maatwerk_grading.report.source import Marks
from maatwerk_grading.spreadsheet import UnreadableTableError, read_table

TEXTS = read_texts(Path(__file__).parent / "second_texts.toml")
COLUMNS = ("student_id", "cell", "score")
# So many rows are named; of the rest it is told that they are there.
MOST_TOLD = 10

# By learner and cell: points.
SecondMarks = Mapping[tuple[str, str], float]

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the file or a row of it: a key of ``second_texts.toml`` and its words."""

    key: str
    row: int = 0
    words: Mapping[str, str | float] = field(default_factory=dict)

    def say(self, lang: Language) -> str:
        """What is wrong, and what to do about it."""
        words = {
            name: number(word, lang) if isinstance(word, float) else clean(word)
            for name, word in self.words.items()
        }
        return TEXTS[self.key][lang].format(row=self.row, **words)


class BadSecondMarksError(ValueError):
    """Nothing of the file is used; ``problems`` says of each row why, in the order of the file."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.say("en") for problem in problems))

    def say(self, file: Path, lang: Language) -> str:
        """What is wrong with the file, a line for each row."""
        lines = [problem.say(lang) for problem in self.problems[:MOST_TOLD]]
        more = len(self.problems) - MOST_TOLD
        if more > 0:
            lines.append(TEXTS["more"][lang].format(count=more))
        return "\n".join([TEXTS["refused"][lang].format(file=file), *(f"- {line}" for line in lines)])


def read_second_marks(file: Path, marks: Marks) -> SecondMarks:
    """What a second marker gave: a CSV or a workbook with the columns ``student_id``, ``cell`` and ``score``.

    Parameters
    ----------
    marks : Marks
        What the gradebook has: a row must be about somebody and something in it, and once only.

    Returns
    -------
    mapping
        Points by learner and cell. A row without a score is of a text that was not marked.

    Raises
    ------
    BadSecondMarksError
        Naming every row that cannot be right. One such row, and nothing is used.
    OSError
        When the file cannot be read.
    """
    found: dict[tuple[str, str], float] = {}
    rows: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    try:
        for row, cells in _rows(file):
            key = (cells["student_id"], cells["cell"])
            first = rows.setdefault(key, row)
            problem = _problem(row, cells, marks)
            if problem is None and first != row:
                problem = Problem("twice", row, {"student": key[0], "cell": key[1], "first": f"{first}"})
            if problem is not None:
                problems.append(problem)
            elif cells["score"]:
                found[key] = _points(cells["score"])
    except UnreadableTableError:
        raise BadSecondMarksError(Problem("no_table")) from None
    if problems:
        raise BadSecondMarksError(*problems)
    if not found:
        raise BadSecondMarksError(Problem("no_marks"))
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    none = True
    for row, cells in read_table(file, COLUMNS):
        missing = [name for name in COLUMNS if name not in cells]
        if missing:
            raise BadSecondMarksError(Problem("columns", words={"columns": ", ".join(missing)}))
        none = False
        yield row, cells
    if none:
        raise BadSecondMarksError(Problem("no_marks"))


def _problem(row: int, cells: Mapping[str, str], marks: Marks) -> Problem | None:
    student, cell, score = (cells[name] for name in COLUMNS)
    if "" in cells:
        return Problem("beside", row, {"text": cells[""]})
    if student not in marks.submitted:
        return Problem("unknown_student", row, {"student": student})
    if cell not in marks.manual:
        return Problem("unknown_cell", row, {"cell": cell, "cells": ", ".join(marks.manual)})
    if not score:
        return None
    if not _NUMBER.fullmatch(score):
        return Problem("no_number", row, {"score": score})
    if not 0 <= _points(score) <= marks.manual[cell]:
        return Problem("out_of_range", row, {"score": score, "cell": cell, "maximum": marks.manual[cell]})
    return None


def _points(score: str) -> float:
    return float(score.replace(",", "."))
