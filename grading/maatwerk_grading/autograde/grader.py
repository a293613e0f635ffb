"""Grading one submission: read it, put the instructor's cells back, run those, and write what they show."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from maatwerk import DEFAULT_LANGUAGE
from maatwerk_learner.answers import AnswerBook

from maatwerk_grading import bridge
from maatwerk_grading.autograde import autograded
from maatwerk_grading.autograde.cells import FORM, MemoryDesk, UnexpectedError, run_calls
from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.marks import NotebookMarks, Output, ScoreError, marks
from maatwerk_grading.autograde.notebook import Restored, restore
from maatwerk_grading.autograde.problems import CannotGradeError, Remark
from maatwerk_grading.autograde.refused import notice, reason
from maatwerk_grading.autograde.results import NO_SKETCH, Before, Known, Result, State
from maatwerk_grading.autograde.source import SourceAssignment, SourceCell, SourceNotebook
from maatwerk_grading.autograde.submission import (
    TIMESTAMP,
    Submission,
    handed_in_at,
    name_problem,
    read_submission,
)
from maatwerk_grading.bridge import Unusable
from maatwerk_grading.likeness import sketch

# What a Python kernel says of itself, and nbgrader writes into every notebook that it runs.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(map(str, sys.version_info[:3])),
}


_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Grader:
    """All that grading a submission needs; the same for every one.

    Parameters
    ----------
    course : Course
        The course folder.
    assignment : SourceAssignment
        What was released.
    rules : bytes
        A fingerprint of what marks depend on besides the submission.
    masters : mapping
        The instructor's own files.
    force : bool
        Whether to grade again what has not changed.
    """

    course: Course
    assignment: SourceAssignment
    rules: bytes
    masters: Mapping[str, Path]
    force: bool

    def grade(self, student: str, before: Before) -> Result:
        """Grade one submission; whatever is wrong with it is in the result, and never raised."""
        failed = Result(student, State.FAILED)
        submission = Submission(student, {}, Unusable(bridge.TEXTS["missing"]), None, (), ())
        try:
            problem = name_problem(student)
            if problem is not None:
                return replace(failed, remarks=(problem,))
            submission = read_submission(self.course, student)
            if not submission.notebooks:
                raise CannotGradeError("nothing_handed_in")
            digest = submission.digest(self.rules)
            book = book_of(submission.answers)
            found = NO_SKETCH if isinstance(book, Unusable) else sketch(book)
            done = self._done_before(submission, digest, before)
            if done is not None:
                return replace(failed, state=done, sketch=found)
            failed = replace(failed, known=Known.STUDENT)
            failed = replace(failed, timestamp=handed_in_at(submission.timestamp))
            failed = replace(failed, known=Known.SUBMISSION)
            if not self._known(submission):
                raise CannotGradeError(
                    "only_unknown_notebooks", notebooks=", ".join(self.assignment.notebooks)
                )
            failed = replace(failed, absent=tuple(self._absent(submission)))
            notebooks, remarks = self._mark(submission, book)
            return replace(
                failed,
                state=State.GRADED,
                remarks=(*submission.remarks, *remarks),
                notebooks=notebooks,
                digest=digest,
                sketch=found,
            )
        except CannotGradeError as error:
            remark = error.remark
        # The disk's doing, not the learner's: what was graded before stays, and the next run tries again.
        except OSError as error:
            return replace(failed, known=Known.NOTHING, remarks=(_not_written(error),))
        # One submission never stops the batch, whatever it made Python do.
        except Exception as error:
            remark = Remark("unexpected", {"reason": f"{type(error).__name__}: {error}"})
        with contextlib.suppress(OSError):
            if failed.known is Known.SUBMISSION:
                files = {**self._notices(remark), **submission.receipt()}
                autograded.put_notices(self.course, student, files)
            elif failed.known is Known.STUDENT:
                autograded.remove(self.course, student)
        return replace(failed, remarks=(remark,))

    def _notices(self, remark: Remark) -> dict[str, bytes]:
        """For each notebook of the assignment one that says why it is not there."""
        return {
            f"{name}.ipynb": notice(reason(remark), source.language(DEFAULT_LANGUAGE))
            for name, source in self.assignment.notebooks.items()
        }

    def _done_before(self, submission: Submission, digest: str, before: Before) -> State | None:
        """Whether there is nothing to do: it has not changed, or nbgrader itself has graded it."""
        place = self.course.folder(self.course.autograded, submission.student)
        known = self._known(submission)
        # What was refused is looked at anew: it may have been mended by hand.
        if (
            self.force
            or before.refused
            or not known
            or not all((place / f"{name}.ipynb").exists() for name in known)
        ):
            return None
        if before.digest is not None:
            return State.UNCHANGED if before.digest == digest else None
        # As nbgrader does: graded is graded, unless something newer was handed in.
        return State.BY_NBGRADER if before.marked and not _newer(submission, place) else None

    def _known(self, submission: Submission) -> list[str]:
        return [name for name in self.assignment.notebooks if name in submission.notebooks]

    def _absent(self, submission: Submission) -> list[str]:
        return [name for name in self.assignment.notebooks if name not in submission.notebooks]

    def _mark(
        self, submission: Submission, book: AnswerBook | Unusable
    ) -> tuple[tuple[NotebookMarks, ...], list[Remark]]:
        remarks = [
            Remark("unknown_notebook", {"notebook": name})
            for name in submission.notebooks
            if name not in self.assignment.notebooks
        ]
        remarks += [Remark("absent_notebook", {"notebook": name}) for name in self._absent(submission)]
        restored = {
            name: restore(submission.notebooks[name], self.assignment.notebooks[name])
            for name in self._known(submission)
        }
        desk = MemoryDesk(book)
        found = []
        with autograded.being_made(self.course, submission, self.masters) as folder:
            for name, notebook in restored.items():
                remarks += notebook.remarks
                remarks += self._run(notebook, self.assignment.notebooks[name], desk, folder)
                try:
                    found.append(marks(name, notebook.notebook["cells"]))
                except ScoreError as error:
                    raise CannotGradeError("bad_score", notebook=name, reason=str(error)) from error
                content = _as_bytes(notebook, self.assignment.notebooks[name].simple, name)
                (folder / f"{name}.ipynb").write_bytes(content)
        remarks += [Remark("answers_unusable", {"problem": one.problem}) for one in desk.problems.values()]
        return tuple(found), remarks

    def _run(
        self, restored: Restored, source: SourceNotebook, desk: MemoryDesk, folder: Path
    ) -> list[Remark]:
        """Run the instructor's cells and put what they show into the notebook."""
        restored.notebook["metadata"]["language_info"] = LANGUAGE_INFO
        running = [(cell, trusted) for cell, trusted in restored.cells if trusted and trusted.runs]
        outputs = self._outputs([trusted for _, trusted in running], source.simple, desk, folder)
        failed = []
        for count, ((cell, trusted), shown) in enumerate(zip(running, outputs, strict=True), 1):
            cell["execution_count"] = count
            cell["outputs"] = shown
            if any(output["output_type"] == "error" for output in shown):
                failed.append(trusted.name)
        return [Remark("cells_failed", {"cells": ", ".join(failed)})] if failed else []

    def _outputs(
        self, cells: list[SourceCell], simple: bool, desk: MemoryDesk, folder: Path
    ) -> list[list[Output]]:
        calls = [cell.call for cell in cells if cell.call is not None]
        if simple:
            with contextlib.suppress(UnexpectedError):
                return run_calls(calls, desk)
        from maatwerk_grading.autograde.shell import run_in_shell

        # A form is for the learner; nobody marks it, and drawing it takes longer than everything else.
        sources = ["" if cell.call == FORM else cell.source for cell in cells]
        helpers = self.course.folder(self.course.source, ".")
        return run_in_shell(sources, folder, helpers, self.course.seconds)


def _newer(submission: Submission, place: Path) -> bool:
    """Whether a submission was handed in after the one that was autograded in ``place``."""
    try:
        old = handed_in_at((place / TIMESTAMP).read_bytes())
        new = handed_in_at(submission.timestamp)
    except FileNotFoundError:
        return False
    return old is not None and new is not None and new > old


def _not_written(error: OSError) -> Remark:
    where = f": {error.filename}" if error.filename else ""
    return Remark("not_written", {"reason": f"{error.strerror or error}{where}"})


def book_of(answers: bytes | Unusable) -> AnswerBook | Unusable:
    """What a learner answered, or why that cannot be told."""
    return answers if isinstance(answers, Unusable) else bridge.parse_book(answers)


def _as_bytes(restored: Restored, simple: bool, name: str) -> bytes:
    """A notebook as it is written: not laid out for reading, which takes more time than all the rest."""
    try:
        if restored.plain and simple:
            return _ENCODER.encode(restored.notebook)
        return json.dumps(restored.notebook, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise CannotGradeError("unwritable_notebook", notebook=name) from None
