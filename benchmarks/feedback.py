"""Measure ``maatwerk feedback`` against ``nbgrader generate_feedback``, in one run.

Run by hand; everything happens in a temporary folder::

    python benchmarks/feedback.py [--count 200] [--sample 10]

Times include the start of every process. Other work on the machine makes all of them longer, so the kinds of
runs take turns, and the best of each counts. nbgrader is measured on a sample, its own start shared by
all: with the course's settings (it then makes the very same page), and as it is without them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grading_submissions import NAME, course_folder, hand_in

TURNS = 3
MAATWERK = ["-m", "maatwerk_app.cli"]
MB = 1024


@dataclass(frozen=True)
class Took:
    """What a command took: seconds by the clock, seconds of a core, and the most memory in MB."""

    seconds: float
    core: float
    memory: float


def timed(root: Path, command: Sequence[str]) -> Took:
    """Run a command in a course folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env={**os.environ, "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Took(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / MB)


def stock(root: Path, students: Sequence[str], settings: str | None) -> float:
    """Seconds that nbgrader takes for these students, with its start; ``settings`` replace the course's."""
    if settings is not None:
        (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    shutil.rmtree(root / "feedback", ignore_errors=True)
    excluded = [one.name for one in (root / "autograded").iterdir() if one.name not in students]
    command = ["-m", "nbgrader", "generate_feedback", NAME]
    option = f"--CourseDirectory.student_id_exclude={','.join(excluded)}"
    return timed(root, [*command, option]).seconds


def main() -> None:
    """Print the times and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--sample", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = course_folder(Path(folder) / "course")
        students = hand_in(root, asked.count)
        timed(root, [*MAATWERK, "grade", NAME])
        print(f"{asked.count} submissions of {NAME}; {os.cpu_count()} cores, load {os.getloadavg()}")
        kinds_of_ours: dict[str, list[Took]] = {"maatwerk feedback": [], "again, nothing changed": []}
        for _ in range(TURNS):
            shutil.rmtree(root / "feedback", ignore_errors=True)
            for took in kinds_of_ours.values():
                took.append(timed(root, [*MAATWERK, "feedback", NAME]))
        for kind, found in kinds_of_ours.items():
            best = min(found, key=lambda one: one.seconds)
            print(
                f"{kind:26} {best.seconds:7.2f} s, {1000 * best.seconds / asked.count:8.2f} ms a page; "
                f"{min(one.core for one in found):.2f} s of one core, {best.memory:.0f} MB"
            )
        ours = min(one.seconds for one in kinds_of_ours["maatwerk feedback"])
        sample = students[:: max(1, asked.count // asked.sample)][: asked.sample]
        kinds = {"nbgrader, our settings": None, "nbgrader, its own page": "c = get_config()\n"}
        for kind, settings in kinds.items():
            one, more = stock(root, sample[:1], settings), stock(root, sample, settings)
            page = (more - one) / (len(sample) - 1)
            whole = one + page * (asked.count - 1)
            print(
                f"{kind:26} {whole:7.2f} s, {1000 * page:8.2f} ms a page (a sample of {len(sample)}): "
                f"{whole / ours:.0f} x as long"
            )


if __name__ == "__main__":
    main()
