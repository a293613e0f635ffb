"""Writing a file of the learner's so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from maatwerk import Text

from maatwerk_learner.answers import TEXTS

# Half of a surrogate pair has no bytes of its own; this writes it as JSON does.
ESCAPED = "backslashreplace"

_REASONS = {
    errno.ENOSPC: "reason_full",
    errno.EDQUOT: "reason_full",
    errno.EACCES: "reason_no_access",
    errno.EPERM: "reason_no_access",
    errno.EROFS: "reason_read_only",
}


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: a reader, or a crash, meets either the old text or the new.

    Two at the same time must not write the same file: see to that with a lock, or with names of their own.

    Raises
    ------
    OSError
        When it cannot be written; the old file is as it was.
    """
    # One name, so that what a crash left is overwritten and does not pile up.
    partial = path.with_name(f".{path.name}.part")
    try:
        # What a learner wrote is for their own eyes.
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors=ESCAPED, newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def reason(error: OSError) -> Text:
    """What the operating system complains about; in the learner's language when it is a common complaint."""
    if error.errno in _REASONS:
        return TEXTS[_REASONS[error.errno]]
    said = error.strerror or str(error)
    return Text(nl=said, en=said)
