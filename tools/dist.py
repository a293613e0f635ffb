"""A release by one command: wheel, sdist, site archive, list of parts (SBOM) and checksums, in ``dist/``.

Two clones of one commit give the same bytes: nothing here takes the time or the place of the clone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from maatwerk_site.build import build as build_site

PROJECT = Path(__file__).parents[1]
# The first moment that a zip can tell: 1 January 1980.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_SECONDS = "315532800"


def packages(into: Path) -> None:
    """Build the wheel and the sdist."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(into)]
    subprocess.run(command, cwd=PROJECT, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": ZIP_SECONDS})


def site_archive(into: Path, version: str) -> None:
    """Build the site and pack it: names in order, one time for all."""
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        build_site(site)
        with zipfile.ZipFile(into / f"maatwerk-site-{version}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(path for path in site.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(f"maatwerk-site/{file.relative_to(site).as_posix()}", ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())


def parts_list(into: Path, version: str) -> None:
    """Write what the tested environment consists of, as CycloneDX."""
    command = [
        str(Path(sys.executable).with_name("cyclonedx-py")),
        "requirements",
        "--output-reproducible",
        "--pyproject",
        str(PROJECT / "pyproject.toml"),
        "--output-file",
        str(into / f"maatwerk-{version}.cdx.json"),
        str(PROJECT / "constraints.txt"),
    ]
    subprocess.run(command, check=True)


def checksums(folder: Path) -> str:
    """A line a file, as ``sha256sum --check`` reads it."""
    files = sorted(file for file in folder.iterdir() if file.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def main() -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(description="build a release")
    parser.add_argument("--into", type=Path, default=PROJECT / "dist")
    parser.add_argument("--no-site", action="store_true", help="leave out the site: it takes a minute or two")
    asked = parser.parse_args()
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        packages(made)
        if not asked.no_site:
            site_archive(made, version)
        parts_list(made, version)
        (made / "SHA256SUMS").write_text(checksums(made), encoding="utf-8")
        if asked.into.exists():
            shutil.rmtree(asked.into)
        shutil.copytree(made, asked.into)
    print((asked.into / "SHA256SUMS").read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
