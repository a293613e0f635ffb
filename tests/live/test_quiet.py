"""Odd requests and too many connections: no traceback, nobody's address anywhere, and the hall goes on."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from maatwerk_live.commands import _Foreign, _Said

from tests.live.clients import Running, live, phone, stage

ODD_PATHS = (
    "/static/live/x%00.css",
    "/static/live/%00",
    "/static/live/%2e%2e%2fhold.py",
    "/static/live/..%5c..%5chold.css",
    "/static/live/" + "a" * 5_000 + ".css",
    "/static/live/%ff%fe.js",
    "/static/live/\u00e9.css",
    "/static/live/con.css",
    "/static/widgets/plane.js%00",
    "/static/widgets/%00plane.js",
    "/content/nl.json%00",
    "/content/%00.json",
    "/plans/%0d%0aX-A:%20b.json",
    "/talk/phone%00",
    "/talk/kernel",
    "/ws/phone%00",
    "//elders.example/join",
    "/join/../../etc/passwd",
    "/%",
    "/%zz",
    "/?" + "a=1&" * 2_000,
    "*",
    "http://elders.example/join",
    "/join#x",
    "/join;x=y",
)
ODD_REQUESTS = (
    b"GET /join HTTP/1.1\r\n\r\n",
    b"GET /join HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET /join HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /join HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET  /join  HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\x00" * 64,
    b"GET /join HTTP/1.1\r\nHost: x\r\nX\r\n\r\n",
    b"GET /join HTTP/1.1\r\nHost: x\r\nRange: bytes=9-1,x\r\n\r\n",
    b"GET /static/live/phone.js HTTP/1.1\r\nHost: x\r\nRange: bytes=99999999-\r\n\r\n",
    b"GET /static/live/phone.js HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: \xff nonsense\r\n\r\n",
    b'GET /static/live/phone.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: \xff"\r\n\r\n',
    b"GET /join HTTP/1.1\r\nHost: x\r\nCookie: =;=;\xff\r\n\r\n",
    b"GET /join HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4, nonsense\r\nX-Real-Ip: x\r\n\r\n",
    b"GET /join HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: gopher\r\n\r\n",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nOrigin: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nOrigin: http://[\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    b"POST /join HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 1\r\n\r\nx",
    b"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
    b"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99\r\n\r\n",
    b"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n",
    b"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://[\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"GET /ws/phone HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"CONNECT elders.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)


async def ask(port: int, raw: bytes) -> bytes:
    """What comes back at first; nothing when the connection is closed, or nothing comes in a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(1):
                return await reader.read(2_000)
        return b""
    finally:
        writer.transport.abort()


def said_after(running: Running) -> str:
    """What the server wrote after its greeting, until it stopped."""
    running.process.terminate()
    return running.process.communicate(timeout=30)[0]


def test_nothing_odd_leaves_a_trace(tmp_path: Path) -> None:
    requests = [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in ODD_PATHS]

    async def play(running: Running) -> None:
        answers = await asyncio.gather(*(ask(running.port, raw) for raw in (*requests, *ODD_REQUESTS)))
        for raw, answer in zip((*requests, *ODD_REQUESTS), answers, strict=True):
            assert not answer.startswith(b"HTTP/1.1 5"), (raw, answer)
        for answer in answers[: len(ODD_PATHS)]:
            assert answer[9:12] in (b"", b"200", b"400", b"404"), answer
        async with phone(running):
            pass

    with live(tmp_path / "workshops.db") as running:
        asyncio.run(play(running))
        assert said_after(running) == ""


def test_more_connections_than_there_can_be(tmp_path: Path) -> None:
    """The report still comes, no core is busy with refusing, and nothing is written about it."""

    async def play(running: Running) -> None:
        process = psutil.Process(running.process.pid)
        async with stage(running) as leader:
            idle = [await asyncio.open_connection("127.0.0.1", running.port) for _ in range(250)]
            await asyncio.sleep(0.5)
            before = sum(process.cpu_times()[:2])
            await asyncio.sleep(1)
            assert sum(process.cpu_times()[:2]) - before < 0.5
            await leader.command("open", case="scootmobiel")
            for kind in ("html", "csv", "ipynb"):
                await leader.say(t="ask_report", kind=kind)
                told = await leader.until_that("report", lambda m, kind=kind: m["kind"] == kind)
                assert told["text"]
            for _, writer in idle:
                writer.transport.abort()
            async with phone(running):
                pass

    with live(tmp_path / "workshops.db") as running:
        # As a system that allows no more than this.
        resource.prlimit(running.process.pid, resource.RLIMIT_NOFILE, (128, 128))
        asyncio.run(play(running))
        assert said_after(running) == ""


def test_a_proxy_that_hides_the_name_of_the_site_is_named_once_with_the_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    foreign = _Foreign(_Said("nl"))
    for origin in (
        "https://werkvorm.example",
        "https://werkvorm.example",
        "https://kwaad.example\x1b[2J",
        "null",
        "https://" + "a" * 500,
        *(f"https://site-{number}.example" for number in range(9)),
    ):
        foreign(origin)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3 and "--trust https://werkvorm.example" in said[0]
    assert "kwaad" not in "".join(said)


def test_a_mistake_of_ours_is_one_line_without_whose_request_it_was(tmp_path: Path) -> None:
    """Planted: a page that fails for each request."""
    program = (
        "import asyncio, sys\n"
        "from maatwerk_live.server import routes as pages\n"
        "from maatwerk_live.server.connections import ConnectionManager\n"
        "from maatwerk_live.server.server import serve\n"
        "def broken(self, name): raise RuntimeError('geheim')\n"
        "pages.Page.get = broken\n"
        "async def main():\n"
        "    from tornado.httpclient import AsyncHTTPClient\n"
        "    from tornado.testing import bind_unused_port\n"
        "    http = serve(ConnectionManager())\n"
        "    socket, port = bind_unused_port(address='127.0.0.1')\n"
        "    http.add_socket(socket)\n"
        "    for _ in range(5):\n"
        "        got = await AsyncHTTPClient().fetch(f'http://127.0.0.1:{port}/join', raise_error=False)\n"
        "        assert got.code == 500 and not got.body\n"
        "asyncio.run(main())\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0
    assert len(ran.stderr.splitlines()) == 1 and ran.stderr.startswith("RuntimeError (")
    assert "127.0.0.1" not in ran.stderr and "geheim" not in ran.stderr
