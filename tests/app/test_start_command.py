"""`maatwerk start`: what it refuses, and how it says so, in the learner's language."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import maatwerk_app.launch
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk.content import content_root
from maatwerk_app.cli import main
from maatwerk_app.launch import (
    StartOptions,
    default_folder,
    lab_command,
    pages_command,
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[StartOptions]:
    """Record what the command would start, instead of starting it."""
    asked: list[StartOptions] = []
    monkeypatch.setattr("maatwerk_app.commands.start.start", lambda options: asked.append(options) or 0)
    return asked


def test_dutch_unless_asked_otherwise(started: list[StartOptions], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANG_COURSE", raising=False)
    main(["start"])
    monkeypatch.setenv("LANG_COURSE", "en")
    main(["start"])
    main(["start", "--lang", "nl"])
    assert [options.language for options in started] == ["nl", "en", "nl"]
    assert [options.folder for options in started] == [default_folder(code) for code in ("nl", "en", "nl")]
    main(["pages"])
    assert [options.pages for options in started] == [False, False, False, True]
    assert started[-1].folder == started[1].folder


def test_a_language_that_the_course_has_not(
    started: list[StartOptions], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG_COURSE", "fr")
    assert main(["start"]) == 2
    said = capsys.readouterr().err
    assert "'fr'" in said and "nl" in said and "en" in said
    assert started == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_never_works_in_the_originals(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    original = content_root() / "course" / language
    before = {p: p.stat().st_mtime_ns for p in original.rglob("*")}
    assert main(["start", "--lang", language, "--dir", str(original), "--no-browser"]) == 2
    assert "--dir" in capsys.readouterr().err
    assert {p: p.stat().st_mtime_ns for p in original.rglob("*")} == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_used_is_named(
    language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["start", "--lang", language, "--dir", str(tmp_path / "file" / "copy")]) == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "file" / "copy") in said and "--dir" in said


@pytest.mark.parametrize(("command", "extra"), [("start", "lab"), ("pages", "pages")])
def test_without_what_shows_the_course_it_says_what_to_install(
    command: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(maatwerk_app.launch.importlib.util, "find_spec", lambda name: None)
    assert main([command, "--dir", str(tmp_path / "copy")]) == 2
    assert f"maatwerk[{extra}]" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("command", [lab_command, pages_command])
def test_the_address_is_asked_for_where_there_is_no_browser(
    command: Callable[[Path, Path, bool, int], list[str]],
) -> None:
    first, folder = Path("05-doorbreken.ipynb"), Path("/somewhere")
    assert "--no-browser" in command(first, folder, False, 8888)
    assert "--no-browser" not in command(first, folder, True, 8888)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_stopping_it_takes_the_server_along(name: str, tmp_path: Path) -> None:
    """It left its server running on SIGTERM, so the next start found the port in use."""
    told = tmp_path / "server"
    server = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = (
        "import os, sys; from maatwerk_app.launch import run_until_stopped; "
        f"sys.exit(run_until_stopped([sys.executable, '-c', {server!r}], os.environ))"
    )
    started = subprocess.Popen([sys.executable, "-c", program])
    until = time.monotonic() + 30
    while not (told.exists() and told.read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    started.send_signal(getattr(signal, name))
    assert started.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_no_line_of_it_frightens() -> None:
    """Each page opened said that somebody could listen in; and nbgrader, that it had no course."""
    command = lab_command(Path("00-start.ipynb"), Path("/somewhere"), False, 8888)
    assert "--KernelManager.transport_encryption=auto" in command
    (extensions,) = (one for one in command if one.startswith("--ServerApp.jpserver_extensions"))
    assert "'nbgrader.server_extensions.formgrader': False" in extensions
