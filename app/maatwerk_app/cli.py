"""The command ``maatwerk``: which subcommands there are, and where each of them lives.

A subcommand is a module with ``add_arguments(parser)`` and ``run(arguments) -> exit code``. Only the one that
is asked for is imported: `maatwerk start` need not wait for nbgrader.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from maatwerk import DEFAULT_LANGUAGE, LANGUAGES, Language, Text
from maatwerk.errors import CommandError
from maatwerk.text import LanguageError, as_language

_DISK = Text(
    nl="{where} kan niet worden gelezen of geschreven ({reason}). Kijk of het bestaat, of je het mag openen"
    " en of de schijf vol is.",
    en="{where} cannot be read or written ({reason}). See whether it exists, whether you may open it and"
    " whether the disk is full.",
)


class Command(Protocol):
    """What a module of a subcommand offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say which arguments there are, besides ``--lang``."""

    def run(self, asked: argparse.Namespace) -> int:
        """Carry it out; the value is the exit code. ``asked.lang`` is a language of the course."""


# By name: its module, and what it is for.
COMMANDS: Mapping[str, tuple[str, Text]] = {
    "start": ("maatwerk_app.commands.start", Text(nl="open de cursus", en="open the course")),
    "pages": (
        "maatwerk_app.commands.start",
        Text(nl="open de cursus als leespagina's", en="open the course as reading pages"),
    ),
    "submit": (
        "maatwerk_app.commands.submit",
        Text(nl="maak een inleverbestand", en="make a file to hand in"),
    ),
    "collect": (
        "maatwerk_app.commands.collect",
        Text(nl="haal op wat is ingeleverd", en="collect what was handed in"),
    ),
    "grade": ("maatwerk_app.commands.grade", Text(nl="kijk inzendingen na", en="grade submissions")),
    "feedback": (
        "maatwerk_app.commands.feedback",
        Text(nl="maak de terugkoppeling", en="make the feedback"),
    ),
    "teach": ("maatwerk_app.commands.teach", Text(nl="begin als docent", en="start as an instructor")),
    "live": ("maatwerk_live.command", Text(nl="houd een live werkvorm", en="hold a live workshop")),
    "report": (
        "maatwerk_app.commands.report",
        Text(nl="rapport over een opdracht", en="report on an assignment"),
    ),
    "export": ("maatwerk_app.commands.export", Text(nl="cijfers voor een LMS", en="marks for an LMS")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the value is its exit code (2: the request cannot be carried out)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="maatwerk", description="Cursus maatwerk / course on maatwerk")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked_for = next((one for one in given if not one.startswith("-")), None)
    for name, (module, what) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=f"{what.nl} / {what.en}")
        if name == asked_for:
            command = cast(Command, importlib.import_module(module))
            subparser.add_argument(
                "--lang", choices=LANGUAGES, help="taal/language (LANG_COURSE; anders/otherwise nl)"
            )
            command.add_arguments(subparser)
    asked = parser.parse_args(given)
    try:
        asked.lang = asked.lang or _language_from_environment()
        return command.run(asked)
    except (CommandError, LanguageError) as error:
        print(f"maatwerk: {error.args[0]}", file=sys.stderr)
        return 2
    # What a command did not foresee of the disk is still no reason to show an instructor its inner workings.
    except OSError as error:
        said = _DISK.nl if asked.lang == "nl" else _DISK.en
        where = error.filename or Path.cwd()
        print(f"maatwerk: {said.format(where=where, reason=error.strerror or error)}", file=sys.stderr)
        return 2


def _language_from_environment() -> Language:
    return as_language(os.environ.get("LANG_COURSE") or DEFAULT_LANGUAGE)


if __name__ == "__main__":
    sys.exit(main())
