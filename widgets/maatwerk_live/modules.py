"""The pages' modules as one: what a notebook shows comes from memory, where a module can import no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from maatwerk_widgets.looks import STATIC as WIDGETS

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(
    r'^import (?:(?P<whole>\w+)(?:, )?)?(?:\{ ?(?P<names>[^}]*?),? ?\} )?from "(?P<file>[^"]+)";\n', re.M
)
_NAMED = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) (?P<name>\w+))", re.M)
_DEFAULT = re.compile(r"^export default ", re.M)


def one_module(entry: str) -> str:
    """A module of ``static/`` with all that it imports, as one that imports nothing.

    Each module becomes a function that is called once, so that names of one are no names of another.

    Parameters
    ----------
    entry : str
        The file's name. It has a default export.
    """
    files = list(dict.fromkeys(_with_imports(STATIC / entry)))
    numbers = {file: number for number, file in enumerate(files)}
    parts = [f"const m{numbers[file]} = {_as_function(file, numbers)};\n" for file in files]
    return f"{''.join(parts)}export default m{numbers[STATIC / entry]}.whole;\n"


def _with_imports(file: Path) -> Iterator[Path]:
    """First what a module needs, then itself."""
    for found in _IMPORT.finditer(file.read_text(encoding="utf-8")):
        yield from _with_imports(_found(found["file"]))
    yield file


def _found(address: str) -> Path:
    """The file at an address, seen from ``static/live/``: see :func:`maatwerk_live.pages.routes`."""
    name = address.rpartition("/")[2]
    return (WIDGETS if address.startswith("../widgets/") else STATIC) / name


def _as_function(file: Path, numbers: dict[Path, int]) -> str:
    text = file.read_text(encoding="utf-8")
    exported = [found["name"] for found in _NAMED.finditer(text)]
    if _DEFAULT.search(text):
        exported.append("whole")
    text = _IMPORT.sub(lambda found: _taken(found, numbers), text)
    text = _DEFAULT.sub("const whole = ", _NAMED.sub("", text))
    return f"(() => {{\n{text}return {{ {', '.join(exported)} }};\n}})()"


def _taken(found: re.Match[str], numbers: dict[Path, int]) -> str:
    names = [f"whole: {found['whole']}"] if found["whole"] else []
    names += [found["names"].replace(" as ", ": ")] if found["names"] else []
    return f"const {{ {', '.join(names)} }} = m{numbers[_found(found['file'])]};\n"
