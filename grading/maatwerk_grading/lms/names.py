"""What the outermost name in a download says: who, when, and which file. An LMS made that name, nobody else.

Each LMS has its own form. The facts are from its source where that is public (Moodle, Canvas), and from
downloads that it really made. Whatever a learner chose stands *after* what the LMS put in front, so a form is
read from its beginning and never searched for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from maatwerk_grading.lms.dates import read_date
from maatwerk_grading.lms.person import Identity, name_key

# Moodle puts spaces for the underscores in a name, so the first one ends it. A group may have no number.
_MOODLE = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d+))?_(?P<plugin>assignsubmission_[a-z0-9]+)(?:_(?P<file>.+))?",
    re.DOTALL,
)
_BRIGHTSPACE = re.compile(r"(?P<number>\d+)-(?P<second>\d+) - (?P<rest>.+)", re.DOTALL)
_BETWEEN = re.compile(r" ?- ")
_SCHOOL_NUMBER = re.compile(r"(?=\S*\d{3})[\w.@]+")
# The name may hold underscores and digits itself: every place where the two numbers may stand is looked at.
_CANVAS = re.compile(r"(?=_(?P<user>\d+)_(?P<file_id>\d+)_(?P<file>.+))", re.DOTALL)
_CANVAS_TEXT = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_(?:text|link)\.html")
_CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?anon_(?P<user>[A-Za-z0-9]+)_\d+_(?P<file>.+)", re.DOTALL)
_LATE = "_LATE"
_GENERIC = re.compile(r"(?P<name>.+?)__(?P<file>.+)", re.DOTALL)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Outer:
    """One reading of an outermost name.

    Parameters
    ----------
    said : Identity
        Who it is, as far as the name says: ``lms`` with ``participant`` (Moodle, anonymous Canvas),
        ``lms_id`` (Brightspace, Canvas, generic), ``id_number`` (some Brightspaces), and ``name`` (the
        person's or the group's).
    file : str
        What the learner called the file, where the LMS makes one name of both; otherwise empty.
    when : datetime, optional
        When it was handed in, by the LMS's clock.
    late : bool
        Whether the LMS calls it late.
    is_text : bool
        Whether it is text that was typed in the LMS, and no file.
    """

    said: Identity
    file: str = ""
    when: datetime | None = None
    late: bool = False
    is_text: bool = False


def read_outer(name: str) -> tuple[Outer, ...]:
    """All readings of an outermost name; empty when no LMS makes such names.

    Parameters
    ----------
    name : str
        Of a folder or of a file, with its extension.
    """
    name = unicodedata.normalize("NFC", name)
    for read in (_moodle, _brightspace, _canvas, _generic):
        if found := read(name):
            return found
    return ()


def _moodle(name: str) -> tuple[Outer, ...]:
    found = _MOODLE.fullmatch(name)
    if found is None:
        return ()
    said = Identity(
        "moodle", participant=str(int(found["number"])) if found["number"] else "", name=found["name"]
    )
    return (Outer(said, found["file"] or "", is_text=found["plugin"] != "assignsubmission_file"),)


def _brightspace(name: str) -> tuple[Outer, ...]:
    found = _BRIGHTSPACE.fullmatch(name)
    if found is None:
        return ()
    parts = _BETWEEN.split(found["rest"])
    number = parts.pop(0) if len(parts) > 1 and _SCHOOL_NUMBER.fullmatch(parts[0]) else ""
    # The first date is the LMS's; what a learner calls a file may hold one too.
    dates = ((at, when) for at, part in enumerate(parts) if at and (when := read_date(part)))
    at, when = next(dates, (len(parts), None))
    said = Identity(
        "brightspace", lms_id=found["number"], id_number=number, name=" - ".join(parts[:at]).strip()
    )
    return (Outer(said, " - ".join(parts[at + 1 :]), when),)


def _canvas(name: str) -> tuple[Outer, ...]:
    if anonymous := _CANVAS_ANONYMOUS.fullmatch(name):
        said = Identity("canvas", participant=anonymous["user"])
        return (Outer(said, anonymous["file"], late=name.startswith("LATE_")),)
    readings = []
    for found in _CANVAS.finditer(name):
        before = name[: found.start()]
        who, late = before.removesuffix(_LATE), before.endswith(_LATE)
        # Canvas leaves only letters, digits and underscores of a name.
        if who and all(one.isalnum() or one == "_" or unicodedata.combining(one) for one in who):
            said = Identity("canvas", lms_id=found["user"], name=who)
            readings.append(Outer(said, found["file"], late=late))
    if not readings and (text := _CANVAS_TEXT.fullmatch(name)):
        return (Outer(Identity("canvas", lms_id=text["user"], name=text["name"]), is_text=True),)
    return tuple(readings)


def _generic(name: str) -> tuple[Outer, ...]:
    found = _GENERIC.fullmatch(name)
    if found is None:
        return ()
    who = " ".join(found["name"].split())
    if not any(one.isalnum() for one in who) or {"/", "\\", "\0"} & set(who):
        return ()
    if _ADDRESS.fullmatch(who):
        return (Outer(Identity("generic", email=who), found["file"]),)
    return (Outer(Identity("generic", lms_id=who), found["file"]),)


def fits_moodle(written: str, name: str) -> bool:
    """Whether Moodle writes this name, of a person or a group, so in a download."""
    return name_key(written) == name_key(name) or _squeezed(written) == _squeezed(name) != ""


def fits_canvas(written: str, name: str) -> bool:
    """Whether Canvas writes this name so in a download: the last name first, and nothing between."""
    made = _squeezed(written)
    first, _, last = name.partition(" ")
    return made != "" and made in {_squeezed(name), _squeezed(f"{last}{first}"), *_turned(name)}


def _turned(name: str) -> set[str]:
    """The name with each possible last name in front."""
    words = name.replace(",", " ").split()
    return {_squeezed("".join(words[at:] + words[:at])) for at in range(len(words))}


def _squeezed(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name).casefold()
    return "".join(one for one in apart if one.isalnum())
