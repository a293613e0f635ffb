"""What the notebooks around the chapters need: each widget is one line in the notebook."""

from __future__ import annotations

from pathlib import Path

import ipywidgets
from maatwerk import Language
from maatwerk.text import as_language

from maatwerk_widgets.erase_button import EraseButton
from maatwerk_widgets.keep_answers import KeepAnswers
from maatwerk_widgets.overview import CourseOverview
from maatwerk_widgets.portfolio_view import PortfolioView
from maatwerk_widgets.repeating import practice
from maatwerk_widgets.saving import ANSWERS_FILE


class Course:
    """The widgets of the start page, the portfolio and the daily practice.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    folder : path
        The learner's copy of the course, where their answers are.
    """

    def __init__(self, lang: Language = "nl", folder: str | Path = ".") -> None:
        self.lang = as_language(lang)
        self.folder = Path(folder)
        self._overviews: list[CourseOverview] = []

    def overview(self) -> CourseOverview:
        """Every chapter with how far the learner is."""
        view = CourseOverview(self.lang, self.folder)
        self._overviews.append(view)
        return view

    def practice(self) -> ipywidgets.VBox:
        """Today's five minutes: the questions that come back."""
        return practice(self.lang, self.folder / ANSWERS_FILE)

    def portfolio(self) -> PortfolioView:
        """What the learner chose and wrote, to be saved as one file."""
        return PortfolioView(self.lang, self.folder)

    def erase(self) -> EraseButton:
        """The button that erases every answer."""
        return EraseButton(self.lang, self.folder, self._changed)

    def keep(self) -> KeepAnswers:
        """Downloading the answers, to keep or to hand in, and putting a download back."""
        return KeepAnswers(self.lang, self.folder, self._changed)

    def _changed(self) -> None:
        for view in self._overviews:
            view.refresh()
