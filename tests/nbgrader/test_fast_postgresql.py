"""The fast grader with a gradebook in PostgreSQL, by nbgrader's own ``db_url``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest
from course_roots import hand_in
from handed_in import NAME, submissions
from hostile import submit
from hostile_case import Case
from maatwerk_grading.autograde.batch import Request, grade_all
from maatwerk_grading.autograde.compare import differences, facts
from maatwerk_grading.autograde.course import read_course
from maatwerk_grading.autograde.results import State
from maatwerk_grading.autograde.verify import copy_gradebook

pytestmark = pytest.mark.xdist_group("fast")


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, which refuse to work for root."""
    (binary,) = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[-1:]
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    # A server that inherits the pipes would keep them open.
    subprocess.run(
        [*user, str(binary), *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=120
    )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that only this test can reach, by a socket in its own folder."""
    folder = Path(mkdtemp(prefix="maatwerk-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    try:
        _run(
            "initdb", f"--pgdata={data}", "--username=docent", "--auth=trust", "--no-sync", "--encoding=UTF8"
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        _run(
            "pg_ctl", "start", f"--pgdata={data}", "--wait", f"--log={folder / 'log'}", f"--options={options}"
        )
        try:
            yield f"postgresql+psycopg://docent@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "stop", f"--pgdata={data}", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def test_marks_in_postgresql_are_those_in_sqlite(
    server: str, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maatwerk_grading.autograde.batch.PART", 4)
    shutil.copytree(released, tmp_path / "sqlite")
    for one in submissions():
        hand_in(tmp_path / "sqlite", one)
    for name in ("o'brien; drop table grade --", "José Ünal", "100%"):
        submit(Case(name, lambda _folder: None), tmp_path / "sqlite")
    shutil.copytree(tmp_path / "sqlite", tmp_path / "postgresql")
    sqlite = read_course(tmp_path / "sqlite", NAME)
    postgresql = replace(read_course(tmp_path / "postgresql", NAME), db_url=server)
    copy_gradebook(sqlite, postgresql, [])
    students = list(sqlite.students())
    for course in (sqlite, postgresql):
        found = list(grade_all(course, students, Request(jobs=2)))
        assert {result.state for result in found} == {State.GRADED}
    ours = facts(postgresql, students)
    assert len(ours) > 400 * len(students)
    assert differences(ours, facts(sqlite, students)) == []
    found = list(grade_all(postgresql, students, Request(jobs=2)))
    assert {result.state for result in found} == {State.UNCHANGED}
    found = list(grade_all(postgresql, students, Request(force=True)))
    assert {result.state for result in found} == {State.GRADED}
    assert differences(facts(postgresql, students), ours) == []
