"""Following a board from a notebook: it is as the board itself, and what is the matter is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from maatwerk_live.notebook.follow import Wanted, begin_following, board_after
from maatwerk_live.server.store import Store

from tests.live.clients import Told

WHOLE: dict[str, Any] = {
    "t": "board",
    "round": {"id": 3},
    "people": 5,
    "dots": [10, 20, 30, 40],
    "picture": {},
}


def tick(number: int, dots: list[int]) -> dict[str, Any]:
    return {"t": "tick", "round": number, "people": 6, "placed": 3, "weighed": 0, "dots": dots}


def test_dots_move_and_new_ones_come_last() -> None:
    board = board_after({}, WHOLE)
    after = board_after(board, tick(3, [1, 31, 41, 2, 50, 60]))
    assert after["dots"] == [10, 20, 31, 41, 50, 60] and after["people"] == 6
    assert board["dots"] == WHOLE["dots"], "what was shown before stays as it was"


def test_what_is_about_another_round_changes_nothing() -> None:
    board = board_after({}, WHOLE)
    assert board_after(board, tick(2, [0, 1, 1])) == board
    assert board_after({}, tick(0, [])) == {}


def test_a_picture_replaces_the_one_before() -> None:
    board = board_after({}, {**WHOLE, "arguments": [{"id": 1}]})
    after = board_after(board, {"t": "picture", "round": 3, "picture": {"summary": 1}})
    assert after["picture"] == {"summary": 1} and after["arguments"] == []


def test_each_whole_board_counts_as_a_new_one() -> None:
    assert board_after(board_after({}, WHOLE), WHOLE)["whole"] == 2


def test_a_board_without_dots_gets_none() -> None:
    hidden = {name: value for name, value in WHOLE.items() if name != "dots"}
    assert "dots" not in board_after(board_after({}, hidden), tick(3, []))


def test_a_file_in_use_is_said_and_taken_as_soon_as_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    data = tmp_path / "workshops.db"
    other, told = Store(data), Told()
    following = begin_following(Wanted("nl", data, False, "http://localhost:8888"), told)
    assert "gaat dit vanzelf verder" in told.until("problem")
    other.close()
    # The browser finds the notebook's own server on the host where it found the notebook.
    stage = told.until("stage")
    board = told.until("board")
    assert stage.startswith("http://localhost:") and f"/stage#{board['joining']['code']}." in stage
    assert board["phase"] == "lobby" and board["joining"]["address"].endswith("/join")
    following.cancel()
    # A cell that runs again goes on with the same workshop.
    again = Told()
    following = begin_following(Wanted("nl", data, False, "http://localhost:8888"), again)
    assert again.until("stage") == stage
    following.cancel()


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    (tmp_path / "w.db").write_text("no database, and long enough to see that it is none. " * 40)
    told = Told()
    following = begin_following(Wanted("en", tmp_path / "w.db", False, "http://localhost:8888"), told)
    assert str(tmp_path / "w.db") in told.until("problem")
    following.cancel()
