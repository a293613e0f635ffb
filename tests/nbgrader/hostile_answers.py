"""Answers files that are broken, hostile, or no files at all."""

from __future__ import annotations

import json
import os
import pickle
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from handed_in import ASSIGNMENT, EXERCISE, HOSTILE, NAME, answers_file
from hostile_case import (
    ALL,
    FOLLOWS,
    GIGABYTE,
    NO_FILE,
    SECRET_LINK,
    SLOW,
    UNUSABLE,
    Case,
    Make,
    good,
    linked,
    renamed,
    replaced,
    sparse,
    written,
)
from maatwerk_grading.bridge import closed_key


def contents() -> Iterator[Case]:
    """What stands in the answers file."""
    worthless: dict[str, bytes] = {
        "antwoord-leeg-bestand": b"",
        "antwoord-geen-json": b"Beste docent, mijn antwoord is ja.",
        "antwoord-afgebroken": answers_file(good())[:-40],
        "antwoord-met-staart": answers_file(good()) + b"}}",
        "antwoord-diep-genest": b"[" * 100_000,
        "antwoord-diep-gesloten": b'{"a":' * 3000 + b"1" + b"}" * 3000,
        "antwoord-getal-van-5000-cijfers": b"9" * 5000,
        "antwoord-lijst": b"[1, 2, 3]",
        "antwoord-null": b"null",
        "antwoord-nan": b"NaN",
        "antwoord-bom": b"\xef\xbb\xbf" + answers_file(good()),
        "antwoord-utf16": answers_file(good()).decode().encode("utf-16"),
        "antwoord-latin1": answers_file(good()).replace(b"scootmobiel", "scootmobi\xebl".encode("latin-1")),
        "antwoord-nullen": b"\x00" * 5000,
        "antwoord-pickle": pickle.dumps({"schema": "maatwerk.answers"}),
        "antwoord-python": repr(json.loads(answers_file(good()))).encode(),
        "antwoord-te-groot": b" " * 5_000_001,
        "antwoord-ander-schema": _book(schema="kwaad.antwoorden"),
        "antwoord-nieuwere-versie": _book(version=2),
        "antwoord-versie-nul": _book(version=0),
        "antwoord-versie-tekst": _book(version="1"),
        "antwoord-versie-waar": _book(version=True),
        "antwoord-versie-reusachtig": _book(version=10**400),
        "antwoord-versie-oneindig": _book(version=float("inf")),
        "antwoord-zonder-versie": _book(version=None),
        "antwoord-velden-lijst": _book(answers={EXERCISE.key: [1, 2]}),
        "antwoord-revisie-negatief": _book(revision=-1),
        "antwoord-plek-nan": _fields(placement={"person": float("nan"), "group": 5}),
        "antwoord-plek-oneindig": _fields(placement={"person": float("inf"), "group": 5}),
        "antwoord-plek-buiten-het-vlak": _fields(placement={"person": 101, "group": 5}),
        "antwoord-plek-reusachtig": _fields(placement={"person": 10**400, "group": 5}),
        "antwoord-plek-waar": _fields(placement={"person": True, "group": True}),
        "antwoord-plek-extra-sleutel": _fields(placement={"person": 5, "group": 5, "__class__": "int"}),
        "antwoord-punten-reusachtig": _fields(loyalties={"burgers": 10**400}),
        "antwoord-punten-negatief": _fields(loyalties={"burgers": -100, "rechtsstaat": 200}),
        "antwoord-punten-waar": _fields(loyalties={"burgers": True}),
        "antwoord-punten-breuk": _fields(loyalties={"burgers": 41.5}),
        "antwoord-sleutel-te-lang": _fields(tension="x" * 101),
        "antwoord-tekst-te-lang": _fields(justification="x" * 20_001),
        "antwoord-effecten-verkeerd": _fields(effects={"burger": "voordeel"}),
        "antwoord-overal-lijsten": _fields(**{key: [] for key in good()}),
    }
    for name, content in worthless.items():
        yield Case(name, _answers(content), 0.0, UNUSABLE)
    yield Case(
        "antwoord-gigabyte",
        partial(sparse, "answers.json", GIGABYTE),
        0.0,
        ("left_out_too_large", *UNUSABLE),
        unlike=SLOW,
    )
    # Nothing wrong with these, to a grader.
    harmless: dict[str, tuple[bytes, float]] = {
        "antwoord-script": (_fields(**dict.fromkeys(WORDS, HOSTILE)), ALL),
        "antwoord-ansi": (_fields(justification="\x1b[2J\x1b]0;weg\x07\x9b31m" * 50), ALL),
        "antwoord-half-teken": (_fields(justification="half \ud800 teken \udfff"), ALL),
        "antwoord-nulteken": (_fields(justification="voor\x00na"), ALL),
        "antwoord-omgekeerd": (_fields(justification="\u202e\u2066omgekeerd\u2069"), ALL),
        "antwoord-sjabloon": (_fields(justification="{{ 7*7 }} {% include '/etc/passwd' %} %(x)s {0}"), ALL),
        "antwoord-formule": (_fields(justification="$$\\href{javascript:alert(1)}{x}$$ \\(x\\)"), ALL),
        "antwoord-link": (_fields(justification="[x](javascript:alert(1)) <javascript:alert(2)>"), ALL),
        "antwoord-dubbele-sleutels": (b'{"schema": "weg", ' + answers_file(own("dubbel"))[1:], ALL),
        "antwoord-vreemde-velden": (_fields(__class__="x", __proto__={"a": 1}, score=14), ALL),
        "antwoord-onbekende-sleutels": (
            _fields(tension="__import__('os')", dynamic="{0.__class__}", counter_variant="../../etc"),
            ALL - 2 - 2 - 2,
        ),
        "antwoord-andere-oefening": (_book(answers={"bestaat-niet": good()}), 0.0),
        "antwoord-duizend-oefeningen": (
            _book(answers={EXERCISE.key: own("duizend"), **{f"x{i}": {} for i in range(1000)}}),
            ALL,
        ),
    }
    for name, (content, earns) in harmless.items():
        yield Case(name, _answers(content), earns)
    # What is wrong with one exercise says nothing about another: that one earns what it is worth.
    for name, value in {"null": None, "lijst": [1, 2], "tekst": "weg"}.items():
        spoiled = _book(answers={EXERCISE.key: own(f"deel {name}"), OTHER.key: value})
        yield Case(f"antwoord-ander-deel-{name}", _answers(spoiled), ALL, UNUSABLE)
        closed = {EXERCISE.key: own(f"meerkeuze {name}"), closed_key(ASSIGNMENT.closed[0].key): value}
        yield Case(f"antwoord-meerkeuze-{name}", _answers(_book(answers=closed)), ALL, UNUSABLE)


