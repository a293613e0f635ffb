"""The marking page: everything escaped, nothing fetched but from formgrader itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from maatwerk import Language
from maatwerk.loader import read_texts
from markupsafe import Markup

from maatwerk_grading.bridge import number
from maatwerk_grading.marking.sheet import MarkingSheet, part_names

HERE = Path(__file__).parent
TEXTS = read_texts(HERE / "marking_texts.toml")


class _Words:
    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][self.lang].format(**values)

    def number(self, value: float) -> str:
        return number(value, self.lang)


def marking_page(sheet: MarkingSheet, resources: Mapping[str, Any]) -> str:
    """The whole page.

    Parameters
    ----------
    sheet : MarkingSheet
        What it shows.
    resources : mapping
        What formgrader says of the submission: its key, whose it is, and which one of how many.
    """
    names = [str(resources.get(part) or "") for part in ("last_name", "first_name")]
    return _template().render(
        sheet=sheet,
        t=_Words(sheet.lang),
        about=resources,
        # As formgrader shows a name.
        name=", ".join(names) if all(names) else resources["student"],
        formgrader=f"{resources['base_url']}/formgrader",
        assignment=quote(resources["assignment_id"], safe=""),
        notebook=quote(resources["notebook_id"], safe=""),
        settings={
            "formgrader": f"{resources['base_url']}/formgrader",
            "submission": resources["submission_id"],
            "language": sheet.lang,
            "refused": bool(sheet.refused),
            # Of what is not in the notebook, and has points all the same.
            "names": part_names(sheet.lang),
            "words": {key: text[sheet.lang] for key, text in TEXTS.items()},
        },
        style=_file("marking.css"),
        script=_file("marking.js"),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("marking.html.j2")


@cache
def _file(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))
