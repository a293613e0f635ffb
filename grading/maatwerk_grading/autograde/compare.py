"""What two runs left behind, side by side: every field of the gradebook, every autograded notebook and file.

Only what must differ is left out: keys and moments that are chance, what a learner's own code showed, and the
drawing of a form, which is for the learner and not for marking.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maatwerk_grading.autograde.cells import FORM, as_call
from maatwerk_grading.autograde.course import Course
from maatwerk_grading.autograde.refused import is_notice

Facts = dict[str, object]

# The ids that nbformat makes up for cells without one.
_INVENTED = re.compile("[0-9a-f]{8}")
# The file that a kernel, or IPython, says a cell stands in.
_MADE_FILE = re.compile(r"\S*ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>")


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that two runs do not agree on; ``None`` where one has nothing."""

    fact: str
    ours: object
    theirs: object

    def __str__(self) -> str:
        return f"{self.fact}: {self.ours!r} / {self.theirs!r}"


def differences(ours: Mapping[str, object], theirs: Mapping[str, object]) -> list[Difference]:
    """All facts on which the two do not agree, in order."""
    return [
        Difference(fact, ours.get(fact), theirs.get(fact))
        for fact in sorted(ours.keys() | theirs.keys())
        if not _same(ours.get(fact), theirs.get(fact))
    ]


def _same(one: object, other: object) -> bool:
    # What is no number is not even equal to itself.
    return one == other or repr(one) == repr(other)


def facts(course: Course, students: Collection[str]) -> Facts:
    """Everything that grading these students' submissions left in a course folder."""
    found = gradebook_facts(course.db_url, course.assignment, students)
    for student in students:
        found.update(_folder_facts(course.folder(course.autograded, student), student))
    return found


def gradebook_facts(db_url: str, assignment: str, students: Collection[str]) -> Facts:
    """Every field of the gradebook about these students' submissions, as nbgrader itself reads it."""
    from nbgrader.api import Gradebook

    found: Facts = {}
    with Gradebook(db_url) as gradebook:
        for student in gradebook.students:
            if student.id in students:
                found[f"{student.id}"] = "is in the gradebook"
        for submission in gradebook.assignment_submissions(assignment):
            if submission.student.id in students:
                found.update(_submission_facts(submission))
    return found


def _submission_facts(submission: Any) -> Iterator[tuple[str, object]]:
    at = submission.student.id
    fields = ("timestamp", "extension", "score", "max_score", "code_score", "written_score", "task_score")
    for field in (*fields, "needs_manual_grade", "late_submission_penalty", "total_seconds_late"):
        yield f"{at} {field}", getattr(submission, field)
    for notebook in submission.notebooks:
        inside = f"{at}/{notebook.name}"
        for field in ("score", "late_submission_penalty", "needs_manual_grade", "failed_tests", "flagged"):
            yield f"{inside} {field}", getattr(notebook, field)
        for grade in notebook.grades:
            for field in ("auto_score", "manual_score", "extra_credit", "score", "max_score"):
                yield f"{inside}/{grade.name} {field}", getattr(grade, field)
            for field in ("needs_manual_grade", "failed_tests", "cell_type"):
                yield f"{inside}/{grade.name} {field}", getattr(grade, field)
        for comment in notebook.comments:
            for field in ("auto_comment", "manual_comment", "comment"):
                yield f"{inside}/{comment.name} {field}", getattr(comment, field)


def _folder_facts(folder: Path, student: str) -> Iterator[tuple[str, object]]:
    # nbgrader leaves nothing of what it refuses; a notice says only that.
    if any(is_notice(json.loads(file.read_bytes())) for file in folder.glob("*.ipynb")):
        return
    for file in sorted(folder.rglob("*")):
        # What Python leaves where it imports from.
        if "__pycache__" in file.parts:
            continue
        name = f"{student}/{file.relative_to(folder)}"
        yield f"{name} mode", stat.filemode(file.stat().st_mode)
        if file.is_dir():
            continue
        if file.suffix == ".ipynb":
            yield from notebook_facts(json.loads(file.read_text(encoding="utf-8")), name)
        else:
            yield f"{name} content", hashlib.sha256(file.read_bytes()).hexdigest()


def notebook_facts(notebook: Mapping[str, Any], name: str) -> Iterator[tuple[str, object]]:
    """What an autograded notebook holds."""
    for field in ("nbformat", "nbformat_minor"):
        yield f"{name} {field}", notebook[field]
    for key, value in notebook["metadata"].items():
        if key != "widgets":
            yield f"{name} metadata {key}", value
    cells = notebook["cells"]
    for index, cell in enumerate(cells):
        at = f"{name} cell {index}"
        source = _joined(cell["source"])
        yield f"{at} cell_type", cell["cell_type"]
        yield f"{at} id", "chance" if _INVENTED.fullmatch(cell.get("id", "")) else cell.get("id")
        yield f"{at} source", source
        for file, kinds in cell.get("attachments", {}).items():
            yield f"{at} attachment {file}", {kind: _joined(data) for kind, data in kinds.items()}
        yield f"{at} metadata", {k: v for k, v in cell["metadata"].items() if k != "execution"}
        own = not cell["metadata"].get("nbgrader", {}).get("locked")
        if cell["cell_type"] == "code" and not own and as_call(source) != FORM:
            yield f"{at} has run", cell["execution_count"] is not None
            yield f"{at} outputs", [_output(output) for output in cell["outputs"]]


def _output(output: Mapping[str, Any]) -> Mapping[str, object]:
    match output["output_type"]:
        case "stream":
            return {"name": output["name"], "text": _MADE_FILE.sub("<cel>", _joined(output["text"]))}
        case "error":
            return {"error": output["ename"], "value": output["evalue"]}
        case kind:
            data = {key: _joined(value) for key, value in output["data"].items()}
            return {"kind": kind, "data": data, "metadata": output["metadata"]}


def _joined(text: Any) -> Any:
    return "".join(text) if isinstance(text, list) else text
