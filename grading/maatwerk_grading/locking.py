"""A lock over the answers file, so that two windows never undo each other's work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 10


class BusyError(Exception):
    """Something else holds the lock."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file until the end of the block.

    Parameters
    ----------
    path : Path
        The file that is locked.

    Raises
    ------
    BusyError
        When it is not free after ten seconds.
    """
    if sys.platform == "emscripten":
        # A browser has no such locks, and a file that stands for one would stay when the page is closed:
        # nobody could save again. A save there is one breath of a few milliseconds.
        yield
        return
    from filelock import FileLock, Timeout

    # A file of its own: the answers file itself is replaced at every save.
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError from None
    try:
        yield
    finally:
        lock.release()
