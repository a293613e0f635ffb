"""What goes into a log where no addresses go: mistakes of ours, and nothing of whose request it was."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError

_LOG = logging.getLogger("maatwerk_live")
# What was said before: a mistake that each request makes again is one line, not a storm of them.
_SAID: set[tuple[str, str]] = set()


def log_quietly(
    kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
) -> None:
    """Say once where something went wrong; nothing of a request that is wrong itself.

    Parameters
    ----------
    kind, value, trace
        As ``sys.exc_info`` has them. What ``value`` says is left out: people's own words may be in it.
    """
    if kind is None or issubclass(kind, HTTPError | WebSocketClosedError):
        return
    *_, last = traceback.extract_tb(trace) or [None]
    where = f"{Path(last.filename).name}:{last.lineno}" if last else "?"
    if (kind.__name__, where) not in _SAID:
        _SAID.add((kind.__name__, where))
        _LOG.error("%s (%s)", kind.__name__, where)
