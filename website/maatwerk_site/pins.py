"""What the site is made of besides this project, read from ``pins.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("pins.toml")


@dataclass(frozen=True, slots=True)
class Slimming:
    """Which files of a wheel to leave out: those that match ``drop`` and not ``keep``."""

    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of PyPI: ``sha256`` is that of the file as it is there."""

    name: str
    version: str
    sha256: str
    slimming: Slimming


@dataclass(frozen=True, slots=True)
class Pins:
    """Everything that comes from elsewhere.

    Parameters
    ----------
    pyodide, pyodide_integrity : str
        The version of the npm package, and what npm says that its archive must be.
    pyodide_files : tuple of str
        The files of that package that the site needs.
    kernel_wheels : tuple of str
        How the names begin of the wheels that come with JupyterLite's kernel.
    empty : mapping of str to tuple of str
        Packages to stand in for with nothing, and the files that each then has, all empty.
    own : Slimming
        Of this project's own wheel.
    wheels : tuple of Wheel
        From PyPI.
    """

    pyodide: str
    pyodide_integrity: str
    pyodide_files: tuple[str, ...]
    kernel_wheels: tuple[str, ...]
    empty: Mapping[str, tuple[str, ...]]
    own: Slimming
    wheels: tuple[Wheel, ...]


def read_pins(file: Path = FILE) -> Pins:
    """Read the pins."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    pyodide, kernel = data["pyodide"], data["kernel"]
    return Pins(
        pyodide["version"],
        pyodide["integrity"],
        tuple(pyodide["files"]),
        tuple(kernel["wheels"]),
        {name: tuple(files) for name, files in kernel["empty"].items()},
        _slimming(data["own"]),
        tuple(
            Wheel(name, one["version"], one["sha256"], _slimming(one)) for name, one in data["wheels"].items()
        ),
    )


def _slimming(row: Mapping[str, Any]) -> Slimming:
    return Slimming(tuple(row.get("drop", ())), tuple(row.get("keep", ())))
