"""Collecting: from what an LMS gave to nbgrader's ``submitted``, with a word for everybody on the list."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum
from pathlib import Path

from maatwerk import Text
from maatwerk_learner.files import reason

from maatwerk_grading.autograde.course import Course
from maatwerk_grading.lms.attempt import Handed, Wanted, newest_of, read_attempt
from maatwerk_grading.lms.collected import Collected, Kept
from maatwerk_grading.lms.dates import read_date, to_utc
from maatwerk_grading.lms.downloads import DownloadError, Package, Piece, Source, read_download
from maatwerk_grading.lms.people import People, Person
from maatwerk_grading.lms.unpack import RefusedError, say
from maatwerk_grading.lms.whose import Decision, Owned, Refused, Roll, decide

TIMESTAMP_FILE = "timestamp.txt"
STAGING = ".maatwerk-collect"
# Moodle's clock and that of the page may be this far apart, and no further.
_MOST_HOURS_BETWEEN_CLOCKS = 26


class State(Enum):
    """What became of one person's work; the value is a key of the texts."""

    NEW = "state_new"
    REPLACED = "state_replaced"
    SAME = "state_same"
    OLDER = "state_older"
    BEFORE = "state_before"
    NOTHING = "state_nothing"
    REFUSED = "state_refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person's work.

    Parameters
    ----------
    student, name : str
        In the gradebook.
    state : State
        What it is.
    when : datetime, optional
        When it was handed in, by the LMS's clock.
    reason : Text, optional
        Why it was refused.
    remarks : tuple of Text
        What else there is to say.
    """

    student: str
    name: str
    state: State
    when: datetime | None = None
    reason: Text | None = None
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What collecting came to.

    Parameters
    ----------
    outcomes : tuple of Outcome
        For everybody on the lists, and everybody whose work was found.
    refused : tuple of Refused
        What is nobody's, or that of one of several people.
    unusable : tuple of Text
        Why a file was not used at all.
    downloads, lists : int
        How many of each could be used.
    untimed : bool
        Whether for some work nobody says when it was handed in.
    """

    outcomes: tuple[Outcome, ...]
    refused: tuple[Refused, ...]
    unusable: tuple[Text, ...]
    downloads: int
    lists: int
    untimed: bool

    @property
    def all_well(self) -> bool:
        """Whether nothing was refused."""
        return (
            not self.refused
            and not self.unusable
            and all(one.state is not State.REFUSED for one in self.outcomes)
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one person handed in at one time.

    Parameters
    ----------
    pieces : tuple of Piece
        The files.
    order : datetime, optional
        When, by the LMS's clock; for comparing.
    sure : bool
        Whether that is the LMS's own word.
    said : datetime, optional
        When, as far as it counts for being late, by the LMS's clock.
    late : bool
        Whether the LMS calls it late.
    group : str
        Whose group's it is.
    """

    pieces: tuple[Piece, ...]
    order: datetime | None
    sure: bool
    said: datetime | None
    late: bool
    group: str = ""


def read_packages(
    files: Sequence[Path], wanted: Wanted, opened: ExitStack
) -> tuple[list[Package], list[Text], int]:
    """The packages of all downloads, why some cannot be used, and how many can."""
    packages: list[Package] = []
    unusable: list[Text] = []
    for file in files:
        try:
            packages += read_download(file, wanted.assignment, wanted.others, opened)
        except DownloadError as error:
            unusable.append(error.text)
    return packages, unusable, len(files) - len(unusable)


def attempts_of(owned: Sequence[Owned], submitted: str) -> list[Attempt]:
    """The attempts of one person, the newest first; those without a date last.

    Parameters
    ----------
    owned : sequence of Owned
        All packages that are theirs.
    submitted : str
        When they last handed in, in the words of a Moodle worksheet.
    """
    grouped: dict[tuple[Source, str], list[Owned]] = defaultdict(list)
    for one in owned:
        if one.outer.is_text:
            continue
        lms = one.outer.said.lms
        when = one.outer.when
        # Brightspace gives each attempt a folder; a loose file has the time of its attempt in its name.
        own = {"brightspace": when.isoformat() if when else one.package.shown, "generic": one.package.shown}
        grouped[one.package.source, own.get(lms, "")].append(one)
    said = read_date(submitted)
    attempts = [_attempt(source, parts, said) for (source, _), parts in grouped.items()]
    # Two downloads may hold one attempt, and only the newest can be the one that the worksheet speaks of.
    return sorted(attempts, key=lambda one: one.order or datetime.min, reverse=True)


def _attempt(source: Source, parts: Sequence[Owned], submitted: datetime | None) -> Attempt:
    first = parts[0]
    pieces = tuple(piece for one in parts for piece in one.package.named_by(one.outer))
    of_files = newest_of(pieces)
    lms = first.outer.said.lms
    order, sure, said = of_files, source.keeps_dates, None
    if lms == "brightspace" and first.outer.when is not None:
        order, sure, said = first.outer.when, True, first.outer.when
    elif lms == "moodle":
        said = submitted or (of_files if sure else None)
        # A file cannot be newer than its submission: then the worksheet was made before this attempt.
        if submitted and sure and of_files and _hours(of_files, submitted) > _MOST_HOURS_BETWEEN_CLOCKS:
            said = of_files
    return Attempt(
        pieces=pieces,
        order=order,
        sure=sure,
        said=said,
        late=any(one.outer.late for one in parts),
        group=first.outer.said.name if len(first.people) > 1 else "",
    )


def _hours(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Chosen:
    """The attempt that counts, with what is in it."""

    attempt: Attempt
    handed: Handed
    remarks: tuple[Text, ...]


def choose(attempts: Sequence[Attempt], wanted: Wanted) -> Chosen:
    """The newest attempt that is whole.

    Raises
    ------
    RefusedError
        When none is, or when nothing tells which is the newest.
    """
    if not attempts:
        raise RefusedError("upload_text")
    failed: RefusedError | None = None
    waiting = list(attempts)
    while waiting:
        newest = [one for one in waiting if one.order == waiting[0].order or one.order is None]
        waiting = [one for one in waiting if one not in newest]
        read: list[tuple[Attempt, Handed]] = []
        for one in newest:
            try:
                read.append((one, read_attempt(one.pieces, wanted)))
            except RefusedError as error:
                failed = failed or error
        if not read:
            continue
        if len({digest_of(handed) for _, handed in read}) > 1:
            raise RefusedError("attempts_unclear")
        attempt, handed = read[0]
        remarks = []
        if failed is not None:
            remarks.append(say("remark_newest_refused", reason=failed.text))
        if attempt.group:
            remarks.append(say("remark_group", group=attempt.group))
        if attempt.late:
            remarks.append(say("remark_late"))
        if handed.renamed:
            remarks.append(say("remark_renamed", name=handed.renamed))
        return Chosen(attempt, handed, tuple(remarks))
    assert failed is not None
    raise failed


def digest_of(handed: Handed) -> str:
    """A fingerprint of what was handed in."""
    made = hashlib.sha256()
    for name, content in sorted(handed.files.items()):
        made.update(f"{name!r} {len(content)}\n".encode())
        made.update(content)
    return made.hexdigest()


class Collecting:
    """Puts work in its place, one person at a time.

    Parameters
    ----------
    course : Course
        The course folder and the assignment.
    wanted : Wanted
        What belongs to the assignment.
    before : Collected
        What was collected earlier; it is brought up to date.
    zone : tzinfo, optional
        Of the LMS's clock; ``None`` for that of this computer.
    """

    def __init__(self, course: Course, wanted: Wanted, before: Collected, zone: tzinfo | None) -> None:
        self._course = course
        self._wanted = wanted
        self._before = before
        self._zone = zone
        self.untimed = False

    def everybody(self, decision: Decision, people: People) -> Iterator[Outcome]:
        """Put the work of everybody in place, and say what became of it; then who handed in nothing."""
        theirs: dict[str, list[Owned]] = defaultdict(list)
        reasons: dict[str, Text] = {}
        for owned in decision.owned:
            for person in owned.people:
                theirs[person.student].append(owned)
        for refused in decision.refused:
            for person in refused.people:
                reasons.setdefault(person.student, refused.text)
        for person in decision.listed:
            self._before.listed[person.student] = person.full_name
        listed = {person.student: person for person in decision.listed}
        for student in sorted({*theirs, *listed, *reasons}):
            if student not in people:
                continue
            person = people[student]
            if student in theirs:
                yield self._one(person, theirs[student], decision.submitted.get(student, ""))
            elif student in reasons:
                yield Outcome(student, person.full_name, State.REFUSED, reason=reasons[student])
            else:
                state = State.BEFORE if self._exists(self._folder(student)) else State.NOTHING
                yield Outcome(student, person.full_name, state)

    def _one(self, person: Person, owned: Sequence[Owned], submitted: str) -> Outcome:
        student, name = person.student, person.full_name
        try:
            chosen = choose(attempts_of(owned, submitted), self._wanted)
            state, remarks = self._place(student, chosen)
        except RefusedError as error:
            return Outcome(student, name, State.REFUSED, reason=error.text)
        except OSError as error:
            why = say("attempt_unwritable", folder=self._folder(student), reason=reason(error))
            return Outcome(student, name, State.REFUSED, reason=why)
        attempt = chosen.attempt
        self.untimed |= attempt.said is None
        return Outcome(student, name, state, attempt.said, remarks=(*chosen.remarks, *remarks))

    def _place(self, student: str, chosen: Chosen) -> tuple[State, list[Text]]:
        """Put it in the learner's folder, unless something newer or the same is there."""
        attempt, handed = chosen.attempt, chosen.handed
        order = attempt.order.isoformat() if attempt.order else ""
        new = Kept(digest_of(handed), order if attempt.sure else "", attempt.late)
        folder = self._folder(student)
        old = self._before.kept.get(student)
        if not self._exists(folder):
            remarks = self._write(folder, chosen)
            self._before.kept[student] = new
            return State.NEW, remarks
        if (old is not None and old.digest == new.digest) or (old is None and self._is_there(folder, handed)):
            self._retime(folder, attempt)
            newest = max((one for one in (old, new) if one is not None), key=lambda one: one.order)
            self._before.kept[student] = newest
            return State.SAME, []
        difference = _compare(new.when, old.when if old is not None else None)
        if difference is None:
            raise RefusedError("attempt_not_newer", folder=str(folder))
        if difference < 0:
            return State.OLDER, []
        remarks = self._write(folder, chosen)
        self._before.kept[student] = new
        return State.REPLACED, remarks

    def _folder(self, student: str) -> Path:
        return self._course.folder(self._course.submitted, student)

    def _exists(self, folder: Path) -> bool:
        return folder.is_dir()

    def _is_there(self, folder: Path, handed: Handed) -> bool:
        """Whether a folder that was filled in another way holds just this."""
        try:
            return all((folder / name).read_bytes() == content for name, content in handed.files.items())
        except OSError:
            return False

    def _write(self, folder: Path, chosen: Chosen) -> list[Text]:
        """Put the files in place at once: what was there before goes as a whole."""
        files = dict(chosen.handed.files)
        remarks = []
        if chosen.handed.without_notebook:
            released = self._released()
            files.update(released)
            remarks.append(say("remark_own_notebook" if released else "remark_no_notebook"))
        if (stamp := self._stamp(chosen.attempt)) is not None:
            files[TIMESTAMP_FILE] = stamp
        staging = self._course.root / STAGING
        made, gone = staging / "new", staging / "old"
        for left in (made, gone):
            shutil.rmtree(left, ignore_errors=True)
        made.mkdir(parents=True)
        for name, content in files.items():
            (made / name).write_bytes(content)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rename(gone)
        made.rename(folder)
        shutil.rmtree(gone, ignore_errors=True)
        return remarks

    def _stamp(self, attempt: Attempt) -> bytes | None:
        """When it was handed in, as nbgrader writes it."""
        if attempt.said is None:
            return None
        return f"{to_utc(attempt.said, self._zone):%Y-%m-%d %H:%M:%S} UTC".encode()

    def _retime(self, folder: Path, attempt: Attempt) -> None:
        """The same work with a better time: a worksheet came later than the zip."""
        stamp = self._stamp(attempt)
        file = folder / TIMESTAMP_FILE
        if stamp is not None and (not file.is_file() or file.read_bytes() != stamp):
            file.write_bytes(stamp)

    def _released(self) -> Mapping[str, bytes]:
        """The assignment's notebooks as they were released: no answer is in them."""
        release = self._course.folder("release", ".")
        try:
            return {
                f"{name}.ipynb": (release / f"{name}.ipynb").read_bytes() for name in self._wanted.notebooks
            }
        except OSError:
            return {}

    def tidy(self) -> None:
        """Leave nothing behind but what was collected."""
        shutil.rmtree(self._course.root / STAGING, ignore_errors=True)


def _compare(new: datetime | None, old: datetime | None) -> float | None:
    """Above 0 when the new one is newer, below 0 when it is older; ``None`` when nothing tells."""
    if new is None or old is None or new == old:
        return None
    return (new - old).total_seconds()


def collect(
    course: Course,
    wanted: Wanted,
    files: Sequence[Path],
    rolls: Sequence[Roll],
    people: People,
    before: Collected,
    *,
    by_name: bool = False,
    zone: tzinfo | None = None,
    unusable: Iterable[Text] = (),
    join: Callable[[Mapping[str, str]], Iterable[Text]] = lambda joined: (),
) -> tuple[Result, Decision]:
    """Collect everything in these files; ``people`` and ``before`` learn from it.

    Parameters
    ----------
    course : Course
        The course folder.
    wanted : Wanted
        What belongs to the assignment.
    files : sequence of Path
        Downloads.
    rolls : sequence of Roll
        Lists.
    people : People
        Everybody who is known.
    before : Collected
        What was collected earlier.
    by_name : bool
        Whether the instructor says that no two people of the course have one name.
    zone : tzinfo, optional
        Of the LMS's clock.
    unusable : iterable of Text
        Why lists could not be used.
    join : callable
        Moves what was kept under a pseudonym to the person that it is, and says what could not be moved.
    """
    with ExitStack() as opened:
        packages, bad, count = read_packages(files, wanted, opened)
        decision = decide(packages, rolls, people, wanted.assignment, by_name=by_name)
        clashes = tuple(join(decision.joined))
        collecting = Collecting(course, wanted, before, zone)
        outcomes = list(collecting.everybody(decision, people)) if packages else []
        collecting.tidy()
    result = Result(
        outcomes=tuple(outcomes),
        refused=tuple(one for one in decision.refused if len(one.people) != 1),
        unusable=(*unusable, *bad, *decision.unused, *clashes),
        downloads=count,
        lists=len(rolls),
        untimed=collecting.untimed,
    )
    return result, decision
