"""What stands beside the answers, and what a student is called."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from handed_in import NAME
from hostile_case import (
    ALL,
    FILE,
    FOLLOWS,
    GIGABYTE,
    NAMES,
    NO_FILE,
    RUNS,
    SECRET_LINK,
    SLOW,
    TRACE,
    Case,
    linked,
    sparse,
    written,
)


def contents() -> Iterator[Case]:
    """What stands beside the notebook and the answers."""
    left_out = ("left_out_no_file",)
    links = {
        "map-koppelt-naar-cijfers": "../../../gradebook.db",
        "map-koppelt-naar-geheim": SECRET_LINK,
    }
    for name, target in links.items():
        make = partial(_beside, "bijlage", linked(target))
        yield Case(name, make, ALL, left_out, unlike=FOLLOWS)
    yield Case("map-koppelt-naar-map", partial(_beside, "map", linked("../..")), ALL, left_out)
    yield Case("map-met-pijp", partial(_beside, "pijp", os.mkfifo), ALL, left_out, unlike=SLOW)
    yield Case(
        "map-met-gigabyte", partial(sparse, "groot.bin", GIGABYTE), ALL, ("left_out_too_large",), unlike=SLOW
    )
    yield Case("map-met-module", _modules, unlike=RUNS)
    yield Case("map-met-controlepunten", partial(written, f".ipynb_checkpoints/{FILE}", b"{}"))
    yield Case("map-met-tekst", partial(written, "notities/lees mij.txt", b"hoi"))
    yield Case("map-met-zip", _zip_slip)
    yield Case("map-met-notebook-in-map", partial(written, f"kopie/{FILE}", b"{}"))
    yield Case("map-met-duizenden-bestanden", _many_files, None, ("too_many_files",), unlike=SLOW)
    yield Case("map-heel-diep", _deep_folder)
    moments: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "tijd-onzin": (b"morgen, meestal", ("bad_timestamp",)),
        "tijd-binair": (b"\xff\xfe\x00", ("bad_timestamp",)),
        "tijd-jaar-99999": (b"99999-01-01 00:00:00 UTC", ("bad_timestamp",)),
        "tijd-eindeloos": (b"2" * 5000, ("bad_timestamp",)),
    }
    for name, (content, remarks) in moments.items():
        yield Case(name, partial(written, "timestamp.txt", content), None, remarks)
    for name, content in {
        "tijd-leeg": b"",
        "tijd-gewoon": b"2026-11-24 09:30:00.123456 UTC",
        "tijd-met-zone": b"2026-11-24 09:30:00 Europe/Amsterdam",
        "tijd-met-verschil": b"2026-11-24T09:30:00+01:00",
        "tijd-in-de-toekomst": b"2999-01-01 00:00:00 UTC",
    }.items():
        yield Case(name, partial(written, "timestamp.txt", content))
    yield Case(
        "tijd-koppelt-naar-ander",
        partial(_beside, "timestamp.txt", linked(SECRET_LINK)),
        None,
        NO_FILE,
        unlike=FOLLOWS,
    )
    yield Case("map-is-koppeling", _folder_is_link, None, ("folder_is_link",), unlike=FOLLOWS)


def _beside(name: str, make: Callable[[Path], object], folder: Path) -> None:
    make(folder / name)


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
        written(f"{name}.py", f"open('{TRACE}', 'w')\n".encode(), folder)
    written("maatwerk_widgets/__init__.py", f"open('{TRACE}', 'w')\n".encode(), folder)


def _zip_slip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bijlage.zip", "w") as archive:
        for name in (f"../../../../{TRACE}", f"/tmp/{TRACE}"):
            archive.writestr(zipfile.ZipInfo(name), "x")
        link = zipfile.ZipInfo("answers.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, SECRET_LINK)


def _many_files(folder: Path) -> None:
    for number in range(1001):
        (folder / f"{number}.txt").touch()


def _deep_folder(folder: Path) -> None:
    written("/".join(["d"] * 40 + ["bestand.txt"]), b"diep", folder)


def _folder_is_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(f"../bestand-a-van-iemand/{NAME}")


def names() -> Iterator[Case]:
    """What the student is called."""
    harmful = {
        "naam-script": "<script>alert(1)<",
        "naam-aanhalingsteken": '"; alert(1); "',
        "naam-schuine-streep": "x\\u0022",
        "naam-ansi": "rood\x1b[31m",
        "naam-nieuwe-regel": "een\nNIET nagekeken",
        "naam-omgekeerd": "naam\u202etxt",
    }
    for name, student in harmful.items():
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
