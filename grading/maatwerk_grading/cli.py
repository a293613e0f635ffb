"""The command ``maatwerk``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Language
from maatwerk.text import as_language

from maatwerk_grading.start import StartError, StartOptions, default_folder, start


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the value is its exit code (2: the request cannot be carried out)."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        language = asked.lang or _language_from_environment()
        folder = asked.dir or default_folder(language)
        return start(StartOptions(language, folder, asked.browser, asked.port))
    except (StartError, KeyError) as error:
        print(f"maatwerk: {error.args[0]}", file=sys.stderr)
        return 2


def _language_from_environment() -> Language:
    return as_language(os.environ.get("LANG_COURSE") or DEFAULT_LANGUAGE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="maatwerk", description="Cursus maatwerk / course on maatwerk")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("start", help="open de cursus / open the course")
    command.add_argument("--lang", choices=LANGUAGES, help="taal/language (LANG_COURSE; anders/otherwise nl)")
    command.add_argument("--dir", type=Path, help="map voor jouw kopie / folder for your copy")
    command.add_argument("--port", type=int, default=8888, help="eerste poort / first port (8888)")
    command.add_argument(
        "--no-browser", dest="browser", action="store_false", help="geen browser openen / open no browser"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
