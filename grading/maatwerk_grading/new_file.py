"""Writing a file under a name that nobody has yet: what an instructor has is never overwritten."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import IO


def write_new(
    folder: Path, name: str, ending: str, write: Callable[[IO[bytes]], object]
) -> tuple[Path, Path | None]:
    """Write ``name`` with its ending, or ``name-2``, ``name-3`` and so on when it is taken.

    Parameters
    ----------
    folder : Path
        Made when it is not there.
    name, ending : str
        Such as ``marks`` and ``.csv``.
    write : callable
        Writes the whole file.

    Returns
    -------
    tuple
        The file, and the newest of the earlier ones when there are any.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left behind then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    earlier: Path | None = None
    for count in itertools.count(1):
        file = folder / (f"{name}{ending}" if count == 1 else f"{name}-{count}{ending}")
        try:
            opened = file.open("xb")
        except FileExistsError:
            earlier = file
            continue
        try:
            with opened:
                write(opened)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return file, earlier
    raise AssertionError("count never ends")
