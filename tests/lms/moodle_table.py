"""All downloads of a real Moodle, with what became of each person: ``python tests/lms/moodle_table.py``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from courses import make_course
from maatwerk_app.cli import main
from test_collect_moodle import DOWNLOADS, assignment, sheets_for, worksheet


def tell(only: str) -> None:
    """Collect each download whose folder's name has ``only`` in it, in a course folder of its own."""
    with tempfile.TemporaryDirectory() as made:
        empty = make_course(Path(made) / "empty")
        for zip_file in DOWNLOADS:
            if only not in zip_file.parent.name:
                continue
            root = Path(shutil.copytree(empty, Path(made) / "course"))
            sheet = worksheet(sheets_for(zip_file)[0], zip_file)
            print(
                f"\n== {zip_file.parent.name}/{zip_file.name} + {sheet.parent.name}/{sheet.name}", flush=True
            )
            main(["collect", "--course-dir", str(root), assignment(zip_file), str(zip_file), str(sheet)])
            shutil.rmtree(root)


if __name__ == "__main__":
    tell(sys.argv[1] if len(sys.argv) > 1 else "")
