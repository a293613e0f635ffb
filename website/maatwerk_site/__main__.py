"""The command: ``python -m maatwerk_site build`` and ``python -m maatwerk_site serve``."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from maatwerk_site.build import PROJECT, build
from maatwerk_site.inputs import InputError
from maatwerk_site.serve import SiteServer


def main() -> int:
    """Run the command; the value is its exit code."""
    parser = argparse.ArgumentParser(prog="maatwerk_site", description="the course as a static site")
    parser.add_argument("what", choices=("build", "serve"))
    parser.add_argument("--site", type=Path, default=PROJECT / "_site", help="the folder of the site")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    if asked.what == "build":
        try:
            build(asked.site)
        except InputError as error:
            print(f"maatwerk_site: {error}", file=sys.stderr)
            return 1
        print(asked.site)
        return 0
    with SiteServer(asked.site, asked.port) as server:
        print(server.address, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
