"""Broken and hostile submissions, each with a name and with what has to become of it.

A case starts as a whole submission that earns every automatic point of the one exercise that was answered, and
spoils one thing. ``python tests/nbgrader/hostile.py`` lists them.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from handed_in import CORNERS, EXERCISE, HOSTILE, NAME, answers_file, model_fields
from maatwerk_grading.assignment_notebook import cell_name
from maatwerk_grading.fast.results import State

ALL = float(sum(EXERCISE.points.values()))
GIGABYTE = 1_000_000_000
# What a hostile cell writes, wherever it can: nothing of this name may ever turn up.
TRACE = "gehackt"

# Why stock nbgrader is not asked for the same case.
RUNS = "nbgrader runs the learner's code"
FOLLOWS = "nbgrader follows the link"
STOPS = "nbgrader stops with all submissions"
SLOW = "nbgrader copies it all"
NAMES = "nbgrader's pages do not escape the name"

Make = Callable[[Path], None]
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A submission, and what becomes of it.

    Parameters
    ----------
    name : str
        What it is called here; also the student's name, unless ``student`` says otherwise.
    make : callable
        Spoils a whole submission; gets its folder.
    earns : float or None
        The automatic points; ``None`` when it is not graded.
    remarks : tuple of str
        The keys of what is said about it.
    unlike : str
        Why stock nbgrader is not compared with; empty when it has to do the same.
    student : str
        The name of the student's folder.
    """

    name: str
    make: Make
    earns: float | None = ALL
    remarks: tuple[str, ...] = ()
    unlike: str = ""
    student: str = ""

    @property
    def folder(self) -> str:
        """The name of the student's folder."""
        return self.student or self.name

    @property
    def state(self) -> State:
        """How it ends."""
        return State.FAILED if self.earns is None else State.GRADED


def good() -> dict[str, Any]:
    """The answer that every case starts with."""
    return model_fields(*CORNERS["laag-hoog"])


def cases() -> tuple[Case, ...]:
    """All of them."""
    return (*_answers(), *_answers_files(), *_notebooks(), *_cells(), *_folders(), *_names())


# --- What stands in the answers file -----------------------------------------------------------------------------

UNUSABLE = ("answers_unusable",)


def _answers() -> Iterator[Case]:
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
        yield Case(name, partial(_write_answers, content), 0.0, UNUSABLE)
    yield Case(
        "antwoord-gigabyte",
        partial(_sparse, "answers.json", GIGABYTE),
        0.0,
        UNUSABLE,
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
        "antwoord-dubbele-sleutels": (b'{"schema": "weg", ' + answers_file(good())[1:], ALL),
        "antwoord-vreemde-velden": (_fields(__class__="x", __proto__={"a": 1}, score=14), ALL),
        "antwoord-onbekende-sleutels": (
            _fields(tension="__import__('os')", dynamic="{0.__class__}", counter_variant="../../etc"),
            ALL - 2 - 2 - 2,
        ),
        "antwoord-andere-oefening": (_book(answers={"bestaat-niet": good()}), 0.0),
        "antwoord-duizend-oefeningen": (
            _book(answers={EXERCISE.key: good(), **{f"x{i}": {} for i in range(1000)}}),
            ALL,
        ),
    }
    for name, (content, earns) in harmless.items():
        yield Case(name, partial(_write_answers, content), earns)


WORDS = ("justification", "counter_argument", "change_mind", "own_case")


def _book(**changes: Any) -> bytes:
    book = json.loads(answers_file(good())) | changes
    return json.dumps({key: value for key, value in book.items() if value is not None}).encode()


def _fields(**changes: Any) -> bytes:
    return answers_file(good() | changes)


def _write_answers(content: bytes, folder: Path) -> None:
    (folder / "answers.json").write_bytes(content)


def _sparse(name: str, size: int, folder: Path) -> None:
    """A file that says it is large, and takes no room."""
    with (folder / name).open("wb") as file:
        file.truncate(size)


# --- What the answers file is ------------------------------------------------------------------------------------

NO_FILE = ("no_plain_file",)


