"""Where no websocket gets through: the same workshop over plain HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.clients import Running, live, phone, stage
from tests.live.talk import Requests, Talk, talk

PATIENCE = 20.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with live(tmp_path_factory.mktemp("live") / "workshops.db") as server:
        yield server


class Heard(list[dict[str, Any]]):
    def __call__(self, payload: bytes) -> None:
        self.append(json.loads(payload))

    async def until(self, kind: str, after: int = 0, **fields: object) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in self[after:]:
                    if message["t"] == kind and all(message.get(k) == v for k, v in fields.items()):
                        return message
                await asyncio.sleep(0.01)


def hello(running: Running, kind: str = "phone", **more: object) -> bytes:
    said: dict[str, object] = {"t": "hello", "v": 1, "code": running.code}
    if kind == "board":
        said |= {"t": "hello_board", "key": running.board_key}
    if kind == "stage":
        said |= {"t": "hello_stage", "token": running.token}
    return json.dumps(said | more).encode()


def place(seq: int, round_id: int, **more: object) -> bytes:
    return json.dumps({"t": "place", "seq": seq, "round": round_id, "person": 7, "group": 8} | more).encode()


def test_a_workshop_goes_on_without_any_websocket(running: Running) -> None:
    async def play() -> None:
        screens: dict[str, Heard] = {kind: Heard() for kind in ("phone", "board", "stage")}
        lines: dict[str, Talk] = {}
        for kind, heard in screens.items():
            lines[kind] = await talk(running.port, kind, hello(running, kind), heard)
        version = (await screens["stage"].until("stage"))["board"]["version"]
        lines["stage"].say(json.dumps({"t": "open", "version": version, "case": "scootmobiel"}).encode())
        await screens["stage"].until("done")
        opened = await screens["phone"].until("state", phase="open")
        await screens["board"].until("board", phase="open")
        number = opened["round"]["id"]
        lines["phone"].say(place(1, number))
        lines["phone"].say(place(2, number, person=9))
        await screens["phone"].until("ack", seq=2)
        await screens["board"].until("tick", placed=1)
        lines["phone"].say(place(3, number, person=101))
        assert (await screens["phone"].until("refused"))["seq"] == 3
        lines["phone"].say(b'{"t":"ping"}')
        await screens["phone"].until("beat")
        secret = (await screens["phone"].until("welcome"))["secret"]
        # The same person by a websocket: the talk hears it, as a socket would.
        async with phone(running, secret=secret) as again:
            assert again.heard[0]["mine"]["place"] == [9, 8] and again.heard[0]["seq"] == 2
            await screens["phone"].until("bye", reason="elsewhere")
        for line in lines.values():
            line.abort()

    asyncio.run(play())


def test_an_answer_that_got_lost_comes_again_and_none_comes_twice(running: Running) -> None:
    async def play() -> None:
        one = Requests(running.port)

        async def ask(**said: object) -> dict[str, Any]:
            status, body = await one.post("/talk/phone", json.dumps(said).encode())
            assert status == 200
            return dict(json.loads(body))

        begun = await ask(t="talk_hello", hello=json.loads(hello(running)))
        assert [message["t"] for message in begun["messages"]] == ["welcome"] and begun["upto"] == 1
        again = await ask(t="talk", id=begun["id"], after=0)
        assert again == begun
        said = await ask(t="talk", id=begun["id"], after=1, say=['{"t":"ping"}'])
        assert (said["messages"], said["upto"]) == ([{"t": "beat"}], 2)
        assert await ask(t="talk", id=begun["id"], after=1) == said
        lost = await ask(t="talk", id="x" * 32, after=0)
        assert lost["messages"] == [{"t": "bye", "reason": "again"}]
        one.abort()

    asyncio.run(play())


@pytest.mark.parametrize("kind", ["phone", "board", "stage"])
def test_who_may_not_hears_so(kind: str, running: Running) -> None:
    async def play() -> None:
        one = Requests(running.port)
        for said in (hello(running, "board", key="x" * 32), hello(running, "stage", token="x" * 32)):
            body = b'{"t":"talk_hello","hello":' + said + b"}"
            status, answer = await one.post(f"/talk/{kind}", body)
            assert status == 200
            assert json.loads(answer)["messages"][-1] == {"t": "bye", "reason": "forbidden"}
        for body in (b"", b"{", b'{"t":"talk"}', hello(running), b"[" * 50_000):
            status, answer = await one.post(f"/talk/{kind}", body)
            assert (status, json.loads(answer)) == (400, {"reason": "bad_message"})
        one.abort()

    asyncio.run(play())


def test_a_page_of_another_site_is_told_why_and_hears_nothing(running: Running) -> None:
    async def play() -> None:
        one = Requests(running.port)
        body = b'{"t":"talk_hello","hello":' + hello(running) + b"}"
        for headers in (
            "Origin: https://elders.example\r\n",
            "Origin: https://elders.example\r\nSec-Fetch-Site: cross-site\r\n",
            f"Origin: http://127.0.0.1:{running.port}\r\nSec-Fetch-Site: same-site\r\n",
        ):
            status, answer = await one.post("/talk/phone", body, headers)
            assert (status, json.loads(answer)) == (403, {"reason": "origin"})
        for headers in (
            f"Origin: http://127.0.0.1:{running.port}\r\n",
            "Origin: https://achter-een-proxy.example\r\nSec-Fetch-Site: same-origin\r\n",
        ):
            status, answer = await one.post("/talk/phone", body, headers)
            assert (status, json.loads(answer)["messages"][0]["t"]) == (200, "welcome")
        one.abort()

    asyncio.run(play())


def test_a_ping_is_answered_at_once_by_every_line(running: Running) -> None:
    async def play() -> None:
        async with stage(running) as leader, phone(running) as one:
            for client in (leader, one):
                await client.say(t="ping")
                await client.until("beat")

    asyncio.run(play())
