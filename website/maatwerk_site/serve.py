"""Showing the site on this machine, as any server should: compressed, and once as long as it is the same.

A file whose name holds its digest never changes: a browser that has it need not ask again. Of all others it
asks each time, so that a new release is seen at once.
"""

from __future__ import annotations

import gzip
import hashlib
import http.server
import mimetypes
import re
import threading
from functools import cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
}
# What the build names by its contents: our Python, and the parts of JupyterLab.
_NAMED_BY_DIGEST = re.compile(r"(^|/)python-[0-9a-f]{12}/|\.[0-9a-f]{7,16}\.js$")
_PACKED = (".whl", ".zip", ".woff", ".woff2", ".png")


def cache_control(path: str) -> str:
    """What a browser may do with a file of the site that it has.

    Parameters
    ----------
    path : str
        Of the file, seen from the site; such as ``"build/1.a8fa7b2.js"``.
    """
    return "max-age=31536000, immutable" if _NAMED_BY_DIGEST.search(path) else "no-cache"


class SiteServer(http.server.ThreadingHTTPServer):
    """Serves one folder under one path, on this machine only.

    Parameters
    ----------
    site : Path
        The folder.
    port : int
        ``0`` for any that is free.
    path : str
        Under which path: ``"/"``, or such as ``"/courses/maatwerk/"``.

    Attributes
    ----------
    sent : int
        How many bytes of files went out, compressed.
    """

    daemon_threads = True

    def __init__(self, site: Path, port: int = 0, path: str = "/") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site = site.resolve()
        self.path = path
        self.sent = 0
        self.counting = threading.Lock()

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SiteServer

    def do_GET(self) -> None:
        file = self._file()
        if file is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data, tag, packed = _ready(file, file.stat().st_mtime_ns)
        control = cache_control(file.relative_to(self.server.site).as_posix())
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", control)
            self.end_headers()
            return
        self.send_response(200)
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", kind)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", control)
        self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(data)
        with self.server.counting:
            self.server.sent += len(data)

    def _file(self) -> Path | None:
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.server.path):
            return None
        inside = PurePosixPath(path.removeprefix(self.server.path))
        if ".." in inside.parts or inside.is_absolute():
            return None
        file = self.server.site / inside
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what a learner opens is nobody's business."""


@cache
def _ready(file: Path, changed: int) -> tuple[bytes, str, bool]:
    """What goes over the line, its tag, and whether it is compressed."""
    data = file.read_bytes()
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    if file.suffix in _PACKED:
        return data, tag, False
    return gzip.compress(data, 6), tag, True
