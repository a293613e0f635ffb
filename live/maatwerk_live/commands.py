"""What ``maatwerk live`` does, and what it says."""

from __future__ import annotations

import argparse
import asyncio
import re
import sqlite3
from dataclasses import dataclass

import segno
from maatwerk import Language
from maatwerk.errors import CommandError

from maatwerk_live.content import command_words
from maatwerk_live.core.protocol import ReportKind
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import Session, evolve
from maatwerk_live.report.files import report, report_name
from maatwerk_live.server.redis_bus import BusError
from maatwerk_live.server.server import Options, Server, run_door, until_stopped
from maatwerk_live.server.store import DAY, StoreInUseError, read_room, wipe_file
from maatwerk_live.server.workshops import Limits, now_in_milliseconds

# A site as a browser names it.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]{1,120}(:[0-9]{1,5})?")
# So many foreign sites are named in the terminal.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class _Said:
    lang: Language

    def __call__(self, key: str, **values: object) -> str:
        return command_words(self.lang)[key].format(**values)


def hold(asked: argparse.Namespace) -> None:
    """Hold a workshop until it is stopped."""
    said = _Said(asked.lang)
    options = Options(
        data=asked.data,
        lang=said.lang,
        bind=asked.bind,
        port=asked.port,
        address=_as_address(asked.address),
        new=asked.new,
        trusted=tuple(asked.trust),
        behind_proxy=asked.behind_proxy,
        foreign=_Foreign(said),
        bus=asked.bus,
        limits=Limits(people=asked.people, per_address=asked.per_address, keep_days=asked.keep_days),
    )
    asyncio.run(_run(Server(options), said))


class _Foreign:
    """Says in the terminal what to do about a proxy that hides the name of the site; few names, each once."""

    def __init__(self, said: _Said) -> None:
        self._said = said
        self._names: set[str] = set()

    def __call__(self, origin: str) -> None:
        # Whoever likes may send this: only what is a plain address is repeated.
        if _ORIGIN.fullmatch(origin) and len(self._names) < MOST_NAMES and origin not in self._names:
            self._names.add(origin)
            print(self._said("foreign", origin=origin), flush=True)


async def _run(server: Server, said: _Said) -> None:
    options = server.options
    try:
        record, goes_on = await server.start()
    except StoreInUseError:
        raise CommandError(said("in_use", data=options.data)) from None
    except sqlite3.Error as error:
        raise CommandError(said("data_unusable", data=options.data, reason=error)) from None
    except BusError as error:
        raise CommandError(_bus_words(error, said)) from None
    except OSError as error:
        if error.filename:
            raise CommandError(said("data_unusable", data=options.data, reason=error.strerror)) from None
        raise CommandError(said("port_taken", port=options.port)) from None
    for line in greeting(server, record, goes_on, said):
        print(line, flush=True)
    await until_stopped()
    await server.stop()


def greeting(server: Server, record: RoomRecord, goes_on: bool, said: _Said) -> list[str]:
    """What the facilitator reads first. Their own addresses are on this machine, for their eyes only."""
    here, options = f"http://127.0.0.1:{server.port}/", server.options
    link = f"{server.address}join#{record.code}.{record.join_key}"
    return [
        said("goes_on" if goes_on else "new", code=record.code, data=options.data),
        said("stage"),
        f"  {here}stage#{record.code}.{record.token}",
        said("board"),
        f"  {here}board#{record.code}.{record.board_key}",
        said("join", address=f"{server.address}join", code=record.code),
        *_in_the_terminal(link),
        *([said("local_only")] if "//127.0.0.1:" in server.address else []),
        *_others(server, said),
        said("stop", days=f"{options.limits.keep_days:g}"),
    ]


def _others(server: Server, said: _Said) -> list[str]:
    """Where else phones may find it, and what helps when they do not."""
    others = [one.url for one in server.addresses()[1:] if one.kind != "virtual"]
    said_so = [said("other_addresses", addresses=" ".join(f"{url}join" for url in others))] if others else []
    return [*said_so, *([] if "//127.0.0.1:" in server.address else [said("not_found")])]


def _in_the_terminal(link: str) -> list[str]:
    """A QR code in half blocks, two rows of it in a line, dark on light as scanners want it."""
    rows = [list(row) for row in segno.make(link, error="l", micro=False).matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(blocks[int(a), int(b)] for a, b in zip(*pair, strict=True)) for pair in pairs]


def door(asked: argparse.Namespace) -> None:
    """Keep an extra door open until it is stopped."""
    said = _Said(asked.lang)

    def ready(port: int) -> None:
        print(said("door", port=port, url=asked.bus), flush=True)

    try:
        trusted = tuple(asked.trust)
        asyncio.run(run_door(asked.bus, asked.bind, asked.port, trusted, ready, asked.behind_proxy))
    except BusError as error:
        raise CommandError(_bus_words(error, said)) from None
    except OSError:
        raise CommandError(said("port_taken", port=asked.port)) from None


def _bus_words(error: BusError, said: _Said) -> str:
    return said("bad_bus", url=error.url, reason=error.reason) if error.reason else said("no_redis")


def save_report(asked: argparse.Namespace) -> None:
    """Write the report and the figures of a workshop, also while it runs."""
    said = _Said(asked.lang)
    kinds: tuple[ReportKind, ...] = ("html", "csv", "ipynb")
    try:
        found = read_room(asked.data, asked.code)
        if found is None:
            raise CommandError(said("no_workshop", data=asked.data))
        record, happened = found
        session = evolve(Session(), happened)
        page, figures, notebook = (asked.to / report_name(kind, record) for kind in kinds)
        asked.to.mkdir(parents=True, exist_ok=True)
        for kind, file in zip(kinds, (page, figures, notebook), strict=True):
            file.write_text(report(kind, session, record), encoding="utf-8")
    except (OSError, sqlite3.Error) as error:
        raise CommandError(said("data_unusable", data=asked.data, reason=error)) from None
    print(said("report", file=page, csv=figures, notebook=notebook))


def wipe(asked: argparse.Namespace) -> None:
    """Wipe what was kept."""
    said = _Said(asked.lang)
    if asked.all == (asked.days is not None):
        raise CommandError(said("wipe_which"))
    before = None if asked.all else now_in_milliseconds() - int(asked.days * DAY)
    try:
        count = wipe_file(asked.data, before)
    except (OSError, sqlite3.Error) as error:
        raise CommandError(said("data_unusable", data=asked.data, reason=error)) from None
    print(said("wiped", count=count, data=asked.data))


def _as_address(written: str) -> str:
    if not written:
        return ""
    with_scheme = written if "://" in written else f"http://{written}"
    return with_scheme if with_scheme.endswith("/") else f"{with_scheme}/"
