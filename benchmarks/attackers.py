"""All hostile clients of the tests, four at a time, over and over: ``benchmarks/live.py`` lets them loose."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from contextlib import suppress
from itertools import cycle
from typing import cast

from tests.live.clients import Running
from tests.live.hostile import ATTACKS, Target

AT_ONCE = 4


async def main(keys: dict[str, str | int], round_id: int, join_key: str) -> None:
    running = Running(
        cast("subprocess.Popen[str]", None),
        int(keys["port"]),
        str(keys["code"]),
        str(keys["token"]),
        str(keys["board_key"]),
        "",
    )
    target = Target(running, round_id, join_key)
    attacks = cycle(ATTACKS.values())

    async def go_on() -> None:
        while True:
            # What each attack should come to is for the tests to say; here they only have to be a nuisance.
            with suppress(Exception):
                await next(attacks)(target)

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    logging.disable()
    asyncio.run(main(json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
