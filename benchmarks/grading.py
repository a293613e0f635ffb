"""Measure the fast grader against stock nbgrader and against a floor, and try it on what chance has spoiled.

Run by hand; everything happens in a temporary folder, which takes up to 2 GB for ``memory``::

    python benchmarks/grading.py speed [--sample 12 | --full]   times a submission, and their ratios
    python benchmarks/grading.py memory                         peak memory at 1,000 and 10,000 submissions
    python benchmarks/grading.py compare                        every field against stock, cell by cell
    python benchmarks/grading.py fuzz [--count 10000]           mutated submissions: none may crash it

Times include the start of every process. Other work on the machine makes all of them longer, so the kinds of
runs take turns, and the best of each counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests" / "nbgrader"
sys.path.insert(0, str(TESTS))

from grading_submissions import LANGUAGE, NAME, course_folder, hand_in, nbgrader  # noqa: E402

HERE = Path(__file__).parent
SUBMISSIONS = 200
TURNS = 3
MB = 1024


def speed(folder: Path, sample: int) -> None:
    """Time them all, in turns."""
    root = course_folder(folder / "released")
    students = hand_in(root, SUBMISSIONS)
    print(f"{SUBMISSIONS} submissions of {NAME}, {LANGUAGE}; {os.cpu_count()} cores, load {os.getloadavg()}")
    names = students[:: max(1, len(students) // sample)][:sample]
    few = folder / "few"
    shutil.copytree(
        root, few, ignore=lambda at, found: _others(found, names) if at.endswith("submitted") else ()
    )
    kinds = {
        "floor": [str(HERE / "grading_floor.py"), "."],
        "maatwerk grade": ["-m", "maatwerk_app.cli", "grade", NAME],
        "maatwerk grade --jobs 1": ["-m", "maatwerk_app.cli", "grade", NAME, "--jobs", "1"],
    }
    times: dict[str, list[float]] = {kind: [] for kind in (*kinds, "maatwerk grade, again")}
    stock = nothing = 0.0
    for turn in range(TURNS):
        for kind, command in kinds.items():
            with _copied(root, folder / "work") as place:
                times[kind].append(_timed(place, command))
                if kind == "maatwerk grade":
                    times["maatwerk grade, again"].append(_timed(place, command))
        if turn == 0:
            stock = _timed(few, ["-m", "nbgrader", "autograde", NAME])
            # All are graded by now, so this is what nbgrader takes before its first submission.
            nothing = _timed(few, ["-m", "nbgrader", "autograde", NAME])
    each = (stock - nothing) / len(names) + nothing / SUBMISSIONS
    floor = min(times["floor"]) / SUBMISSIONS
    whole = "all of them" if len(names) == SUBMISSIONS else f"from a sample of {len(names)}"
    print(f"{'nbgrader autograde':24} {1000 * each:9.2f} ms a submission ({whole}, its start shared by all)")
    for kind, found in times.items():
        best = min(found) / SUBMISSIONS
        ratios = f"{each / best:5.0f} x as fast as stock, {best / floor:5.2f} x the floor"
        print(f"{kind:24} {1000 * best:9.2f} ms a submission: {ratios}")


def _others(found: Sequence[str], names: Sequence[str]) -> list[str]:
    return [name for name in found if name not in names]


def memory(folder: Path) -> None:
    """The most memory that the grader held, and how long it took."""
    for count in (1000, 10_000):
        root = course_folder(folder / str(count))
        hand_in(root, count)
        for jobs in ("1", str(os.cpu_count() or 1)):
            shutil.rmtree(root / "autograded", ignore_errors=True)
            command = [sys.executable, "-m", "maatwerk_app.cli", "grade", NAME, "--force", "--jobs", jobs]
            began = time.perf_counter()
            with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
                _, _, used = os.wait4(process.pid, 0)
                process.returncode = 0
            took = time.perf_counter() - began
            peak = used.ru_maxrss / MB
            print(
                f"{count:6} submissions, --jobs {jobs}: {peak:6.1f} MB in the largest process, {took:6.1f} s"
            )
        shutil.rmtree(root)


def compare(folder: Path) -> None:
    """Grade varied submissions by both, and say on how many facts they do not agree."""
    from course_roots import copy_root
    from course_roots import hand_in as hand_in_varied
    from handed_in import NAME as VARIED
    from handed_in import submissions
    from hostile import cases, submit
    from maatwerk_grading.autograde.batch import Request, grade_all
    from maatwerk_grading.autograde.compare import differences, facts
    from maatwerk_grading.autograde.course import read_course

    root = copy_root("nl", folder / "stock")
    nbgrader(root, "generate_assignment", VARIED)
    plain = submissions()
    # All of them: some are about what another one handed in.
    hostile = [case for case in cases() if not case.unlike]
    shutil.copytree(root, folder / "fast")
    for place in (root, folder / "fast"):
        for one in plain:
            hand_in_varied(place, one)
        for case in hostile:
            submit(case, place)
    students = [one.student for one in plain] + [case.folder for case in hostile]
    print(f"{len(plain)} ordinary and {len(hostile)} broken or hostile submissions of {VARIED}")
    print("not among them, because nbgrader itself cannot be asked:")
    for why, number in Counter(case.unlike for case in cases() if case.unlike).items():
        print(f"    {number:3} {why}")
    ours, theirs = (read_course(folder / kind, VARIED) for kind in ("fast", "stock"))
    _report("maatwerk grade", lambda: len(list(grade_all(ours, students, Request()))))
    _report("nbgrader autograde", lambda: nbgrader(root, "autograde", VARIED))
    known = facts(theirs, students)
    found = differences(facts(ours, students), known)
    for one in found:
        print(one)
    print(f"{len(students)} submissions, {len(known)} facts, {len(found)} differences")


def fuzz(folder: Path, count: int) -> None:
    """Grade mutated submissions, some at a time."""
    from course_roots import copy_root
    from handed_in import NAME as VARIED
    from maatwerk_grading.autograde.batch import Request, grade_all
    from maatwerk_grading.autograde.course import read_course
    from mutations import hand_in_mutated
    from test_fast_mutations import problems

    root = copy_root("nl", folder / "nl")
    nbgrader(root, "generate_assignment", VARIED)
    states: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    wrong = 0
    for seed, size in enumerate(_parts(count, 500)):
        hand_in_mutated(root, size, seed)
        course = read_course(root, VARIED)
        for result in grade_all(course, list(course.students()), Request(jobs=os.cpu_count() or 1)):
            states[result.state.name] += 1
            remarks.update({remark.key for remark in result.remarks})
            for problem in problems(result):
                wrong += 1
                print(f"{result.student}: {problem}")
        shutil.rmtree(root / "submitted")
        shutil.rmtree(root / "autograded")
        print(f"{states.total():6} graded or refused, {wrong} wrong", flush=True)
    print(dict(states))
    print(dict(remarks.most_common()))


def _parts(count: int, size: int) -> Iterator[int]:
    for at in range(0, count, size):
        yield min(size, count - at)


@contextmanager
def _copied(root: Path, place: Path) -> Iterator[Path]:
    """A course folder in which nothing has been graded yet."""
    place.mkdir()
    for file in ("gradebook.db", "nbgrader_config.py"):
        shutil.copy(root / file, place)
    for name in ("source", "submitted"):
        (place / name).symlink_to(root / name)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _timed(place: Path, arguments: Sequence[str]) -> float:
    """How long one process takes, from its start to its end."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    took = time.perf_counter() - began
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    return took


def _report(what: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(prog="benchmarks/grading.py", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "memory", "compare", "fuzz"])
    parser.add_argument("--sample", type=int, default=12, help="how many submissions stock nbgrader gets")
    parser.add_argument("--full", action="store_true", help="let stock nbgrader grade them all")
    parser.add_argument("--count", type=int, help="how many submissions to mutate (10000)")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="maatwerk-grading-") as name:
        folder = Path(name).resolve()
        match asked.what:
            case "speed":
                speed(folder, SUBMISSIONS if asked.full else asked.sample)
            case "memory":
                memory(folder)
            case "compare":
                compare(folder)
            case _:
                fuzz(folder, asked.count or 10_000)


if __name__ == "__main__":
    main()
