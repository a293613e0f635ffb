"""``maatwerk collect``: its arguments, and what it says."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from filelock import FileLock, Timeout
from maatwerk import Language, Text
from maatwerk.errors import CommandError
from maatwerk_grading.bridge import clean
from maatwerk_grading.lms.collecting import Outcome, Result, State, collect
from maatwerk_grading.lms.given_files import read_rolls, sort_files
from maatwerk_grading.lms.unpack import TEXTS

NOT_ALL = 1
NEEDED = ("nbgrader", "sqlalchemy", "babel")
LOCK = ".maatwerk-collect.lock"
_WIDEST = 40
_MOST_NAMES = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""

    def both(key: str) -> str:
        return f"{TEXTS[key].nl} / {TEXTS[key].en}"

    parser.add_argument("assignment", metavar="ASSIGNMENT", help="de opdracht / the assignment")
    parser.add_argument("files", metavar="FILE", nargs="+", help=both("help_files"))
    parser.add_argument("--by-name", action="store_true", help=both("help_by_name"))
    parser.add_argument("--timezone", metavar="ZONE", help=both("help_timezone"))
    parser.add_argument(
        "--course-dir", type=Path, default=Path(), help="de cursusmap / the course folder (.)"
    )


def run(asked: argparse.Namespace) -> int:
    """Carry it out; the value is the exit code: 1 when something was refused."""
    from maatwerk_grading.autograde.problems import CannotGradeError, Remark

    if any(find_spec(name) is None for name in NEEDED):
        raise CommandError(Remark("not_installed").say(asked.lang))
    from maatwerk_grading.lms.people import PeopleFileError

    zone = _zone(asked.timezone, asked.lang)
    try:
        return _collect(asked, zone)
    except CannotGradeError as error:
        raise CommandError(error.remark.say(asked.lang)) from error
    except PeopleFileError as error:
        raise CommandError(error.text[asked.lang]) from error
    except OSError as error:
        raise CommandError(Remark("folder_unusable", {"reason": str(error)}).say(asked.lang)) from error
    except KeyboardInterrupt:
        raise CommandError(Remark("interrupted").say(asked.lang)) from None


def _collect(asked: argparse.Namespace, zone: tzinfo | None) -> int:
    from maatwerk_grading.autograde.batch import opened_gradebook, read_released
    from maatwerk_grading.autograde.course import read_course
    from maatwerk_grading.lms.attempt import Wanted
    from maatwerk_grading.lms.collected import read_collected, write_collected
    from maatwerk_grading.lms.joining import join
    from maatwerk_grading.lms.names_in_gradebook import assignment_names, known_students, write_names
    from maatwerk_grading.lms.people import opened_people

    course = read_course(asked.course_dir.absolute(), asked.assignment)
    with opened_gradebook(course) as engine:
        source = read_released(engine, course)
        with engine.connect() as connection:
            names = assignment_names(connection)
            students = known_students(connection)
        others = frozenset(names) - {course.assignment}
        wanted = Wanted(course.assignment, tuple(sorted(source.notebooks)), others)
        lists, downloads = sort_files(asked.files)
        rolls, unusable = read_rolls(lists, course.assignment, others)
        with _alone(course.root, asked.lang), opened_people(course.root) as people:
            people.adopt(students)
            before = read_collected(course.root, course.assignment)
            result, decision = collect(
                course,
                wanted,
                downloads,
                rolls,
                people,
                before,
                by_name=asked.by_name,
                zone=zone,
                unusable=unusable,
                join=lambda joined: join(course, engine, joined, people, before),
            )
            touched = {person.student for one in decision.owned for person in one.people}
            touched |= {person.student for person in decision.listed}
            write_names(engine, (people[student] for student in sorted(touched) if student in people))
            write_collected(course.root, course.assignment, before)
    if not result.downloads and not result.lists:
        raise CommandError("\n".join(_line(text[asked.lang]) for text in result.unusable))
    for line in table(result, asked.lang, course.assignment):
        print(line)
    return 0 if result.all_well else NOT_ALL


@contextmanager
def _alone(root: Path, lang: Language) -> Iterator[None]:
    try:
        with FileLock(root / LOCK, timeout=0):
            yield
    except Timeout:
        raise CommandError(TEXTS["busy"][lang].format(folder=root)) from None


def _zone(name: str | None, lang: Language) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandError(TEXTS["bad_timezone"][lang].format(zone=name)) from None


def table(result: Result, lang: Language, assignment: str) -> Iterator[str]:
    """What became of everybody, line by line: what asks for something comes last, where it is seen."""
    words = TEXTS
    rows = [
        (clean(one.name) or "-", one.student, _state(one, lang))
        for one in sorted(result.outcomes, key=lambda one: (_ORDER.index(one.state), one.name, one.student))
    ]
    if rows:
        head = (words["head_name"][lang], words["head_student"][lang], words["head_state"][lang])
        widths = [min(_WIDEST, max(len(row[at]) for row in (head, *rows))) for at in (0, 1)]
        for row in (head, *rows):
            yield _line(f"{_cell(row[0], widths[0])}  {_cell(row[1], widths[1])}  ", spaces=True) + _line(
                row[2]
            )
    by_reason: dict[Text, dict[str, None]] = defaultdict(dict)
    for refused in result.refused:
        by_reason[refused.text][clean(refused.shown)] = None
    if by_reason:
        yield ""
        yield words["refused_head"][lang]
        for text, names in by_reason.items():
            yield f"  {_line(_names(list(names), lang))}"
            yield f"    {_line(text[lang])}"
    for text in result.unusable:
        yield _line(words["file_line"][lang].format(reason=text[lang]))
    if result.downloads:
        yield ""
        if not result.lists and result.outcomes:
            yield words["no_list"][lang]
        if result.untimed:
            yield words["no_time"][lang]
        yield _summary(result, lang, assignment)
    else:
        yield words["only_list"][lang]


_ORDER = (State.NEW, State.REPLACED, State.SAME, State.OLDER, State.BEFORE, State.NOTHING, State.REFUSED)


def _summary(result: Result, lang: Language, assignment: str) -> str:
    count = Counter(one.state for one in result.outcomes)
    return TEXTS["summary"][lang].format(
        assignment=assignment,
        collected=count[State.NEW] + count[State.REPLACED] + count[State.SAME] + count[State.OLDER],
        new=count[State.NEW],
        replaced=count[State.REPLACED],
        same=count[State.SAME] + count[State.OLDER],
        nothing=count[State.NOTHING],
        refused=count[State.REFUSED] + len({one.shown for one in result.refused}) + len(result.unusable),
    )


def _state(one: Outcome, lang: Language) -> str:
    words = TEXTS[one.state.value][lang]
    said = words.format(reason=one.reason[lang]) if one.reason is not None else words
    if one.when is not None:
        said = TEXTS["with_time"][lang].format(state=said, time=f"{one.when:%d-%m-%Y %H:%M}")
    for remark in one.remarks:
        said = TEXTS["with_remark"][lang].format(state=said.rstrip("."), remark=remark[lang])
    return said


def _cell(text: str, width: int) -> str:
    short = text if len(text) <= width else f"{text[: width - 1]}…"
    return f"{short:<{width}}"


def _names(names: Sequence[str], lang: Language) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return TEXTS["names_more"][lang].format(names=shown, count=more) if more > 0 else shown


def _line(text: str, *, spaces: bool = False) -> str:
    """What a learner chose may be in it: it stays on its line, and steers no terminal."""
    return clean(text).replace("\n", " ") if spaces else " ".join(clean(text).split())
