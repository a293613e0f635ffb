"""Made-up classes with everything that confuses: what LMSs make of them, and who is wrong in the end.

Equal names, numbers that are somebody else's, numbers used again, hidden names, groups, later attempts, wrong
lists, and learners who put the names of others in their own zip. All in memory, so that many classes can be
tried: ``python -m benchmarks.collect`` does, and a test looks at a few.
"""

from __future__ import annotations

import io
import json
import random
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.lms.attempt import Handed, Wanted
from maatwerk_grading.lms.collected import Collected
from maatwerk_grading.lms.collecting import Chosen, Collecting, State
from maatwerk_grading.lms.downloads import Package, Piece, Source
from maatwerk_grading.lms.names import read_outer
from maatwerk_grading.lms.people import People, Person
from maatwerk_grading.lms.person import Identity, name_key
from maatwerk_grading.lms.whose import Decision, Roll, decide

ASSIGNMENTS = ("opdracht-1-kennismaking", "opdracht-2-waarden", "opdracht-3-dilemmas")
FIRST = (
    "Jan",
    "Sanne",
    "Zoë",
    "D'Angelo",
    "A",
    "Noor - Fleur",
    "ليلى",
    "Jan_12",
    "O’Neill",
    "Jean-Paul",
    "LATE",
)
LAST = (
    "de Boer",
    "Jansen",
    "van 't Hof",
    "B",
    "Smit - de Wit",
    "Çelik",
    "Bakker, jr.",
    "5_6",
    "’s-Gravesande",
)
LMSS = ("moodle", "brightspace", "canvas", "generic")
START = datetime(2026, 1, 9, 10, 12)


@dataclass
class Learner:
    """Somebody who exists once, whatever lists say."""

    key: int
    first: str
    last: str
    email: str
    id_number: str
    username: str
    lms_id: str
    group: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass
class Setting:
    """How a class and its LMS are set up."""

    lms: str
    learners: list[Learner]
    shown: tuple[str, ...]
    blind: bool
    team: bool
    flat: bool
    has_list: bool
    reused: bool
    numbers: dict[str, dict[int, int]] = field(default_factory=dict)


@dataclass
class Score:
    """What is counted over many classes."""

    classes: int = 0
    submissions: int = 0
    collected: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


class Memory(Source):
    """A download that was never on a disk."""

    keeps_dates = True

    def read(self, piece: Piece, largest: int) -> bytes:
        assert isinstance(piece.key, Path)
        return CONTENT[str(piece.key)]()


CONTENT: dict[str, object] = {}


def make(chance: random.Random) -> Setting:
    """A class, with what goes wrong in classes."""
    lms = chance.choice(LMSS)
    few = chance.random() < 0.5
    first, last = (FIRST[:3], LAST[:2]) if few else (FIRST, LAST)
    count = chance.randint(1, 7)
    learners = []
    used: set[str] = set()
    for key in range(count):
        # ID numbers are from where participant numbers are from, so that they are somebody else's.
        number = str(chance.randint(1, 3 * count))
        if number in used or chance.random() < 0.2:
            number = ""
        used.add(number)
        name = (chance.choice(first), chance.choice(last))
        learners.append(
            Learner(
                key, *name, f"p{key}@example.org", number, f"u{key}", str(100 + key), chance.choice("ABC")
            )
        )
    shown = chance.choice(((), ("email",), ("email",), ("id_number",), ("email", "id_number"), ("username",)))
    moodle = lms == "moodle"
    return Setting(
        lms=lms,
        learners=learners,
        shown=shown,
        blind=lms in ("moodle", "canvas") and chance.random() < 0.2,
        team=moodle and chance.random() < 0.15,
        flat=chance.random() < 0.5,
        has_list=chance.random() < 0.85,
        reused=chance.random() < 0.3,
    )


@dataclass
class Round:
    """One time that the instructor collects.

    Parameters
    ----------
    packages : list of Package
        What is in the downloads.
    rolls : list of Roll
        The lists given with it.
    handed : dict of int to int
        By learner, the newest version that they handed in whole until now; none for whom it cannot be said.
    """

    assignment: str
    packages: list[Package]
    rolls: list[Roll]
    handed: dict[int, int]
    blind: bool


