"""Letting connections in, also when there are too many: quietly, and with something left to work with.

Tornado accepts until the system refuses, and then fails again at every turn of the loop: a core busy with
nothing but tracebacks, in which visitors' addresses stand, and no file left for the disk or for a report.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop

# Files and connections that are kept free for what the server does itself.
RESERVE = 48
# How long nobody new is let in after there was no room, in seconds.
PAUSE = 0.5
# So many at once, before others get a turn.
AT_ONCE = 128


class Listener:
    """Lets connections in from sockets, as long as there is room.

    Parameters
    ----------
    http : HTTPServer
        Who gets them.
    sockets : sequence of socket
        Where they come in.
    """

    def __init__(self, http: HTTPServer, sockets: Sequence[socket.socket]) -> None:
        self._http = http
        self._sockets = sockets
        self._loop = IOLoop.current()
        self._open = False
        self._pause: object = None
        self._listen()

    def close(self) -> None:
        """Let nobody in any more."""
        if self._pause is not None:
            self._loop.remove_timeout(self._pause)
            self._pause = None
        self._deafen()

    def _listen(self) -> None:
        self._pause = None
        self._open = True
        for one in self._sockets:
            self._loop.add_handler(one, self._accept, IOLoop.READ)

    def _deafen(self) -> None:
        if self._open:
            self._open = False
            for one in self._sockets:
                self._loop.remove_handler(one)

    def _accept(self, listening: socket.socket, events: int) -> None:
        most = most_open()
        for _ in range(AT_ONCE):
            try:
                connection, address = listening.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError:
                # No room at all: whoever waits outside is let in when somebody has gone.
                self._wait()
                return
            if most and connection.fileno() >= most - RESERVE:
                # The lowest free number is given out first: this says how many there are.
                connection.close()
                self._wait()
                return
            self._http._handle_connection(connection, address)

    def _wait(self) -> None:
        self._deafen()
        self._pause = self._loop.call_later(PAUSE, self._listen)


def most_open() -> int:
    """How many files and connections this process may have; 0 where there is no such number."""
    if sys.platform == "win32":
        return 0
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 0 if most == resource.RLIM_INFINITY else most


def allow_many_connections() -> None:
    """Let this process hold as many connections as the system lets it, if it lets it at all."""
    if sys.platform == "win32":
        return
    import resource

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS says that there is no limit, and then refuses that; it allows no more than this.
    for wanted in (most, 10_240, 4_096):
        try:
            if wanted == now or (wanted < now and wanted != resource.RLIM_INFINITY):
                return
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        except (ValueError, OSError):
            continue
        return
