"""Getting what the site is made of, each file exactly as it is pinned; kept in a cache, and checked again."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from maatwerk_site.pins import Pins, Wheel


class InputError(Exception):
    """Something could not be had, or is not what it should be."""


def fetch_pyodide(pins: Pins, cache: Path) -> Path:
    """The archive of the npm package; fetched when it is not in the cache.

    Raises
    ------
    InputError
        When npm cannot give it, or gives another.
    """
    archive = cache / f"pyodide-{pins.pyodide}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            run(["npm", "pack", f"pyodide@{pins.pyodide}", "--silent", "--pack-destination", folder])
            (Path(folder) / archive.name).replace(archive)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != pins.pyodide_integrity:
        archive.unlink()
        raise InputError(f"pyodide {pins.pyodide} is not the package that pins.toml names")
    return archive


def unpack_pyodide(archive: Path, names: Sequence[str], into: Path) -> None:
    """Put the named files of the package in a folder."""
    with tarfile.open(archive) as package:
        for name in names:
            file = package.extractfile(f"package/{name}")
            if file is None:
                raise InputError(f"pyodide has no file {name}")
            (into / name).write_bytes(file.read())


def fetch_wheels(wheels: Sequence[Wheel], cache: Path) -> dict[str, Path]:
    """Every wheel by its name; those that the cache lacks are fetched, and checked, by pip.

    Raises
    ------
    InputError
        When pip cannot give one, or gives another.
    """
    found = _in_cache(wheels, cache)
    if missing := [wheel for wheel in wheels if wheel.name not in found]:
        cache.mkdir(parents=True, exist_ok=True)
        lines = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}" for wheel in missing]
        with tempfile.NamedTemporaryFile("w", suffix=".txt", dir=cache) as requirements:
            requirements.write("\n".join(lines))
            requirements.flush()
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            # For the browser's Python, whatever ours is.
            target = ["--platform=any", "--python-version=3.14", "--implementation=py", "--abi=none"]
            options = ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--dest={cache}"]
            run([*command, *target, *options, "--requirement", requirements.name])
        found = _in_cache(wheels, cache)
    if lacking := [wheel.name for wheel in wheels if wheel.name not in found]:
        raise InputError(f"pip did not give {', '.join(lacking)}")
    return found


def _in_cache(wheels: Sequence[Wheel], cache: Path) -> dict[str, Path]:
    by_digest = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in cache.glob("*.whl")}
    return {wheel.name: by_digest[wheel.sha256] for wheel in wheels if wheel.sha256 in by_digest}


def run(command: Sequence[str]) -> None:
    """Run a program.

    Raises
    ------
    InputError
        When it is missing or fails.
    """
    if shutil.which(command[0]) is None:
        raise InputError(f"{command[0]} is missing. On Debian or Ubuntu: apt-get install -y npm")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"{' '.join(command[:4])} …\n{done.stdout}{done.stderr}")
