"""A bare Tornado fan-in to measure against: reads JSON, remembers the last place, draws every 50 ms.

It knows no rooms, keeps nothing, checks nothing and acknowledges nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys

from tornado.ioloop import PeriodicCallback
from tornado.web import Application
from tornado.websocket import WebSocketHandler

places: dict[int, tuple[int, int]] = {}
changed: set[int] = set()
boards: set[WebSocketHandler] = set()


class Phone(WebSocketHandler):
    count = 0

    def open(self) -> None:
        self.number = Phone.count
        Phone.count += 1
        self.set_nodelay(True)
        self.write_message('{"t":"welcome"}')

    def on_message(self, message: str | bytes) -> None:
        said = json.loads(message)
        if said["t"] == "place":
            places[self.number] = (said["group"], said["person"])
            changed.add(self.number)


class Board(WebSocketHandler):
    def open(self) -> None:
        boards.add(self)
        dots = [part for number in sorted(places) for part in places[number]]
        self.write_message(json.dumps({"t": "board", "dots": dots}))

    def on_message(self, message: str | bytes) -> None:
        pass

    def on_close(self) -> None:
        boards.discard(self)


def draw() -> None:
    if changed:
        dots = [part for number in changed for part in (number, *places[number])]
        changed.clear()
        packed = json.dumps({"t": "tick", "dots": dots})
        for board in boards:
            board.write_message(packed)


async def main(port: int) -> None:
    Application([("/ws/phone", Phone), ("/ws/board", Board)]).listen(port, "127.0.0.1")
    PeriodicCallback(draw, 50).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
