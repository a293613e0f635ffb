"""A network between browsers and the server that does what real ones do: refuse sockets, or fall silent."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Network:
    """Passes on what comes in at its own port.

    Attributes
    ----------
    port : int
        Where browsers find the server.
    lets_sockets_through : bool
        Whether it passes on requests for a websocket.
    """

    def __init__(self, server: int) -> None:
        self._server = server
        self.port = 0
        self.lets_sockets_through = True
        self.sockets = 0
        self.refused = 0
        self._silences: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()

    def fall_silent(self) -> None:
        """Nothing more comes over what is connected now, and nobody is told. New connections work."""
        self._loop.call_soon_threadsafe(lambda: [silence.set() for silence in self._silences])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        silence = asyncio.Event()
        self._silences.add(silence)
        try:
            await self._pass_on(reader, writer, silence)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._silences.discard(silence)
            self._tasks.discard(task)
            writer.close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silence: asyncio.Event
    ) -> None:
        # Browsers ask for a websocket on a connection of its own.
        head = await reader.readuntil(b"\r\n\r\n")
        if b"upgrade: websocket" in head.lower():
            self.sockets += 1
            if not self.lets_sockets_through:
                self.refused += 1
                writer.write(REFUSAL)
                await writer.drain()
                return
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._server)
        to_writer.write(head)
        ways = [
            asyncio.create_task(_pump(reader, to_writer, silence)),
            asyncio.create_task(_pump(to_reader, writer, silence)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            to_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silence: asyncio.Event) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            if silence.is_set():
                # As a cable that was pulled out: no byte, and no goodbye.
                await asyncio.Event().wait()
            writer.write(data)
            await writer.drain()


@contextmanager
def network(server: int) -> Iterator[Network]:
    """A network to a server's port, in a thread of its own."""
    between = Network(server)
    ready = threading.Event()
    thread = threading.Thread(target=between._loop.run_until_complete, args=(between._serve(ready),))
    thread.start()
    try:
        assert ready.wait(10)
        yield between
    finally:
        between._loop.call_soon_threadsafe(between._stop.set)
        thread.join(10)
