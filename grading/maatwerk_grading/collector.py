"""Telling whose submission it is from the names that a learning environment (LMS) gives to its downloads.

``nbgrader zip_collect`` extracts what was downloaded and asks this plugin about every file. A school's LMS
knows its people by a number; that number is the learner's name in the gradebook, and the one that
:mod:`maatwerk_grading.exporters` gives back.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin

from maatwerk_grading.hand_in import ANSWERS_FILE

# By LMS, the name of a folder or of an archive (without .zip) that belongs to one learner.
NAMES: dict[str, re.Pattern[str]] = {
    # 1234-5678 - Jan Jansen - 12 January, 2026 1012 AM
    "brightspace": re.compile(r"(?P<student_id>\d+)-\d+ - .+"),
    # Jan Jansen_1234_assignsubmission_file
    "moodle": re.compile(r".+_(?P<student_id>\d+)_assignsubmission_file.*"),
    # jansenjan_LATE_1234_5678_opdracht-3-dilemmas
    "canvas": re.compile(r"[^_]+_(?:LATE_)?(?P<student_id>\d+)_\d+_.+"),
    # jan__opdracht-3-dilemmas
    "generic": re.compile(r"(?P<student_id>[A-Za-z0-9.-]*[A-Za-z0-9])__.+"),
}


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Takes the notebook and the answers of each learner; whatever else was handed in is left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: set[tuple[str, str]] = set()

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Whose file it is, and under which name it goes in their submission.

        Parameters
        ----------
        submitted_file : str
            Where nbgrader extracted it.

        Returns
        -------
        dict or None
            ``student_id`` and ``file_id``; ``None`` for a file to leave out, with the reason in the log.
        """
        file = Path(submitted_file)
        if file.suffix != ".ipynb" and file.name != ANSWERS_FILE:
            return None
        student = student_of(file)
        if student is None:
            self.log.warning("Of no known learner, so not collected: %s", submitted_file)
            return None
        # nbgrader stops altogether at a file that it finds twice.
        if (student, file.name) in self._seen:
            self.log.warning(
                "Handed in twice by %s, so only the first is collected: %s", student, submitted_file
            )
            return None
        self._seen.add((student, file.name))
        return {"student_id": student, "file_id": file.name}


def student_of(file: Path) -> str | None:
    """The learner's number in the LMS: from the nearest folder that has the name of one."""
    for folder in file.parents:
        for pattern in NAMES.values():
            if found := pattern.fullmatch(folder.name):
                return found["student_id"]
    return None
