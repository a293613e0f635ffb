"""The words that a widget shows, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from maatwerk import Language, Text
from maatwerk.loader import read_texts

TEXTS = Path(__file__).parent / "texts.toml"
FORM_TEXTS = Path(__file__).parent / "form_texts.toml"


@cache
def _texts(file: Path) -> Mapping[str, Text]:
    return read_texts(file)


def words(widget: str, lang: Language, file: Path = TEXTS) -> dict[str, str]:
    """The words of one widget: every text whose key starts with ``widget_``, without that prefix.

    Parameters
    ----------
    widget : str
        The prefix, such as ``"plane"``.
    lang : {"nl", "en"}
        In which language.
    file : Path
        The file of texts.
    """
    prefix = f"{widget}_"
    return {
        key.removeprefix(prefix): text[lang] for key, text in _texts(file).items() if key.startswith(prefix)
    }
