"""What pages show beside what the server tells them: words, plane and loyalties, in both languages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from maatwerk import Language, framework
from maatwerk_widgets.loyalties import loyalties_content
from maatwerk_widgets.plane import plane_content
from maatwerk_widgets.words import words

TEXTS = Path(__file__).parent / "texts.toml"
# The pages, and the modules and style sheets that they load.
STATIC = Path(__file__).parent / "static"


def content(lang: Language) -> dict[str, Any]:
    """Everything in one language. Names are labels here, read from a back row: without a term in brackets."""
    fw = framework()
    plane = plane_content(fw, lang)
    for named in ("variants", "perspectives"):
        plane[named] = [{**one, "name": label(one["name"])} for one in plane[named]]
    return {
        "words": live_words(lang),
        "plane": plane,
        "loyalties": loyalties_content(fw, lang),
    }


def label(name: str) -> str:
    """A name without the essay's own term, which an English name has behind it in brackets."""
    return name.partition(" (")[0]


@cache
def content_json(lang: Language) -> bytes:
    """The same as JSON, for pages."""
    return json.dumps(content(lang), ensure_ascii=False).encode()


def command_words(lang: Language) -> dict[str, str]:
    """What ``maatwerk live`` says."""
    return words("command", lang, TEXTS)


def live_words(lang: Language) -> dict[str, str]:
    """What the pages say."""
    return words("live", lang, TEXTS)


def report_words(lang: Language) -> dict[str, str]:
    """What the report says beside."""
    return words("report", lang, TEXTS)
