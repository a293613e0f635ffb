"""Which of our texts repeat the essay's own words? The course explains the essay; it does not copy it.

The essay is not in this repository, so the check is a command::

    python tests/course/essay_overlap.py ESSAY.txt

It reads every text in TOML and Markdown, prints each run of ten or more words that also stands in the essay,
and each whole text of six or more words that does, and exits with 1 when there is any.
"""

from __future__ import annotations

import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("course", "docs", "exercises", "grading", "widgets")

RUN = 10
WHOLE_TEXT = 6

_WORD = re.compile(r"[^\W_]+")
_BROKEN_WORD = re.compile(r"-[ \t]*\r?\n\s*")


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of ours that stand in the essay in the same order."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


class Essay:
    """The essay as runs of words, ready to be compared with."""

    def __init__(self, text: str) -> None:
        # A hyphen at a line's end may belong to one word or part two: look at both readings.
        readings = (_BROKEN_WORD.sub("", text), text)
        self._readings = tuple(f" {' '.join(words(reading))} " for reading in readings)

    def has(self, run: Sequence[str]) -> bool:
        """Whether the words stand in the essay in this order."""
        looked_for = f" {' '.join(run)} "
        return any(looked_for in reading for reading in self._readings)


def words(text: str) -> list[str]:
    """The words of a text: no capitals, accents or punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(bare.casefold())


def overlap(where: str, text: str, essay: Essay) -> list[Hit]:
    """Every longest run of our words that is too long to be chance, or the whole text when that is one."""
    ours = words(text)
    hits = []
    start = 0
    while start < len(ours):
        end = start
        while end < len(ours) and essay.has(ours[start : end + 1]):
            end += 1
        whole = end - start == len(ours) >= WHOLE_TEXT
        if whole or end - start >= RUN:
            hits.append(Hit(where, " ".join(ours[start:end])))
            start = end
        else:
            start += 1
    return hits


def texts(file: Path) -> Iterator[tuple[str, str]]:
    """Every text of a TOML file with its path inside it, or a Markdown file as one text."""
    written = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        yield from _leaves(file.name, tomllib.loads(written))
    else:
        yield file.name, written


def _leaves(where: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{where} {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            name = inner.get("key", number) if isinstance(inner, dict) else number
            yield from _leaves(f"{where} {name}", inner)


def own_files(repository: Path) -> list[Path]:
    """The TOML and Markdown files with our texts."""
    folders = [repository / folder for folder in FOLDERS]
    found = [f for folder in folders for suffix in ("toml", "md") for f in folder.rglob(f"*.{suffix}")]
    return sorted(f for f in found if not {".ipynb_checkpoints", "node_modules"} & set(f.parts))


def main(arguments: Sequence[str], repository: Path = REPOSITORY) -> int:
    """The command; returns its exit code."""
    if len(arguments) != 1:
        print("usage: python tests/course/essay_overlap.py ESSAY.txt", file=sys.stderr)
        return 2
    essay = Essay(Path(arguments[0]).read_text(encoding="utf-8"))
    files = own_files(repository)
    hits = [hit for f in files for where, text in texts(f) for hit in overlap(where, text, essay)]
    for hit in hits:
        print(hit)
    print(f"{len(files)} files, {len(hits)} overlaps with the essay", file=sys.stderr)
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
