"""The routes: pages, content and websockets, the same standalone and inside a Jupyter server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import msgspec
from maatwerk import LANGUAGES, Language
from maatwerk.text import as_language
from maatwerk_widgets.looks import STATIC as WIDGETS
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from maatwerk_live.content import STATIC, content_json
from maatwerk_live.core.plans import plans_content
from maatwerk_live.core.protocol import Bye, Heard, MessageError, TalkHello, read_talk, write
from maatwerk_live.server.bus import Kind
from maatwerk_live.server.connections import Address, ConnectionManager, Here
from maatwerk_live.server.quiet import log_quietly
from maatwerk_live.server.sockets import Socket
from maatwerk_live.server.talks import LARGEST_TALK, Talks, is_from_here

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
KINDS: tuple[Kind, ...] = ("phone", "board", "stage")


def address_of(request: RequestHandler) -> str:
    """Where a request comes from, as the server that it came in by sees it."""
    return str(request.request.remote_ip)


def address_by_proxy(request: RequestHandler) -> str:
    """Where a request comes from, as the one proxy that all come by says: it adds that at the end."""
    said = request.request.headers.get_list("X-Forwarded-For")
    return said[-1].rpartition(",")[2].strip() if said else address_of(request)


def routes(door: ConnectionManager, prefix: str = "/", address: Address = address_of) -> list[Route]:
    """All routes under ``prefix`` (ending in ``/``); none asks for a login or leads anywhere else.

    The facilitator's and the board's lines ask for their key in the first message.
    """
    line = {"door": door, "here": here_under(prefix), "address": address}
    return [
        *((f"{prefix}ws/{kind}", Socket, line | {"kind": kind}) for kind in KINDS),
        (f"{prefix}talk/({'|'.join(KINDS)})", Talking, line | {"talks": Talks(door)}),
        (f"{prefix}({'|'.join(PAGES)})", Page, {}),
        (f"{prefix}content/({'|'.join(LANGUAGES)})\\.json", Content, {"made": content_json}),
        (f"{prefix}plans/({'|'.join(LANGUAGES)})\\.json", Content, {"made": plans_content}),
        (f"{prefix}static/live/([\\w-]+\\.(?:js|css|svg))", Files, {"path": str(STATIC)}),
        (
            f"{prefix}static/widgets/((?:plane|loyalties|dom|geometry|press|saving)\\.js|(?:plane|loyalties|base)\\.css)",
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

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Called by Tornado when something went wrong here."""
        log_quietly(typ, value, tb)

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


class Talking(_Quiet):
    """What goes over a websocket elsewhere, one request at a time. See :mod:`maatwerk_live.server.talks`."""

    def initialize(self, door: ConnectionManager, here: Here, address: Address, talks: Talks) -> None:
        """Called by Tornado with what the route gives."""
        self._door = door
        self._here = here
        self._address = address
        self._talks = talks
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def check_xsrf_cookie(self) -> None:
        """No cookie says who anybody is: what a talk may hear hangs on what is in the request itself."""

    async def post(self, name: str) -> None:
        """Say something, and hear what is new."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        origin = self.request.headers.get("Origin", "")
        if not is_from_here(self.request, self.settings.get("trusted_origins", ())):
            self._door.foreign(origin)
            self.set_status(403)
            self.finish(b'{"reason":"origin"}')
            return
        kind = cast(Kind, name)
        try:
            if len(self.request.body) > LARGEST_TALK:
                raise MessageError("too long")
            said = read_talk(self.request.body)
        except MessageError:
            self.set_status(400)
            self.finish(b'{"reason":"bad_message"}')
            return
        if isinstance(said, TalkHello):
            talk = self._talks.begin(kind, said, self._here(self), self._address(self))
            answer = await talk.turn(0, [], self._gone) if talk else _farewell("", Bye("busy"))
        else:
            talk = self._talks.find(said.id, kind)
            if talk is None:
                answer = _farewell(said.id, Bye("again"))
            else:
                answer = await talk.turn(said.after, said.say, self._gone)
        if not self._gone.done():
            self.finish(write(answer))

    def on_connection_close(self) -> None:
        """Called by Tornado when nobody waits for the answer any more."""
        if not self._gone.done():
            self._gone.set_result(None)


def _farewell(number: str, bye: Bye) -> Heard:
    return Heard(number, 0, (msgspec.Raw(write(bye)),))


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
