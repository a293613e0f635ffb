"""Whose work each part of a download is: only from what the LMS says, and in doubt nobody's.

Pure: names, rows of lists and known people go in; who it is, or why that cannot be said, comes out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from maatwerk import Text

from maatwerk_grading.lms.downloads import Package
from maatwerk_grading.lms.names import Outer, fits_canvas, fits_moodle
from maatwerk_grading.lms.people import People, PeopleError, Person, folded
from maatwerk_grading.lms.person import Identity, name_key
from maatwerk_grading.lms.unpack import say

# What Moodle calls somebody whose name it hides. Other languages are recognised by everybody having one name.
_ANONYMOUS = frozenset(
    (
        *("participant", "deelnemer", "teilnehmer/in", "teilnehmerin", "teilnehmer", "participante"),
        *("partecipante", "deltager", "deltagare", "deltaker", "osallistuja", "uczestnik", "účastník"),
    )
)
_DEFAULT_GROUP = frozenset({"default group", "standaard groep", "standaardgroep"})
# The number of the activity, at the end of what Moodle calls a zip or a worksheet.
_MODULE = re.compile(r"(?P<course>[^-]+)-.*-(?P<module>\d+)(?: ?\(\d+\))?\.\w+")


@dataclass(frozen=True, slots=True)
class Roll:
    """A list that the instructor gave.

    Parameters
    ----------
    name : str
        Of the file.
    lms : str
        Which LMS made it.
    rows : tuple of Identity
        Everybody on it, tidy.
    """

    name: str
    lms: str
    rows: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Owned:
    """A package and the people whose work it is: one, or the members of a group."""

    package: Package
    outer: Outer
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A package, or a person on a list, of which something cannot be said.

    Parameters
    ----------
    shown : str
        The name that the LMS gave.
    text : Text
        Why, with what to do.
    people : tuple of Person
        On whose account it is, when that is known.
    """

    shown: str
    text: Text
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose everything is.

    Parameters
    ----------
    owned : tuple of Owned
        What is somebody's.
    refused : tuple of Refused
        What is not, or not certainly.
    listed : tuple of Person
        Everybody on the lists.
    submitted : mapping of str to str
        By student, when they last handed in, in the words of a list.
    joined : mapping of str to str
        As :class:`maatwerk_grading.lms.people.Learned` has it.
    unused : tuple of Text
        Why worksheets were not used.
    """

    owned: tuple[Owned, ...]
    refused: tuple[Refused, ...]
    listed: tuple[Person, ...]
    submitted: Mapping[str, str]
    joined: Mapping[str, str]
    unused: tuple[Text, ...]


def decide(
    packages: Sequence[Package],
    rolls: Sequence[Roll],
    people: People,
    assignment: str,
    *,
    by_name: bool = False,
) -> Decision:
    """Say whose each package is; ``people`` learns from the lists on the way.

    Parameters
    ----------
    packages : sequence of Package
        What the downloads hold.
    rolls : sequence of Roll
        The lists that were given with them.
    people : People
        Everybody who was known before.
    assignment : str
        That is collected.
    by_name : bool
        Whether the instructor says that no two people of the course have one name.
    """
    return _Deciding(people, assignment, by_name).decide(packages, rolls)


class _Deciding:
    def __init__(self, people: People, assignment: str, by_name: bool) -> None:
        self._people = people
        self._assignment = assignment
        self._by_name = by_name
        self._owned: list[Owned] = []
        self._refused: list[Refused] = []
        self._rows: dict[Identity, Person | PeopleError] = {}
        self._joined: dict[str, str] = {}
        # Whose row of the worksheet fits this download badly: their number says less than it should.
        self._unsure: set[str] = set()
        self._sheets: str = ""
        self._unused: list[Text] = []
        self._wrong: Text | None = None

    def decide(self, packages: Sequence[Package], rolls: Sequence[Roll]) -> Decision:
        by_lms: dict[str, list[Package]] = defaultdict(list)
        for package in packages:
            if package.problem is not None:
                self._refuse(package, package.problem)
            else:
                by_lms[package.readings[0].said.lms].append(package)
        moodle = by_lms.pop("moodle", [])
        rolls = self._right_worksheets(moodle, rolls)
        rows, submitted = self._learn(rolls)
        self._moodle(moodle, rows)
        for lms, decide in (
            ("brightspace", self._brightspace),
            ("canvas", self._canvas),
            ("generic", self._generic),
        ):
            decide(by_lms.get(lms, []), [roll for roll in rolls if roll.lms == lms])
        listed = {one.student: one for one in self._rows.values() if isinstance(one, Person)}
        # What was learned of somebody on the way belongs to them here too.
        now = {student: self._people[student] for student in listed if student in self._people}
        return Decision(
            owned=tuple(self._owned),
            refused=tuple(self._refused),
            listed=tuple(now.values()),
            submitted={
                person.student: said
                for row, said in submitted.items()
                if isinstance(person := self._rows.get(row), Person)
            },
            joined=self._joined,
            unused=tuple(self._unused),
        )

    def _refuse(self, package: Package, text: Text, people: Iterable[Person] = ()) -> None:
        self._refused.append(Refused(package.who, text, tuple(people)))

    def _own(self, package: Package, outer: Outer, *people: Person) -> None:
        self._owned.append(Owned(package, outer, people))

    def _learn(self, rolls: Sequence[Roll]) -> tuple[dict[str, Identity], dict[Identity, str]]:
        """Take in the lists: Moodle's rows by number, and when each last handed in."""
        worksheet: dict[str, Identity] = {}
        lists: list[list[Identity]] = []
        submitted: dict[Identity, str] = {}
        clashes: list[Identity] = []
        for roll in rolls:
            lists.append([])
            for row in roll.rows:
                if not row.participant:
                    lists[-1].append(replace(row, submitted="", group=""))
                    continue
                row = replace(row, assignment=self._assignment)
                merged = _merged(worksheet.get(row.participant, row), row)
                if merged is None:
                    clashes.append(replace(row, submitted="", group=""))
                else:
                    worksheet[row.participant] = merged
        bare = {number: replace(row, submitted="", group="") for number, row in worksheet.items()}
        submitted = {bare[number]: row.submitted for number, row in worksheet.items()}
        # Lists of the whole course say more; the worksheets of one assignment are together one list.
        for batch in (*lists, [*bare.values(), *clashes]):
            learned = self._people.know(batch, by_name=self._by_name)
            self._joined.update(learned.joined)
            for row, person in zip(batch, learned.people, strict=True):
                self._rows[row] = person
                if isinstance(person, PeopleError):
                    self._refused.append(Refused(row.shown(), person.text))
        return worksheet, submitted

    # --- Moodle: the number holds in one assignment, and its worksheet says whose it is

    def _right_worksheets(self, packages: Sequence[Package], rolls: Sequence[Roll]) -> list[Roll]:
        """The lists without the worksheets that are of something else than what was downloaded."""
        right = []
        for roll in rolls:
            if not any(row.participant for row in roll.rows):
                right.append(roll)
                continue
            self._sheets = self._sheets or roll.name
            used = self._worksheet(packages, roll)
            if used is not None:
                right.append(used)
                continue
            self._wrong = say("whose_wrong_worksheet", sheet=roll.name)
            self._unused.append(self._wrong)
        return right

    def _worksheet(self, packages: Sequence[Package], roll: Roll) -> Roll | None:
        """What of a worksheet can be used with these downloads; nothing when it is not of them."""
        rows = {row.participant: row for row in roll.rows if row.participant}
        if not packages:
            # Nothing shows of which assignment it is: it tells who there is, and no numbers.
            return replace(roll, rows=tuple(replace(row, participant="") for row in roll.rows if row.strong))
        if not any(_may_be_of(roll.name, package.source.name) for package in packages):
            return None
        if any(row.group for row in rows.values()):
            # A download of groups has no participant numbers; but Moodle gives none of them twice.
            named = any(_surely_of(roll.name, package.source.name) for package in packages)
            known = all(row.strong for row in rows.values())
            return roll if (named or known) and not self._of_another(rows) else None
        anonymous = _anonymous_word(packages) is not None
        said = [package.readings[0].said for package in packages]
        pairs = [(one, rows[one.participant]) for one in said if one.participant in rows]
        fitting = {row.participant for one, row in pairs if anonymous or _is_called(one.name, row.full_name)}
        wrong = sum(row.participant not in fitting for _, row in pairs)
        if not fitting or 4 * wrong > len(pairs):
            return None
        twice = Counter(name_key(row.full_name) for row in rows.values())
        same = {n: row for n, row in rows.items() if row.full_name and twice[name_key(row.full_name)] > 1}
        unsure: set[str] = set()
        if wrong or self._of_another(same):
            # Of people with one name, the name does not tell whether the worksheet is the right one.
            unsure |= set(same)
        if wrong:
            # Somebody changed their name, or the worksheet is not quite of this download: then a number says
            # something only together with a name that fits.
            unsure |= set(rows) - fitting
        self._unsure |= unsure
        return replace(roll, rows=tuple(row for row in roll.rows if row.participant not in unsure))

    def _of_another(self, rows: Mapping[str, Identity]) -> bool:
        """Whether such a number is known already, of the same person in another assignment."""
        others = {
            where
            for person in self._people
            for lms, where, _ in person.participants
            if lms == "moodle" and where != self._assignment
        }
        return any(
            known is not None and _is_called(row.full_name, known.full_name)
            for where in others
            for number, row in rows.items()
            for known in [self._people.of_participant("moodle", where, number)]
        )

    def _moodle(self, packages: Sequence[Package], rows: Mapping[str, Identity]) -> None:
        if any(row.group for row in rows.values()):
            self._groups(packages, rows)
            return
        anonymous = _anonymous_word(packages)
        for package in packages:
            outer = package.readings[0]
            number = outer.said.participant
            if not number:
                self._refuse(package, say("whose_default_group", assignment=self._assignment))
                continue
            row = rows.get(number)
            person = self._of_number(row, number, anonymous is not None)
            if isinstance(person, Text):
                self._refuse(package, person)
            elif anonymous is None and not fits_moodle(
                outer.said.name, _name(row, person) or outer.said.name
            ):
                self._refuse(package, say("whose_other_name", name=_name(row, person)), [person])
            else:
                self._own(package, outer, person)

    def _of_number(self, row: Identity | None, number: str, anonymous: bool) -> Person | Text:
        if row is not None:
            found = self._rows[replace(row, submitted="", group="")]
            return found.text if isinstance(found, PeopleError) else self._now(found)
        if number in self._unsure:
            return say("whose_unsure")
        known = self._people.of_participant("moodle", self._assignment, number)
        # A number without a name is checked by nothing: what has it may also be the number of a group.
        if known is not None and self._wrong is None and (known.full_name or anonymous):
            return known
        if self._wrong is not None:
            return self._wrong
        if self._sheets:
            return say("whose_not_on_worksheet")
        if not anonymous:
            return say("whose_need_worksheet")
        # Nobody's name is known, and no mark can go astray: the number is the person, in this assignment.
        return self._made(Identity("moodle", self._assignment, number))

    def _groups(self, packages: Sequence[Package], rows: Mapping[str, Identity]) -> None:
        members: dict[str, list[Identity]] = defaultdict(list)
        called: dict[str, set[str]] = defaultdict(set)
        for row in rows.values():
            if row.group:
                members[_plain(row.group)].append(row)
                called[_plain(row.group)].add(row.group)
        numbers: dict[str, set[str]] = defaultdict(set)
        for package in packages:
            said = package.readings[0].said
            numbers[_plain(said.name)].add(said.participant)
        for package in packages:
            outer = package.readings[0]
            key = _plain(outer.said.name)
            found = [self._rows[replace(row, submitted="", group="")] for row in members.get(key, ())]
            people = [self._now(one) for one in found if isinstance(one, Person)]
            if not outer.said.participant or key in _DEFAULT_GROUP:
                self._refuse(package, say("whose_default_group", assignment=self._assignment), people)
            elif len(numbers[key]) > 1 or len(called[key]) > 1:
                self._refuse(package, say("whose_two_groups"), people)
            elif not people:
                self._refuse(package, self._wrong or say("whose_unknown_group"))
            else:
                self._own(package, outer, *people)

    # --- Brightspace: a number of its own, sometimes the school's, and a name

    def _brightspace(self, packages: Sequence[Package], rolls: Sequence[Roll]) -> None:
        numbers: dict[str, set[str]] = defaultdict(set)
        for package in packages:
            said = package.readings[0].said
            numbers[name_key(said.name)].add(said.lms_id)
        on_list = {
            person.student
            for roll in rolls
            for row in roll.rows
            if isinstance(person := self._rows.get(replace(row, submitted="", group="")), Person)
        }
        has_list = bool(rolls) or any(_may_be_of_brightspace(person) for person in self._people)
        for package in packages:
            outer = package.readings[0]
            who = self._brightspace_person(outer.said, numbers, on_list, has_list)
            if isinstance(who, Text):
                self._refuse(package, who, self._people.named(outer.said.name))
            else:
                self._own(package, outer, who)

    def _brightspace_person(
        self, said: Identity, numbers: Mapping[str, set[str]], on_list: set[str], has_list: bool
    ) -> Person | Text:
        same = self._people.named(said.name)
        number = said.id_number
        known = (
            self._people.of("id_number", number)
            or self._people.of("username", number)
            or self._people.of("lms_id", said.lms_id, "brightspace")
        )
        if known is not None:
            fits = not known.full_name or name_key(known.full_name) == name_key(said.name)
            return known if fits else say("whose_other_name", name=known.full_name)
        if has_list:
            if on_list:
                same = [person for person in same if person.student in on_list] or same
            if not same:
                return say("whose_not_on_list")
            if len(same) == 1 and len(numbers[name_key(said.name)]) == 1 and _is_listed(same[0]):
                return self._made(replace(_of(same[0]), lms="brightspace", lms_id=said.lms_id))
            names = ", ".join(one.student for one in same)
            return say("whose_several_people", people=names, number=said.lms_id, lms="brightspace")
        if len(numbers[name_key(said.name)]) > 1:
            return say("whose_two_numbers")
        return self._made(said)

    # --- Canvas: its own number, which is the same in every assignment

    def _canvas(self, packages: Sequence[Package], rolls: Sequence[Roll]) -> None:
        has_list = bool(rolls) or any(
            person.full_name for person in self._people if any(lms == "canvas" for lms, _ in person.lms_ids)
        )
        for package in packages:
            if package.readings[0].said.participant:
                self._pseudonym(package)
                continue
            known = [
                (outer, self._people.of("lms_id", outer.said.lms_id, "canvas")) for outer in package.readings
            ]
            fitting = [
                (outer, person)
                for outer, person in known
                if person is not None and fits_canvas(outer.said.name, person.full_name)
            ]
            outer, person = known[0]
            if len(fitting) == 1:
                self._own(package, *fitting[0])
            elif fitting or len(known) > 1:
                self._refuse(package, say("whose_unclear_name"))
            elif person is not None and person.full_name:
                self._refuse(package, say("whose_canvas_group"))
            elif person is not None:
                self._own(package, outer, person)
            elif has_list:
                self._refuse(package, say("whose_not_on_list"))
            else:
                # Canvas squeezes the name; the number alone says who it is, in every assignment.
                self._take(package, outer, Identity("canvas", lms_id=outer.said.lms_id))

    def _pseudonym(self, package: Package) -> None:
        outer = package.readings[0]
        self._take(package, outer, Identity("canvas", self._assignment, outer.said.participant))

    def _take(self, package: Package, outer: Outer, said: Identity) -> None:
        person = self._made(said)
        if isinstance(person, Text):
            self._refuse(package, person)
        else:
            self._own(package, outer, person)

    def _made(self, said: Identity) -> Person | Text:
        (made,) = self._people.know([said], by_name=self._by_name).people
        return made.text if isinstance(made, PeopleError) else made

    # --- No LMS: the instructor wrote the name

    def _generic(self, packages: Sequence[Package], _: Sequence[Roll]) -> None:
        spellings: dict[str, set[str]] = defaultdict(set)
        for package in packages:
            said = package.readings[0].said
            spellings[folded(said.lms_id or said.email)].add(said.lms_id or said.email)
        for package in packages:
            outer = package.readings[0]
            wanted = outer.said.lms_id or outer.said.email
            same = spellings[folded(wanted)]
            if len(same) > 1:
                self._refuse(package, say("whose_two_spellings", names=", ".join(sorted(same))))
                continue
            person = self._generic_person(outer.said)
            if isinstance(person, Text):
                self._refuse(package, person)
            else:
                self._own(package, outer, person)

    def _generic_person(self, said: Identity) -> Person | Text:
        if said.email:
            return self._made(said)
        known = self._people.like(said.lms_id) or self._people.of("lms_id", said.lms_id, "generic")
        if known is not None:
            return known
        named = self._people.named(said.lms_id)
        meant = self._people.of("id_number", said.lms_id) or self._people.of("username", said.lms_id)
        if meant is not None or named:
            people = ", ".join(one.student for one in ([meant] if meant else named))
            words = {"name": said.lms_id, "people": people, "assignment": self._assignment}
            return say("whose_generic_other", **words)
        return self._made(replace(said, name=said.lms_id))

    def _now(self, person: Person) -> Person:
        """The person with all that was learned meanwhile."""
        return self._people.get(person.student, person)


