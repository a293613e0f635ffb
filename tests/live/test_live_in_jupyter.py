"""Inside a Jupyter server: people come in without a login, and reach nothing else of it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from maatwerk_live.notebook.follow import Wanted, begin_following

from tests.live.clients import Client, Told, connected

TOKEN = "a-token-for-this-test-only"
PREFIX = "/user/begeleider/"


@dataclass
class Jupyter:
    port: int
    pid: int
    runtime: Path

    def ask(
        self, path: str, method: str = "GET", token: str = "", body: bytes | None = None
    ) -> tuple[int, str, str]:
        """Status, address in the end, and body."""
        request = Request(f"http://127.0.0.1:{self.port}{PREFIX}{path}", method=method, data=body)
        if token:
            request.add_header("Authorization", f"token {token}")
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except HTTPError as error:
            return error.code, str(error.url), error.read().decode()


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    folder: Path = tmp_path_factory.mktemp("jupyter")
    (folder / "root").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.base_url={PREFIX}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder / 'root'}"]
    command += ["--ServerApp.allow_unauthenticated_access=False"]
    command += ["--ServerApp.jpserver_extensions={'maatwerk_live.server.jupyter': True}"]
    environment = os.environ | {
        "MAATWERK_LIVE_DATA": str(folder / "workshops.db"),
        # Without the other extensions of this environment.
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
    }
    log = (folder / "log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    server = Jupyter(port, process.pid, folder / "runtime")
    try:
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(30)
        log.close()
    said = (folder / "log").read_text()
    assert "JupyterServerAuthWarning" not in said and "Traceback" not in said, said
    # Nobody's address is logged for taking part.
    assert "maatwerk-live/ws" not in said and "maatwerk-live/join" not in said


def _wait_for(server: Jupyter, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            if server.ask("maatwerk-live/join")[0] == 200:
                return
        except (URLError, ConnectionError):
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_only_who_is_logged_in_begins_a_workshop(jupyter: Jupyter) -> None:
    assert jupyter.ask("maatwerk-live/workshops", "POST", body=b"{}")[0] == 403
    assert jupyter.ask("maatwerk-live/workshops", "POST", "wrong", b"{}")[0] == 403
    assert jupyter.ask("maatwerk-live/workshops", "POST", TOKEN, b'{"lang": "fr"}')[0] == 400
    status, _, body = jupyter.ask("maatwerk-live/workshops", "POST", TOKEN, b'{"lang": "en"}')
    assert status == 201
    assert set(json.loads(body)) == {"code", "stage", "board", "join"}


def test_phones_take_part_without_a_login(jupyter: Jupyter) -> None:
    begun = json.loads(jupyter.ask("maatwerk-live/workshops", "POST", TOKEN, b"{}")[2])
    address = f"http://127.0.0.1:{jupyter.port}{PREFIX}maatwerk-live/"
    for path in (
        "join",
        "stage",
        "board",
        "content/nl.json",
        "static/live/phone.js",
        "static/widgets/plane.js",
    ):
        assert jupyter.ask(f"maatwerk-live/{path}")[:2] == (200, f"{address}{path}")

    async def hello(client: Client, t: str, **fields: object) -> None:
        await client.say(t=t, v=1, code=begun["code"], **fields)

    async def play() -> None:
        token = begun["stage"].partition(".")[2]
        async with connected(address, "stage") as leader, connected(address, "phone") as one:
            await hello(leader, "hello_stage", token=token)
            shown = await leader.until("stage")
            # The QR code leads where the facilitator is, under the hub's prefix.
            assert shown["board"]["joining"]["address"] == f"{address}join"
            await hello(one, "hello")
            await one.until("welcome")
            await leader.command("open", case="scootmobiel")
            number = (await one.until("state", phase="open"))["round"]["id"]
            await one.say(t="place", seq=1, round=number, person=1, group=1)
            await one.until("ack", seq=1)

    asyncio.run(play())


def test_without_a_login_there_is_nothing_else(jupyter: Jupyter) -> None:
    for path in ("api/kernels", "api/contents", "api/sessions", "api/terminals", "api/kernels/x/channels"):
        status, address, _ = jupyter.ask(path)
        assert status in (403, 404) or "/login" in address, path
    for path in ("static/live/../jupyter.py", "static/live/%2e%2e/store.py", "../../api/kernels"):
        status, address, body = jupyter.ask(f"maatwerk-live/{path}")
        assert status in (403, 404) or "/login" in address, path
        assert "import" not in body


def test_a_kernel_begins_a_workshop_there_and_goes_on_with_it(
    jupyter: Jupyter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(jupyter.runtime))
    monkeypatch.setenv("JPY_PARENT_PID", str(jupyter.pid))
    begun = []
    for new in (True, False):
        told = Told()
        following = begin_following(Wanted("en", tmp_path / "own.db", new, "https://hub.example.org"), told)
        stage, board = told.until("stage"), told.until("board")
        following.cancel()
        assert stage.startswith(f"{PREFIX}maatwerk-live/stage#{board['joining']['code']}.")
        # Where the browser sees this server, phones do too.
        assert board["joining"]["address"] == f"https://hub.example.org{PREFIX}maatwerk-live/join"
        begun.append(board["joining"]["code"])
    assert begun[0] == begun[1]
    assert not (tmp_path / "own.db").exists()
