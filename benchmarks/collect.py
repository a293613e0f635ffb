"""Collecting: how many mistakes in many made-up classes, and what a large class takes.

``python -m benchmarks.collect --classes 100000`` prints how many submissions are with the wrong person, and
of how many nothing is told (both should be 0). ``python -m benchmarks.collect --submissions 200 10000``
collects downloads of that size with their worksheet, each in a process of its own, and prints what it took.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "lms"))

AT_ONCE = 500
SHOWN = 10
MEGABYTE = 1024


def try_many(classes: int, jobs: int, first: int) -> int:
    """Try made-up classes, and print what went wrong; the value is how many mistakes there were."""
    from classes import try_classes

    start = time.perf_counter()
    parts = [range(at, min(at + AT_ONCE, first + classes)) for at in range(first, first + classes, AT_ONCE)]
    submissions = collected = refused = 0
    wrong: list[str] = []
    untold: list[str] = []
    reasons: Counter[str] = Counter()
    with ProcessPoolExecutor(jobs) as pool:
        for score in pool.map(try_classes, parts):
            submissions += score.submissions
            collected += score.collected
            refused += score.refused
            wrong += score.wrong
            untold += score.untold
            reasons += score.reasons
    print(f"{classes} classes, {submissions} submissions, {time.perf_counter() - start:.0f} s")
    print(
        f"collected: {collected}; refused and told: {refused}; wrong: {len(wrong)}; not told: {len(untold)}"
    )
    for reason, count in reasons.most_common():
        print(f"  {count:8} {reason}…")
    for line in (*wrong[:SHOWN], *untold[:SHOWN]):
        print(line)
    return len(wrong) + len(untold)


def make_download(root: Path, count: int) -> tuple[Path, Path]:
    """A download of Moodle with a worksheet, for an assignment of the course."""
    from courses import THREE, make_course, work

    make_course(root)
    download, sheet = root / f"MW26-{THREE}-19.zip", root / f"Grades-MW26-{THREE}-19.csv"
    rows = ["Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission)"]
    rows[0] += ",Last modified (grade),Feedback comments"
    with zipfile.ZipFile(download, "w", zipfile.ZIP_DEFLATED) as archive:
        for at in range(count):
            name = f"Cursist {at} van Dorp"
            # As much as a notebook of the course has.
            made = work(str(at), text=[f"{at} {line} verantwoording" for line in range(400)])
            archive.writestr(f"{name}_{at + 70}_assignsubmission_file/{THREE}.zip", made)
            when = '"Sunday, 29 November 2026, 11:00 PM"'
            rows.append(f"Participant {at + 70},{name},c{at}@example.org,Submitted,,20.00,{when},-,")
    sheet.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    return download, sheet


def measure(count: int) -> None:
    """Collect one download in this process, twice, and print what it took."""
    from courses import THREE
    from maatwerk_app.cli import main

    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        command = [sys.executable, "-m", "benchmarks.collect", "--make", str(count), str(root)]
        subprocess.run(command, check=True)
        files = [str(next(root.glob("*.zip"))), str(next(root.glob("*.csv")))]
        for what in ("first", "again"):
            start = time.perf_counter()
            with (root / "said").open("w") as said:
                sys.stdout = said
                code = main(["collect", "--lang", "nl", "--course-dir", str(root), THREE, *files])
                sys.stdout = sys.__stdout__
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
            took = time.perf_counter() - start
            print(f"{count} submissions, {what}: {took:.2f} s, peak {peak:.0f} MB, exit code {code}")


def main() -> int:
    """Do what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first class")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--submissions", type=int, nargs="*", default=[])
    parser.add_argument("--make", nargs=2, metavar=("COUNT", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    # A new gradebook calls alembic, which stands beside this Python.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if asked.make:
        make_download(Path(asked.make[1]), int(asked.make[0]))
    elif asked.measure:
        measure(asked.measure)
    for count in asked.submissions:
        command = [sys.executable, "-m", "benchmarks.collect", "--measure", str(count)]
        subprocess.run(command, check=True)
    return int(try_many(asked.classes, asked.jobs, asked.first) > 0) if asked.classes else 0


if __name__ == "__main__":
    sys.exit(main())
