"""Build every nbgrader assignment, in every language.

::

    python tools/exercises/build.py           write the notebooks
    python tools/exercises/build.py --check   change nothing; exit with 1 and name what is not as it should be
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from maatwerk import LANGUAGES
from maatwerk_exercises.assignments import assignments
from maatwerk_exercises.notebook import build_notebook

ROOT = Path(__file__).parents[2] / "exercises"


def built() -> Mapping[Path, str]:
    """The text of every assignment notebook, by its place under ``exercises/``."""
    texts = {}
    for name, assignment in assignments().items():
        for language in LANGUAGES:
            notebook = build_notebook(assignment, language)
            text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
            texts[Path(language, "source", name, f"{name}.ipynb")] = f"{text}\n"
    return texts


def write(root: Path) -> list[Path]:
    """Write every notebook that is not as it should be; returns those."""
    changed = {file: text for file, text in built().items() if _text(root / file) != text}
    for file, text in changed.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8", newline="\n")
    return list(changed)


def check(root: Path) -> list[str]:
    """Every problem as one line; changes nothing."""
    texts = built()
    differ = [
        f"{file}: differs from its data; run: python tools/exercises/build.py"
        for file, text in texts.items()
        if _text(root / file) != text
    ]
    # nbgrader copies whatever stands in source/ over a submission: an answers file there would replace it.
    strangers = [
        f"{file.relative_to(root)}: is not built from any data; remove it"
        for language in LANGUAGES
        for file in sorted((root / language / "source").rglob("*"))
        if file.is_file() and ".ipynb_checkpoints" not in file.parts and file.relative_to(root) not in texts
    ]
    return [*differ, *strangers]


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="tools/exercises/build.py", description="build the assignments")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 on any problem")
    if parser.parse_args(arguments).check:
        problems = check(root)
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    for file in write(root):
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
