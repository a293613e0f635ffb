"""A module with all that it imports, as one.

What a notebook shows comes from memory, and a module there can import no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from maatwerk_widgets.looks import STATIC

# How the pages of the live workshop see the widgets' modules: see :func:`maatwerk_live.server.routes.routes`.
_FROM_ELSEWHERE = "../widgets/"

_IMPORT = re.compile(
    r'^import (?:(?P<whole>\w+)(?:, )?)?(?:\{ ?(?P<names>[^}]*?),? ?\} )?from "(?P<file>[^"]+)";\n', re.M
)
_NAMED = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) (?P<name>\w+))", re.M)
_DEFAULT = re.compile(r"^export default ", re.M)


def one_module(entry: Path) -> str:
    """A module with all that it imports, as one that imports nothing; it exports what it did.

    Each module becomes a function that is called once, so that names of one are no names of another.

    Parameters
    ----------
    entry : Path
        The file. It has a default export.
    """
    files = list(dict.fromkeys(_with_imports(entry)))
    numbers = {file: number for number, file in enumerate(files)}
    parts = [f"const m{numbers[file]} = {_as_function(file, numbers)};\n" for file in files]
    whole = f"m{numbers[entry]}"
    named = ", ".join(_named(entry.read_text(encoding="utf-8")))
    return f"{''.join(parts)}export const {{ {named} }} = {whole};\nexport default {whole}.byDefault;\n"


def _with_imports(file: Path) -> Iterator[Path]:
    """First what a module needs, then itself."""
    for found in _IMPORT.finditer(file.read_text(encoding="utf-8")):
        yield from _with_imports(_found(found["file"], file))
    yield file


def _found(address: str, importer: Path) -> Path:
    folder = STATIC if address.startswith(_FROM_ELSEWHERE) else importer.parent
    return folder / address.rpartition("/")[2]


def _named(text: str) -> list[str]:
    return [found["name"] for found in _NAMED.finditer(text)]


def _as_function(file: Path, numbers: dict[Path, int]) -> str:
    text = file.read_text(encoding="utf-8")
    exported = _named(text)
    if _DEFAULT.search(text):
        exported.append("byDefault")
    text = _IMPORT.sub(lambda found: _taken(found, file, numbers), text)
    text = _DEFAULT.sub("const byDefault = ", _NAMED.sub("", text))
    return f"(() => {{\n{text}return {{ {', '.join(exported)} }};\n}})()"


def _taken(found: re.Match[str], importer: Path, numbers: dict[Path, int]) -> str:
    names = [f"byDefault: {found['whole']}"] if found["whole"] else []
    names += [found["names"].replace(" as ", ": ")] if found["names"] else []
    return f"const {{ {', '.join(names)} }} = m{numbers[_found(found['file'], importer)]};\n"
