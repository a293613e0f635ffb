"""A server extension for the test: it writes down which routes the server has, and by which methods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import AuthenticatedHandler
from tornado.routing import PathMatches
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

FILE = Path.home() / "routes.json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "listed_routes"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    # When all other extensions have theirs.
    serverapp.io_loop.add_callback(_write, serverapp.web_app)


def _write(app: Any) -> None:
    FILE.write_text(json.dumps(list(_routes(app.default_router))))


def _routes(router: Any) -> Iterator[dict[str, Any]]:
    for rule in router.rules:
        if isinstance(rule.matcher, PathMatches):
            handler = rule.target
            yield {
                "pattern": rule.matcher.regex.pattern,
                "handler": f"{handler.__module__}.{handler.__qualname__}",
                "websocket": issubclass(handler, WebSocketHandler),
                "asks_for_login": issubclass(handler, AuthenticatedHandler),
                "methods": [
                    method
                    for method in METHODS
                    if getattr(handler, method.lower()) is not RequestHandler._unimplemented_method
                ],
            }
        elif hasattr(rule.target, "rules"):
            yield from _routes(rule.target)