def _answers_files() -> Iterator[Case]:
    yield Case("bestand-ontbreekt", lambda folder: (folder / "answers.json").unlink(), 0.0, UNUSABLE)
    yield Case("bestand-is-map", partial(_replaced, "answers.json", Path.mkdir), 0.0, UNUSABLE)
    yield Case("bestand-is-pijp", partial(_replaced, "answers.json", os.mkfifo), None, NO_FILE)
    yield Case("bestand-is-contact", partial(_replaced, "answers.json", _socket), None, NO_FILE)
    links = {
        "bestand-koppelt-naar-ander": f"../../bestand-van-ander/{NAME}/answers.json",
        "bestand-koppelt-naar-wachtwoorden": "/etc/passwd",
        "bestand-koppelt-naar-cijfers": "../../../gradebook.db",
        "bestand-koppelt-naar-niets": "bestaat-niet",
        "bestand-koppelt-naar-zichzelf": "answers.json",
        "bestand-koppelt-naar-nullen": "/dev/zero",
    }
    for name, target in links.items():
        make = partial(_replaced, "answers.json", lambda path, target=target: path.symlink_to(target))
        yield Case(name, make, None, NO_FILE, unlike=FOLLOWS)
    # The first of the two is the one that others copy from.
    yield Case("bestand-a-van-iemand", partial(_write_answers, _fields(justification="uniek")))
    yield Case(
        "bestand-b-overgenomen",
        partial(_write_answers, _fields(justification="uniek")),
        ALL,
        ("same_answers",),
    )
    yield Case("bestand-c-hardlink", _hard_link, ALL, ("same_answers",))
    yield Case(
        "bestand-in-hoofdletters",
        lambda folder: _rename(folder, "answers.json", "ANSWERS.JSON"),
        0.0,
        UNUSABLE,
    )
    yield Case("bestand-in-submap", _in_subfolder, 0.0, UNUSABLE)


def _replaced(name: str, make: Callable[[Path], object], folder: Path) -> None:
    (folder / name).unlink()
    make(folder / name)


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


def _rename(folder: Path, old: str, new: str) -> None:
    (folder / old).rename(folder / new)


def _in_subfolder(folder: Path) -> None:
    (folder / "map").mkdir()
    _rename(folder, "answers.json", "map/answers.json")


# --- What the notebook is ----------------------------------------------------------------------------------------

FILE = f"{NAME}.ipynb"
NO_NOTEBOOK = ("no_notebook",)
REFUSED = ("refused_by_nbgrader",)


