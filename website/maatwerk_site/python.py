"""The browser's Python: Pyodide with our own list of packages, all of them here."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from maatwerk_site.inputs import fetch_pyodide, fetch_wheels, run, unpack_pyodide
from maatwerk_site.pins import Pins, Slimming
from maatwerk_site.wheels import empty_wheel, own_wheel, slim, with_compiled

START = Path(__file__).with_name("python.mjs")
COMPILE = Path(__file__).with_name("compile_imported.mjs")


def build_python(
    pins: Pins, project: Path, kernel: Path, cache: Path, scratch: Path, into: Path
) -> list[str]:
    """Fill a folder with Pyodide and every wheel; returns the names of the packages to load.

    Parameters
    ----------
    pins : Pins
        What comes from elsewhere.
    project : Path
        This project, for its own wheel.
    kernel : Path
        The folder of wheels that comes with JupyterLite's kernel.
    cache : Path
        Where what was fetched is kept.
    scratch, into : Path
        Two empty folders.
    """
    archive = fetch_pyodide(pins, cache)
    fetched = fetch_wheels(pins.wheels, cache)
    unpack_pyodide(archive, pins.pyodide_files, scratch)
    shutil.copy(START, scratch)
    wheels = [
        *(slim(fetched[wheel.name], wheel.slimming, scratch) for wheel in pins.wheels),
        *(slim(_one(kernel, start), Slimming(), scratch) for start in pins.kernel_wheels),
        *(empty_wheel(name, files, scratch) for name, files in pins.empty.items()),
        own_wheel(project, pins.own, scratch, cache / "own"),
    ]
    stock = _stock_lock(archive)
    _write_lock(scratch, stock, wheels)
    with tempfile.TemporaryDirectory() as compiled:
        run(["node", str(COMPILE), str(scratch), compiled])
        for file in scratch.iterdir():
            if file.suffix in (".whl", ".zip"):
                with_compiled(file, Path(compiled), into)
            else:
                shutil.copyfile(file, into / file.name)
    lock = _write_lock(into, stock, [into / wheel.name for wheel in wheels])
    return sorted(lock["packages"])


def lock_file(stock: dict[str, Any], wheels: Iterable[Path]) -> dict[str, Any]:
    """What Pyodide may load: these wheels and nothing else.

    All of them are loaded at once, so none need say what it depends on.
    """
    return {"info": stock["info"], "packages": dict(_package(wheel) for wheel in wheels)}


def _write_lock(folder: Path, stock: dict[str, Any], wheels: Iterable[Path]) -> dict[str, Any]:
    lock = lock_file(stock, wheels)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1, sort_keys=True), encoding="utf-8")
    return lock


def _package(wheel: Path) -> tuple[str, dict[str, Any]]:
    name, version, _ = wheel.name.split("-", 2)
    name = re.sub(r"[-_.]+", "-", name).lower()
    return name, {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": [],
        "depends": [],
        "unvendored_tests": False,
    }


def _stock_lock(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as package:
        file = package.extractfile("package/pyodide-lock.json")
        assert file is not None
        lock: dict[str, Any] = json.load(file)
        return lock


def _one(folder: Path, start: str) -> Path:
    (found,) = folder.glob(f"{start}-*.whl")
    return found
