"""A workshop from the first phone to the wiping, through a real server."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from maatwerk_live.server.store import wipe_file

from tests.live.clients import Client, Running, board, live, phone, stage


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live") / "workshops.db"


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Running]:
    with live(data) as server:
        yield server


async def hall(running: Running, people: int, stack: AsyncExitStack) -> list[Client]:
    return list(await asyncio.gather(*(stack.enter_async_context(phone(running)) for _ in range(people))))


def test_a_round_is_talked_about_and_held_again(running: Running) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(stage(running))
            screen = await stack.enter_async_context(board(running))
            phones = await hall(running, 6, stack)
            shown = await leader.command("open", case="scootmobiel", asks=["place", "weigh"])
            first = shown["board"]["round"]["id"]
            for number, one in enumerate(phones, start=1):
                await one.until("state", phase="open")
                await one.say(t="place", seq=1, round=first, person=10 * number, group=90)
                await one.until("ack", seq=1)
            await screen.until("tick", placed=6)
            await leader.until("tick", placed=6)
            for told in (*screen.heard, *leader.heard):
                assert not told.get("dots") and not told.get("picture"), "something shows that is hidden"
                assert not told.get("board", {}).get("picture")

            await leader.command("hide", on=False)
            drawn = await screen.until("board", hidden=False)
            assert drawn["dots"] == [part for number in range(1, 7) for part in (90, 10 * number)]
            assert drawn["picture"]["summary"]["people"] == 6 and drawn["here"] == 6
            assert drawn["picture"] == leader.latest("stage")["board"]["picture"]

            # One who moves would stand out: the picture stands, and says so.
            seen = len(screen.heard)
            await phones[5].say(t="place", seq=2, round=first, person=1, group=1)
            await phones[5].until("ack", seq=2)
            told = await screen.until_that(
                "picture", lambda m: m["picture"].get("withheld") == ["place"], seen
            )
            assert told["picture"]["summary"] == drawn["picture"]["summary"]
            assert not any(message.get("dots") for message in screen.heard[seen:])

            await leader.command("close")
            await phones[0].until("state", phase="closed")
            await phones[0].say(t="place", seq=2, round=first, person=1, group=1)
            assert (await phones[0].until("refused"))["reason"] == "not_open"

            shown = await leader.command("again")
            second = shown["board"]["round"]
            assert (second["number"], second["turn"]) == (2, 2)
            for one in phones:
                await one.until("state", phase="open", version=shown["board"]["version"])
                await one.say(t="place", seq=3, round=second["id"], person=90, group=90)
                await one.until("ack", seq=3)
            shown = await leader.command("hide", on=False)
            moved = shown["board"]["picture"]["movement"]
            assert (moved["people"], moved["crossed"], len(moved["arrows"])) == (6, 4, 6)

            # Takes the second round back: the first one's answers count again.
            await leader.command("undo")
            await leader.command("undo")
            back = await phones[0].until("mine")
            assert back["mine"]["place"] == [10, 90]

    asyncio.run(play())


def test_in_the_open_dots_come_from_five_people_on_and_five_at_a_time(running: Running) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(stage(running))
            screen = await stack.enter_async_context(board(running))
            phones = await hall(running, 10, stack)
            shown = await leader.command("open", case="scootmobiel", hidden=False)
            number = shown["board"]["round"]["id"]
            await screen.until("board", version=shown["board"]["version"])
            seen = len(screen.heard)
            for at, one in enumerate(phones[:5], start=1):
                told = screen.heard[seen:]
                assert not any(message.get("dots") for message in told), "a picture of four people"
                await one.say(t="place", seq=1, round=number, person=10 * at, group=90)
                await one.until("ack", seq=1)
            drawn = await screen.until("board", seen, placed=5)
            assert len(drawn["dots"]) == 10
            seen = len(screen.heard)
            for at, one in enumerate(phones[5:], start=6):
                assert not any(message.get("dots") for message in screen.heard[seen:])
                await one.say(t="place", seq=1, round=number, person=10 * at, group=90)
                await one.until("ack", seq=1)
            # New dots come last; those that move keep their numbers, dealt out among them.
            told = await screen.until("tick", seen, placed=10)
            assert told["dots"] == [part for at in range(5, 10) for part in (at, 90, 10 * at + 10)]
            seen = len(screen.heard)
            for at, one in enumerate(phones[:5], start=1):
                await one.say(t="place", seq=2, round=number, person=10 * at, group=5 * (6 - at))
                await one.until("ack", seq=2)
            told = await screen.until_that("tick", lambda m: m.get("dots"), seen)
            assert told["dots"] == [part for at in range(5) for part in (at, 25 - 5 * at, 10 * at + 10)]

    asyncio.run(play())


def test_the_same_person_comes_back_with_the_secret(running: Running) -> None:
    async def play() -> None:
        async with stage(running) as leader:
            shown = await leader.command("open", case="scootmobiel", asks=["role", "place", "argue"])
            number = shown["board"]["round"]["id"]
            people = shown["board"]["people"]
            async with phone(running) as first:
                secret = first.heard[0]["secret"]
                await first.say(t="role", seq=1, round=number, role="burger")
                await first.say(t="place", seq=2, round=number, person=7, group=8)
                await first.until("ack", seq=2)
                # The same phone in another tab: the first one hears of it, and stops.
                async with phone(running, secret=secret) as again:
                    assert await first.until_closed() == "elsewhere"
                    welcome = again.heard[0]
                    assert "secret" not in welcome and welcome["seq"] == 2
                    assert welcome["mine"] == {"role": "burger", "place": [7, 8]}
                    # Sent again, as after a lost acknowledgement.
                    await again.say(t="place", seq=2, round=number, person=99, group=99)
                    await again.until("ack", seq=2)
            async with phone(running, secret=secret) as third:
                assert third.heard[0]["mine"]["place"] == [7, 8]
            shown = await leader.command("hide", on=True)
            assert shown["board"]["people"] == people + 1

    asyncio.run(play())


def test_an_argument_waits_shows_counts_votes_and_goes_for_good(running: Running, data: Path) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(stage(running))
            screen = await stack.enter_async_context(board(running))
            one, other = await hall(running, 2, stack)
            shown = await leader.command("open", case="scootmobiel", asks=["argue"])
            number = shown["board"]["round"]["id"]
            text = "<img src=x onerror=alert(1)> een geheim"
            await one.say(t="argue", seq=1, round=number, side="voor", text=text)
            waiting = (await leader.until_that("picture", lambda m: "arguments" in m))["arguments"]
            assert [(a["text"], a["standing"]) for a in waiting] == [(text, "waiting")]
            assert text not in str(screen.heard) + str(other.heard)
            argument = waiting[0]["id"]
            await leader.say(t="moderate", argument=argument, standing="shown")
            state = await other.until("state", arguments=[{"id": argument, "side": "voor", "text": text}])
            assert state["phase"] == "open"
            await other.say(t="support", seq=1, round=number, argument=argument, on=True)
            await screen.until_that("picture", lambda m: any(a.get("votes") for a in m.get("arguments", [])))
            seen, told = len(other.heard), len(leader.heard)
            await leader.say(t="moderate", argument=argument, standing="removed")
            await other.until("state", seen, arguments=None)
            await leader.until("done", told)
            found = b"".join(file.read_bytes() for file in data.parent.iterdir())
            assert b"een geheim" not in found

    asyncio.run(play())


def test_the_clock_closes_the_round(running: Running) -> None:
    async def play() -> None:
        async with stage(running) as leader, phone(running) as one:
            await leader.command("open", case="scootmobiel")
            shown = await leader.command("timer", seconds=1)
            assert shown["board"]["ends"] > shown["board"]["now"]
            await one.until("state", phase="closed")

    asyncio.run(play())


def test_the_door_can_be_locked_for_newcomers_only(running: Running) -> None:
    async def play() -> None:
        async with stage(running) as leader:
            async with phone(running) as one:
                secret = one.heard[0]["secret"]
            await leader.command("lock", on=True)
            async with phone(running, secret=secret) as back:
                assert back.heard[0]["seq"] == 0
            with pytest.raises(AssertionError, match="locked"):
                async with phone(running):
                    pass
            await leader.command("lock", on=False)
            async with phone(running):
                pass

    asyncio.run(play())


def test_two_screens_of_the_facilitator_never_work_against_each_other(running: Running) -> None:
    async def play() -> None:
        async with stage(running) as one, stage(running) as other:
            version = other.version
            await one.command("open", case="scootmobiel")
            await other.say(t="open", version=version, case="scootmobiel")
            refused = await other.until("refused")
            assert refused["reason"] == "stale"
            assert one.version == version + 1

    asyncio.run(play())


def test_nothing_says_who_anybody_is(running: Running, data: Path) -> None:
    """No address is kept, and what the server prints after its greeting is nothing."""
    db = sqlite3.connect(data)
    kept = "\n".join(
        str(row) for table in ("room", "happened") for row in db.execute(f"SELECT * FROM {table}")
    )
    db.close()
    assert "127.0.0.1" not in kept
    assert oct(data.stat().st_mode)[-3:] == "600"


def test_wiping_ends_a_running_workshop_and_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"

    async def play(running: Running) -> None:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(stage(running))
            one, other = await hall(running, 2, stack)
            await leader.command("open", case="scootmobiel")
            assert await asyncio.to_thread(wipe_file, data) == 1
            await one.say(t="place", seq=1, round=1, person=1, group=1)
            assert await other.until_closed() == "gone"

    with live(data) as running:
        asyncio.run(play(running))
        code = running.code
    assert all(code.encode() not in file.read_bytes() for file in tmp_path.iterdir())
    with live(data) as running:
        assert running.code != code
