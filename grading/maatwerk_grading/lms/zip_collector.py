"""The plugin of ``nbgrader zip_collect``: whose each file is, decided as ``maatwerk collect`` decides it.

``maatwerk collect`` needs no plugin, tells what became of everybody, takes later attempts and stands bad
uploads; this is for who is used to nbgrader's own command. nbgrader unpacks everything first, and stops at a
zip that it cannot unpack.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from maatwerk.text import DEFAULT_LANGUAGE
from nbgrader.plugins import FileNameCollectorPlugin

from maatwerk_grading.lms.attempt import Wanted
from maatwerk_grading.lms.collecting import attempts_of, choose, read_packages
from maatwerk_grading.lms.dates import to_utc
from maatwerk_grading.lms.downloads import Piece
from maatwerk_grading.lms.given_files import read_rolls, sort_files
from maatwerk_grading.lms.people import People, opened_people
from maatwerk_grading.lms.unpack import RefusedError
from maatwerk_grading.lms.whose import Owned, decide


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Takes the notebook and the answers of each learner; whatever else was handed in is left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._decided: dict[str, dict[str, str]] | None = None

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Whose file it is, and under which name it goes in their submission.

        Parameters
        ----------
        submitted_file : str
            Where nbgrader extracted it.

        Returns
        -------
        dict or None
            ``student_id``, ``file_id`` and, where the LMS tells it, ``timestamp``; ``None`` for a file to
            leave out, with the reason in the log.
        """
        if self._decided is None:
            self._decided = self._decide()
        return self._decided.get(str(Path(submitted_file).absolute()))

    def _decide(self) -> dict[str, dict[str, str]]:
        """Whose everything is that was extracted: only together do the files tell."""
        course, app = self.parent.coursedir, self.parent
        root = Path(course.root)
        extracted = Path(app._format_collect_path(app.extracted_directory)).absolute()
        lists, downloads = sort_files(str(path) for path in sorted(extracted.iterdir()))
        rolls, unusable = read_rolls(lists, course.assignment_id, _wanted(course).others)
        with ExitStack() as opened:
            packages, bad, _ = read_packages(downloads, _wanted(course), opened)
            with opened_people(root) as people:
                decision = decide(packages, rolls, people, course.assignment_id)
            for text in (*unusable, *bad, *decision.unused):
                self.log.warning("%s", text[DEFAULT_LANGUAGE])
            for refused in decision.refused:
                self.log.warning("%s: %s", refused.shown, refused.text[DEFAULT_LANGUAGE])
            theirs: dict[str, list[Owned]] = {}
            for owned in decision.owned:
                for person in owned.people:
                    theirs.setdefault(person.student, []).append(owned)
            found: dict[str, dict[str, str]] = {}
            for student, owned_by in theirs.items():
                self._add(
                    found, student, owned_by, decision.submitted.get(student, ""), _wanted(course), people
                )
        return found

    def _add(
        self,
        found: dict[str, dict[str, str]],
        student: str,
        owned: list[Owned],
        submitted: str,
        wanted: Wanted,
        people: People,
    ) -> None:
        name = people[student].full_name if student in people else student
        try:
            chosen = choose(attempts_of(owned, submitted), wanted)
        except RefusedError as error:
            self.log.warning("%s (%s): %s", name, student, error.text[DEFAULT_LANGUAGE])
            return
        moment = chosen.attempt.said
        for file, origin in chosen.handed.origins.items():
            if not isinstance(origin, Piece) or not isinstance(origin.key, Path):
                continue
            told = {"student_id": student, "file_id": file}
            if moment is not None:
                told["timestamp"] = f"{to_utc(moment, None):%Y-%m-%d %H:%M:%S} UTC"
            path = str(origin.key.absolute())
            if path in found:
                # nbgrader gives a file to one person; the other members of a group need `maatwerk collect`.
                self.log.warning("%s (%s): maatwerk collect %s", name, student, wanted.assignment)
                return
            found[path] = told


def _wanted(course: Any) -> Wanted:
    """What belongs to the assignment, as nbgrader's own folders say."""
    root, assignment = Path(course.root), course.assignment_id
    release = root / course.release_directory / assignment
    notebooks = tuple(sorted(file.stem for file in release.glob("*.ipynb"))) or (assignment,)
    source = root / course.source_directory
    others = {folder.name for folder in source.iterdir()} if source.is_dir() else set()
    return Wanted(assignment, notebooks, frozenset(others) - {assignment})
