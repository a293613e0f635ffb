"""A pseudonym that turns out to be somebody: their work, marks and feedback move to that person."""

from __future__ import annotations

from collections.abc import Mapping

from maatwerk import Text
from sqlalchemy import Engine

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.lms.collected import Collected
from maatwerk_grading.lms.names_in_gradebook import join_students
from maatwerk_grading.lms.people import People
from maatwerk_grading.lms.unpack import say


def join(
    course: Course, engine: Engine, joined: Mapping[str, str], people: People, before: Collected
) -> list[Text]:
    """Move everything, or say for whom that was not possible.

    Parameters
    ----------
    course : Course
        The course folder and the assignment in which the pseudonyms hold.
    engine : Engine
        Of the gradebook.
    joined : mapping of str to str
        By pseudonym, the student id of the person.
    people : People
        With their names.
    before : Collected
        What was collected; it is brought up to date.
    """
    told: list[Text] = []
    free: dict[str, str] = {}
    for old, new in joined.items():
        if course.folder(course.submitted, new).exists() and course.folder(course.submitted, old).exists():
            told.append(_clash(course, old, new, people))
        else:
            free[old] = new
    if not free:
        return told
    clashes = join_students(engine, free)
    for old, new in free.items():
        if old in clashes:
            told.append(_clash(course, old, new, people))
            continue
        for step in (course.submitted, course.autograded, course.feedback):
            there, here = course.folder(step, old), course.folder(step, new)
            if there.is_dir() and not here.exists():
                here.parent.mkdir(parents=True, exist_ok=True)
                there.rename(here)
            if there.parent.is_dir() and not any(there.parent.iterdir()):
                there.parent.rmdir()
        if old in before.kept:
            before.kept[new] = before.kept.pop(old)
        before.listed.pop(old, None)
    return told


def _clash(course: Course, old: str, new: str, people: People) -> Text:
    name = people[new].full_name if new in people else new
    return say("join_conflict", student=old, name=name or new, folder=str(course.root / course.submitted))
