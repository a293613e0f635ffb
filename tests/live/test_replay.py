"""The notebook to look back in: what the report shows, in the board's own pictures; nothing of a person."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from maatwerk import LANGUAGES, Language
from maatwerk_live.core.protocol import Argue
from maatwerk_live.core.session import Event, Session, evolve
from maatwerk_live.notebook.widgets import LiveBoard, Replay
from maatwerk_live.report.replay_notebook import replay_notebook, steps_of
from maatwerk_live.report.report import rounds_of

from tests.kernels import run_in_kernel
from tests.live.workshops import SCRIPT, held

WHEN = datetime(2026, 11, 24)


def notebook(people: int, lang: Language) -> Any:
    text = replay_notebook(evolve(Session(), held(people)), lang, WHEN)
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    return found


def shown(cell: Any) -> Replay:
    """What the cell shows."""
    *_, last = cell.source.splitlines()
    names: dict[str, Any] = {}
    exec(cell.source.replace(last, f"shown = {last}"), names)
    assert isinstance(names["shown"], Replay)
    return names["shown"]


def test_it_runs_without_the_server_or_its_file(tmp_path: Path) -> None:
    found = notebook(6, "nl")
    run_in_kernel(found, tmp_path, timeout=120)
    *_, cell = found.cells
    assert cell.metadata.jupyter.source_hidden and "hide-input" in cell.metadata.tags
    [output] = cell.outputs
    assert output.output_type == "execute_result"
    assert "application/vnd.jupyter.widget-view+json" in output.data
    # What stays in a saved notebook beside the picture.
    assert output.data["text/plain"] == "<Replay>"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_shows_what_the_report_shows(lang: Language) -> None:
    *_, cell = notebook(6, lang).cells
    replay = shown(cell)
    assert replay.lang == lang
    steps = [(one["board"]["round"]["number"], tuple(one["board"]["round"]["asks"])) for one in replay.steps]
    assert steps == [
        (1, ("place",)),
        (1, ("role", "place")),
        (2, ("place",)),
        (2, ("role", "place")),
        (2, ("weigh",)),
        (2, ("argue",)),
    ]
    first, second = rounds_of(evolve(Session(), held(6)))
    places, chairs, again, _, points, arguments = (one["board"] for one in replay.steps)
    assert first.picture.summary and second.picture.movement and second.picture.weighing
    assert places["picture"]["summary"]["variants"] == first.picture.summary.variants
    assert places["dots"][:2] == [11, 80] and len(places["dots"]) == 12
    assert [one["role"] for one in chairs["picture"]["roles"]] == ["burger"]
    assert len(again["picture"]["movement"]["arrows"]) == 6 == again["picture"]["movement"]["crossed"]
    means = {key: one["mean"] for key, one in points["picture"]["weighing"]["loyalties"].items()}
    assert means == {key: share.mean for key, share in second.picture.weighing.loyalties.items()}
    assert [(one["text"], one["votes"]) for one in arguments["arguments"]] == [(SCRIPT, 1)]
    assert len({one["title"] for one in replay.steps}) == 6


def test_of_four_people_it_shows_how_many_they_were() -> None:
    *_, cell = notebook(4, "nl").cells
    boards = [one["board"] for one in shown(cell).steps]
    assert [board["placed"] for board in boards] == [4, 4]
    assert all(not board.get("picture") and "dots" not in board for board in boards)


def keys_of(value: Any) -> set[str]:
    """All names in it, however deep; a case may well say 'who'."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_nothing_in_it_leads_to_a_person() -> None:
    session = evolve(Session(), held(6))
    text = replay_notebook(session, "nl", WHEN)
    assert text == replay_notebook(session, "nl", WHEN)
    assert "nog niet gelezen" not in text and "weg ermee" not in text
    for one in json.loads(json.dumps([step["board"] for step in shown(notebook(6, "nl").cells[1]).steps])):
        assert not {"who", "digest", "secret", "supporters"} & keys_of(one)
        assert one["joining"] == {"address": "", "code": "", "qr": []}
    # The dots lie by where they are, whoever came first.
    [first, *_] = steps_of(session, "nl")
    assert first.board.dots is not None
    pairs = list(zip(first.board.dots[1::2], first.board.dots[::2], strict=True))
    assert pairs == sorted(pairs)


def test_what_people_wrote_is_never_read_as_code() -> None:
    happened = held(6)
    nasty = "'''\"\"\"\\n'); raise SystemExit #{x}\\"
    at = next(n for n, one in enumerate(happened) if isinstance(one.act, Argue))
    happened[at] = Event(0, 1, Argue(5, 2, "voor", nasty))
    text = replay_notebook(evolve(Session(), happened), "en", WHEN)
    *_, last = shown(nbformat.reads(text, as_version=4).cells[1]).steps
    assert [one["text"] for one in last["board"]["arguments"]] == [nasty]


def test_without_a_round_there_is_nothing_to_run() -> None:
    found = nbformat.reads(replay_notebook(Session(), "en", WHEN), as_version=4)
    assert [cell.cell_type for cell in found.cells] == ["markdown"]


def test_a_saved_notebook_keeps_no_token(tmp_path: Path) -> None:
    board = LiveBoard("nl", tmp_path / "w.db")
    board.set_trait("stage", "http://127.0.0.1:1/stage#CODE12.secret")
    assert "secret" not in repr(board) + str(board._repr_mimebundle_())
