"""All downloads that a real Moodle made, with its worksheets: whose work is it?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from courses import FOUR, MOODLE, THREE, CourseOf
from maatwerk_grading.lms.people import People

TRUTH = json.loads((MOODLE / "people.json").read_text(encoding="utf-8"))
PEOPLE: dict[str, dict[str, Any]] = {one["key"]: one for one in TRUTH["people"]}
BY_EMAIL = {one["email"]: key for key, one in PEOPLE.items()}
MODULES = {one["course_module"]: one for one in TRUTH["assignments"]}
DOWNLOADS = sorted((MOODLE / "downloads").glob("*/*.zip"))
SILENT = {"bram"}
GROUPS = {
    "A": ["jan", "zoe", "pieter", "marijke", "sanne1", "rik", "bram"],
    "B": ["sanne2", "willem", "ab", "lang", "streep", "lotte"],
}


def module(zip_file: Path) -> int:
    return int(zip_file.stem.rpartition("-")[2])


def assignment(zip_file: Path) -> str:
    return THREE if THREE in zip_file.name else FOUR


def worksheet(kind: str, zip_file: Path) -> Path:
    (found,) = (MOODLE / "worksheets" / kind).glob(f"*-{module(zip_file)}.csv")
    return found


def who(course: CourseOf, zip_file: Path) -> dict[str, str]:
    """By the key of the truth, whose answers the person of that row has."""
    people = People.read(course.root)
    numbers = {str(n): key for key, n in MODULES[module(zip_file)]["participant_number"].items()}
    got = {}
    for student, owner in course.owners(assignment(zip_file)).items():
        person = people[student]
        ((_, _, number),) = [one for one in person.participants if one[1] == assignment(zip_file)]
        if person.email:
            assert BY_EMAIL[person.email] == numbers[number]
        got[numbers[number]] = owner
    return got


def expected(zip_file: Path) -> dict[str, str]:
    name = zip_file.parent.name
    if name.startswith("team"):
        whose = {"A": "jan", "B": "lotte"}
        return {member: whose[group] for group in "AB" for member in GROUPS[group]}
    everybody = {key: key for key in PEOPLE if key not in SILENT}
    for group in "ab":
        if f"groep-{group}-" in name:
            return {key: key for key in everybody if group.upper() in PEOPLE[key]["groups"]}
    return everybody


def sheets_for(zip_file: Path) -> list[str]:
    name, language = zip_file.parent.name, "nl" if "-nl" in zip_file.parent.name else "en"
    if name.startswith("blind"):
        special = {"blind-folders-en-after-reveal": "blind-en-after-reveal"}
        return [special.get(name, f"blind-{language}")]
    if name.startswith("team"):
        return [f"team-{language}", "team-nl" if language == "en" else "team-en"]
    if name.startswith("text"):
        return [f"text-{language}"]
    if "groep-" in name:
        return [f"separate-groups-groep-{name.split('groep-')[1][0]}-en", "separate-groups-all-en"]
    return [f"plain-{language}"]


@pytest.mark.parametrize("zip_file", DOWNLOADS, ids=lambda one: f"{one.parent.name}-{one.stem[-2:]}")
def test_every_download_with_its_worksheet_reaches_the_right_people(zip_file: Path, course: CourseOf) -> None:
    for kind in sheets_for(zip_file):
        said = course.collect(
            assignment(zip_file),
            zip_file,
            worksheet(kind, zip_file),
            code=1 if zip_file.parent.name.startswith("team") else 0,
        )
        print(said)
        assert who(course, zip_file) == expected(zip_file)
