"""The workshop's own server, for ``maatwerk live``."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from maatwerk import Language
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from maatwerk_live.core.cases import course_cases
from maatwerk_live.core.protocol import Case
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.server.accepting import Listener, allow_many_connections
from maatwerk_live.server.addresses import Found, own_addresses, sorted_addresses, way_out
from maatwerk_live.server.bus import ToConnections
from maatwerk_live.server.connections import ConnectionManager
from maatwerk_live.server.redis_bus import RemoteConnections, RemoteRegistry
from maatwerk_live.server.routes import Home, Nowhere, address_by_proxy, address_of, routes
from maatwerk_live.server.store import Store
from maatwerk_live.server.workshops import Limits, WorkshopRegistry, now_in_milliseconds

# A workshop that was left less than this ago goes on where it was, in milliseconds.
GOES_ON_FOR = 12 * 60 * 60 * 1000
# Seconds between two looks for garbage among connections that are gone.
COLLECT_EVERY = 5 * 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to run.

    Parameters
    ----------
    data : Path
        The file that keeps what happens.
    lang : {"nl", "en"}
        The language of a new workshop.
    bind, port : str, int
        Where to listen; port 0 takes a free one.
    address : str
        Where phones find the pages, ending in ``/``; empty for this machine's address in the local network.
    new : bool
        Begin a new workshop, also when one of today could go on.
    trusted : tuple of str
        Other origins whose pages may connect, such as a proxy that hides the host's name.
    behind_proxy : bool
        Whether all come by one proxy, which says where they come from.
    foreign : callable
        Is told of a site whose page may not connect.
    bus : str
        The address of Redis, when there are more doors than this one; empty when not.
    limits : Limits
        How much is allowed.
    cases : mapping, optional
        The cases to choose from; those of the course when left out.
    """

    data: Path
    lang: Language = "nl"
    bind: str = ""
    port: int = 8765
    address: str = ""
    new: bool = False
    trusted: tuple[str, ...] = ()
    behind_proxy: bool = False
    foreign: Callable[[str], None] = lambda origin: None
    bus: str = ""
    limits: Limits = field(default_factory=Limits)
    cases: Mapping[str, Case] | None = None


class Server:
    """A running server: a door, the registry, and the workshop that it was started for."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.port = 0

    async def start(self) -> tuple[RoomRecord, bool]:
        """Listen, and begin a workshop, or go on with the last: then the second value is true.

        Raises
        ------
        OSError
            When the port is taken.
        StoreInUseError, sqlite3.Error
            When the file cannot be used.
        BusError
            When there is no Redis at the address.
        """
        allow_many_connections()
        options = self.options
        async with AsyncExitStack() as running:
            sockets = bind_sockets(options.port, options.bind or None, family=socket.AF_INET)
            running.callback(_close, sockets)
            self.port = sockets[0].getsockname()[1]
            # Whatever goes wrong from here on, and at the end: the registry first, then its way to the doors.
            way = _Way(options.bus, options.foreign)
            running.push_async_callback(way.close)
            store = Store(options.data)
            registry = WorkshopRegistry(
                store, way.doors, self._cases(), self.address, self.addresses, options.limits
            )
            running.push_async_callback(registry.close)
            await way.connect(registry)
            record = None if options.new else await registry.latest(now_in_milliseconds() - GOES_ON_FOR)
            goes_on = record is not None
            record = record or await registry.create(options.lang)
            http = serve(way.door, options.trusted, options.behind_proxy)
            listener = Listener(http, sockets)
            running.callback(http.stop)
            running.callback(listener.close)
            self._running = running.pop_all()
        keep_pauses_short()
        return record, goes_on

    async def stop(self) -> None:
        """Keep what is waiting, say goodbye, and stop."""
        await self._running.aclose()

    @property
    def address(self) -> str:
        """Where phones most likely find the pages."""
        return self.addresses()[0].url

    def addresses(self) -> tuple[Found, ...]:
        """Where phones may find the pages, the likely one first; as it is now."""
        given, bind = self.options.address, self.options.bind
        own = own_addresses()
        if bind and bind != "0.0.0.0":
            # On one of them only: the others lead nowhere.
            own = [one for one in own if one.address == bind]
        return sorted_addresses(own, way_out(), self.port, given)

    def _cases(self) -> Mapping[str, Case]:
        return course_cases() if self.options.cases is None else self.options.cases


class _Way:
    """Between the registry and the door of this process: none at all, or by the bus that other doors use
    too."""

    def __init__(self, bus: str, foreign: Callable[[str], None]) -> None:
        self._here = RemoteRegistry(bus) if bus else None
        self._everywhere = RemoteConnections(bus) if bus else None
        self.door = ConnectionManager(self._here.number if self._here else 0, foreign)
        self.doors: ToConnections = self._everywhere or self.door

    async def connect(self, registry: WorkshopRegistry) -> None:
        self.door.registry = self._here or registry
        if self._here and self._everywhere:
            await self._here.start(self.door, self.door.everybody_again)
            await self._everywhere.start(registry)
            # Whoever comes in from now on need not come in again.
            await self._here.found.wait()

    async def close(self) -> None:
        if self._here and self._everywhere:
            await self._everywhere.close()
            await self._here.close()


def serve(door: ConnectionManager, trusted: tuple[str, ...] = (), behind_proxy: bool = False) -> HTTPServer:
    """An HTTP server for one door, not listening yet."""
    application = Application(
        [*routes(door, address=address_by_proxy if behind_proxy else address_of), (r"/", Home)],
        default_handler_class=Nowhere,
        trusted_origins=list(trusted),
    )
    return HTTPServer(
        application,
        # Whoever likes may send such headers: they are believed only where a proxy sets them.
        xheaders=behind_proxy,
        # Nobody sends anything large, and nobody needs long to ask for a page.
        max_buffer_size=256 * 1024,
        max_body_size=64 * 1024,
        max_header_size=16 * 1024,
        idle_connection_timeout=30,
        body_timeout=10,
    )


async def run_door(
    bus: str,
    bind: str,
    port: int,
    trusted: tuple[str, ...],
    ready: Callable[[int], None],
    behind_proxy: bool = False,
) -> None:
    """An extra door to a registry elsewhere, until it is stopped.

    Raises
    ------
    BusError
        When there is no Redis at the address.
    OSError
        When the port is taken.
    """
    allow_many_connections()
    registry = RemoteRegistry(bus)
    door = ConnectionManager(registry.number)
    door.registry = registry
    await registry.start(door, door.everybody_again)
    http = serve(door, trusted, behind_proxy)
    sockets = bind_sockets(port, bind or None, family=socket.AF_INET)
    listener = Listener(http, sockets)
    keep_pauses_short()
    ready(sockets[0].getsockname()[1])
    await until_stopped()
    listener.close()
    _close(sockets)
    http.stop()
    door.everybody_again()
    await registry.close()


async def until_stopped() -> None:
    """Wait for Ctrl+C or a request to end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers; there Ctrl+C interrupts the loop itself.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


def keep_pauses_short() -> None:
    """Let Python look for garbage that refers to itself seldom, and never among what came with the imports.

    It holds everything up while it looks, and by default it looks through all connections several times a
    minute: a good part of a second with five thousand. Only connections that are gone leave such garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000_000)
    _collect_by_and_by()


def _collect_by_and_by() -> None:
    gc.collect()
    asyncio.get_running_loop().call_later(COLLECT_EVERY, _collect_by_and_by)


def _close(sockets: Sequence[socket.socket]) -> None:
    for one in sockets:
        one.close()