def rounds(setting: Setting, chance: random.Random) -> Iterator[Round]:
    """All times that this class is collected."""
    sequence = 60
    for assignment in ASSIGNMENTS[: chance.randint(1, 3)]:
        order = list(range(len(setting.learners)))
        chance.shuffle(order)
        start = 1 if setting.reused else sequence
        setting.numbers[assignment] = {key: start + at for at, key in enumerate(order)}
        sequence += len(order)
        versions: dict[int, list[tuple[int, datetime, bool]]] = defaultdict(list)
        for learner in setting.learners:
            for version in range(1, chance.choice((1, 1, 1, 2, 3)) + 1):
                when = START + timedelta(days=version, minutes=chance.randint(0, 900))
                if chance.random() < 0.93:
                    versions[learner.key].append((version, when, chance.random() < 0.05))
        if setting.lms == "brightspace":
            yield _round(setting, assignment, chance, versions, 9)
            continue
        # Other LMSs give the last attempt only: so there are as many downloads.
        downloads = [
            {key: [one for one in found if one[0] <= until][-1:] for key, found in versions.items()}
            for until in (1, 2, 3)
        ]
        if chance.random() < 0.3:
            downloads.reverse()
        for at in range(chance.randint(1, 3)):
            yield _round(setting, assignment, chance, downloads[at], at)
        if setting.blind and chance.random() < 0.5:
            yield _round(replace(setting, blind=False), assignment, chance, downloads[-1], 4)


def _round(
    setting: Setting,
    assignment: str,
    chance: random.Random,
    versions: dict[int, list[tuple[int, datetime, bool]]],
    at: int,
) -> Round:
    source = Memory(Path(f"{assignment}-{at}.zip"))
    files: list[tuple[str, PurePosixPath, datetime, tuple[int, int, bool, bool]]] = []
    handed: dict[int, int] = {}
    groups: set[str] = set()
    for learner in setting.learners:
        mine = versions.get(learner.key, [])
        if setting.team:
            if learner.group in groups or not mine:
                continue
            groups.add(learner.group)
        for version, when, broken in mine:
            hostile = (learner.key + version) % 5 == 0
            outer = _outer(setting, learner, assignment, when)
            name = "answers.json" if (learner.key + version) % 3 == 0 and not hostile else f"{assignment}.zip"
            content = (learner.key, version, broken, hostile)
            files.append((outer, PurePosixPath(name), when, content))
            if not broken:
                handed[learner.key] = max(version, handed.get(learner.key, 0))
    chance.shuffle(files)
    packages: dict[str, Package] = {}
    for outer, name, when, content in files:
        flat = setting.flat or setting.lms in ("canvas", "generic")
        join = {"moodle": "_", "brightspace": " - "}.get(setting.lms, "")
        top = f"{outer}{join}{name}" if flat else outer
        readings = read_outer(top)
        assert readings, top
        key = _content(assignment, name.name, *content)
        piece = Piece(PurePosixPath(top) if flat else name, 100, when, source, Path(key))
        package = packages.setdefault(top, Package(top, readings, [], source, flat=flat))
        package.pieces.append(piece)
    return Round(
        assignment,
        list(packages.values()),
        _rolls(setting, assignment, chance, versions),
        handed,
        setting.blind,
    )


def _outer(setting: Setting, learner: Learner, assignment: str, when: datetime) -> str:
    number = setting.numbers[assignment][learner.key]
    if setting.lms == "moodle":
        if setting.team:
            return f"Groep {learner.group}_{'ABC'.index(learner.group) + 1}_assignsubmission_file"
        name = "Participant" if setting.blind else moodle_name(learner.name)
        return f"{name}_{number}_assignsubmission_file"
    if setting.lms == "brightspace":
        mine = number if setting.reused and setting.has_list else learner.lms_id
        time = f"{when:%b} {when.day}, {when.year} {when.hour % 12 or 12}{when:%M %p}"
        return f"{mine}-77 - {learner.name} - {time}"
    if setting.lms == "canvas":
        if setting.blind:
            return f"anon_x{number}_9000_"
        late = "LATE_" if learner.key % 3 == 0 else ""
        return f"{canvas_name(learner)}_{late}{learner.lms_id}_9000_"
    return f"{learner.email if learner.key % 3 == 0 else learner.username}__"


def moodle_name(name: str) -> str:
    """As Moodle makes a file name of it."""
    return "".join(one for one in name.replace("_", " ") if one not in "'\"/\\&:<>|`")


def canvas_name(learner: Learner) -> str:
    """As Canvas makes a file name of it."""
    said = f"{learner.last}, {learner.first}".casefold()
    return "".join(one for one in said if one.isalnum() or one == "_" or unicodedata.combining(one))


