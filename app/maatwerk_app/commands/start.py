"""The subcommands ``start`` and ``pages``: the same course in JupyterLab, and as pages to read."""

from __future__ import annotations

import argparse
from pathlib import Path

from maatwerk_app.launch import StartOptions, default_folder, start


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    parser.add_argument("--dir", type=Path, help="map voor jouw kopie / folder for your copy")
    parser.add_argument("--port", type=int, default=8888, help="eerste poort / first port (8888)")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="geen browser openen / open no browser"
    )


def run(asked: argparse.Namespace) -> int:
    """Open the course; the value is the server's exit code."""
    folder = asked.dir or default_folder(asked.lang)
    return start(StartOptions(asked.lang, folder, asked.browser, asked.port, pages=asked.command == "pages"))
