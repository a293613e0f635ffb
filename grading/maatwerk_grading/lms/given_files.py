"""The files that an instructor gives to ``maatwerk collect``: which are lists, which are downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from glob import glob
from pathlib import Path

from maatwerk import Text
from maatwerk_learner.files import reason

from maatwerk_grading.lms.downloads import other_assignment
from maatwerk_grading.lms.unpack import say
from maatwerk_grading.lms.whose import Roll

LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"})


def sort_files(files: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """The lists, and the downloads. A star that no shell filled in is filled in here."""
    found: list[Path] = []
    for file in files:
        path = Path(file).expanduser()
        filled = [] if path.exists() else sorted(glob(str(path)))  # noqa: PTH207  (as a shell does)
        found += map(Path, filled) if filled else [path]
    lists = [path for path in found if path.suffix.casefold() in LISTS and not path.is_dir()]
    return lists, [path for path in found if path not in lists]


def read_rolls(
    files: Sequence[Path], assignment: str, others: Iterable[str]
) -> tuple[list[Roll], list[Text]]:
    """The lists as rows, and why some cannot be read."""
    from maatwerk_grading.lms.sheets import SheetError, read_sheet

    rolls, unusable = [], []
    for file in files:
        try:
            sheet = read_sheet(file, assignment)
        except SheetError as error:
            unusable.append(error.text)
        except FileNotFoundError:
            unusable.append(say("file_missing", file=str(file)))
        except OSError as error:
            unusable.append(say("file_unreadable", file=file.name, reason=reason(error)))
        else:
            if sheet.kind == "worksheet" and (other := other_assignment(file.name, assignment, others)):
                words = {"file": file.name, "other": other, "assignment": assignment}
                unusable.append(say("file_other_assignment", **words))
                continue
            rolls.append(Roll(file.name, sheet.lms, tuple(one.tidy() for one in sheet.identities)))
    return rolls, unusable
