"""The server is killed during a round: every acknowledged vote is there afterwards, none twice."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tests.live.kill import check, survive


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_no_acknowledged_vote_is_lost_and_none_counts_twice(transport: str, tmp_path: Path) -> None:
    data = tmp_path / "workshops.db"
    phones = asyncio.run(survive(data, kills=2, people=30, transport=transport))
    assert check(data, phones) >= 3 * len(phones)

    # The check itself finds a lost and a doubled vote.
    db = sqlite3.connect(data)
    last = "SELECT max(id) FROM happened WHERE act LIKE '%place%'"
    columns = "room, at, who, act"
    db.execute(f"INSERT INTO happened ({columns}) SELECT {columns} FROM happened WHERE id = ({last})")
    db.commit()
    with pytest.raises(AssertionError):
        check(data, phones)
    for _ in range(2):
        db.execute(f"DELETE FROM happened WHERE id = ({last})")
    db.commit()
    db.close()
    with pytest.raises(AssertionError):
        check(data, phones)
