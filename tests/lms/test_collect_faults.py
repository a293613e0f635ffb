"""One person's bad upload never stops a class, and nobody takes another one's place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from courses import FAULTS, THREE, CourseOf

BAD = {
    "afgebroken-upload": "beschadigd of afgebroken",
    "gz": "foto.gz is geen zip",
    "lange-naam": "te lange naam",
    "leeg": "is leeg",
    "map-en-bestand": "heten een bestand en een map hetzelfde",
    "versleuteld": "wachtwoord",
}


def inside(download: Path, outer: str, answers: str) -> bytes:
    """An answers file in the zip of the learner whose folder begins so."""
    with zipfile.ZipFile(download) as archive:
        (name,) = [one for one in archive.namelist() if one.startswith(outer)]
        with zipfile.ZipFile(io.BytesIO(archive.read(name))) as theirs:
            return theirs.read(answers)


def collected(course: CourseOf) -> dict[str, bytes]:
    return {
        folder.parent.name: (folder / "answers.json").read_bytes()
        for folder in course.root.glob(f"submitted/*/{THREE}")
    }


@pytest.mark.parametrize("name", BAD)
def test_a_bad_upload_is_refused_with_a_reason_and_the_good_ones_are_collected(
    name: str, course: CourseOf
) -> None:
    download = FAULTS / "bad-uploads" / f"{name}.zip"
    said = course.collect(THREE, download, code=1)
    assert collected(course) == {
        student: inside(download, student, f"{THREE}/answers.json") for student in ("1001", "1003")
    }
    (line,) = [one for one in said.splitlines() if one.startswith("Bas Kapot")]
    assert "GEWEIGERD" in line and BAD[name] in line
    assert "Geweigerd: 1" in said and "Traceback" not in said


def test_a_folder_in_somebodys_own_zip_takes_nobodys_place(course: CourseOf) -> None:
    download = FAULTS / "mini-hijack.zip"
    course.collect(THREE, download)
    assert collected(course) == {
        student: inside(download, student, f"{THREE}/answers.json") for student in ("1001", "1002")
    }


def test_a_folder_with_two_underscores_is_no_person(course: CourseOf) -> None:
    download = FAULTS / "mini-dubbele-streep.zip"
    course.collect(THREE, download)
    assert collected(course) == {"1004": inside(download, "1004", "werk__v2/answers.json")}


def test_the_newest_attempt_counts_whole_and_with_its_time(course: CourseOf) -> None:
    download = FAULTS / "mini-resubmission.zip"
    said = course.collect(THREE, download, "--timezone", "Europe/Amsterdam")
    assert collected(course) == {"1003": inside(download, "1003-7 - Rik - Jan 9", f"{THREE}/answers.json")}
    assert course.times(THREE) == {"1003": "2026-01-09 09:12:00 UTC"}
    assert "09-01-2026 10:12" in said
    assert "al opgehaald" in course.collect(THREE, download, "--timezone", "Europe/Amsterdam")
