"""Building the whole site from nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from maatwerk_site.lite import build_lite, kernel_wheels
from maatwerk_site.pages import add_pages
from maatwerk_site.pins import read_pins
from maatwerk_site.python import build_python

PROJECT = Path(__file__).parents[2]
MANIFEST = "site.json"


def build(into: Path, project: Path = PROJECT, cache: Path | None = None) -> None:
    """Build the site; what was there before is replaced only when all went well.

    Parameters
    ----------
    into : Path
        The folder of the site.
    project : Path
        This project's clone.
    cache : Path, optional
        Where what was fetched is kept for the next time; by default in the project's ``build`` folder.
    """
    pins = read_pins()
    with tempfile.TemporaryDirectory(prefix="maatwerk-site-") as name:
        scratch = Path(name)
        site, parts, made = scratch / "site", scratch / "parts", scratch / "python"
        parts.mkdir()
        made.mkdir()
        cache = cache or project / "build" / "site"
        packages = build_python(pins, project, kernel_wheels(), cache, parts, made)
        # By its contents: a browser that kept an older one never mixes the two.
        python = f"python-{_digest_of_all(_digests(made))[:12]}"
        build_lite(project, python, packages, scratch, site)
        made.rename(site / python)
        about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
        version = about["project"]["version"]
        add_pages(project, site, version)
        (site / MANIFEST).write_text(manifest(site, version), encoding="utf-8")
        if into.exists():
            shutil.rmtree(into)
        shutil.copytree(site, into)


def manifest(site: Path, version: str) -> str:
    """Every file of the site with its digest: to compare two builds, or a server with a build."""
    files = _digests(site)
    files.pop(MANIFEST, None)
    return json.dumps({"version": version, "sha256": _digest_of_all(files), "files": files}, indent=1)


def _digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _digest_of_all(files: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
