"""Wheels as small and as fast as they can be: the same bytes for the same input."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from maatwerk_site.pins import Slimming

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def own_wheel(project: Path, slimming: Slimming, into: Path, scratch: Path) -> Path:
    """The wheel of this project itself."""
    (built,) = WheelBuilder(str(project)).build(directory=str(scratch), versions=["standard"])
    return slim(Path(built), slimming, into)


def slim(wheel: Path, slimming: Slimming, into: Path) -> Path:
    """A wheel without what is not needed, with its list of files brought up to date."""
    contents = {name: data for name, data in _read(wheel).items() if not _dropped(name, slimming)}
    return write_wheel(contents, into / wheel.name)


def with_compiled(archive: Path, compiled: Path, into: Path) -> Path:
    """A wheel, or the standard library, with compiled modules in the place of their source.

    Parameters
    ----------
    archive : Path
        The wheel or the library.
    compiled : Path
        A folder with, for some ``a/b.py``, its ``a/b.pyc``.
    into : Path
        The folder of the new archive.
    """
    contents = {}
    for name, data in _read(archive).items():
        module = compiled / f"{name}c"
        if name.endswith(".py") and module.exists():
            contents[f"{name}c"] = module.read_bytes()
        else:
            contents[name] = data
    write = write_wheel if archive.suffix == ".whl" else _write
    return write(contents, into / archive.name)


def empty_wheel(name: str, files: Iterable[str], into: Path) -> Path:
    """A wheel of which all files are empty: it tells whoever asks that the package is there."""
    info = f"{name}-0.0.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.0\n"
    tag = "Wheel-Version: 1.0\nGenerator: maatwerk\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    about = {f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": tag.encode()}
    return write_wheel({**about, **dict.fromkeys(files, b"")}, into / f"{name}-0.0.0-py3-none-any.whl")


def write_wheel(contents: Mapping[str, bytes], target: Path) -> Path:
    """Pack files as a wheel; the same bytes for the same files."""
    info = f"{'-'.join(target.name.split('-')[:2])}.dist-info"
    kept = {name: data for name, data in sorted(contents.items()) if name != f"{info}/RECORD"}
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in kept.items()]
    record = "\n".join([*lines, f"{info}/RECORD,,", ""])
    return _write({**kept, f"{info}/RECORD": record.encode()}, target)


def _read(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def _write(contents: Mapping[str, bytes], target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in contents.items():
            archive.writestr(_entry(name), data, compresslevel=9)
    return target


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _dropped(name: str, slimming: Slimming) -> bool:
    return any(fnmatch(name, one) for one in slimming.drop) and not any(
        fnmatch(name, one) for one in slimming.keep
    )


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
