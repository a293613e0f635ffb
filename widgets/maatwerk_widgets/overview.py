"""The chapters with how far the learner is in each: the heart of the start page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from maatwerk import Language
from maatwerk.content import content_root
from maatwerk.text import as_language
from maatwerk_exercises.itembank import item_bank
from maatwerk_learner.answers import Fields
from maatwerk_learner.progress import Progress, progress, read_outlines
from maatwerk_learner.repetition import REPETITION, due_count, session
from maatwerk_learner.store import AnswerStore, StoreError

from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.repeating import local_time
from maatwerk_widgets.saving import ANSWERS_FILE
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

COURSE_TEXTS = Path(__file__).parent / "course_texts.toml"
PORTFOLIO = "06-portfolio.ipynb"
PRACTICE = "08-oefenen.ipynb"


class CourseOverview(anywidget.AnyWidget):
    """Every chapter as a link, with its progress in a bar and in words.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words, and of the chapters.
    folder : Path
        The learner's copy of the course, where their answers are.

    Attributes
    ----------
    looked : int
        How often the page came into sight: each time the answers are read again.
    """

    _esm = one_module(STATIC / "overview.js")
    _css = looks("overview.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    looked = traitlets.Int(0).tag(sync=True)

    def __init__(self, lang: Language = "nl", folder: Path = Path()) -> None:
        self._folder = folder
        # What the front end shows must be there before the widget is made known to it.
        self.set_trait("content", _read(folder, as_language(lang)))
        super().__init__(lang=lang)

    @traitlets.observe("looked")
    def refresh(self, _change: object = None) -> None:
        """Read the answers again."""
        self.set_trait("content", _read(self._folder, self.lang))


def _read(folder: Path, lang: Language) -> dict[str, Any]:
    outlines = read_outlines(content_root() / "course" / lang)
    answers: Mapping[str, Fields]
    try:
        loaded = AnswerStore(folder / ANSWERS_FILE).load()
    except StoreError as error:
        answers, notices = {}, [error.message(lang)]
    else:
        answers, notices = loaded.book.answers, [notice[lang] for notice in loaded.notices]
    return overview_content(progress(outlines, answers), repetition(answers, local_time()), notices, lang)


@dataclass(frozen=True, slots=True)
class Repetition:
    """What there is to repeat today: items that come back, new ones, and whether there ever were any."""

    due: int
    new: int
    begun: bool


def repetition(answers: Mapping[str, Fields], now: datetime) -> Repetition:
    """What there is to repeat today; pure."""
    state = answers.get(REPETITION, {})
    due = due_count(state, now)
    asked = session(state, answers, item_bank(), now)
    return Repetition(due, max(0, len(asked) - due), bool(state))


def overview_content(
    chapters: Sequence[Progress], today: Repetition, notices: Sequence[str], lang: Language
) -> dict[str, Any]:
    """What the overview shows, all of it in words; pure."""
    word = words("overview", lang, COURSE_TEXTS)
    done, total = sum(len(one.done) for one in chapters), sum(one.total for one in chapters)
    chapters_done = sum(one.state == "done" for one in chapters)
    return {
        "title": word["title"],
        "summary": word["summary"].format(
            done=done, total=total, chapters_done=chapters_done, chapters=len(chapters)
        ),
        "done": done,
        "total": total,
        "next": _next(chapters, word),
        "practice": _practice(today, word),
        "chapters": [_row(one, word) for one in chapters],
        "notices": list(notices),
        "live": word["live"],
    }


def _next(chapters: Sequence[Progress], word: dict[str, str]) -> dict[str, str]:
    """Where to go on: the first chapter that is not done yet, or the portfolio."""
    for one in chapters:
        if one.state != "done":
            say = word["begin" if one.state == "new" else "continue"]
            return {
                "href": _notebook(one),
                "label": say.format(title=one.outline.title),
                "text": "",
            }
    return {"href": PORTFOLIO, "label": word["portfolio"], "text": word["finished"]}


def _practice(today: Repetition, word: dict[str, str]) -> dict[str, str]:
    if today.due:
        text = word["practice_due_one" if today.due == 1 else "practice_due"].format(count=today.due)
    else:
        text = word["practice_new" if today.new else "practice_none" if today.begun else "practice_first"]
    return {"title": word["practice"], "text": text, "href": PRACTICE, "label": word["practice_go"]}


def _row(one: Progress, word: dict[str, str]) -> dict[str, Any]:
    return {
        "href": _notebook(one),
        "title": one.outline.title,
        "state": one.state,
        "state_text": word[f"state_{one.state}"],
        "done": len(one.done),
        "total": one.total,
        "count": word["count"].format(done=len(one.done), total=one.total),
        "parts": [
            {
                "state": "new" if done == 0 else "done" if done == total else "busy",
                "text": word["part"].format(part=word[f"part_{part}"], done=done, total=total),
            }
            for part, (done, total) in one.parts().items()
        ],
    }


def _notebook(one: Progress) -> str:
    return f"{one.outline.stem}.ipynb"
