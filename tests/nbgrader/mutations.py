"""Submissions that chance has spoiled: bytes, JSON, cells, files, links and names."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from handed_in import CORNERS, EXERCISE, HOSTILE, NAME, answers_file, half_fields, model_fields
from hostile_case import SECRET_LINK, put_secret

NOTEBOOK = f"{NAME}.ipynb"

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 41, 100, 101, 10**400, 0.5, 1e308, float("nan"), float("inf")),
    *("", " ", "x" * 101, "x" * 20_001, "\ud800", "\x00\x1b[31m", HOSTILE, "__class__", "../../etc/passwd"),
    *("burgers", "spanning", "markdown", "code", [], [[]], ["x", 1], {}, {"a": {"b": []}}, {"person": 1}),
)
BYTES = (
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"[",
        b"]",
        b"{",
        b"}",
        b'"',
        b"\\",
        b",",
        b":",
        b"-",
        b"1e999",
    ),
    *(b"null", b"NaN", b"9" * 5000, b"[" * 2000, b'"\\ud800"', "é\u2028".encode(), b"\r\n", b"<script>"),
)
LINKS = (SECRET_LINK, "answers.json", "..", "/dev/zero", "weg")
NAMES = ("json.py", "a b", "é", "%00", "-rf", "$(touch x)", "x.ipynb", "answers.json.bak", ".hidden", "a\nb")


def mutate(folder: Path, chance: random.Random) -> None:
    """Spoil a whole submission in one to three ways."""
    for _ in range(chance.randint(1, 3)):
        chance.choice(MUTATIONS)(folder, chance)


def _answer_json(folder: Path, chance: random.Random) -> None:
    _change_json(folder / "answers.json", chance, chance.randint(1, 4))


def _notebook_json(folder: Path, chance: random.Random) -> None:
    _change_json(folder / NOTEBOOK, chance, chance.randint(1, 3))


def _answer_bytes(folder: Path, chance: random.Random) -> None:
    _change_bytes(folder / "answers.json", chance)


def _notebook_bytes(folder: Path, chance: random.Random) -> None:
    _change_bytes(folder / NOTEBOOK, chance)


def _timestamp(folder: Path, chance: random.Random) -> None:
    file = folder / "timestamp.txt"
    if not _there(file):
        _write(file, b"2026-11-24 09:30:00.123456 UTC")
    _change_bytes(file, chance)


def _cells(folder: Path, chance: random.Random) -> None:
    """Move, copy, empty and remove cells, and add some."""

    def change(notebook: Any) -> None:
        cells = notebook["cells"]
        at, other = (chance.randrange(len(cells)) for _ in range(2))
        match chance.randrange(6):
            case 0:
                del cells[at]
            case 1:
                cells.insert(at, json.loads(json.dumps(cells[other])))
            case 2:
                cells[at], cells[other] = cells[other], cells[at]
            case 3:
                cells[at]["source"] = chance.choice(["", "1", "raise SystemExit", HOSTILE])
            case 4:
                cells[at]["metadata"]["nbgrader"] = cells[other]["metadata"]["nbgrader"]
            case _:
                cells[at] = {"cell_type": chance.choice(["code", "raw", "?"]), "source": "", "metadata": {}}

    _change(folder / NOTEBOOK, change)


def _file(folder: Path, chance: random.Random) -> None:
    """Put another file, folder, pipe or link somewhere, perhaps where a file was expected."""
    file = folder / chance.choice([*NAMES, "answers.json", NOTEBOOK, "timestamp.txt", "feedback", "map"])
    _remove(file)
    match chance.randrange(5):
        case 0:
            file.mkdir()
            (file / chance.choice(NAMES)).write_bytes(chance.choice(BYTES))
        case 1:
            os.mkfifo(file)
        case 2:
            file.symlink_to(chance.choice([*LINKS, str(file)]))
        case 3:
            with file.open("wb") as opened:
                opened.truncate(chance.choice([0, 10, 6_000_000, 10**9]))
        case _:
            _write(file, chance.choice(BYTES))


def _gone(folder: Path, chance: random.Random) -> None:
    _remove(folder / chance.choice(["answers.json", NOTEBOOK]))


def _large(folder: Path, chance: random.Random) -> None:
    words = {"justification": "woord " * chance.choice([10, 3000, 4000])}
    deep: Any = "diep"
    for _ in range(chance.choice([10, 100, 900])):
        deep = [deep] if chance.random() < 0.5 else {"a": deep}
    book = json.loads(answers_file({**model_fields(5, 5), **words, "x": deep}))
    book["answers"].update({f"x{number}": {} for number in range(chance.choice([0, 5000]))})
    _write(folder / "answers.json", json.dumps(book).encode())


MUTATIONS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(_answer_json, _answer_json, _notebook_json, _answer_bytes, _notebook_bytes),
    *(_timestamp, _cells, _cells, _file, _gone, _large),
)


def _write(file: Path, content: bytes) -> None:
    """Write a new file: whatever stands there goes, and a link is never written through."""
    _remove(file)
    with file.open("xb") as opened:
        opened.write(content)


def _there(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _remove(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)


def _change(file: Path, change: Callable[[Any], object]) -> None:
    """Change the JSON in a file, as far as there is any."""
    if not _there(file) or file.stat().st_size > 1_000_000:
        return
    try:
        value = json.loads(file.read_bytes())
        change(value)
        text = json.dumps(value)
    # What an earlier mutation has left cannot be changed like this.
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return
    _write(file, text.encode())


def _change_json(file: Path, chance: random.Random, times: int) -> None:
    def change(value: Any) -> None:
        for _ in range(times):
            inside, key = value, None
            while isinstance(inside, dict | list) and inside and chance.random() < 0.8:
                parent, key = (
                    inside,
                    chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside))),
                )
                inside = parent[key]
            if key is None:
                continue
            if chance.random() < 0.2:
                del parent[key]
            elif isinstance(parent, dict) and chance.random() < 0.3:
                parent[str(chance.choice(ODD))] = parent.pop(key)
            else:
                parent[key] = chance.choice(ODD)

    _change(file, change)


def _change_bytes(file: Path, chance: random.Random) -> None:
    if not _there(file) or file.stat().st_size > 1_000_000:
        return
    content = bytearray(file.read_bytes())
    for _ in range(chance.randint(1, 4)):
        at, until = sorted(chance.randint(0, len(content)) for _ in range(2))
        until = min(until, at + chance.choice([0, 1, 3, 1000]))
        content[at:until] = chance.choice([*BYTES, bytes([chance.randrange(256)])])
    _write(file, content)


def hand_in_mutated(root: Path, count: int, seed: int) -> None:
    """Put ``count`` spoiled submissions in a course folder in which the assignment was released."""
    chance = random.Random(seed)
    put_secret(root)
    for number in range(count):
        folder = root / "submitted" / f"{seed}-{number:05}" / NAME
        shutil.copytree(root / "release" / NAME, folder)
        place = chance.choice([*CORNERS.values(), (50, 50)])
        fields = half_fields() if chance.random() < 0.2 else model_fields(*place)
        (folder / "answers.json").write_bytes(answers_file(fields))
        mutate(folder, chance)


MOST = float(sum(EXERCISE.points.values()))
