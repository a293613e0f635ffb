"""The routes: pages, content and websockets, the same standalone and inside a Jupyter server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maatwerk import LANGUAGES, Language
from maatwerk.text import as_language
from maatwerk_widgets.looks import STATIC as WIDGETS
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from maatwerk_live.content import STATIC, content_json
from maatwerk_live.door import BoardSocket, Door, PhoneSocket, StageSocket
from maatwerk_live.plans import plans_content

PAGES = ("join", "board", "stage")
# What a page may load: its own files, and nothing written into the page itself.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

Route = tuple[str, type[RequestHandler], dict[str, Any]]
Here = Callable[[RequestHandler], str]


def routes(door: Door, prefix: str = "/") -> list[Route]:
    """All routes under ``prefix`` (ending in ``/``); none asks for a login or leads anywhere else.

    The facilitator's and the board's websockets ask for their key in the first message.
    """
    socket = {"door": door, "here": here_under(prefix)}
    return [
        (f"{prefix}ws/phone", PhoneSocket, socket),
        (f"{prefix}ws/board", BoardSocket, socket),
        (f"{prefix}ws/stage", StageSocket, socket),
        (f"{prefix}({'|'.join(PAGES)})", Page, {}),
        (f"{prefix}content/({'|'.join(LANGUAGES)})\\.json", Content, {"made": content_json}),
        (f"{prefix}plans/({'|'.join(LANGUAGES)})\\.json", Content, {"made": plans_content}),
        (f"{prefix}static/live/(.+\\.(?:js|css|svg))", Files, {"path": str(STATIC)}),
        (
            f"{prefix}static/widgets/((?:plane|loyalties|dom|geometry)\\.js|(?:plane|loyalties|base)\\.css)",
            Files,
            {"path": str(WIDGETS)},
        ),
    ]


def here_under(prefix: str) -> Here:
    """Gives the address of the pages as a request sees it."""

    def here(handler: RequestHandler) -> str:
        return f"{handler.request.protocol}://{handler.request.host}{prefix}"

    return here


class _Quiet(RequestHandler):
    """Strict headers, and no log: a log would hold people's addresses."""

    def set_default_headers(self) -> None:
        """Called by Tornado at the start of each answer."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cache-Control", "no-cache")
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say only that it failed."""
        self.finish()

    def _log(self) -> None:
        pass


class Page(_Quiet):
    """A page. The same for everybody: who asks for it learns nothing about rooms and codes."""

    def get(self, name: str) -> None:
        """Send it."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish((STATIC / f"{name}.html").read_bytes())

    head = get


class Content(_Quiet):
    """Words and tables for the pages."""

    def initialize(self, made: Callable[[Language], bytes]) -> None:
        """Called by Tornado with what the route gives."""
        self._made = made

    def get(self, lang: str) -> None:
        """Send them."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(self._made(as_language(lang)))

    head = get


class Files(_Quiet, StaticFileHandler):
    """The pages' modules and styles."""


class Home(_Quiet):
    """From the bare address to the page to join on."""

    def get(self) -> None:
        """Redirect."""
        self.redirect("join")


class Nowhere(_Quiet):
    """Everything else."""

    def prepare(self) -> None:
        """Refuse."""
        raise HTTPError(404)
