"""The portfolio in a notebook, with a button that saves it as one file."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import anywidget
import traitlets
from maatwerk import Language, framework
from maatwerk.content import content_root
from maatwerk.text import as_language
from maatwerk_exercises.assignments import assignments
from maatwerk_learner.answers import Fields
from maatwerk_learner.files import reason, write_whole
from maatwerk_learner.progress import read_outlines
from maatwerk_learner.store import AnswerStore, StoreError

from maatwerk_widgets.looks import STATIC
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.overview import COURSE_TEXTS
from maatwerk_widgets.portfolio import Portfolio, gather
from maatwerk_widgets.portfolio_page import STYLE, portfolio_document, portfolio_html
from maatwerk_widgets.saving import ANSWERS_FILE
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class PortfolioView(anywidget.AnyWidget):
    """What the learner chose and wrote.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    folder : Path
        The learner's copy of the course: it holds the answers, and gets the saved portfolio.

    Attributes
    ----------
    looked : int
        How often the page came into sight: each time the answers are read again.
    pressed : int
        How often the learner asked to save.
    saved : dict
        ``text`` and, when it was saved, ``file``. ``count`` tells one time from the next.
    """

    _esm = one_module(STATIC / "portfolio.js")
    _css = STYLE

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    html = data_trait(traitlets.Unicode())
    notices = data_trait(traitlets.List(traitlets.Unicode()))
    looked = traitlets.Int(0).tag(sync=True)
    pressed = traitlets.Int(0).tag(sync=True)
    saved = data_trait(traitlets.Dict())

    def __init__(self, lang: Language = "nl", folder: Path = Path()) -> None:
        self._folder = folder
        self.set_trait("content", words("portfolio", as_language(lang), COURSE_TEXTS))
        self._show(as_language(lang))
        super().__init__(lang=lang)

    @traitlets.observe("looked")
    def _refresh(self, _change: object) -> None:
        self._show(self.lang)

    @traitlets.observe("pressed")
    def _save(self, _change: object) -> None:
        word = words("portfolio", self.lang, COURSE_TEXTS)
        portfolio, _ = read_portfolio(self._folder, self.lang)
        try:
            file = save_portfolio(portfolio, self._folder, self.lang, datetime.now())
        except OSError as error:
            said = {"text": word["not_saved"].format(reason=reason(error)[self.lang]), "file": ""}
        else:
            said = {"text": word["saved"], "file": file.name}
        self.set_trait("saved", {"count": self.pressed, **said})

    def _show(self, lang: Language) -> None:
        portfolio, notices = read_portfolio(self._folder, lang)
        self.set_trait("html", portfolio_html(portfolio, framework(), lang))
        self.set_trait("notices", notices)


def read_portfolio(folder: Path, lang: Language) -> tuple[Portfolio, list[str]]:
    """The portfolio of a learner's folder, and what they must know about files that could not be read."""
    notices: list[str] = []

    def answers(place: Path) -> dict[str, Fields]:
        try:
            loaded = AnswerStore(place / ANSWERS_FILE).load()
        except StoreError as error:
            notices.append(error.message(lang))
            return {}
        notices.extend(notice[lang] for notice in loaded.notices)
        return dict(loaded.book.answers)

    portfolio = gather(
        read_outlines(content_root() / "course" / lang),
        answers(folder),
        assignments().values(),
        {key: answers(folder / key) for key in assignments()},
        framework(),
        lang,
    )
    return portfolio, notices


def save_portfolio(portfolio: Portfolio, folder: Path, lang: Language, now: datetime) -> Path:
    """Save the portfolio as a new file; one that was saved before stays as it is.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    stem = f"portfolio-{now:%Y%m%d-%H%M%S}"
    file = folder / f"{stem}.html"
    number = 1
    while file.exists():
        file = folder / f"{stem}-{number}.html"
        number += 1
    write_whole(file, portfolio_document(portfolio, framework(), lang, now.date(), course_version()))
    return file


def course_version() -> str:
    """The version of the installed course."""
    try:
        return version("maatwerk")
    except PackageNotFoundError:
        # In a clone that was never installed.
        return "?"
