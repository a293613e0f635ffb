"""Following a workshop's board from a notebook: finds or begins the workshop, and hears what its board shows.

All of it runs in a thread of its own, so that neither the hall nor the board waits for a cell that is busy.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_runtime_dir
from maatwerk import Language
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from maatwerk_live.content import command_words, live_words
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.defaults import PORT
from maatwerk_live.server.server import Options, Server
from maatwerk_live.server.store import StoreInUseError
from maatwerk_live.server.workshops import now_in_milliseconds

# Seconds between two changes that are shown, and before trying again what did not work.
BEAT = 0.1
AGAIN = 2.0


class ProblemError(Exception):
    """Something that the facilitator can do something about; its text says what."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A workshop that can be followed.

    Parameters
    ----------
    pages : str
        Where this process finds its pages, ending in ``/``.
    code, board_key : str
        What the board says first.
    stage : str
        The facilitator's address, for the browser.
    """

    pages: str
    code: str
    board_key: str
    stage: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which workshop: see :func:`maatwerk_live.notebook.widgets.workshop`; and where the browser looks
    from."""

    lang: Language
    data: Path
    new: bool
    origin: str


def board_after(board: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """A board after a message to it. ``whole`` counts how often all of it came anew.

    Parameters
    ----------
    board : mapping
        As the server's ``board`` message has it; empty when none came yet.
    message : mapping
        A ``board``, ``tick`` or ``picture``; one about another round than the board's changes nothing.
    """
    if message["t"] == "board":
        return {**message, "whole": board.get("whole", 0) + 1}
    if not board or message["round"] != (board.get("round") or {}).get("id", 0):
        return dict(board)
    if message["t"] == "picture":
        return {**board, "picture": message["picture"], "arguments": message.get("arguments", [])}
    counts = {name: message[name] for name in ("people", "placed", "weighed")}
    if "dots" not in board:
        return {**board, **counts}
    dots, changed = list(board["dots"]), message.get("dots", [])
    for at in range(0, len(changed), 3):
        number, group, person = changed[at : at + 3]
        dots[2 * number : 2 * number + 2] = [group, person]
    return {**board, **counts, "dots": dots}


def begin_following(wanted: Wanted, tell: Callable[..., None]) -> Future[None]:
    """Follow a workshop from now on, until what this returns is cancelled.

    Parameters
    ----------
    wanted : Wanted
        Which.
    tell : callable
        Is told ``stage``, ``board`` and ``problem`` by name, from another thread, as they change.
    """
    return asyncio.run_coroutine_threadsafe(_follow(wanted, tell), _background())


@cache
def _background() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="maatwerk-live", daemon=True).start()
    return loop


async def _follow(wanted: Wanted, tell: Callable[..., None]) -> None:
    begun = None
    while begun is None:
        try:
            begun = await _begun_in_jupyter(wanted) or await _begun_here(wanted)
        except ProblemError as problem:
            # A file that is in use comes free when the notebook that used it is closed.
            tell(problem=str(problem))
            await asyncio.sleep(AGAIN)
    tell(stage=begun.stage, problem="")
    board: dict[str, Any] = {}
    farewell = ""
    while farewell in ("", "again", "busy"):
        farewell, board = await _hear(begun, board, tell)
        tell(problem=live_words(wanted.lang)[f"bye_{farewell}" if farewell else "away"])
        await asyncio.sleep(AGAIN)


async def _hear(begun: Begun, board: dict[str, Any], tell: Callable[..., None]) -> tuple[str, dict[str, Any]]:
    """Tell what the board shows, as long as the connection lasts; returns why it ended, and the board."""
    loop, timer, said = asyncio.get_running_loop(), None, ""

    def show() -> None:
        nonlocal timer
        timer = None
        tell(board={**board, "now": now_in_milliseconds()}, problem="")

    try:
        connection = await websocket_connect(f"{begun.pages.replace('http', 'ws', 1)}ws/board")
        hello = {"t": "hello_board", "v": 1, "code": begun.code, "key": begun.board_key}
        await connection.write_message(json.dumps(hello))
        while (text := await connection.read_message()) is not None:
            message = json.loads(text)
            if message["t"] == "bye":
                said = message["reason"]
                break
            board = board_after(board, message)
            timer = timer or loop.call_later(BEAT, show)
    except (OSError, HTTPClientError, WebSocketClosedError):
        pass
    if timer:
        timer.cancel()
    return said, board


# --- Where the workshop runs ---------------------------------------------------------------------------


async def _begun_in_jupyter(wanted: Wanted) -> Begun | None:
    """In the Jupyter server that this kernel belongs to, when the extension is enabled there."""
    info = Path(jupyter_runtime_dir(), f"jpserver-{os.environ.get('JPY_PARENT_PID')}.json")
    try:
        server = json.loads(info.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    token = os.environ.get("JUPYTERHUB_API_TOKEN") or server["token"]
    body = {"lang": wanted.lang, "goes_on": not wanted.new, "origin": wanted.origin}
    request = HTTPRequest(
        f"{server['url']}maatwerk-live/workshops",
        method="POST",
        headers={"Authorization": f"token {token}"},
        body=json.dumps(body),
        follow_redirects=False,
    )
    try:
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    except OSError:
        return None
    if answer.code == 503:
        raise ProblemError(json.loads(answer.body)["message"])
    if answer.code != 201:
        return None
    found = json.loads(answer.body)
    board_key = found["board"].partition(".")[2]
    return Begun(f"{server['url']}maatwerk-live/", found["code"], board_key, found["stage"])


# The servers in this process, by their file: running a cell again goes on with what it began.
_servers: dict[Path, tuple[Server, RoomRecord]] = {}


async def _begun_here(wanted: Wanted) -> Begun:
    """In this process: a server of its own, on which phones in the same network find it."""
    if wanted.new and wanted.data in _servers:
        await _servers.pop(wanted.data)[0].stop()
    if wanted.data not in _servers:
        _servers[wanted.data] = await _server(wanted)
    server, record = _servers[wanted.data]
    host = urlsplit(wanted.origin).hostname or "127.0.0.1"
    stage = f"http://{host}:{server.port}/stage#{record.code}.{record.token}"
    return Begun(f"http://127.0.0.1:{server.port}/", record.code, record.board_key, stage)


async def _server(wanted: Wanted) -> tuple[Server, RoomRecord]:
    words = command_words(wanted.lang)
    # The usual port, which a firewall may know already; any other when it is taken.
    for port in (PORT, 0):
        server = Server(Options(data=wanted.data, lang=wanted.lang, port=port, new=wanted.new))
        try:
            record, _ = await server.start()
        except StoreInUseError:
            raise ProblemError(words["in_use_notebook"]) from None
        except (OSError, sqlite3.Error) as error:
            if port and isinstance(error, OSError) and not error.filename:
                continue
            raise ProblemError(words["data_unusable"].format(data=wanted.data, reason=error)) from None
        return server, record
    raise AssertionError("a free port is always found")
