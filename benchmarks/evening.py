"""The instructor's evening, beside the same steps by nbgrader's own commands, in one run.

``python -m benchmarks.evening [--people 200] [--jobs 2] [--sample 4]`` makes a class of people who do not
exist, and what an LMS gives of it: Moodle's download of everybody's work, and the grading worksheet. From
there, as commands: collect, grade, feedback, report, and export into the worksheet with the zip of
feedback pages. This script itself gives the marks that a person gives; that is in no time. Every time is
by the clock, the start of Python included.

nbgrader does the same steps for a sample, with a configuration of its own and nothing of ours:
``zip_collect``, ``autograde``, ``generate_feedback``, ``export``. Once for one submission, by the clock,
and once for the sample: each one more counts for what it keeps a core busy, as waiting for other work on
the machine is no fault of nbgrader's. It has no command for the report, for the worksheet or for the
feedback zip, and gets nothing added for those; "the same steps" leaves our report out too.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maatwerk_exercises.assignments import assignments
from nbgrader.api import Gradebook

from benchmarks.grading_submissions import LANGUAGE, NAME, answers, course_folder, saved

MB = 1024
FIRST_NUMBER = 70
# What nbgrader needs to be told to read Moodle's download at all.
OF_MOODLE = r"""c = get_config()
c.FileNameCollectorPlugin.named_regexp = (
    r".*_(?P<student_id>\d+)_assignsubmission_file/(?:.*/)?(?P<file_id>[^/]+)$"
)
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json"]
"""
GIVEN_NAMES = ("Aïcha", "Bram", "Chantal", "Daan", "Elif", "Farid", "Greet", "Hanna", "Ilse", "Joris", "Zoë")
FAMILY_NAMES = (
    "van den Berg",
    "Öztürk",
    "de Vries",
    "O'Neill",
    "Jansen",
    "Çelik-Šimůnek",
    "’t Hooft",
    "Bakker",
)
SHEET = (
    *("Identificatie", "Volledige naam", "E-mailadres", "Status", "Cijfer", "Maximaal cijfer"),
    *("Het cijfer kan gewijzigd worden", "Laatst gewijzigd (inzending)", "Laatst gewijzigd (beoordeling)"),
    "Feedback",
)


@dataclass(frozen=True)
class Took:
    """What a command took: seconds by the clock, seconds of a core, and most memory of a process in MB."""

    seconds: float
    core: float
    memory: float


def compiled(folder: Path) -> dict[str, str]:
    """Settings by which Python keeps what it compiled, as where a course is installed by pip."""
    return {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}


def timed(root: Path, *command: str) -> Took:
    """Run a Python module in a course folder; what it says is kept in ``said.txt``."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with (root / "said.txt").open("w+", encoding="utf-8") as said:
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=root,
            env={**os.environ, "PATH": path, **compiled(root.parent)},
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - began
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{said.read()}\n{' '.join(command)} ended with {process.returncode}")
    return Took(took, used.ru_utime + used.ru_stime, used.ru_maxrss / MB)


def names(count: int) -> list[str]:
    """So many people's names; some are called the same."""
    chance = random.Random(count)
    return [f"{chance.choice(GIVEN_NAMES)} {chance.choice(FAMILY_NAMES)}" for _ in range(count)]