def _notebooks() -> Iterator[Case]:
    contents: dict[str, bytes] = {
        "notebook-leeg": b"",
        "notebook-geen-json": b"%PDF-1.7",
        "notebook-diep-genest": b"[" * 100_000,
        "notebook-getal-van-5000-cijfers": b'{"cells": [], "x": ' + b"9" * 5000 + b"}",
        "notebook-utf16": '{"cells": []}'.encode("utf-16"),
        "notebook-bom": b"\xef\xbb\xbf{}",
        "notebook-nullen": b"\x00" * 100,
    }
    for name, content in contents.items():
        yield Case(name, partial(_write_notebook, content), None, NO_NOTEBOOK)
    refused: dict[str, bytes] = {
        "notebook-lijst": b"[]",
        "notebook-tekst": b'"notebook"',
        "notebook-zonder-iets": b"{}",
        "notebook-versie-99": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        "notebook-cellen-null": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": null}',
        "notebook-metadata-null": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": null, "cells": []}',
    }
    for name, content in refused.items():
        yield Case(name, partial(_write_notebook, content), None, REFUSED)
    yield Case(
        "notebook-gigabyte", partial(_sparse, FILE, GIGABYTE), None, ("notebook_too_large",), unlike=SLOW
    )
    yield Case("notebook-is-map", partial(_replaced, FILE, Path.mkdir), None, NO_FILE)
    yield Case("notebook-is-pijp", partial(_replaced, FILE, os.mkfifo), None, NO_FILE, unlike=SLOW)
    target = f"../../bestand-a-van-iemand/{NAME}/{FILE}"
    yield Case(
        "notebook-koppelt-naar-ander",
        partial(_replaced, FILE, lambda path: path.symlink_to(target)),
        None,
        NO_FILE,
        unlike=FOLLOWS,
    )
    yield Case("notebook-ontbreekt", lambda folder: (folder / FILE).unlink(), None, ("nothing_handed_in",))
    yield Case(
        "notebook-hernoemd",
        lambda folder: _rename(folder, FILE, "mijn opdracht.ipynb"),
        None,
        ("only_unknown_notebooks",),
    )
    yield Case(
        "notebook-extra",
        lambda folder: shutil.copy(folder / FILE, folder / "kladblok.ipynb"),
        ALL,
        ("unknown_notebook",),
    )
    changed: dict[str, tuple[Callable[[Notebook], object], float | None, tuple[str, ...]]] = {
        "notebook-oud-formaat": (_older_minor, ALL, ()),
        "notebook-formaat-3": (_format_3, ALL, PUT_BACK),
        "notebook-zonder-cellen": (lambda nb: nb["cells"].clear(), 0.0, ("missing_cells",)),
        "notebook-andere-kernel": (_other_kernel, ALL, ()),
        "notebook-nan-in-metadata": (lambda nb: nb["metadata"].update(x=float("nan")), ALL, ()),
        "notebook-diepe-metadata": (lambda nb: nb["metadata"].update(x=_nested(60)), ALL, ()),
        "notebook-te-diepe-metadata": (lambda nb: nb["metadata"].update(x=_nested(900)), None, REFUSED),
        "notebook-kwade-titel": (
            lambda nb: nb["metadata"].update(title="</title><script>x</script>"),
            ALL,
            (),
        ),
        "notebook-kwade-widgets": (_evil_widgets, ALL, ()),
        "notebook-half-teken": (
            lambda nb: _add(nb, _markdown("half \ud800 teken")),
            None,
            ("unwritable_notebook",),
        ),
        "notebook-extra-sleutel": (lambda nb: nb.update(kwaad=1), ALL, ()),
        "notebook-cel-zonder-bron": (lambda nb: nb["cells"][0].pop("source"), None, REFUSED),
        "notebook-cel-is-getal": (lambda nb: nb["cells"].insert(0, 42), None, REFUSED),
        "notebook-vreemde-cel": (lambda nb: nb["cells"][0].update(cell_type="kwaad"), None, REFUSED),
        "notebook-dubbele-id": (lambda nb: nb["cells"][1].update(id=nb["cells"][0]["id"]), ALL, ()),
        "notebook-kwade-id": (lambda nb: nb["cells"][0].update(id='"><script>x</script>'), None, REFUSED),
        "notebook-uitvoer-null": (lambda nb: _test(nb).update(outputs=None), None, REFUSED),
    }
    for name, (change, earns, remarks) in changed.items():
        yield Case(name, partial(_edit, change), earns, remarks)


def _write_notebook(content: bytes, folder: Path) -> None:
    (folder / FILE).write_bytes(content)


def _edit(change: Callable[[Notebook], object], folder: Path) -> None:
    notebook = json.loads((folder / FILE).read_text(encoding="utf-8"))
    change(notebook)
    # Half a pair can only be written as an escape.
    (folder / FILE).write_text(json.dumps(notebook), encoding="utf-8")


def _test(notebook: Notebook, part: str = "spanning") -> dict[str, Any]:
    """A test cell of the notebook."""
    name = cell_name(EXERCISE, part)
    cell: dict[str, Any] = next(c for c in notebook["cells"] if _grade_id(c) == name)
    return cell


def _grade_id(cell: dict[str, Any]) -> object:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _add(notebook: Notebook, *cells: dict[str, Any]) -> None:
    notebook["cells"] = [*cells, *notebook["cells"]]


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "van-mij", "metadata": {}, "source": source}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "mijn-code",
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _older_minor(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]


def _format_3(notebook: Notebook) -> None:
    notebook.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": notebook.pop("cells")}])


def _other_kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"display_name": "Bash", "language": "bash", "name": "bash"}


def _evil_widgets(notebook: Notebook) -> None:
    state = {"state": {}, "x": "</script><script>alert(1)</script>"}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": state}


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# --- What stands in the notebook ---------------------------------------------------------------------------------

PUT_BACK, MISSING, OWN = ("put_back",), ("missing_cells",), ("own_code",)


