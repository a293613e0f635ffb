"""Wheels as small as they can be: the same bytes for the same input."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping
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
    with zipfile.ZipFile(wheel) as archive:
        contents = {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/") and not _dropped(name, slimming)
        }
    return write_wheel(contents, into / wheel.name)


def empty_wheel(name: str, into: Path) -> Path:
    """A wheel that installs nothing: it tells whoever asks that the package is there."""
    info = f"{name}-0.0.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.0\n"
    tag = "Wheel-Version: 1.0\nGenerator: maatwerk\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    contents = {f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": tag.encode()}
    return write_wheel(contents, into / f"{name}-0.0.0-py3-none-any.whl")


def write_wheel(contents: Mapping[str, bytes], target: Path) -> Path:
    """Pack files as a wheel; the same bytes for the same files."""
    info = f"{'-'.join(target.name.split('-')[:2])}.dist-info"
    kept = {name: data for name, data in sorted(contents.items()) if name != f"{info}/RECORD"}
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in kept.items()]
    record = "\n".join([*lines, f"{info}/RECORD,,", ""])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in {**kept, f"{info}/RECORD": record.encode()}.items():
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
