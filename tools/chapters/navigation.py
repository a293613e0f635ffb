"""The way from one notebook to the next: a line of links above and below each. Pure, but for its words.

As cells of the notebook, the links are there in JupyterLab, without a server and on Voilà's pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from maatwerk import Language
from maatwerk.loader import read_texts

START = "00-start"
TEXTS = read_texts(Path(__file__).with_name("navigation_texts.toml"))

# The chapters in the order of reading, from the start page to the portfolio.
_ON_THE_WAY = re.compile(r"0[0-6]-")
_TITLE = re.compile(r"^# +(.+?) *$", re.MULTILINE)


def links(stem: str, texts: Mapping[str, str], language: Language) -> str:
    """The links of one notebook in Markdown: back, to the start page and on; empty when there are none.

    Parameters
    ----------
    stem : str
        The notebook's name.
    texts : mapping of str to str
        All notebooks of the language as their authors wrote them, by stem.
    language : {"nl", "en"}
        In which language.
    """
    if START not in texts:
        return ""
    way = [one for one in sorted(texts) if _ON_THE_WAY.match(one)]
    at = way.index(stem) if stem in way else None
    back = way[at - 1] if at else None
    on = way[at + 1] if at is not None and at + 1 < len(way) else None
    parts = [
        _link("back", back, texts, language) if back not in (None, START) else "",
        f"[{TEXTS['start'][language]}]({START}.ipynb)" if stem != START else "",
        _link("on", on, texts, language),
    ]
    return " · ".join(part for part in parts if part)


def _link(way: str, stem: str | None, texts: Mapping[str, str], language: Language) -> str:
    if stem is None:
        return ""
    found = _TITLE.search(texts[stem])
    title = found[1] if found else stem
    return f"[{TEXTS[way][language].format(title=title)}]({stem}.ipynb)"