def _cells() -> Iterator[Case]:
    worth = EXERCISE.points["spanning"]
    changed: dict[str, tuple[Callable[[Notebook], object], float | None, tuple[str, ...]]] = {
        "cel-test-veranderd": (lambda nb: _test(nb).update(source="2.0"), ALL, PUT_BACK),
        "cel-test-leeg": (lambda nb: _test(nb).update(source=""), ALL, PUT_BACK),
        "cel-test-breekt-uit": (
            lambda nb: _test(nb).update(source=f"open('{TRACE}', 'w'); 2.0"),
            ALL,
            PUT_BACK,
        ),
        "cel-woorden-veranderd": (
            lambda nb: _test(nb, "case").update(source="<script>x</script>"),
            ALL,
            PUT_BACK,
        ),
        "cel-rubriek-veranderd": (
            lambda nb: _test(nb, "verantwoording").update(source="Goed!"),
            ALL,
            PUT_BACK,
        ),
        "cel-punten-veranderd": (lambda nb: _marks(nb).update(points=1000), ALL, PUT_BACK),
        "cel-punten-nul": (lambda nb: _marks(nb).update(points=0), ALL, PUT_BACK),
        "cel-controle-veranderd": (lambda nb: _marks(nb).update(checksum="0" * 32), ALL, ()),
        "cel-ontgrendeld": (lambda nb: _marks(nb).update(locked=False), ALL, ()),
        "cel-uitvoer-vervalst": (_forged, ALL, ()),
        "cel-gewist": (lambda nb: nb["cells"].remove(_test(nb)), ALL - worth, MISSING),
        "cel-alle-tests-gewist": (_without_tests, 0.0, MISSING),
        "cel-eigen-woorden-gewist": (lambda nb: nb["cells"].remove(_test(nb, "written")), ALL, MISSING),
        "cel-andere-volgorde": (lambda nb: nb["cells"].reverse(), ALL, ()),
        "cel-onbekende-naam": (lambda nb: _marks(nb).update(grade_id="bestaat-niet"), None, REFUSED),
        "cel-naam-is-script": (lambda nb: _marks(nb).update(grade_id="<script>"), None, REFUSED),
        "cel-naam-is-lijst": (lambda nb: _marks(nb).update(grade_id=["x"]), None, REFUSED),
        "cel-metadata-lijst": (lambda nb: _test(nb)["metadata"].update(nbgrader=[1]), None, REFUSED),
        "cel-metadata-null": (lambda nb: _test(nb)["metadata"].update(nbgrader=None), None, REFUSED),
        "cel-punten-tekst": (lambda nb: _marks(nb).update(points="veel"), None, REFUSED),
        "cel-extra-sleutel": (lambda nb: _marks(nb).update(kwaad=1), None, REFUSED),
        "cel-graad-is-een": (lambda nb: _marks(nb).update(grade=1), None, REFUSED),
        "cel-is-oplossing": (lambda nb: _marks(nb).update(solution=True), None, REFUSED),
        "cel-telt-niet": (lambda nb: _marks(nb).update(grade=False), None, REFUSED),
        "cel-namen-geruild": (_swapped, None, REFUSED),
        "cel-wordt-tekst": (_becomes_markdown, ALL, PUT_BACK),
    }
    for name, (change, earns, remarks) in changed.items():
        yield Case(name, partial(_edit, change), earns, remarks)
    for name, change in {
        "cel-schema-oud": lambda nb: _marks(nb).update(schema_version=2),
        "cel-schema-nieuw": lambda nb: _marks(nb).update(schema_version=4),
    }.items():
        yield Case(name, partial(_edit, change), None, REFUSED, unlike=STOPS)
    yield Case(
        "cel-dubbel",
        partial(_edit, lambda nb: nb["cells"].append(dict(_test(nb), id="dubbel"))),
        ALL,
        OWN,
        unlike=STOPS,
    )
    own = {
        "eigen-code-onschuldig": "1 + 1",
        "eigen-code-opent-cijfers": "import sqlite3\nd = sqlite3.connect('../../../gradebook.db')\n"
        "d.execute('update grade set manual_score = 99')\nd.commit()",
        "eigen-code-schrijft-buiten": f"open('../../../{TRACE}', 'w')",
        "eigen-code-verandert-antwoord": "open('answers.json', 'w').write('{}')",
        "eigen-code-knoeit-met-de-brug": "import maatwerk_grading.bridge as b\nb.points = lambda *a, **k: 2.0",
        "eigen-code-roept-ander": "!touch " + TRACE,
        "eigen-code-stopt": "import os\nos._exit(1)",
        "eigen-code-zonder-eind": "while True:\n    pass",
        "eigen-code-vult-geheugen": "x = [0] * 10**12",
        "eigen-code-doet-zich-voor": "from maatwerk_grading.bridge import points\npoints('scootmobiel', 'spanning')",
    }
    for name, source in own.items():
        yield Case(name, partial(_edit, lambda nb, s=source: _add(nb, _code(s))), ALL, OWN, unlike=RUNS)
    yield Case("eigen-tekst-script", partial(_edit, lambda nb: _add(nb, _markdown(EVIL_MARKDOWN))))
    yield Case("eigen-ruwe-html", partial(_edit, lambda nb: _add(nb, _raw(EVIL_MARKDOWN))))
    yield Case("eigen-bijlage-svg", partial(_edit, lambda nb: _add(nb, _attached())))


