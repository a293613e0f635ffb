"""What a list or an export of a learning environment (LMS) holds, and what their readers share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from maatwerk_grading.lms.person import Identity
from maatwerk_grading.lms.table import Record, Table

Kind = Literal["worksheet", "gradebook", "list"]


@dataclass(frozen=True, slots=True)
class Item:
    """A column of a gradebook in which marks stand.

    Parameters
    ----------
    column : int
        Which one.
    name : str
        What the LMS calls it, without its number or its maximum.
    maximum : Decimal, optional
        In the LMS's points; ``None`` when the file does not say.
    """

    column: int
    name: str
    maximum: Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was recognised.

    Parameters
    ----------
    file : Path
        Where it is.
    lms : str
        ``moodle``, ``brightspace``, ``canvas``, or ``generic`` for a list of unknown origin.
    kind : {"worksheet", "gradebook", "list"}
        Moodle's grading worksheet; an export of a whole gradebook; or people only.
    table : Table
        All that is in it.
    head : Record
        The row of heads.
    columns : mapping of str to int
        By role the column: the fields of :class:`Identity`, and of a worksheet also ``grade``, ``maximum``,
        ``scale``, ``changeable``, ``graded`` (when the mark was last changed), ``workflow`` and ``feedback``.
    people : tuple of Record
        The rows of people; not the heads, the maximum, or Canvas's test student.
    identities : tuple of Identity
        What each of those rows says of its person, in the same order.
    items : tuple of Item
        Where marks go; of a worksheet the one, and none when the assignment takes no points.
    word : str
        Of a worksheet: the word before the participant number, exactly as written.
    comma : bool
        Whether its numbers have a decimal comma.
    scale : tuple of str
        The words of a Moodle scale, lowest first.
    """

    file: Path
    lms: str
    kind: Kind
    table: Table
    head: Record
    columns: Mapping[str, int]
    people: tuple[Record, ...]
    identities: tuple[Identity, ...]
    items: tuple[Item, ...] = ()
    word: str = ""
    comma: bool = False
    scale: tuple[str, ...] = ()

    @property
    def maximum(self) -> Decimal | None:
        """The highest mark, when there is one item and the file says it."""
        return self.items[0].maximum if len(self.items) == 1 else None

    @property
    def anonymous(self) -> bool:
        """Whether a worksheet tells nobody's name."""
        return self.kind == "worksheet" and not {"name", "email", "id_number", "username"} & set(self.columns)

    @property
    def language(self) -> str:
        """``nl`` or ``en`` where Moodle's own word tells the language of the page; otherwise nothing."""
        return {"deelnemer": "nl", "participant": "en"}.get(self.word.strip().casefold(), "")

    @property
    def english(self) -> bool:
        """Whether Moodle can read back the dates in a worksheet; it understands English ones only."""
        graded = (record.cell(self.columns.get("graded")) for record in self.people)
        return not any(re.search(r"\d", cell) and not ENGLISH_DATE.fullmatch(cell) for cell in graded)


# Monday, 30 November 2026, 11:04 PM
ENGLISH_DATE = re.compile(
    r"(?:\w+day, )?\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{4}, \d{1,2}:\d\d ?[AP]M",
    re.IGNORECASE,
)
PARTICIPANT = re.compile(r"(?P<word>.*?\D)(?P<number>\d+)", re.DOTALL)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# What a column is called, small and without what only a spelling adds; in Dutch and in English.
HEADS: Mapping[str, frozenset[str]] = {
    role: frozenset(words.split("|"))
    for role, words in {
        "email": "email|emailaddress|emailadres|mail|mailadres",
        "id_number": "idnumber|nummerid|idnummer|studentnumber|studentnummer|studentnr|studentid|orgdefinedid"
        "|personeelsnummer|medewerkernummer|sisuserid",
        "username": "username|gebruikersnaam|login|loginname|sisloginid",
        "first_name": "firstname|voornaam|givenname|roepnaam",
        "prefix": "tussenvoegsel|tussenvoegsels|voorvoegsel",
        "last_name": "lastname|achternaam|surname|familyname",
        "name": "name|naam|fullname|volledigenaam|student|deelnemer|displayname",
        "group": "group|groep|groups|groepen|section|sectie",
    }.items()
}


def number(cell: str) -> Decimal | None:
    """The number in a cell, with a point or a comma; ``None`` when it is none."""
    if not re.fullmatch(r"-?\d+(?:[.,]\d+)?", cell.strip()):
        return None
    return Decimal(cell.strip().replace(",", "."))


def plain(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.casefold())


def roles(heads: Sequence[str]) -> dict[str, int]:
    """The columns that say who somebody is, by their heads; the first of each."""
    roles: dict[str, int] = {}
    for column, head in enumerate(heads):
        for role, words in HEADS.items():
            if plain(head) in words:
                roles.setdefault(role, column)
    return roles


def identities(
    people: Iterable[Record], columns: Mapping[str, int], lms: str, word: str = "", assignment: str = ""
) -> tuple[Identity, ...]:
    fields = ("name", "first_name", "last_name", "email", "id_number", "username", "lms_id", "group")
    found = []
    for record in people:
        said = {field: record.cell(columns.get(field)) for field in (*fields, "submitted")}
        prefix = record.cell(columns.get("prefix"))
        said["last_name"] = f"{prefix} {said['last_name']}".strip()
        participant = PARTICIPANT.fullmatch(record.cell(columns.get("participant")))
        exact = participant is not None and participant["word"] == word
        if participant and exact:
            said["name"] = _without_participant(said["name"], participant)
        if said["submitted"] == "-":
            said["submitted"] = ""
        participant_number = participant["number"] if participant and exact else ""
        found.append(Identity(lms=lms, assignment=assignment, participant=participant_number, **said))
    return tuple(found)


def _without_participant(name: str, participant: re.Match[str]) -> str:
    """The name alone: of blind marking, a manager sees ``Participant 142 (Jan Jansen)``."""
    word, number_ = re.escape(participant["word"].strip()), participant["number"]
    found = re.fullmatch(rf"{word}\s*{number_}\s*\((?P<name>.+)\)", name)
    return found["name"] if found else name