def _rolls(
    setting: Setting,
    assignment: str,
    chance: random.Random,
    versions: dict[int, list[tuple[int, datetime, bool]]],
) -> list[Roll]:
    if setting.lms == "generic" or not setting.has_list:
        return []
    if setting.lms != "moodle":
        rows = [
            Identity(
                setting.lms,
                first_name=one.first,
                last_name=one.last,
                email=one.email if "email" in setting.shown else "",
                id_number=one.id_number,
                username=one.username,
                lms_id=one.lms_id if setting.lms == "canvas" else "",
            ).tidy()
            for one in setting.learners
        ]
        return [Roll("lijst.csv", setting.lms, tuple(rows))]
    rolls = []
    numbers = setting.numbers[assignment]
    which = chance.random()
    if which < 0.1 and len(setting.numbers) > 1:
        # The worksheet of another assignment.
        numbers = next(iter(setting.numbers.values()))
    limited = 0.1 < which < 0.2
    if 0.2 < which < 0.25:
        return []
    rows = []
    for one in setting.learners:
        if limited and one.group == "A":
            continue
        said = Identity("moodle", participant=str(numbers[one.key]))
        if not setting.blind:
            strong = {name: getattr(one, name) for name in setting.shown}
            said = replace(said, name=one.name, **strong)
        if setting.team:
            said = replace(said, group=f"Groep {one.group}")
        mine = versions.get(one.key, [])
        rows.append(replace(said, submitted=f"{mine[-1][1]:%d %B %Y, %H:%M}" if mine else "").tidy())
    chance.shuffle(rows)
    rolls.append(Roll("formulier.csv", "moodle", tuple(rows)))
    return rolls


def _content(assignment: str, name: str, owner: int, version: int, broken: bool, hostile: bool) -> str:
    key = f"{assignment}|{name}|{owner}|{version}|{broken}|{hostile}"
    if key not in CONTENT:
        made = _made(assignment, name, owner, version, broken, hostile)
        CONTENT[key] = lambda: made
    return key


@cache
def _made(assignment: str, name: str, owner: int, version: int, broken: bool, hostile: bool) -> bytes:
    answers = json.dumps({"owner": owner, "version": version})
    if not name.endswith(".zip"):
        return b"" if broken else answers.encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{assignment}/answers.json", answers)
        archive.writestr(f"{assignment}/{assignment}.ipynb", "{}")
        if hostile:
            fake = json.dumps({"owner": owner, "version": -1})
            for victim in {(owner + 1) % 7, version}:
                for folder in (
                    f"{victim}-77 - x",
                    f"Jan de Boer_{victim + 60}_assignsubmission_file",
                    f"u{victim}__x",
                    f"boer_{100 + victim}_9000_x",
                ):
                    archive.writestr(f"{folder}/answers.json", fake)
    return made.getvalue()[: 60 if broken else None]


class InMemory(Collecting):
    """Puts nothing on a disk."""

    def __init__(self, course: Course, wanted: Wanted, before: Collected, there: dict[Path, Handed]) -> None:
        super().__init__(course, wanted, before, None)
        self._there = there

    def _exists(self, folder: Path) -> bool:
        return folder in self._there

    def _is_there(self, folder: Path, handed: Handed) -> bool:
        return self._there[folder].files == handed.files

    def _write(self, folder: Path, chosen: Chosen) -> list[object]:  # type: ignore[override]
        self._there[folder] = chosen.handed
        return []

    def _retime(self, folder: Path, attempt: object) -> None:
        pass


def course_of(assignment: str) -> Course:
    """A course folder that is nowhere."""
    return Course(
        root=Path("/nowhere"),
        assignment=assignment,
        db_url="",
        structure="{nbgrader_step}/{student_id}/{assignment_id}",
        source="source",
        submitted="submitted",
        autograded="autograded",
        feedback="feedback",
        feedback_permissions=0o644,
        ignored=(),
        not_overwritten=frozenset(),
        permissions=0o644,
        shared=False,
        everyone="*",
        excluded=frozenset(),
        largest_file=1,
        seconds=1,
        late=None,
    )


COURSES = {assignment: course_of(assignment) for assignment in ASSIGNMENTS}
WANTED = {one: Wanted(one, (one,), frozenset(ASSIGNMENTS) - {one}) for one in ASSIGNMENTS}


def try_class(seed: int, score: Score) -> None:
    """Collect everything of one class, and look whether anything went wrong or was not told."""
    chance = random.Random(seed)
    setting = make(chance)
    people = People()
    score.classes += 1
    before: dict[str, Collected] = defaultdict(Collected)
    there: dict[Path, Handed] = {}
    rows: dict[str, set[int]] = defaultdict(set)
    for each in rounds(setting, chance):
        decision = decide(each.packages, each.rolls, people, each.assignment, by_name=False)
        _join(decision, there, rows, before[each.assignment])
        collecting = InMemory(
            COURSES[each.assignment], WANTED[each.assignment], before[each.assignment], there
        )
        outcomes = list(collecting.everybody(decision, people))
        score.submissions += len(each.packages)
        place = f"class {seed}, {setting.lms}, {each.assignment}"
        found = {one.student: one for one in outcomes}
        for outcome in outcomes:
            if outcome.reason is not None:
                score.reasons[outcome.reason.en[:24]] += 1
            if outcome.state in (State.NEW, State.REPLACED, State.SAME, State.OLDER):
                score.collected += 1
            folder = COURSES[each.assignment].folder("submitted", outcome.student)
            if folder in there and outcome.state in (State.NEW, State.REPLACED):
                _check(score, place, setting, people[outcome.student], there[folder], rows, each)
        score.refused += len(decision.refused) + sum(one.state is State.REFUSED for one in outcomes)
        for refused in decision.refused:
            score.reasons[refused.text.en[:24]] += 1
        _told(score, place, each, decision, found)
    _one_row(score, seed, setting, people, rows)


