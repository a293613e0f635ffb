"""A sheet as one page: everything escaped, nothing fetched, nothing that runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from maatwerk_grading.feedback.sheet import Sheet
from maatwerk_grading.feedback.words import Words

HERE = Path(__file__).parent
# How a page says what it was made from; the command leaves a page alone as long as that is the same.
FINGERPRINT = "maatwerk-made-from"
# The same for whatever somebody wrote: nothing may be fetched and nothing may run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def feedback_page(sheet: Sheet, fingerprint: str = "") -> str:
    """The whole page.

    Parameters
    ----------
    sheet : Sheet
        What it says.
    fingerprint : str
        Of what it was made from.
    """
    words = Words(sheet.lang)
    day = (
        words(
            "day",
            day=sheet.handed_in.day,
            month=sheet.handed_in.month,
            year=sheet.handed_in.year,
            hour=f"{sheet.handed_in.hour:02}",
            minute=f"{sheet.handed_in.minute:02}",
        )
        if sheet.handed_in
        else ""
    )
    return _template().render(
        sheet=sheet,
        t=words,
        day=day,
        style=_style(),
        policy=POLICY,
        fingerprint_name=FINGERPRINT,
        fingerprint=fingerprint,
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
    return environment.get_template("page.html.j2")


@cache
def _style() -> Markup:
    return Markup((HERE / "page.css").read_text(encoding="utf-8"))
