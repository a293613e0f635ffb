"""`maatwerk live`: what it refuses, and how it says so, in the facilitator's language."""

from __future__ import annotations

import socket
from pathlib import Path

import maatwerk_live.command
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_app.cli import main
from maatwerk_live.server.store import DAY, Store
from maatwerk_live.server.workshop import room_at
from maatwerk_live.server.workshops import Limits

NOW = 1_000 * DAY


def test_without_the_extension_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maatwerk_live.command.importlib.util, "find_spec", lambda name: None)
    assert main(["live"]) == 2
    assert "maatwerk[live]" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_taken_port_is_named(
    language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        asked = ["live", "--lang", language, "--data", str(tmp_path / "w.db"), "--bind", "127.0.0.1"]
        assert main([*asked, "--port", port]) == 2
    said = capsys.readouterr().err
    assert port in said and "--port" in said


def test_two_servers_never_share_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(tmp_path / "w.db")
    assert main(["live", "--data", str(tmp_path / "w.db"), "--bind", "127.0.0.1", "--port", "0"]) == 2
    store.close()
    said = capsys.readouterr().err
    assert str(tmp_path / "w.db") in said and "--data" in said


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "w.db").write_text("no database, and long enough to see that it is none. " * 40)
    assert main(["live", "--data", str(tmp_path / "w.db"), "--bind", "127.0.0.1", "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "w.db") in said and "--data" in said


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "nonsense"])
def test_a_bus_that_is_not_there_is_named(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["live", "--data", str(tmp_path / "w.db"), "--bind", "127.0.0.1", "--port", "0", "--bus", url]
    assert main(asked) == 2
    said = capsys.readouterr().err
    assert url in said and "--bus" in said


def test_wiping_needs_to_know_what_and_wipes_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "w.db"
    assert main(["live", "wipe", "--data", str(data)]) == 2
    assert "--all" in capsys.readouterr().err
    store = Store(data)
    store.create("nl", 0)
    store.close()
    assert main(["live", "--data", str(data), "wipe", "--days", "100000"]) == 0
    assert main(["live", "wipe", "--data", str(data), "--days", "30"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["0", "1"]


def test_workshops_are_wiped_after_thirty_days(tmp_path: Path) -> None:
    store = Store(tmp_path / "w.db")
    kept = store.create("nl", NOW - 29 * DAY)
    store.create("nl", NOW - 31 * DAY)
    assert store.wipe(NOW - int(Limits().keep_days * DAY)) == 1
    assert [record.code for record in store.rooms()] == [kept.code]
    store.close()


def test_the_qr_code_leads_to_the_room_and_its_key_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "w.db")
    record = store.create("nl", NOW)
    store.close()
    assert len({record.token, record.board_key, record.join_key}) == 3
    room = room_at("http://hal:1/", record, {})
    assert record.token not in str(room)
    assert record.join_key not in room.board_link and record.board_key not in str(room.joining)
    assert len({len(row) for row in room.joining.qr}) == 1 and set("".join(room.joining.qr)) == {"0", "1"}