EVIL_MARKDOWN = (
    "# Mijn aantekening\n\n<script>alert('uit-een-cel')</script><img src=x onerror=alert(2)>\n\n"
    '[klik](javascript:alert(3)) <iframe src="https://example.org"></iframe>'
)


def _marks(notebook: Notebook) -> dict[str, Any]:
    marks: dict[str, Any] = _test(notebook)["metadata"]["nbgrader"]
    return marks


def _forged(notebook: Notebook) -> None:
    data = {
        "data": {"text/plain": "1000"},
        "execution_count": 1,
        "metadata": {},
        "output_type": "execute_result",
    }
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[data], execution_count=1)


def _without_tests(notebook: Notebook) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]


def _swapped(notebook: Notebook) -> None:
    one, other = _test(notebook, "spanning"), _test(notebook, "case")
    one["metadata"]["nbgrader"]["grade_id"], other["metadata"]["nbgrader"]["grade_id"] = (
        other["metadata"]["nbgrader"]["grade_id"],
        one["metadata"]["nbgrader"]["grade_id"],
    )


def _becomes_markdown(notebook: Notebook) -> None:
    cell = _test(notebook)
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _raw(source: str) -> dict[str, Any]:
    return {
        "cell_type": "raw",
        "id": "mijn-html",
        "metadata": {"raw_mimetype": "text/html", "format": "text/html"},
        "source": source,
    }


def _attached() -> dict[str, Any]:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"
    return _markdown("![x](attachment:x.svg)") | {"attachments": {"x.svg": {"image/svg+xml": svg}}}


# --- What stands beside it ---------------------------------------------------------------------------------------


def _folders() -> Iterator[Case]:
    left_out = ("left_out_no_file",)
    links = {
        "map-koppelt-naar-cijfers": "../../../gradebook.db",
        "map-koppelt-naar-wachtwoorden": "/etc/passwd",
    }
    for name, target in links.items():
        make = partial(_beside, "bijlage", lambda path, target=target: path.symlink_to(target))
        yield Case(name, make, ALL, left_out, unlike=FOLLOWS)
    yield Case(
        "map-koppelt-naar-map", partial(_beside, "map", lambda path: path.symlink_to("/etc")), ALL, left_out
    )
    yield Case("map-met-pijp", partial(_beside, "pijp", os.mkfifo), ALL, left_out, unlike=SLOW)
    yield Case(
        "map-met-gigabyte", partial(_sparse, "groot.bin", GIGABYTE), ALL, ("left_out_too_large",), unlike=SLOW
    )
    yield Case("map-met-module", _modules, unlike=RUNS)
    yield Case("map-met-controlepunten", partial(_file, f".ipynb_checkpoints/{FILE}", b"{}"))
    yield Case("map-met-tekst", partial(_file, "notities/lees mij.txt", b"hoi"))
    yield Case("map-met-zip", _zip_slip)
    yield Case("map-met-notebook-in-map", partial(_file, f"kopie/{FILE}", b"{}"))
    yield Case("map-met-duizenden-bestanden", _many_files, None, ("too_many_files",), unlike=SLOW)
    yield Case("map-heel-diep", _deep_folder)
    moments: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "tijd-onzin": (b"morgen, meestal", ("bad_timestamp",)),
        "tijd-binair": (b"\xff\xfe\x00", ("bad_timestamp",)),
        "tijd-jaar-99999": (b"99999-01-01 00:00:00 UTC", ("bad_timestamp",)),
        "tijd-eindeloos": (b"2" * 5000, ("bad_timestamp",)),
    }
    for name, (content, remarks) in moments.items():
        yield Case(name, partial(_file, "timestamp.txt", content), None, remarks)
    for name, content in {
        "tijd-leeg": b"",
        "tijd-gewoon": b"2026-11-24 09:30:00.123456 UTC",
        "tijd-met-zone": b"2026-11-24 09:30:00 Europe/Amsterdam",
        "tijd-met-verschil": b"2026-11-24T09:30:00+01:00",
        "tijd-in-de-toekomst": b"2999-01-01 00:00:00 UTC",
    }.items():
        yield Case(name, partial(_file, "timestamp.txt", content))
    yield Case(
        "tijd-koppelt-naar-ander",
        partial(_beside, "timestamp.txt", lambda path: path.symlink_to("/etc/hostname")),
        None,
        NO_FILE,
        unlike=FOLLOWS,
    )
    yield Case("map-is-koppeling", _folder_is_link, None, ("folder_is_link",), unlike=FOLLOWS)