def make_download(root: Path, count: int, maximum: float) -> tuple[Path, Path]:
    """What Moodle gives of this class: the zip of all that was handed in, and the grading worksheet."""
    chance = random.Random(5)
    released = json.loads((root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    download, sheet = root / f"MW26-{NAME}-19.zip", root / f"Cijfers-MW26-{NAME}-19.csv"
    with (
        zipfile.ZipFile(download, "w") as archive,
        sheet.open("w", encoding="utf-8-sig", newline="") as written,
    ):
        rows = csv.writer(written)
        rows.writerow(SHEET)
        for number, name in enumerate(names(count), FIRST_NUMBER):
            work = io.BytesIO()
            with zipfile.ZipFile(work, "w", zipfile.ZIP_DEFLATED) as handed_in:
                notebook = json.dumps(saved(released, chance), indent=1)
                handed_in.writestr(f"{NAME}/{NAME}.ipynb", notebook)
                handed_in.writestr(f"{NAME}/answers.json", json.dumps(answers(chance), ensure_ascii=False))
            archive.writestr(f"{name}_{number}_assignsubmission_file/{NAME}.zip", work.getvalue())
            when = f"zondag, 29 november 2026, {chance.randint(8, 22):02}:00"
            mark = ("", f"{maximum:.2f}".replace(".", ","), "Ja", when, "-", "")
            rows.writerow(
                (f"Deelnemer{number}", name, f"c{number}@example.org", "Ingestuurd om te beoordelen", *mark)
            )
    return download, sheet


def mark_by_hand(root: Path) -> int:
    """Give every text that waits for a person some points; gives how many those were."""
    given = 0
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        chance = random.Random(7)
        for submission in book.assignment_submissions(NAME):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        grade.manual_score = chance.randint(0, int(grade.max_score))
                        grade.needs_manual_grade = False
                        given += 1
        book.db.commit()
    return given


def ours(root: Path, people: int, jobs: int) -> Mapping[str, Took]:
    """What each of our commands takes, after seeing that at the end everybody has a mark and a page."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        maximum = book.find_assignment(NAME).max_score
    download, sheet = make_download(root, people, maximum)
    command = "maatwerk_app.cli"
    took = {"collect": timed(root, command, "collect", NAME, download.name, sheet.name)}
    took["grade"] = timed(root, command, "grade", NAME, "--jobs", str(jobs))
    print(f"marks given by this script, in no time below: {mark_by_hand(root)}")
    took["feedback"] = timed(root, command, "feedback", NAME)
    took["report"] = timed(root, command, "report", NAME)
    took["export"] = timed(root, command, "export", NAME, "--into", sheet.name, "--feedback", "--to", "back")
    (filled,), (pages,) = (list((root / "back").glob(f"*.{kind}")) for kind in ("csv", "zip"))
    with filled.open(encoding="utf-8-sig", newline="") as written:
        marked = sum(1 for row in csv.DictReader(written) if row["Cijfer"])
    with zipfile.ZipFile(pages) as packed:
        found = len(packed.namelist())
    if (marked, found) != (people, people):
        raise SystemExit(f"of {people} people, {marked} have a mark and {found} a page")
    print(f"{marked} of {people} people have a mark in the worksheet, and {found} a page in the zip")
    return took


def stock(root: Path, count: int) -> Mapping[str, Took]:
    """What nbgrader's own commands take for so many submissions."""
    (root / "nbgrader_config.py").write_text(OF_MOODLE, encoding="utf-8")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        maximum = book.find_assignment(NAME).max_score
    download, _ = make_download(root, count, maximum)
    archive = root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    download.rename(archive / download.name)
    took = {
        "collect": timed(root, "nbgrader", "zip_collect", NAME),
        "grade": timed(root, "nbgrader", "autograde", NAME),
        "feedback": timed(root, "nbgrader", "generate_feedback", NAME),
        "export": timed(root, "nbgrader", "export"),
    }
    for step, made in (("collect", "submitted"), ("grade", "autograded"), ("feedback", "feedback")):
        found = len(list(root.glob(f"{made}/*/{NAME}")))
        if found != count:
            raise SystemExit(f"nbgrader, {step}: {found} of {count}")
    return took


def scaled(one: Mapping[str, Took], more: Mapping[str, Took], sample: int, people: int) -> dict[str, float]:
    """Seconds for everybody: what one submission takes, and of each one more what it keeps a core busy."""
    return {
        step: took.seconds + max(0.0, more[step].core - took.core) / (sample - 1) * (people - 1)
        for step, took in one.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the times, their ratios, and the most memory."""
    parser = argparse.ArgumentParser(prog="benchmarks.evening", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2, help="processes that grade")
    parser.add_argument("--sample", type=int, default=4, help="how many submissions nbgrader gets (from 2)")
    asked = parser.parse_args(arguments)
    if asked.sample < 2 or asked.people < 1:
        parser.error("--sample is 2 or more, and --people 1 or more")
    texts = len(assignments()[NAME].dilemmas)
    print(f"{asked.people} people, {NAME} ({texts} cases), {LANGUAGE}, --jobs {asked.jobs}")
    print(f"{os.cpu_count()} cores, load {' '.join(f'{one:.1f}' for one in os.getloadavg())}")
    with tempfile.TemporaryDirectory(prefix="maatwerk-evening-") as folder:
        released = course_folder(Path(folder).resolve() / "released")
        kinds = ("first", "first-stock", "ours", "one", "few")
        places = {one: Path(shutil.copytree(released, released.with_name(one))) for one in kinds}
        print("once in small, after which Python has compiled all that these commands import:")
        ours(places["first"], 2, asked.jobs)
        stock(places["first-stock"], 1)
        print("and then:")
        fast = ours(places["ours"], asked.people, asked.jobs)
        slow = scaled(stock(places["one"], 1), stock(places["few"], asked.sample), asked.sample, asked.people)
    print(f"{'':20}{'maatwerk':>10}{'nbgrader':>12}{'ratio':>8}{'memory':>10}")
    for step, took in fast.items():
        theirs = f"{slow[step]:10.1f} s{slow[step] / took.seconds:6.0f} x" if step in slow else " " * 20
        print(f"{step:20}{took.seconds:8.2f} s{theirs}{took.memory:7.0f} MB")
    mine, theirs_all = sum(one.seconds for one in fast.values()), sum(slow.values())
    peak = max(one.memory for one in fast.values())
    print(f"{'in all':20}{mine:8.2f} s{theirs_all:10.1f} s{theirs_all / mine:6.0f} x{peak:7.0f} MB")
    same = sum(fast[step].seconds for step in slow)
    print(f"{'the same steps':20}{same:8.2f} s{theirs_all:10.1f} s{theirs_all / same:6.0f} x")
    print(f"{'ours, of a core':20}{sum(one.core for one in fast.values()):8.2f} s")
    print(f"nbgrader: from samples of 1 and {asked.sample}; load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
