"""What is wrong with a gradebook, from the database's own error: what it is, and what to do about that."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import SQLAlchemyError

from maatwerk_grading.autograde.problems import Remark

# SQLite's primary result codes; an extended one has its primary in the lowest eight bits.
_KEYS = {
    sqlite3.SQLITE_FULL: "gradebook_full",
    sqlite3.SQLITE_BUSY: "gradebook_locked",
    sqlite3.SQLITE_LOCKED: "gradebook_locked",
    sqlite3.SQLITE_READONLY: "gradebook_no_access",
    sqlite3.SQLITE_CANTOPEN: "gradebook_no_access",
    sqlite3.SQLITE_PERM: "gradebook_no_access",
    sqlite3.SQLITE_AUTH: "gradebook_no_access",
    sqlite3.SQLITE_IOERR: "gradebook_disk",
    sqlite3.SQLITE_CORRUPT: "gradebook_damaged",
    sqlite3.SQLITE_NOTADB: "gradebook_damaged",
}


def trouble(error: SQLAlchemyError) -> Remark:
    """What to tell the instructor about it.

    Parameters
    ----------
    error : SQLAlchemyError
        What SQLAlchemy raised. Only for what is not a matter of disk, access or another program does the
        remark think of a gradebook of an older nbgrader.
    """
    origin = getattr(error, "orig", None)
    reason = str(origin or error).splitlines()[0]
    code = getattr(origin, "sqlite_errorcode", None)
    key = "gradebook_unusable" if code is None else _KEYS.get(code & 0xFF, "gradebook_unusable")
    return Remark(key, {"reason": reason})
