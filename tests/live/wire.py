"""A websocket with as little work a message as can be, for thousands of them in one process."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import Callable


class Wire(asyncio.Protocol):
    """One websocket. Frames are masked with zeros: allowed, and no work."""

    def __init__(self, host: str, path: str, heard: Callable[[bytes], None]) -> None:
        self._host = host
        self._path = path
        self._heard = heard
        self._data = b""
        self.open = asyncio.get_running_loop().create_future()
        self.closed = False
        self.pings = 0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(b"0123456789abcdef").decode()
        lines = (
            f"GET {self._path} HTTP/1.1",
            f"Host: {self._host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "",
            "",
        )
        transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self.open.done():
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head.splitlines()[0], head
            self._data = rest
            self.open.set_result(None)
        while (frame := self._frame()) is not None:
            opcode, payload = frame
            if opcode == 1:
                self._heard(payload)
            elif opcode == 9:
                self.pings += 1
                self.transport.write(b"\x8a\x80\0\0\0\0")

    def _frame(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < 2:
            return None
        size, start = data[1], 2
        if size == 126 and len(data) >= 4:
            size, start = struct.unpack_from("!H", data, 2)[0], 4
        elif size == 127 and len(data) >= 10:
            size, start = struct.unpack_from("!Q", data, 2)[0], 10
        elif size > 125:
            return None
        if len(data) < start + size:
            return None
        self._data = data[start + size :]
        return data[0] & 15, data[start : start + size]

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.open.done():
            self.open.set_exception(ConnectionError("closed"))

    def say(self, payload: bytes) -> None:
        size = len(payload)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self.transport.write(head + b"\0\0\0\0" + payload)


async def connect(port: int, path: str, heard: Callable[[bytes], None]) -> Wire:
    """An open websocket to this machine."""
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(f"127.0.0.1:{port}", path, heard), "127.0.0.1", port)
    await wire.open
    return wire
