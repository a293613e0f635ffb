"""People's names in nbgrader's gradebook, and a pseudonym's row that becomes a person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select

from maatwerk_grading.autograde.gradebook import ASSIGNMENT, STUDENT, SUBMISSION
from maatwerk_grading.lms.person import Person


def known_students(connection: Connection) -> list[Person]:
    """Everybody in the gradebook, with what it says of them."""
    return [
        Person(
            student=row.id,
            name=" ".join(part for part in (row.first_name, row.last_name) if part),
            first_name=row.first_name or "",
            last_name=row.last_name or "",
            email=(row.email or "").casefold(),
        )
        for row in connection.execute(select(STUDENT))
    ]


def assignment_names(connection: Connection) -> list[str]:
    """All assignments of the course."""
    return list(connection.scalars(select(ASSIGNMENT.c.name)))


def write_names(engine: Engine, people: Iterable[Person]) -> None:
    """Put people in the gradebook, with the names that the LMS gives them; an empty one changes nothing."""
    with engine.begin() as connection:
        known = {row.id: row for row in connection.execute(select(STUDENT))}
        new, changed = [], []
        for person in people:
            said = _said(person)
            row = known.get(person.student)
            if row is None:
                new.append({"id": person.student, **{name: text or None for name, text in said.items()}})
                continue
            kept = {name: text or getattr(row, name) for name, text in said.items()}
            if any(getattr(row, name) != text for name, text in kept.items()):
                changed.append({"at": person.student, **{f"new_{name}": text for name, text in kept.items()}})
        if new:
            connection.execute(STUDENT.insert(), new)
        if changed:
            values: dict[str, Any] = {
                name: bindparam(f"new_{name}") for name in ("first_name", "last_name", "email")
            }
            connection.execute(
                STUDENT.update().where(STUDENT.c.id == bindparam("at")).values(values), changed
            )


def join_students(engine: Engine, joined: Mapping[str, str]) -> list[str]:
    """Give the submissions of a pseudonym to the person that it is.

    Returns
    -------
    list of str
        The pseudonyms of whom nothing was moved, as there is work of the person for the same assignment.
    """
    clashes = []
    with engine.begin() as connection:
        for old, new in joined.items():
            of_new = select(SUBMISSION.c.assignment_id).where(SUBMISSION.c.student_id == new)
            theirs = SUBMISSION.c.student_id == old
            if connection.scalars(
                select(SUBMISSION.c.id).where(theirs, SUBMISSION.c.assignment_id.in_(of_new))
            ).first():
                clashes.append(old)
                continue
            connection.execute(SUBMISSION.update().where(theirs).values(student_id=new))
            connection.execute(STUDENT.delete().where(STUDENT.c.id == old))
    return clashes


def _said(person: Person) -> dict[str, str]:
    """The name as nbgrader keeps it; one that comes in one piece is not cut at a guess."""
    if person.first_name or person.last_name:
        return {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return {"first_name": "", "last_name": person.full_name, "email": person.email}
