"""All downloads that a real Moodle made, with its worksheets: whose work is it?"""

from __future__ import annotations

import json
import shutil
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


def downloads(kind: str, which: str) -> Path:
    (found,) = (MOODLE / "downloads" / kind).glob(f"*{which}*.zip")
    return found


def sheet(kind: str, which: str) -> Path:
    (found,) = (MOODLE / "worksheets" / kind).glob(f"*{which}*.csv")
    return found


def test_one_person_is_one_row_over_all_assignments_whatever_their_number(course: CourseOf) -> None:
    """A participant number is another one in each assignment, and may be the ID number of somebody else."""
    kind = "plain-en-identity-username+idnumber+email"
    course.collect(THREE, downloads("plain-folders-en", THREE), sheet(kind, THREE))
    course.collect(FOUR, downloads("plain-flat-nl", FOUR), sheet("plain-nl", FOUR))
    assert course.owners(THREE) == course.owners(FOUR)
    assert len(course.students()) == len(PEOPLE)
    by_email = {email: (student, name) for student, (_, name, email) in course.students().items()}
    for key, person in PEOPLE.items():
        student, name = by_email[person["email"]]
        assert name == f"{person['firstname']} {person['lastname']}"
        assert student == (person["idnumber"] or person["username"])
        assert course.owners(THREE).get(student) == (None if key in SILENT else key)


def test_without_a_worksheet_nobody_is_guessed_and_it_is_told_where_to_get_it(course: CourseOf) -> None:
    said = course.collect(THREE, downloads("plain-folders-nl", THREE), code=1)
    assert "Beoordelingsformulier downloaden" in said and "Jan Jansen_69" in said
    assert not list(course.root.glob("submitted/*")) and not course.students()


@pytest.mark.parametrize("which", [("plain-en", FOUR), ("blind-en", THREE), ("kind-max100-en", THREE)])
@pytest.mark.parametrize("renamed", [True, False])
def test_the_worksheet_of_another_assignment_is_refused_and_teaches_nothing(
    which: tuple[str, str], renamed: bool, course: CourseOf, tmp_path: Path
) -> None:
    wrong = sheet(*which)
    if renamed:
        wrong = Path(shutil.copy(wrong, tmp_path / "download.csv"))
    said = course.collect(THREE, downloads("plain-folders-en", THREE), wrong, code=1)
    assert "andere opdracht" in said and not list(course.root.glob("submitted/*"))
    assert not course.students()
    course.collect(THREE, downloads("plain-folders-en", THREE), sheet("plain-en", THREE))
    assert set(course.owners(THREE).values()) == set(PEOPLE) - SILENT


def test_the_zip_of_another_assignment_is_refused(course: CourseOf, tmp_path: Path) -> None:
    files = downloads("plain-folders-en", FOUR), sheet("plain-en", FOUR)
    assert "andere opdracht" in course.collect(THREE, *files, code=2)
    assert "andere opdracht" in course.collect(THREE, files[0], sheet("plain-en", THREE), code=1)
    assert all(not one.participants for one in People.read(course.root))
    renamed = Path(shutil.copy(files[0], tmp_path / "download (1).zip"))
    also = Path(shutil.copy(files[1], tmp_path / "download.csv"))
    said = course.collect(THREE, renamed, also, code=1)
    assert said.count("werk voor een andere opdracht (opdracht-4-dynamieken)") == 16
    assert not list(course.root.glob("submitted/*"))


def test_a_name_without_more_is_not_put_together_over_assignments_unless_asked(course: CourseOf) -> None:
    """Moodle was told to show neither address nor ID number: two people may have one name."""
    course.collect(THREE, downloads("plain-folders-en", THREE), sheet("plain-en-identity-none", THREE))
    assert set(course.owners(THREE).values()) == set(PEOPLE) - SILENT
    bare = course.root.parent / "bare.csv"
    lines = [line.split(",") for line in sheet("plain-en", FOUR).read_text("utf-8-sig").splitlines()]
    kept = [",".join(cell for cell in line if "@" not in cell and "mail" not in cell) for line in lines]
    bare.write_text("\n".join(kept))
    said = course.collect(FOUR, downloads("plain-folders-en", FOUR), bare, code=1)
    assert "--by-name" in said and not course.owners(FOUR)
    course.collect(FOUR, "--by-name", downloads("plain-folders-en", FOUR), bare, code=1)
    four, three = course.owners(FOUR), course.owners(THREE)
    assert len(four) == 14 and all(three[student] == owner for student, owner in four.items())


def test_who_was_anonymous_is_one_row_until_the_names_are_known_and_joins_then(course: CourseOf) -> None:
    course.collect(FOUR, downloads("plain-folders-en", FOUR), sheet("plain-en", FOUR))
    course.collect(THREE, downloads("blind-folders-nl", THREE), sheet("blind-nl", THREE))
    hidden = course.owners(THREE)
    assert all(student.startswith(f"anonymous-{THREE}-") for student in hidden) and len(hidden) == 16
    assert "al opgehaald" in course.collect(THREE, downloads("blind-flat-en", THREE))
    after = downloads("blind-folders-en-after-reveal", THREE)
    assert "Beoordelingsformulier" in course.collect(THREE, after, code=1)
    assert course.owners(THREE) == hidden
    course.collect(THREE, after, sheet("blind-en-after-reveal", THREE))
    assert course.owners(THREE) == course.owners(FOUR)
    assert len(course.students()) == len(PEOPLE)


def test_the_time_of_the_worksheet_counts_and_lateness_with_it(course: CourseOf) -> None:
    files = downloads("plain-folders-nl", THREE), sheet("plain-nl", THREE)
    course.collect(THREE, "--timezone", "Europe/Amsterdam", *files)
    times = course.times(THREE)
    assert times["mw26lotte@example.org"] == "2026-11-30 21:05:00 UTC"
    assert times["mw26rik@example.org"] == "2026-11-30 19:30:00 UTC"
    assert times["mw26jan@example.org"] == "2026-11-29 22:00:00 UTC"


def test_a_group_hands_in_for_each_of_its_members_and_the_default_group_for_nobody(course: CourseOf) -> None:
    said = course.collect(THREE, downloads("team-folders-nl", THREE), sheet("team-nl", THREE), code=1)
    for name in ("Jan_1234 de Vries", "Ravi Rauw", "Tess Twee", "ليلى حداد"):
        (line,) = [one for one in said.splitlines() if one.startswith(name)]
        assert "GEWEIGERD" in line and "zonder groep" in line
    # The number of a group is no participant's, also when one has that number.
    assert not {"ravi"} & set(course.owners(THREE).values())


def test_both_groups_in_one_go(course: CourseOf) -> None:
    course.collect(
        THREE,
        downloads("separate-groups-groep-a-flat-en", THREE),
        downloads("separate-groups-groep-b-folders-en", THREE),
        sheet("separate-groups-groep-a-en", THREE),
        sheet("separate-groups-groep-b-en", THREE),
    )
    assert set(course.owners(THREE).values()) == set(PEOPLE) - SILENT - {"ravi", "tess"}
    assert len(course.students()) == 15
