"""Clients that mean harm, by name. Each tries one thing, and says what it should have come to.

``test_hostile.py`` lets them loose on a hall one by one, ``benchmarks/live.py`` all at once on a busy one.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from maatwerk_live.core.protocol import CODE_ALPHABET, CODE_LENGTH
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.websocket import WebSocketClosedError

from tests.live.clients import Client, Running, connected, phone
from tests.live.talk import Requests
from tests.live.wire import Wire, connect

PATIENCE = 20.0


@dataclass(frozen=True)
class Target:
    """What they are let loose on: a hall with an open round that asks places and arguments."""

    running: Running
    round: int
    join_key: str

    @property
    def hello(self) -> dict[str, Any]:
        """As who scanned the QR code: so that one attack does not stand in the way of the next."""
        return {"t": "hello", "v": 1, "code": self.running.code, "key": self.join_key}

    def place(self, **changed: object) -> dict[str, Any]:
        return {"t": "place", "seq": 1, "round": self.round, "person": 66, "group": 66} | changed

    def joined(self) -> Any:
        return phone(self.running, key=self.join_key)


Attack = Callable[[Target], Awaitable[None]]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__] = function
    return function


async def closed(wire: Wire) -> None:
    async with asyncio.timeout(PATIENCE):
        while not wire.closed:
            await asyncio.sleep(0.02)


async def raw(target: Target, heard: Callable[[bytes], None] = lambda payload: None) -> Wire:
    """A joined phone of which every byte can be chosen."""
    came_in = asyncio.get_running_loop().create_future()

    def first(payload: bytes) -> None:
        if not came_in.done():
            came_in.set_result(payload)
        heard(payload)

    wire = await connect(target.running.port, "/ws/phone", first)
    wire.say(json.dumps(target.hello).encode())
    async with asyncio.timeout(PATIENCE):
        assert b"welcome" in await came_in
    return wire


def frame(first: int, payload: bytes = b"", size: int | None = None) -> bytes:
    size = len(payload) if size is None else size
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 0x10000:
        head = struct.pack("!BBH", first, 0xFE, size)
    else:
        head = struct.pack("!BBQ", first, 0xFF, size)
    return head + b"\0\0\0\0" + payload


async def refused(client: Client, reason: str, **message: object) -> None:
    seen = len(client.heard)
    await client.say(**message)
    assert (await client.until("refused", seen))["reason"] == reason


async def unreadable(target: Target, *messages: str | bytes | dict[str, Any]) -> None:
    """Each of these is refused as no message at all."""
    async with target.joined() as client:
        for message in messages:
            written = json.dumps(message) if isinstance(message, dict) else message
            seen = len(client.heard)
            await client.connection.write_message(written, binary=isinstance(written, bytes))
            assert (await client.until("refused", seen))["reason"] == "bad_message"


# --- Too much ----------------------------------------------------------------------------------------


@attack
async def floods_with_places(target: Target) -> None:
    async with target.joined() as client:
        with suppress(WebSocketClosedError):
            for seq in range(1, 2_000):
                await client.say(**target.place(seq=seq))
        await client.until_closed()


@attack
async def floods_with_nonsense(target: Target) -> None:
    async with target.joined() as client:
        with suppress(WebSocketClosedError):
            for _ in range(20):
                await client.connection.write_message("nonsense")
        assert await client.until_closed() == "again"


@attack
async def floods_with_pings(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x89, b"x" * 125) * 500)
    await closed(wire)


@attack
async def floods_with_pongs(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x8A) * 500)
    await closed(wire)


@attack
async def floods_with_empty_fragments(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x01) + frame(0x00) * 20_000)
    await asyncio.sleep(0.5)
    wire.transport.abort()


@attack
async def sends_an_oversize_message(target: Target) -> None:
    wire = await raw(target)
    wire.say(json.dumps(target.place(padding="x" * 5_000)).encode())
    await closed(wire)


@attack
async def announces_an_endless_message(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x81, b"{", 2**40))
    await closed(wire)


@attack
async def hides_an_oversize_message_in_fragments(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x01, b" " * 4_000) + frame(0x80, b" " * 4_000))
    await closed(wire)


@attack
async def comes_and_goes_without_end(target: Target) -> None:
    for _ in range(60):
        wire = await connect(target.running.port, "/ws/phone", lambda payload: None)
        wire.transport.abort()


@attack
async def comes_with_many_who_say_nothing(target: Target) -> None:
    wires = [await connect(target.running.port, "/ws/phone", lambda payload: None) for _ in range(60)]
    for wire in wires:
        wire.transport.abort()


@attack
async def leaves_before_the_welcome(target: Target) -> None:
    for _ in range(10):
        wire = await connect(target.running.port, "/ws/phone", lambda payload: None)
        wire.say(json.dumps(target.hello).encode())
        wire.transport.close()


# --- Not in the schema -------------------------------------------------------------------------------


@attack
async def votes_under_anothers_number(target: Target) -> None:
    await unreadable(target, target.place(who=1))


@attack
async def places_outside_the_plane(target: Target) -> None:
    await unreadable(target, target.place(person=101), target.place(group=-1), target.place(person=10**400))


@attack
async def places_at_no_number(target: Target) -> None:
    text = json.dumps(target.place())
    await unreadable(
        target,
        text.replace("66", "NaN"),
        text.replace("66", "1e999"),
        text.replace("66", "66.5"),
        text.replace("66", '"66"'),
    )


@attack
async def gives_more_points_than_there_are(target: Target) -> None:
    five = ("burgers", "rechtsstaat", "organisatie", "beroepsgroep", "maatschappij")
    weigh = {"t": "weigh", "seq": 1, "round": target.round}
    await unreadable(
        target, weigh | {"weights": dict.fromkeys(five, 100)}, weigh | {"weights": {"burgers": 100}}
    )


@attack
async def nests_deeply(target: Target) -> None:
    await unreadable(target, "[" * 4_000, '{"t":' * 800)


@attack
async def sends_binary(target: Target) -> None:
    await unreadable(target, b"\x00\xff\xfe", b"\x1f\x8b\x08")


@attack
async def sends_broken_text(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x81, b'{"t":"place\xff\xfe'))
    await closed(wire)


@attack
async def sends_half_a_surrogate(target: Target) -> None:
    argue = {"t": "argue", "seq": 1, "round": target.round, "side": "voor"}
    await unreadable(target, json.dumps(argue)[:-1] + ', "text": "\\ud800"}')


@attack
async def claims_a_compression_that_was_not_agreed(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0xC1, b"x\x9c\x03\x00"))
    await closed(wire)


@attack
async def uses_an_unknown_frame(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x83, b"x"))
    await closed(wire)


@attack
async def invents_a_role(target: Target) -> None:
    await unreadable(target, {"t": "role", "seq": 1, "round": target.round, "role": "__proto__"})


# --- Out of turn -------------------------------------------------------------------------------------


@attack
async def answers_a_round_that_is_over(target: Target) -> None:
    async with target.joined() as client:
        await refused(client, "other_round", **target.place(round=target.round - 1))


@attack
async def answers_a_round_to_come(target: Target) -> None:
    async with target.joined() as client:
        await refused(client, "other_round", **target.place(round=target.round + 1))


@attack
async def answers_what_is_not_asked(target: Target) -> None:
    async with target.joined() as client:
        await refused(client, "not_asked", t="role", seq=1, round=target.round, role="burger")


@attack
async def replays_a_message_with_another_place(target: Target) -> None:
    async with target.joined() as client:
        await client.say(**target.place(seq=5))
        await client.until("ack", seq=5)
        secret = client.latest("welcome")["secret"]
        await client.say(**target.place(seq=5, person=1))
        await client.say(**target.place(seq=4, person=2))
        await client.say(**target.place(seq=6, person=66, group=67))
        await client.until("ack", seq=6)
    async with phone(target.running, secret=secret) as again:
        assert again.latest("welcome")["mine"]["place"] == [66, 67]


@attack
async def jumps_to_the_last_number(target: Target) -> None:
    async with target.joined() as client:
        await client.say(**target.place(seq=2**53))
        await client.until("ack", seq=2**53)
        seen = len(client.heard)
        await client.say(**target.place(seq=7))
        await client.until("ack", seen, seq=2**53)


# --- As somebody else --------------------------------------------------------------------------------


@attack
async def forges_the_facilitators_token(target: Target) -> None:
    for token in ("x" * 32, target.join_key, target.running.board_key, target.running.token[:-1] + "!"):
        async with connected(target.running.address, "stage") as client:
            await client.say(t="hello_stage", v=1, code=target.running.code, token=token)
            assert await client.until_closed() == "forbidden"


@attack
async def forges_the_boards_key(target: Target) -> None:
    for key in ("x" * 32, target.join_key):
        async with connected(target.running.address, "board") as client:
            await client.say(t="hello_board", v=1, code=target.running.code, key=key)
            assert await client.until_closed() == "forbidden"


@attack
async def comes_in_as_facilitator_by_the_phones_door(target: Target) -> None:
    async with connected(target.running.address, "phone") as client:
        await client.say(t="hello_stage", v=1, code=target.running.code, token=target.running.token)
        assert await client.until_closed() == "forbidden"


@attack
async def comes_in_as_phone_by_the_facilitators_door(target: Target) -> None:
    async with connected(target.running.address, "stage") as client:
        await client.say(**target.hello)
        assert await client.until_closed() == "forbidden"


@attack
async def commands_from_a_phone(target: Target) -> None:
    await unreadable(
        target, {"t": "close", "version": 1}, {"t": "reset", "version": 1}, {"t": "undo", "version": 1}
    )


@attack
async def commands_from_the_board(target: Target) -> None:
    async with connected(target.running.address, "board") as client:
        running = target.running
        await client.say(t="hello_board", v=1, code=running.code, key=running.board_key)
        await client.until("board")
        await client.say(t="reset", version=client.latest("board")["version"])
        assert (await client.until("refused"))["reason"] == "bad_message"


@attack
async def writes_the_servers_own_record(target: Target) -> None:
    await unreadable(target, {"t": "join", "digest": "eA=="}, {"t": "time_up"}, {"t": "begin"})


@attack
async def speaks_before_hello(target: Target) -> None:
    async with connected(target.running.address, "phone") as client:
        await client.say(**target.place())
        assert await client.until_closed() == "forbidden"


@attack
async def says_hello_twice(target: Target) -> None:
    await unreadable(target, target.hello)


@attack
async def comes_back_with_an_invented_secret(target: Target) -> None:
    async with phone(target.running, key=target.join_key, secret="A" * 32) as client:
        assert "secret" in client.latest("welcome") and client.latest("welcome")["mine"] == {}


# --- Guessing ----------------------------------------------------------------------------------------


@attack
async def guesses_room_codes(target: Target) -> None:
    async def guess() -> str:
        code = "".join(random.choices(CODE_ALPHABET, k=CODE_LENGTH))
        async with connected(target.running.address, "phone") as client:
            await client.say(t="hello", v=1, code=code)
            return await client.until_closed()

    told = [await guess() for _ in range(90)]
    assert set(told) == {"unknown_code", "busy"}
    # Now nobody who only has a code learns whether it is right; who scanned the QR code comes in.
    async with connected(target.running.address, "phone") as client:
        await client.say(t="hello", v=1, code=target.running.code)
        assert await client.until_closed() == "busy"
    async with target.joined():
        pass


@attack
async def looks_for_pages_of_rooms(target: Target) -> None:
    http = AsyncHTTPClient()
    pages = [(await http.fetch(f"{target.running.address}{name}")).body for name in ("join?code=X", "join")]
    assert pages[0] == pages[1] and target.running.code.encode() not in pages[0]


# --- Text --------------------------------------------------------------------------------------------


@attack
async def argues_in_script(target: Target) -> None:
    text = "</p><script>alert(document.cookie)</script>"
    async with target.joined() as client:
        await client.say(t="argue", seq=1, round=target.round, side="voor", text=text)
        await client.until("ack", seq=1)
        assert not any(text in str(message) for message in client.heard), "it shows without the facilitator"


@attack
async def argues_without_end(target: Target) -> None:
    async with target.joined() as client:
        for seq in range(1, 6):
            await client.say(t="argue", seq=seq, round=target.round, side="tegen", text=f"{seq}")
        await refused(client, "enough", t="argue", seq=6, round=target.round, side="tegen", text="6")


@attack
async def argues_in_reverse(target: Target) -> None:
    argue = {"t": "argue", "round": target.round, "side": "voor"}
    await unreadable(target, argue | {"seq": 1, "text": "x" * 281})
    async with target.joined() as client:
        # With its number: or else a phone would send it again for ever.
        for seq, text in enumerate(("\u202e\u2066\u200b\u0000", "\u3164", "\u200d", "\U000e0041"), start=1):
            seen = len(client.heard)
            await client.say(**argue, seq=seq, text=text)
            assert (await client.until("refused", seen, seq=seq))["reason"] == "no_text"


@attack
async def votes_for_what_does_not_show(target: Target) -> None:
    async with target.joined() as client:
        await client.say(t="argue", seq=1, round=target.round, side="voor", text="wacht")
        for argument in (0, 1, 10_000):
            message = {"t": "support", "seq": 2 + argument, "round": target.round, "argument": argument}
            await refused(client, "unknown_argument", **message, on=True)


# --- On the line -------------------------------------------------------------------------------------


@attack
async def comes_from_another_site(target: Target) -> None:
    for kind in ("phone", "board", "stage"):
        with suppress(HTTPClientError):
            async with connected(target.running.address, kind, origin="https://elders.example"):
                raise AssertionError("it was let in")


@attack
async def reads_nothing(target: Target) -> None:
    wire = await raw(target)
    wire.transport.pause_reading()
    for seq in range(1, 30):
        wire.say(json.dumps(target.place(seq=seq)).encode())
    await asyncio.sleep(0.5)
    wire.transport.abort()


@attack
async def leaves_a_socket_half_open(target: Target) -> None:
    wire = await raw(target)
    connection = wire.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.transport.pause_reading()
    await asyncio.sleep(0.3)
    wire.transport.abort()


@attack
async def stops_in_the_middle_of_a_message(target: Target) -> None:
    wire = await raw(target)
    wire.transport.write(frame(0x81, json.dumps(target.place()).encode())[:20])
    await asyncio.sleep(0.3)
    wire.transport.abort()


@attack
async def sends_its_request_letter_by_letter(target: Target) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", target.running.port)
        writer.write(b"GET /join HTTP/1.1\r\nHost: x\r\nX-A: ")
        await writer.drain()
        writer.transport.abort()


@attack
async def sends_an_endless_header(target: Target) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.running.port)
    writer.write(b"GET /join HTTP/1.1\r\nX-A: " + b"a" * 100_000)
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            await reader.read()
    writer.close()


@attack
async def asks_for_other_files(target: Target) -> None:
    http = AsyncHTTPClient()
    for path in (
        "static/live/../hold.py",
        "static/live/%2e%2e/hold.py",
        "static/live/..%2fstore.py",
        "static/widgets/../plane.py",
        "static/live/join.html",
        "content/de.json",
        "ws/kernel",
        "api/kernels",
    ):
        answer = await http.fetch(f"{target.running.address}{path}", raise_error=False)
        assert answer.code in (403, 404) and not answer.body, path


@attack
async def posts_and_deletes(target: Target) -> None:
    http = AsyncHTTPClient()
    for method, body in (("POST", b"x" * 1_000), ("PUT", b"x"), ("DELETE", None)):
        answer = await http.fetch(
            f"{target.running.address}join", method=method, body=body, raise_error=False
        )
        assert answer.code in (403, 405)


@attack
async def names_another_host(target: Target) -> None:
    """The address in the QR code is the facilitator's, whatever a phone says."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.running.port)
    writer.write(b"GET /join HTTP/1.1\r\nHost: elders.example\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        assert b"elders" not in await reader.read()
    writer.close()


# --- Over plain HTTP ---------------------------------------------------------------------------------


async def post(
    target: Target, kind: str, said: object, raw: bytes | None = None
) -> tuple[int, dict[str, Any]]:
    """One request of a talk, on a connection of its own."""
    requests = Requests(target.running.port)
    try:
        status, body = await requests.post(f"/talk/{kind}", json.dumps(said).encode() if raw is None else raw)
    finally:
        requests.abort()
    return status, json.loads(body)


async def begun(target: Target) -> str:
    status, answer = await post(target, "phone", {"t": "talk_hello", "hello": target.hello})
    assert status == 200
    return str(answer["id"])


@attack
async def begins_talks_without_end(target: Target) -> None:
    for _ in range(60):
        await begun(target)


@attack
async def floods_a_talk(target: Target) -> None:
    talk = await begun(target)
    say = [json.dumps(target.place(seq=seq)) for seq in range(1, 41)]
    for _ in range(3):
        _, answer = await post(target, "phone", {"t": "talk", "id": talk, "after": 0, "say": say})
    assert answer["messages"] == [{"t": "bye", "reason": "again"}]


@attack
async def says_more_in_a_talk_than_fits(target: Target) -> None:
    talk = {"t": "talk", "id": await begun(target), "after": 0}
    for say in (["x"] * 41, ["x" * 20_000], "x", [1]):
        assert (await post(target, "phone", talk | {"say": say}))[0] == 400
    assert (await post(target, "phone", None, b" " * 63_000 + b"{}"))[0] == 400


@attack
async def guesses_the_number_of_a_talk(target: Target) -> None:
    for guess in ("A" * 32, "0" * 22):
        _, answer = await post(target, "phone", {"t": "talk", "id": guess, "after": 0})
        assert answer["messages"] == [{"t": "bye", "reason": "again"}]


@attack
async def takes_a_talk_to_another_door(target: Target) -> None:
    talk = await begun(target)
    for kind in ("board", "stage"):
        said = {"t": "talk", "id": talk, "after": 0, "say": [json.dumps({"t": "close", "version": 1})]}
        _, answer = await post(target, kind, said)
        assert answer["messages"] == [{"t": "bye", "reason": "again"}]


@attack
async def comes_in_as_facilitator_by_a_phones_talk(target: Target) -> None:
    hello = {"t": "hello_stage", "v": 1, "code": target.running.code, "token": target.running.token}
    _, answer = await post(target, "phone", {"t": "talk_hello", "hello": hello})
    assert answer["messages"][-1] == {"t": "bye", "reason": "forbidden"}


@attack
async def listens_to_a_talk_with_many_requests_at_once(target: Target) -> None:
    talk = {"t": "talk", "id": await begun(target), "after": 1}
    async with asyncio.timeout(PATIENCE + 10):
        answers = await asyncio.gather(*(post(target, "phone", talk) for _ in range(30)))
    assert all(status == 200 for status, _ in answers)


@attack
async def begins_a_talk_and_hangs_up(target: Target) -> None:
    body = json.dumps({"t": "talk_hello", "hello": target.hello}).encode()
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", target.running.port)
        writer.write(b"POST /talk/phone HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.transport.abort()


@attack
async def talks_from_another_site(target: Target) -> None:
    requests = Requests(target.running.port)
    body = json.dumps({"t": "talk_hello", "hello": target.hello}).encode()
    headers = "Origin: https://elders.example\r\nContent-Type: text/plain\r\n"
    assert (await requests.post("/talk/phone", body, headers))[0] == 403
    requests.abort()


@attack
async def says_in_a_talk_what_is_no_message(target: Target) -> None:
    talk = {"t": "talk", "id": await begun(target), "after": 1, "say": ["[" * 5_000, "\u0000", "{}"]}
    _, answer = await post(target, "phone", talk)
    assert [one["reason"] for one in answer["messages"]] == ["bad_message"] * 3


# --- At the door -------------------------------------------------------------------------------------


@attack
async def lets_itself_in_and_others_out(target: Target) -> None:
    await unreadable(
        target,
        {"t": "admit"},
        {"t": "hold", "version": 1, "on": True},
        {"t": "remove", "crowd": 1},
        {"t": "removed", "people": [1]},
        {"t": "released", "round": 1, "what": "place"},
        {"t": "choose_address", "url": "https://elders.example/"},
    )


@attack
async def asks_whether_anybody_is_there_without_end(target: Target) -> None:
    async with target.joined() as client:
        with suppress(WebSocketClosedError):
            for _ in range(500):
                await client.say(t="ping")
        await client.until_closed()


@attack
async def pings_before_it_says_who_it_is(target: Target) -> None:
    async with connected(target.running.address, "phone") as client:
        await client.say(t="ping")
        assert await client.until_closed() == "forbidden"


@attack
async def says_it_comes_from_elsewhere(target: Target) -> None:
    """Nobody believes X-Forwarded-For from whoever likes to send it: its guesses stay one address's."""
    told = set()
    for number in range(60):
        requests = Requests(target.running.port)
        hello = {"t": "hello", "v": 1, "code": "ZZZZZZ"}
        body = json.dumps({"t": "talk_hello", "hello": hello}).encode()
        headers = f"X-Forwarded-For: 192.0.2.{number}\r\nX-Real-Ip: 192.0.2.{number}\r\n"
        _, answer = await requests.post("/talk/phone", body, headers)
        told.add(json.loads(answer)["messages"][-1]["reason"])
        requests.abort()
    assert "busy" in told


@attack
async def numbers_what_cannot_be_read(target: Target) -> None:
    async with target.joined() as client:
        await client.say(t="place", seq=7, round=target.round, person=999, group=1)
        assert (await client.until("refused"))["seq"] == 7


@attack
async def hides_text_in_tags(target: Target) -> None:
    async with target.joined() as client:
        hidden = "".join(chr(0xE0000 + ord(one)) for one in "geheim")
        await client.say(t="argue", seq=1, round=target.round, side="voor", text=hidden)
        assert (await client.until("refused", seq=1))["reason"] == "no_text"


@attack
async def looks_for_a_file_with_nothing_in_its_name(target: Target) -> None:
    http = AsyncHTTPClient()
    for path in ("static/live/x%00.css", "static/live/%00.js", "static/widgets/plane.js%00"):
        answer = await http.fetch(f"{target.running.address}{path}", raise_error=False)
        assert answer.code == 404 and not answer.body


@attack
async def holds_many_connections_that_ask_nothing(target: Target) -> None:
    held = [await asyncio.open_connection("127.0.0.1", target.running.port) for _ in range(100)]
    async with target.joined():
        pass
    for _, writer in held:
        writer.transport.abort()
