"""A lock over the answers file, so that two windows never undo each other's work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

SECONDS = 10


_turns: set[Any] = set()


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
        # nobody could save again. There each window waits for its turn: see `when_free`.
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


def when_free(path: Path, action: Callable[[], None], busy: Callable[[], None]) -> None:
    """Carry out ``action`` while no other window of the course in this browser touches the same file.

    Where the file system has locks of its own, that is at once: :func:`locked` does the rest. In a browser it
    is as soon as the window that writes is done; each notebook there has a Python of its own, and all have
    the same files.

    Parameters
    ----------
    path : Path
        The file, or a folder of the course.
    action, busy : callable
        What to do then, and what to do when the file is not free after ten seconds.
    """
    if sys.platform != "emscripten":
        action()
        return
    from asyncio import ensure_future

    # Nothing else holds on to it, and without that it might be thrown away half done.
    turn = ensure_future(_in_turn(path, action, busy))
    _turns.add(turn)
    turn.add_done_callback(_turns.discard)


async def _in_turn(path: Path, action: Callable[[], None], busy: Callable[[], None]) -> None:
    # Modules of the browser's Python; elsewhere there are none by these names.
    js: Any = import_module("js")
    ffi: Any = import_module("pyodide.ffi")
    locks = getattr(js.navigator, "locks", None)
    # A page that came by plain http from another machine has none; nor has it a service worker, so that it
    # keeps nothing at all.
    if not locks:
        action()
        return
    patience = js.AbortSignal.timeout(SECONDS * 1000)
    options = ffi.to_js({"signal": patience}, dict_converter=js.Object.fromEntries)
    held = ffi.create_proxy(lambda _lock: action())
    try:
        # One for the whole course: what is put back or erased is in several files.
        await locks.request(f"maatwerk:{Path(*path.resolve().parts[:3])}", options, held)
    except ffi.JsException:
        if not patience.aborted:
            raise
        busy()
    finally:
        held.destroy()
