"""A kernel can die at any moment: killed 200 times, before, during and after a save, no answer is lost."""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from maatwerk_learner.answers import AnswerBook
from maatwerk_learner.store import AnswerStore

KILLS = 200
KEY = "05-doorbreken"


def save_on(file: Path, life: int, to: Connection) -> None:
    """What a kernel does, until it is killed: save an answer, say so, and go on."""
    store = AnswerStore(file)
    fields = store.load().book.answers.get(KEY, {})
    number = 0
    while True:
        name = f"reflection.{life}-{number}"
        to.send(("saving", name))
        fields = store.save(KEY, {name: f"answer {name}"}, fields).book.answers[KEY]
        to.send(("saved", name))
        number += 1


def test_no_saved_answer_is_lost_when_the_kernel_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    # One process imports the store; each life is a fork of it, so that dying is cheap.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["maatwerk_learner.store"])
    chance = random.Random(5)
    acknowledged: set[str] = set()
    interrupted = 0
    for life in range(KILLS):
        here, there = context.Pipe(duplex=False)
        kernel = context.Process(target=save_on, args=(file, life, there), daemon=True)
        kernel.start()
        there.close()
        heard = []
        # Half of the kills come soon after a save began, half soon after one ended.
        wait_for = ("saving", "saved")[life % 2]
        for _ in range(chance.randint(1, 3)):
            while not heard or heard[-1][0] != wait_for:
                heard.append(here.recv())
            heard.append(("", ""))
        time.sleep(chance.uniform(0, 0.003))
        kernel.kill()
        kernel.join()
        heard += _rest(here)
        here.close()
        saved = {name for what, name in heard if what == "saved"}
        begun = {name for what, name in heard if what == "saving"}
        acknowledged |= saved
        interrupted += bool(begun - saved)

        book = (
            AnswerBook.parse(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else AnswerBook()
        )
        there_now = book.answers.get(KEY, {})
        assert acknowledged <= set(there_now), f"lost after {life + 1} kills"
        assert all(there_now[name] == f"answer {name}" for name in acknowledged)
    # The kills did hit saves, and the lock of a killed kernel does not keep the next one out.
    assert interrupted > KILLS / 4
    assert AnswerStore(file).save(KEY, {"after": "alive"}, {}).notices == ()
    # What the killed ones left half written does not pile up, and nothing was put aside.
    assert {one.name for one in tmp_path.iterdir()} <= {"answers.json", ".answers.json.lock"}


def _rest(connection: Connection) -> list[tuple[str, str]]:
    """What a killed process had said already."""
    said = []
    try:
        while True:
            said.append(connection.recv())
    except EOFError:
        return said
