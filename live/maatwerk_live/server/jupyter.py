"""The workshop inside a Jupyter server: phones reach a facilitator's own server, also under JupyterHub.

Enable it with ``jupyter server extension enable maatwerk_live.server.jupyter``. It is off unless it is
asked for: it lets people in without a login. They reach only the routes of
:mod:`maatwerk_live.server.routes` under
``maatwerk-live/``, none of which leads to a kernel or a file. Only who is logged in can begin a workshop.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Annotated, Any

import msgspec
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Language
from msgspec import Meta, Struct
from tornado.web import HTTPError, RequestHandler, authenticated

from maatwerk_live.content import command_words
from maatwerk_live.core.cases import course_cases
from maatwerk_live.defaults import default_data
from maatwerk_live.server.connections import ConnectionManager
from maatwerk_live.server.routes import Route, routes
from maatwerk_live.server.server import GOES_ON_FOR
from maatwerk_live.server.store import Store, StoreInUseError
from maatwerk_live.server.workshops import WorkshopRegistry, now_in_milliseconds

# Where workshops are kept, when not where `maatwerk live` keeps them.
DATA = "MAATWERK_LIVE_DATA"


class Asked(Struct, forbid_unknown_fields=True):
    """What a new workshop is asked with."""

    lang: Language = DEFAULT_LANGUAGE
    # Go on with the last workshop, if it was not ended and not long ago.
    goes_on: bool = False
    # Where the facilitator's browser finds this server; phones then find the pages there too.
    origin: Annotated[str, Meta(pattern=r"^(https?://[^/\s]+)?$", max_length=300)] = ""


class Workshop:
    """The workshops of this Jupyter server. They begin to run with its loop."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.door = ConnectionManager()
        self.registry: WorkshopRegistry | None = None
        self.problem: Exception | None = None

    async def start(self) -> None:
        """Open the file. When that fails, the reason waits for who asks for a workshop."""
        try:
            self.registry = WorkshopRegistry(Store(self.data), self.door, course_cases())
        except (OSError, sqlite3.Error, StoreInUseError) as error:
            self.problem = error
            return
        self.door.registry = self.registry


class NewWorkshop(APIHandler):
    """Begins a workshop, for who is logged in on this Jupyter server."""

    def initialize(self, workshop: Workshop, here: str) -> None:
        """Called by Tornado with what the route gives."""
        self._workshop = workshop
        self._path = here

    @authenticated
    async def post(self) -> None:
        """Answer with the addresses, relative to this server: ``code``, ``stage``, ``board`` and ``join``."""
        try:
            asked = msgspec.json.decode(self.request.body or b"{}", type=Asked)
        except msgspec.DecodeError:
            raise HTTPError(400, f"lang: {' / '.join(LANGUAGES)}; goes_on; origin: https://…") from None
        registry = self._workshop.registry
        if registry is None:
            words = command_words(asked.lang)
            data, problem = self._workshop.data, self._workshop.problem
            in_use = isinstance(problem, StoreInUseError)
            said = words["in_use"] if in_use else words["data_unusable"]
            raise HTTPError(503, said.format(data=data, reason=problem))
        if asked.origin:
            registry.found_at(f"{asked.origin}{self._path}")
        last = await registry.latest(now_in_milliseconds() - GOES_ON_FOR) if asked.goes_on else None
        room = last or await registry.create(asked.lang)
        self.set_status(201)
        self.finish(
            {
                "code": room.code,
                "stage": f"{self._path}stage#{room.code}.{room.token}",
                "board": f"{self._path}board#{room.code}.{room.board_key}",
                "join": f"{self._path}join#{room.code}.{room.join_key}",
            }
        )


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "maatwerk_live.server.jupyter"}]


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    prefix = url_path_join(serverapp.web_app.settings["base_url"], "maatwerk-live/")
    workshop = Workshop(Path(os.environ.get(DATA) or default_data()))
    new: Route = (f"{prefix}workshops", NewWorkshop, {"workshop": workshop, "here": prefix})
    open_to_all = [
        (path, public(handler), arguments) for path, handler, arguments in routes(workshop.door, prefix)
    ]
    serverapp.web_app.add_handlers(".*$", [new, *open_to_all])  # type: ignore[no-untyped-call]
    serverapp.io_loop.add_callback(workshop.start)


def public(handler: type[RequestHandler]) -> type[RequestHandler]:
    """The same handler, marked for Jupyter as one that asks for no login."""
    methods: dict[str, Any] = {
        name: allow_unauthenticated(method)
        for name in ("get", "head", "post")
        if (method := getattr(handler, name)) is not RequestHandler._unimplemented_method
    }
    return type(handler.__name__, (handler,), methods)
