"""Showing the site on this machine, as any server should: compressed, and once as long as it is the same."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import mimetypes
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
_PACKED = (".whl", ".zip", ".woff", ".woff2", ".png")


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
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", "no-cache")
            self.end_headers()
            return
        self.send_response(200)
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", kind)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        # Kept by the browser, which asks each time whether it is still the same.
        self.send_header("Cache-Control", "no-cache")
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
