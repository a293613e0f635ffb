"""What happened in every workshop, in one SQLite file: kept before it is acknowledged.

All calls may block on the disk: :class:`~maatwerk_live.server.workshops.WorkshopRegistry` makes them in one
thread of their own.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from maatwerk import Language
from maatwerk.text import as_language

from maatwerk_live.core.protocol import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Argue,
    Moderate,
    Removed,
    Trouble,
    read_act,
    write,
)
from maatwerk_live.core.record import RoomRecord
from maatwerk_live.core.session import REMOVED, Event

_SCHEMA = """
CREATE TABLE IF NOT EXISTS room (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  lang TEXT NOT NULL,
  token TEXT NOT NULL,
  board_key TEXT NOT NULL,
  join_key TEXT NOT NULL,
  created INTEGER NOT NULL
);
-- Appended to, in the order of what happened. 'who' is a person's number in the room; 'at' in milliseconds.
CREATE TABLE IF NOT EXISTS happened (
  id INTEGER PRIMARY KEY,
  room INTEGER NOT NULL REFERENCES room (id),
  at INTEGER NOT NULL,
  who INTEGER,
  act TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS happened_room ON happened (room, id);
-- A room with when something last happened in it.
CREATE VIEW IF NOT EXISTS record AS
SELECT room.*, coalesce(
  (SELECT at FROM happened WHERE happened.room = room.id ORDER BY happened.id DESC LIMIT 1), created
) AS active
FROM room;
"""
# One statement for all, which is its own transaction: each one gives up Python's lock and waits for it again,
# and under load that takes longer than the writing.
_APPEND = """
INSERT INTO happened (room, at, who, act)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?) WHERE EXISTS (SELECT 1 FROM room WHERE id = ?) ORDER BY key
"""
_ENCODER = msgspec.json.Encoder()
DAY = 24 * 60 * 60 * 1000
# How long another program may have the file before it counts as trouble, in seconds.
BUSY = 1.0


class StoreInUseError(RuntimeError):
    """Another server has the file."""


class GoneError(OSError):
    """The file is no longer where it was: what is written goes nowhere."""


class WipedError(RuntimeError):
    """The room is gone: somebody wiped it."""


class Store:
    """The file.

    Parameters
    ----------
    path : Path
        Where it is, or will be; only this user can read it.

    Raises
    ------
    StoreInUseError
        When another server has it.
    OSError, sqlite3.Error
        When it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(f"{path}.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise StoreInUseError(str(path)) from None
        self._db = _open(path)
        self._db.execute("CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, filler BLOB)")
        # What this process has open, by name: the file, and the log beside it once there is one.
        self._open = {path: _identity(path)}

    def close(self) -> None:
        """Let the file go."""
        self._db.close()
        self._lock.release()

    def create(self, lang: Language, now: int) -> RoomRecord:
        """A new workshop, with keys that nobody can guess."""
        while True:
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            if next(_records(self._db, "WHERE code = ?", code), None) is None:
                break
        keys = [secrets.token_urlsafe(24) for _ in range(3)]
        with _committed(self._db):
            self._db.execute(
                "INSERT INTO room (code, lang, token, board_key, join_key, created)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (code, lang, *keys, now),
            )
        return next(_records(self._db, "WHERE code = ?", code))

    def rooms(self) -> list[RoomRecord]:
        """All workshops, the one in which something happened last first."""
        return list(_records(self._db, "ORDER BY active DESC, id DESC"))

    def keep(self, room: int, happened: Sequence[Event]) -> None:
        """Put it on the disk, all or nothing. When this returns, it survives a crash.

        Raises
        ------
        WipedError
            When the room is gone.
        """
        removed = [number for one in happened for number in _removed(one)]
        if not removed:
            self._append(room, happened)
            self.check()
            return
        with _committed(self._db):
            self._append(room, happened)
            for number in removed:
                self._scrub(room, number)
        _checkpoint(self._db)
        self.check()

    def check(self) -> None:
        """See whether the file is still there: a deleted file takes all that is written, and loses it.

        Raises
        ------
        GoneError
            When it is not, or is another one.
        """
        log = self._path.with_name(f"{self._path.name}-wal")
        for path in (self._path, log):
            now = _identity(path)
            if now is not None:
                self._open.setdefault(path, now)
            if self._open.get(path) != now:
                raise GoneError(str(path))

    def probe(self) -> None:
        """Try whether something can be kept, by keeping something.

        Raises
        ------
        OSError, sqlite3.Error
            When not.
        """
        self.check()
        self._db.execute("INSERT OR REPLACE INTO probe VALUES (1, zeroblob(32768))")
        self._db.execute("DELETE FROM probe")
        self.check()

    def _append(self, room: int, happened: Sequence[Event]) -> None:
        rows = _ENCODER.encode([(one.at, one.who, one.act) for one in happened]).decode()
        if self._db.execute(_APPEND, (room, rows, room)).rowcount == 0:
            raise WipedError

    def happened(self, room: int) -> Iterator[Event]:
        """All that happened in a room, in order."""
        return _happened(self._db, room)

    def wipe(self, before: int | None = None) -> int:
        """Remove workshops in which nothing happened since ``before``, or all; the value is how many."""
        return _wipe(self._db, before)

    def _scrub(self, room: int, argument: int) -> None:
        """Take an argument's text off the disk. Arguments are numbered in the order in which they came."""
        found = self._db.execute(
            "SELECT id, act FROM happened WHERE room = ? AND act LIKE ? ORDER BY id LIMIT 1 OFFSET ?",
            (room, '{"t":"argue"%', argument - 1),
        ).fetchone()
        if found:
            number, act = found[0], read_act(found[1])
            assert isinstance(act, Argue)
            empty = Argue(act.seq, act.round, act.side, REMOVED)
            self._db.execute("UPDATE happened SET act = ? WHERE id = ?", (write(empty).decode(), number))


def trouble_of(error: OSError | sqlite3.Error) -> Trouble:
    """What kind of trouble an error is, as people read it."""
    if isinstance(error, GoneError):
        return "gone"
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_FULL" or getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
        return "full"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "locked"
    if name == "SQLITE_READONLY_DBMOVED":
        return "gone"
    return "readonly" if name.startswith("SQLITE_READONLY") else "disk"


def wipe_file(path: Path, before: int | None = None) -> int:
    """Remove workshops from a file, also while a server runs: it then ends them. See :meth:`Store.wipe`."""
    if not path.exists():
        return 0
    db = _open(path)
    try:
        return _wipe(db, before)
    finally:
        db.close()


def read_room(path: Path, code: str = "") -> tuple[RoomRecord, list[Event]] | None:
    """A workshop from a file, also while a server runs: that with the code, or the last; ``None`` if none."""
    if not path.exists():
        return None
    db = _open(path)
    try:
        where = ("WHERE code = ?", code.upper()) if code else ("ORDER BY active DESC, id DESC",)
        record = next(_records(db, *where), None)
        return (record, list(_happened(db, record.id))) if record else None
    finally:
        db.close()


def _open(path: Path) -> sqlite3.Connection:
    # Made by us, so that nobody else can read it; SQLite gives its other files the same rights.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY)
    db.execute("PRAGMA journal_mode = WAL")
    # FULL: on the disk itself when a commit returns, also when the power goes.
    db.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten.
    db.execute("PRAGMA secure_delete = ON")
    db.executescript(_SCHEMA)
    return db


@contextmanager
def _committed(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _records(db: sqlite3.Connection, where: str, *values: object) -> Iterator[RoomRecord]:
    rows = db.execute(
        f"SELECT id, code, lang, token, board_key, join_key, created, active FROM record {where}", values
    )
    for number, code, lang, *rest in rows:
        yield RoomRecord(number, code, as_language(lang), *rest)


def _happened(db: sqlite3.Connection, room: int) -> Iterator[Event]:
    rows = db.execute("SELECT at, who, act FROM happened WHERE room = ? ORDER BY id", (room,))
    for at, who, act in rows:
        yield Event(at, who, read_act(act))


def _wipe(db: sqlite3.Connection, before: int | None) -> int:
    with _committed(db):
        where = "" if before is None else "WHERE active < ?"
        asked = () if before is None else (before,)
        rooms = db.execute(f"SELECT id FROM record {where}", asked).fetchall()
        db.executemany("DELETE FROM happened WHERE room = ?", rooms)
        db.executemany("DELETE FROM room WHERE id = ?", rooms)
    if rooms:
        _checkpoint(db)
    return len(rooms)


def _checkpoint(db: sqlite3.Connection) -> None:
    """Empty the log beside the file: it still holds what was overwritten."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _removed(one: Event) -> tuple[int, ...]:
    """The numbers of the arguments whose text goes for good."""
    act = one.act
    if isinstance(act, Removed):
        return act.arguments
    return (act.argument,) if isinstance(act, Moderate) and act.standing == "removed" else ()
