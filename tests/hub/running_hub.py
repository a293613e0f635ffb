"""A real JupyterHub on this machine, with the configuration that schools get, edited as its page says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from maatwerk_app.cli import main
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

CONFIG = Path(__file__).parents[2] / "app" / "jupyterhub_config.py"
HERE = Path(__file__).parent
COURSE = "maatwerk-nl"
PASSWORD = "only-for-this-test"
LEARNERS = ("sam", "robin")
FACILITATOR, INSTRUCTOR = "begeleider", "docent"
PATIENCE = 180

# What differs from a school: one system user for everybody, a shared password, and free ports.
FOR_THE_TEST = """
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.SharedPasswordAuthenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.LocalProcessSpawner.interrupt_timeout = 1
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
# Tells which routes a server has; see listed_routes.py.
c.Spawner.environment["JUPYTER_CONFIG_PATH"] = {routes!r}
c.Spawner.environment["PYTHONPATH"] = {path!r}
c.JupyterHub.services[0]["environment"]["HOME"] = {homes!r}.format(username="de-cursus")
"""


@dataclass(frozen=True)
class Person:
    """Somebody who logged in, with a token of their own."""

    name: str
    address: str
    token: str

    def ask(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        """Ask the hub; ``path`` comes after the hub's address."""
        return requests.request(
            method,
            self.address + path,
            headers={"Authorization": f"token {self.token}"},
            timeout=PATIENCE,
            **options,
        )

    def own(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        """Ask their own server."""
        return self.ask(f"user/{self.name}/{path}", method, **options)

    def start(self) -> None:
        """Start their own server, and wait until the hub says that it is ready."""
        assert self.ask(f"hub/api/users/{self.name}/server", "POST").status_code in (201, 202)
        with self.ask(f"hub/api/users/{self.name}/server/progress", stream=True) as progress:
            for line in progress.iter_lines():
                told = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
                assert not told.get("failed"), told
                if told.get("ready"):
                    return
        raise AssertionError(f"the server of {self.name} did not start")

    def run(self, notebook: str, code: str) -> str:
        """What ``code`` prints in a kernel of their own server, in the folder of ``notebook``."""
        session = {"path": notebook, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        started = self.own("api/sessions", "POST", json=session).json()
        printed = asyncio.run(_run(self, started["kernel"]["id"], code))
        assert self.own(f"api/sessions/{started['id']}", "DELETE").status_code == 204
        return printed


async def _run(person: Person, kernel: str, code: str) -> str:
    """What ``code`` prints in a kernel, over the hub's websocket."""
    address = f"{person.address}user/{person.name}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
    headers = {"Authorization": f"token {person.token}"}
    connection = await websocket_connect(HTTPRequest(address, headers=headers, connect_timeout=PATIENCE))
    number = uuid.uuid4().hex
    header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": number}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    asked = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await connection.write_message(json.dumps(asked))
    printed = ""
    # What is printed comes by another way than the answer, and may come after it.
    coming = {"execute_reply", "idle"}
    while coming:
        message = await asyncio.wait_for(connection.read_message(), PATIENCE)
        assert message is not None, "the connection closed"
        if isinstance(message, bytes):
            # The widget itself, with the place for its file.
            continue
        heard = json.loads(message)
        if heard["parent_header"].get("msg_id") != number:
            continue
        if heard["msg_type"] == "stream":
            printed += heard["content"]["text"]
        if heard["msg_type"] == "error":
            raise AssertionError(heard["content"])
        if heard["msg_type"] == "status":
            coming.discard(heard["content"]["execution_state"])
        coming.discard(heard["msg_type"])
    connection.close()
    return printed


@dataclass(frozen=True)
class Hub:
    """A hub at ``address``, everything of which is in ``folder``."""

    address: str
    folder: Path
    people: dict[str, Person]

    @property
    def course(self) -> Path:
        """nbgrader's course folder."""
        return self.folder / "cursus"

    def home(self, name: str) -> Path:
        """Somebody's home folder."""
        return self.folder / "homes" / name

    def formgrader(self, path: str, method: str = "GET", by: str = INSTRUCTOR) -> requests.Response:
        """Ask the one formgrader."""
        return self.people[by].ask(f"services/{COURSE}/formgrader/{path}", method)


def signed_in(address: str, name: str) -> requests.Session:
    """A browser in which somebody logged in, on the hub's own page."""
    browser = requests.Session()
    page = browser.get(f"{address}hub/login", timeout=PATIENCE)
    hidden = re.search(r'name="_xsrf"\s+value="([^"]*)"', page.text)
    assert hidden, page.text
    form = {"username": name, "password": PASSWORD, "_xsrf": hidden[1]}
    # Where to next is the hub's own page, not a server that would start.
    answer = browser.post(
        f"{address}hub/login?next=%2Fhub%2Fhome", data=form, timeout=PATIENCE, allow_redirects=False
    )
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/hub/home"), answer.text
    browser.get(f"{address}hub/home", timeout=PATIENCE)
    return browser


def xsrf(browser: requests.Session, path: str) -> dict[str, str]:
    """What a page of ours under ``path`` sends along, and a page of somebody else cannot know."""
    return {
        "X-XSRFToken": next(c.value for c in browser.cookies if (c.name, c.path) == ("_xsrf", path)) or ""
    }


def log_in(address: str, name: str) -> Person:
    """Log in, and make a token."""
    with signed_in(address, name) as browser:
        tokens = f"{address}hub/api/users/{name}/tokens"
        made = browser.post(tokens, headers=xsrf(browser, "/hub/"), timeout=PATIENCE)
        assert made.status_code == 201, made.text
        return Person(name, address, made.json()["token"])


@contextmanager
def running_hub(folder: Path) -> Iterator[Hub]:
    """Run it until the end of the block."""
    assert main(["teach", "--lang", "nl", "init", str(folder / "cursus")]) == 0
    (folder / "exchange").mkdir()
    # As `install -d -m 1777` does.
    (folder / "exchange").chmod(0o1777)
    (folder / "exchange" / COURSE).mkdir()
    (folder / "hub").mkdir(mode=0o700)
    ports = free_ports(4)
    (folder / "jupyterhub_config.py").write_text(_config(folder, *ports))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "XDG_"))}
    kept["HOME"] = str(folder)
    command = [sys.executable, "-m", "jupyterhub", "--config", str(folder / "jupyterhub_config.py")]
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        command, cwd=folder, env=kept, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    address = f"http://127.0.0.1:{ports[0]}/"
    try:
        _wait_for(f"{address}hub/health", process)
        with ThreadPoolExecutor(4) as pool:
            names = (*LEARNERS, FACILITATOR, INSTRUCTOR)
            people = dict(zip(names, pool.map(lambda name: log_in(address, name), names), strict=True))
            started = [pool.submit(people[name].start) for name in (*LEARNERS, FACILITATOR)]
            for one in started:
                one.result()
        yield Hub(address, folder, people)
    except BaseException:
        print((folder / "log").read_text()[-8_000:])
        raise
    finally:
        # The hub stops its servers, its service and its proxy.
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def _config(folder: Path, port: int, hub_port: int, proxy_port: int, service_port: int) -> str:
    text = CONFIG.read_text().replace("/srv/maatwerk", str(folder))
    for given, wanted in (
        ('account="maatwerk"', f'account="", port={service_port}'),
        ('facilitators=["docent"]', f'facilitators=["{FACILITATOR}"]'),
    ):
        assert text.count(given) == 1, given
        text = text.replace(given, wanted)
    return text + FOR_THE_TEST.format(
        password=PASSWORD,
        homes=str(folder / "homes" / "{username}"),
        port=port,
        hub_port=hub_port,
        proxy_port=proxy_port,
        proxy=str(Path(sys.executable).parent / "configurable-http-proxy"),
        patience=PATIENCE,
        routes=str(HERE / "jupyter"),
        path=os.pathsep.join([*os.environ.get("PYTHONPATH", "").split(os.pathsep), str(HERE)]),
    )


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    with contextlib.ExitStack() as taken:
        sockets = [taken.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the hub stopped"
        with contextlib.suppress(requests.ConnectionError):
            if requests.get(address, timeout=PATIENCE).status_code == 200:
                return
        time.sleep(0.5)
    raise AssertionError("the hub did not start")
