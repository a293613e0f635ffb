"""What is said of a person, and who a person is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace

# What says who somebody is in all assignments. A participant number does so in one, and a name never.
STRONG = ("email", "id_number", "username", "lms_id")


@dataclass(frozen=True, slots=True)
class Identity:
    """What one row of an LMS's file, or one name in a download, says of a person; empty when it does not say.

    Parameters
    ----------
    lms : str
        ``moodle``, ``brightspace``, ``canvas`` or ``generic``.
    assignment : str
        Ours, such as ``opdracht-3-dilemmas``: that in which ``participant`` holds.
    participant : str
        Moodle's participant number. It holds in one assignment only.
    name, first_name, last_name, email : str
        As the LMS writes them.
    id_number : str
        The school's own number: Moodle's ID number, Brightspace's OrgDefinedId, Canvas's SIS user ID.
    username : str
        What they log in with.
    lms_id : str
        The LMS's own number: Canvas's ID, the one of Brightspace.
    group : str
        That of a group submission.
    submitted : str
        When they last handed in, in the LMS's words; that says nothing about who it is.
    """

    lms: str = ""
    assignment: str = ""
    participant: str = ""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    id_number: str = ""
    username: str = ""
    lms_id: str = ""
    group: str = ""
    submitted: str = ""

    @property
    def full_name(self) -> str:
        """The name in one piece."""
        return self.name or " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def strong(self) -> dict[str, str]:
        """What says who this is in every assignment, by field."""
        return {field: value for field in STRONG if (value := getattr(self, field))}

    @property
    def number(self) -> tuple[str, str, str] | None:
        """The participant number with where it holds."""
        return (self.lms, self.assignment, self.participant) if self.participant else None

    def tidy(self) -> Identity:
        """The same without what only a spelling adds: spaces, capitals in an address, a ``#`` in front."""
        said = {one.name: _tidy(getattr(self, one.name)) for one in fields(self)}
        said["email"] = said["email"].casefold()
        said["username"] = said["username"].lstrip("#")
        said["id_number"] = said["id_number"].lstrip("#")
        return Identity(**said)

    def shown(self) -> str:
        """All that tells who it is, for a person to read."""
        parts = (self.full_name, self.participant, self.email, self.id_number, self.username, self.lms_id)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Person:
    """One learner: one row of the gradebook over all assignments.

    Parameters
    ----------
    student : str
        Their id in the gradebook; it never changes, and is also the name of their folders.
    name, first_name, last_name, email, id_number, username : str
        As in :class:`Identity`.
    lms_ids : tuple of (lms, number)
        Their numbers in LMSs.
    participants : tuple of (lms, assignment, number)
        Their participant numbers.
    """

    student: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    id_number: str = ""
    username: str = ""
    lms_ids: tuple[tuple[str, str], ...] = ()
    participants: tuple[tuple[str, str, str], ...] = ()

    @property
    def full_name(self) -> str:
        """The name in one piece."""
        return self.name or " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def anonymous(self) -> bool:
        """Whether nothing is known but participant numbers."""
        return not (self.full_name or self.known_by_more_than_name)

    @property
    def known_by_more_than_name(self) -> bool:
        """Whether something says who this is in every assignment."""
        return bool(self.email or self.id_number or self.username or self.lms_ids)

    def value(self, field: str, lms: str) -> tuple[str, ...]:
        """What is known of this person in a strong field."""
        if field == "lms_id":
            return tuple(number for one, number in self.lms_ids if one == lms)
        value = getattr(self, field)
        return (value,) if value else ()

    def with_what(self, said: Identity) -> Person:
        """The person with all that a tidy identity adds. A name is the newest; the rest stays as it was."""
        lms_ids, participants = self.lms_ids, self.participants
        if said.lms_id and (said.lms, said.lms_id) not in lms_ids:
            lms_ids = (*lms_ids, (said.lms, said.lms_id))
        if said.number and said.number not in participants:
            participants = (*participants, said.number)
        named = bool(said.first_name or said.last_name)
        return replace(
            self,
            name=said.full_name or self.name,
            first_name=said.first_name if named else self.first_name,
            last_name=said.last_name if named else self.last_name,
            email=self.email or said.email,
            id_number=self.id_number or said.id_number,
            username=self.username or said.username,
            lms_ids=lms_ids,
            participants=participants,
        )


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# Moodle leaves these out of the name of a file; other LMSs leave them in, or write another apostrophe.
_LEFT_OUT = re.compile(r"[\x00-\x1f'’‘`´\"/\\&:<>|]")
_BETWEEN = re.compile(r"[\W_]+")


def name_key(name: str) -> str:
    """What stays the same of a name in all ways in which LMSs write it: its words without accents, sorted.

    ``Zoë Çelik-Šimůnek`` and ``Çelik-Šimůnek, Zoe`` have one key; so have ``Pieter van 't Hof`` and
    ``Pieter van t Hof``. Two people may well have one key: it can only say that a name does *not* fit.
    """
    plain = unicodedata.normalize("NFKD", _LEFT_OUT.sub("", name)).casefold()
    words = _BETWEEN.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).split()
    return " ".join(sorted(words)) or plain.strip()