def _beside(name: str, make: Callable[[Path], object], folder: Path) -> None:
    make(folder / name)


def _file(name: str, content: bytes, folder: Path) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _modules(folder: Path) -> None:
    """Modules with the names of those that marking needs."""
    for name in (
        "json",
        "maatwerk",
        "maatwerk_grading",
        "sitecustomize",
        "IPython",
        "ast",
        "html",
        "answers",
    ):
        _file(f"{name}.py", f"open('{TRACE}', 'w')\n".encode(), folder)
    _file("maatwerk_widgets/__init__.py", f"open('{TRACE}', 'w')\n".encode(), folder)


def _zip_slip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bijlage.zip", "w") as archive:
        archive.writestr(f"../../../../{TRACE}", "x")
        archive.writestr(f"/tmp/{TRACE}", "x")
        link = zipfile.ZipInfo("answers.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")


def _many_files(folder: Path) -> None:
    for number in range(1001):
        (folder / f"{number}.txt").touch()


def _deep_folder(folder: Path) -> None:
    _file("/".join(["d"] * 40 + ["bestand.txt"]), b"diep", folder)


def _folder_is_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(f"../bestand-a-van-iemand/{NAME}")


# --- What the student is called ----------------------------------------------------------------------------------


def _names() -> Iterator[Case]:
    names = {
        "naam-script": "<script>alert(1)<",
        "naam-aanhalingsteken": '"; alert(1); "',
        "naam-schuine-streep": "x\\u0022",
        "naam-ansi": "rood\x1b[31m",
        "naam-nieuwe-regel": "een\nNIET nagekeken",
        "naam-omgekeerd": "naam\u202etxt",
    }
    for name, student in names.items():
        yield Case(name, _nothing, None, ("name_harmful",), unlike=NAMES, student=student)
    yield Case("naam-te-lang", _nothing, None, ("name_too_long",), unlike=NAMES, student="n" * 129)
    broken = os.fsdecode(b"naam-\xff\xfe")
    yield Case("naam-geen-tekens", _nothing, None, ("name_unreadable",), student=broken)
    for name, student in {
        "naam-met-spatie": "Ada de Vries",
        "naam-met-accent": "José Ünal-Çelik",
        "naam-met-procent": "x..%2f..%2fetc",
        "naam-met-apostrof": "o'brien; drop table grade --",
        "naam-met-accolades": "{student_id}",
    }.items():
        yield Case(name, _nothing, student=student)


def _nothing(_folder: Path) -> None:
    """The submission is good."""


def submit(case: Case, root: Path) -> Path:
    """Put the case among the submissions of a course folder in which the assignment was released."""
    folder = root / "submitted" / case.folder / NAME
    shutil.copytree(root / "release" / NAME, folder)
    (folder / "answers.json").write_bytes(answers_file(good() | {"justification": case.name}))
    case.make(folder)
    return folder


if __name__ == "__main__":
    for each in cases():
        sys.stdout.write(
            f"{each.name:40} {each.state.name:8} {', '.join(each.remarks) or '-':30} {each.unlike}\n"
        )