OTHER = ASSIGNMENT.dilemmas[1]


def own(text: str) -> dict[str, Any]:
    """The good answer with a text of its own: the same answers as somebody else's would be told."""
    return good() | {"justification": text}


def _answers(content: bytes) -> Make:
    return partial(written, "answers.json", content)


WORDS = ("justification", "counter_argument", "change_mind", "own_case")


def _book(**changes: Any) -> bytes:
    book = json.loads(answers_file(good())) | changes
    return json.dumps({key: value for key, value in book.items() if value is not None}).encode()


def _fields(**changes: Any) -> bytes:
    return answers_file(good() | changes)


def files() -> Iterator[Case]:
    """What the answers file is."""
    yield Case("bestand-ontbreekt", lambda folder: (folder / "answers.json").unlink(), 0.0, UNUSABLE)
    yield Case("bestand-is-map", partial(replaced, "answers.json", Path.mkdir), 0.0, UNUSABLE)
    yield Case("bestand-is-pijp", partial(replaced, "answers.json", os.mkfifo), None, NO_FILE)
    yield Case("bestand-is-contact", partial(replaced, "answers.json", _socket), None, NO_FILE)
    links = {
        "bestand-koppelt-naar-ander": f"../../bestand-van-ander/{NAME}/answers.json",
        "bestand-koppelt-naar-geheim": SECRET_LINK,
        "bestand-koppelt-naar-cijfers": "../../../gradebook.db",
        "bestand-koppelt-naar-niets": "bestaat-niet",
        "bestand-koppelt-naar-zichzelf": "answers.json",
        "bestand-koppelt-naar-nullen": "/dev/zero",
    }
    for name, target in links.items():
        make = partial(replaced, "answers.json", linked(target))
        yield Case(name, make, None, NO_FILE, unlike=FOLLOWS)
    # The first of the two is the one that others copy from.
    yield Case("bestand-a-van-iemand", _answers(_fields(justification="uniek")))
    yield Case(
        "bestand-b-overgenomen",
        _answers(_fields(justification="uniek")),
        ALL,
        ("same_answers",),
    )
    yield Case("bestand-c-hardlink", _hard_link, ALL, ("same_answers",))
    yield Case(
        "bestand-in-hoofdletters",
        partial(renamed, "answers.json", "ANSWERS.JSON"),
        0.0,
        UNUSABLE,
    )
    yield Case("bestand-in-submap", _in_subfolder, 0.0, UNUSABLE)


def _socket(path: Path) -> None:
    # The address of a socket may be no longer than about a hundred characters.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def _hard_link(folder: Path) -> None:
    original = folder.parents[1] / "bestand-a-van-iemand" / NAME / "answers.json"
    (folder / "answers.json").unlink()
    os.link(original, folder / "answers.json")


def _in_subfolder(folder: Path) -> None:
    (folder / "map").mkdir()
    renamed("answers.json", "map/answers.json", folder)