def _merged(one: Identity, other: Identity) -> Identity | None:
    """Two rows of one participant number, when they do not contradict each other."""
    said = {}
    for field in fields(Identity):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if first and second and first != second and field.name != "submitted":
            return None
        said[field.name] = second or first
    return Identity(**said)


def _anonymous_word(packages: Sequence[Package]) -> str | None:
    """What a download in which names are hidden calls everybody."""
    said = [package.readings[0].said for package in packages]
    names = {one.name for one in said}
    if len(names) != 1:
        return None
    (name,) = names
    if name.casefold() in _ANONYMOUS:
        return name
    numbers = {one.participant for one in said}
    return name if len(numbers) > 2 and "" not in numbers and " " not in name else None


def _is_called(written: str, name: str) -> bool:
    return not name or not written or fits_moodle(written, name)


def _name(row: Identity | None, person: Person) -> str:
    return (row.full_name if row is not None else "") or person.full_name


def _may_be_of(sheet: str, download: str) -> bool:
    """Whether a worksheet may be of a download, as far as what Moodle calls them tells."""
    of_zip = _MODULE.fullmatch(download)
    of_sheet = _MODULE.fullmatch(sheet.partition("-")[2])
    if of_zip is None or of_sheet is None or of_zip["course"] != of_sheet["course"]:
        return True
    return of_zip["module"] == of_sheet["module"]


def _surely_of(sheet: str, download: str) -> bool:
    """Whether Moodle calls both by the number of one activity."""
    of_zip, of_sheet = _MODULE.fullmatch(download), _MODULE.fullmatch(sheet.partition("-")[2])
    return of_zip is not None and of_sheet is not None and of_zip["module"] == of_sheet["module"]


def _is_listed(person: Person) -> bool:
    """Whether more is known of a person than what a download of Brightspace says."""
    return bool(person.email or person.id_number or person.username)


def _may_be_of_brightspace(person: Person) -> bool:
    """Whether a person may stand on a list of Brightspace that was given before."""
    elsewhere = person.participants or any(lms != "brightspace" for lms, _ in person.lms_ids)
    return _is_listed(person) and not elsewhere


def _of(person: Person) -> Identity:
    """What is known of a person, as a row would say it."""
    return Identity(
        **{field: getattr(person, field) for field in ("name", "first_name", "last_name", "email")},
        id_number=person.id_number,
        username=person.username,
    )


def _plain(group: str) -> str:
    """What Moodle leaves of the name of a group."""
    return name_key(group) if name_key(group) else group
