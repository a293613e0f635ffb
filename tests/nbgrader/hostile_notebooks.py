"""Notebooks that are broken or hostile: as files, and in what stands in them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from handed_in import EVIL_MARKDOWN, EXERCISE, NAME
from hostile_case import (
    ALL,
    FILE,
    FOLLOWS,
    GIGABYTE,
    MISSING,
    NO_FILE,
    NO_NOTEBOOK,
    OWN,
    PUT_BACK,
    REFUSED,
    RUNS,
    SLOW,
    STOPS,
    TRACE,
    Case,
    Make,
    linked,
    renamed,
    replaced,
    sparse,
    written,
)
from maatwerk_exercises.notebook import cell_name

Notebook = dict[str, Any]


def files() -> Iterator[Case]:
    """What the notebook is."""
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
        yield Case(name, partial(written, FILE, content), None, NO_NOTEBOOK)
    refused: dict[str, bytes] = {
        "notebook-lijst": b"[]",
        "notebook-tekst": b'"notebook"',
        "notebook-zonder-iets": b"{}",
        "notebook-versie-99": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        "notebook-cellen-null": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": null}',
        "notebook-metadata-null": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": null, "cells": []}',
    }
    for name, content in refused.items():
        yield Case(name, partial(written, FILE, content), None, REFUSED)
    yield Case(
        "notebook-gigabyte", partial(sparse, FILE, GIGABYTE), None, ("notebook_too_large",), unlike=SLOW
    )
    yield Case("notebook-is-map", partial(replaced, FILE, Path.mkdir), None, NO_NOTEBOOK)
    yield Case("notebook-is-pijp", partial(replaced, FILE, os.mkfifo), None, NO_FILE, unlike=SLOW)
    target = f"../../bestand-a-van-iemand/{NAME}/{FILE}"
    yield Case(
        "notebook-koppelt-naar-ander",
        partial(replaced, FILE, linked(target)),
        None,
        NO_FILE,
        unlike=FOLLOWS,
    )
    yield Case("notebook-ontbreekt", lambda folder: (folder / FILE).unlink(), None, ("nothing_handed_in",))
    yield Case(
        "notebook-hernoemd",
        partial(renamed, FILE, "mijn opdracht.ipynb"),
        None,
        ("only_unknown_notebooks",),
    )
    yield Case(
        "notebook-extra",
        lambda folder: shutil.copy(folder / FILE, folder / "kladblok.ipynb"),
        ALL,
        ("unknown_notebook",),
    )
    changed: dict[str, tuple[Change, float | None, tuple[str, ...]]] = {
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
        yield Case(name, _edited(change), earns, remarks)


Change = Callable[[Notebook], object]


def _edited(change: Change) -> Make:
    return partial(_edit, change)


def _edit(change: Change, folder: Path) -> None:
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


def cells() -> Iterator[Case]:
    """What stands in the notebook."""
    worth = EXERCISE.points["spanning"]
    changed: dict[str, tuple[Change, float | None, tuple[str, ...]]] = {
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
        yield Case(name, _edited(change), earns, remarks)
    for name, change in {
        "cel-schema-oud": lambda nb: _marks(nb).update(schema_version=2),
        "cel-schema-nieuw": lambda nb: _marks(nb).update(schema_version=4),
    }.items():
        yield Case(name, _edited(change), None, REFUSED, unlike=STOPS)
    yield Case(
        "cel-dubbel",
        _edited(lambda nb: nb["cells"].append(dict(_test(nb), id="dubbel"))),
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
        "eigen-code-knoeit-met-de-brug": (
            "from maatwerk_grading import bridge\nbridge.points = lambda *arguments, **named: 2.0"
        ),
        "eigen-code-roept-ander": "!touch " + TRACE,
        "eigen-code-stopt": "import os\nos._exit(1)",
        "eigen-code-zonder-eind": "while True:\n    pass",
        "eigen-code-vult-geheugen": "x = [0] * 10**12",
        "eigen-code-doet-zich-voor": "from maatwerk_grading.bridge import points\npoints('zoon', 'spanning')",
    }
    for name, source in own.items():
        yield Case(name, _edited(lambda nb, s=source: _add(nb, _code(s))), ALL, OWN, unlike=RUNS)
    yield Case("eigen-tekst-script", _edited(lambda nb: _add(nb, _markdown(EVIL_MARKDOWN))))
    yield Case("eigen-ruwe-html", _edited(lambda nb: _add(nb, _raw(EVIL_MARKDOWN))))
    yield Case("eigen-bijlage-svg", _edited(lambda nb: _add(nb, _attached())))


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
