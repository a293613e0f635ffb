"""``maatwerk live``: hold a workshop, save its report, open an extra door to one, or wipe what was kept."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from maatwerk.errors import CommandError
from maatwerk.loader import read_texts

from maatwerk_live.defaults import KEEP_DAYS, PEOPLE, PER_ADDRESS, PORT, default_data

TEXTS = Path(__file__).parent / "texts.toml"
# What the extra `live` brings, beside what Jupyter brings anyway.
NEEDED = ("msgspec", "psutil", "segno", "tornado")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say which arguments there are."""
    _add_listening(parser)
    parser.add_argument("--data", type=Path, default=default_data(), help="bestand/file")
    parser.add_argument("--address", default="", help="adres voor telefoons / address for phones: http://…/")
    parser.add_argument("--new", action="store_true", help="begin een nieuwe / begin a new one")
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"hoogstens/at most ({PEOPLE})")
    parser.add_argument(
        "--per-address",
        type=int,
        default=PER_ADDRESS,
        metavar="N",
        help=f"zoveel komen vanzelf binnen vanaf één adres, 0: allen / so many come in by themselves from one"
        f" address, 0: all ({PER_ADDRESS})",
    )
    parser.add_argument(
        "--keep-days", type=float, default=KEEP_DAYS, help=f"dagen bewaren / days to keep ({KEEP_DAYS:g})"
    )
    parser.add_argument("--bus", default="", metavar="URL", help="meer deuren/more doors: redis://…")
    tasks = parser.add_subparsers(dest="task", metavar="[report|wipe|door]")
    wipe = tasks.add_parser("wipe", help="wis wat bewaard is / wipe what was kept")
    # Suppressed: what stands before the task must not be undone by its default.
    wipe.add_argument("--data", type=Path, default=argparse.SUPPRESS, help="bestand/file")
    wipe.add_argument("--all", action="store_true", help="alles/everything")
    wipe.add_argument("--days", type=float, help="alles ouder dan/everything older than")
    report = tasks.add_parser("report", help="bewaar het verslag / save the report")
    report.add_argument("--data", type=Path, default=argparse.SUPPRESS, help="bestand/file")
    report.add_argument("--code", default="", help="van deze werkvorm/of this workshop")
    report.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="map/folder")
    door = tasks.add_parser("door", help="een extra deur / an extra door")
    _add_listening(door)
    door.add_argument("--bus", required=True, metavar="URL", help="redis://…")


def _add_listening(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help=f"poort/port ({PORT})")
    parser.add_argument("--bind", default="", metavar="ADDRESS", help="luister alleen op/listen on only")
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="andere oorsprong/other origin: https://…",
    )
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        help="alles komt langs één proxy, die X-Forwarded-For zet / all comes by one proxy, which sets"
        " X-Forwarded-For",
    )


def run(asked: argparse.Namespace) -> int:
    """Carry it out.

    Raises
    ------
    CommandError
        When it cannot be done.
    """
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        raise CommandError(read_texts(TEXTS)["command_no_live"][asked.lang])
    from maatwerk_live import commands as hold

    task = {None: hold.hold, "report": hold.save_report, "wipe": hold.wipe, "door": hold.door}[asked.task]
    task(asked)
    return 0
