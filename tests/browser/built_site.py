"""The site, built once for all tests and shown under a path of its own, as a school's server would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maatwerk_site.serve import SiteServer

PATH = "/cursussen/maatwerk/"
# A cold start of Python in a browser, on a slow machine that does more at the same time.
PATIENCE = 180_000


@contextmanager
def served(site: Path, port: int = 0) -> Iterator[SiteServer]:
    """Show the site until the end of the block."""
    with SiteServer(site, port, PATH) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def chapter(server: SiteServer, notebook: str) -> str:
    """The address of a notebook, such as ``nl/05-doorbreken``."""
    return f"{server.address}lab/index.html?path={notebook}.ipynb"