def _join(
    decision: Decision, there: dict[Path, Handed], rows: dict[str, set[int]], before: Collected
) -> None:
    for old, new in decision.joined.items():
        for assignment, course in COURSES.items():
            if (folder := course.folder("submitted", old)) in there:
                target = course.folder("submitted", new)
                assert target not in there, (assignment, old, new)
                there[target] = there.pop(folder)
        rows[new] |= rows.pop(old, set())
        if old in before.kept:
            before.kept[new] = before.kept.pop(old)


def _check(
    score: Score,
    place: str,
    setting: Setting,
    person: Person,
    handed: Handed,
    rows: dict[str, set[int]],
    each: Round,
) -> None:
    """Whether work is with the one whose it is."""
    answers = json.loads(handed.files["answers.json"])
    owner = setting.learners[answers["owner"]]
    if answers["version"] < 0:
        score.wrong.append(f"{place}: {person.student} has what was in somebody's hostile folder")
    if setting.team:
        # Each member has the group's.
        members = [one for one in setting.learners if one.group == owner.group]
        theirs = [one for one in members if _is(person, one, setting)]
        if len(theirs) != 1:
            score.wrong.append(f"{place}: {person.student} has the work of group {owner.group}")
        else:
            rows[person.student].add(theirs[0].key)
        return
    rows[person.student].add(owner.key)
    if not person.anonymous and not _is(person, owner, setting):
        score.wrong.append(f"{place}: {person} has the work of {owner}")
    newest = each.handed.get(owner.key)
    if newest is not None and answers["version"] < newest:
        score.wrong.append(f"{place}: {person.student} has version {answers['version']}, not {newest}")


def _is(person: Person, owner: Learner, setting: Setting) -> bool:
    """Whether nothing that is known of a row is somebody else's."""
    for field_ in ("email", "id_number", "username"):
        value = getattr(person, field_)
        if value and value.casefold() != getattr(owner, field_).casefold():
            return False
    numbers = {str(found[owner.key]) for found in setting.numbers.values()}
    for lms, number in person.lms_ids:
        right = {"canvas": {owner.lms_id}, "generic": {owner.username}}.get(lms, {owner.lms_id, *numbers})
        if number not in right:
            return False
    for _, assignment, number in () if person.known_by_more_than_name else person.participants:
        mine = str(setting.numbers[assignment][owner.key])
        if number not in {mine, f"x{mine}"}:
            return False
    return not person.full_name or lms_name(person, owner)


def lms_name(person: Person, owner: Learner) -> bool:
    """Whether the name that is shown may be theirs."""
    return name_key(person.full_name) in {name_key(owner.name), name_key(owner.username)}


def _told(score: Score, place: str, each: Round, decision: Decision, found: dict[str, object]) -> None:
    """Whether something is said of every package and of everybody on a list."""
    said = Counter(one.shown for one in decision.refused)
    for package in each.packages:
        owned = [one for one in decision.owned if one.package is package]
        if not owned and not said[package.who]:
            score.untold.append(f"{place}: nothing said of {package.shown}")
        for one in owned:
            for person in one.people:
                if person.student not in found:
                    score.untold.append(f"{place}: nothing said of {person.student}")
    for person in decision.listed:
        if person.student not in found:
            score.untold.append(f"{place}: nothing said of {person.student}, who is on the list")


def _one_row(score: Score, seed: int, setting: Setting, people: People, rows: dict[str, set[int]]) -> None:
    """Whether one person is one row, and one row one person."""
    whose: dict[int, set[str]] = defaultdict(set)
    for student, owners in rows.items():
        if len(owners) > 1:
            score.wrong.append(f"class {seed}, {setting.lms}: {student} has the work of {sorted(owners)}")
        for owner in owners:
            if student in people and not people[student].anonymous:
                whose[owner].add(student)
    for owner, students in whose.items():
        if len(students) > 1:
            score.wrong.append(f"class {seed}, {setting.lms}: learner {owner} is {sorted(students)}")


def try_classes(seeds: Sequence[int]) -> Score:
    """Try many classes."""
    score = Score()
    for seed in seeds:
        try_class(seed, score)
    return score
