"""Five minutes a day: the questions that come back today, and what each answer does to the schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import ipywidgets
from maatwerk import DEFAULT_LANGUAGE, Language
from maatwerk.text import as_language
from maatwerk_exercises.itembank import Answered, AnyItem, item_bank
from maatwerk_learner.repetition import REPETITION, coming, reviewed, session

from maatwerk_widgets.autosave import keep_safe
from maatwerk_widgets.compare import joined
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.kept import Fields
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.quiz_view import QUIZ_TEXTS
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper
from maatwerk_widgets.words import words

LONG_ENOUGH = timedelta(minutes=5)

Clock = Callable[[], datetime]


def local_time() -> datetime:
    """What time it is where the learner is, with the time zone."""
    return datetime.now().astimezone()


def repetition_keeper(lang: Language, path: Path) -> AnswerKeeper:
    """The schedule in the learner's own answers file."""
    return AnswerKeeper(REPETITION, lang, path)


def remember(keeper: AnswerKeeper, item: AnyItem, given: Answered, now: datetime) -> None:
    """Keep in the schedule how well an item was answered."""
    keeper.refresh()
    keeper.save(reviewed(keeper.current, item, given, now))


def practice(
    lang: str = DEFAULT_LANGUAGE, path: str | Path = ANSWERS_FILE, clock: Clock = local_time
) -> ipywidgets.VBox:
    """Today's questions: what comes back first, then something new from finished chapters.

    It ends after about five minutes or a dozen questions, and tells what comes back when.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.
    path : path
        The learner's answers file.
    clock : callable
        Gives the time, with its time zone.

    Raises
    ------
    KeyError
        When the course has no such language.
    """
    language = as_language(lang)
    keeper = repetition_keeper(language, Path(path))
    answers = keeper.refresh()
    items = session(keeper.fields, answers, item_bank(), clock())
    quiz = Quiz(items, language, empty=_nothing_to_do(keeper.fields, clock(), language))
    panel = FeedbackPanel(language)
    started: list[datetime] = []

    def take(item: AnyItem, given: Answered) -> None:
        now = clock()
        started.append(now)
        remember(keeper, item, given, now)
        panel.report()
        late = now - started[0] >= LONG_ENOUGH
        if late or len(quiz.answers) == len(quiz.items):
            done = {key: keeper.current.get(key) for key in quiz.answers}
            quiz.stop(_farewell(done, now, late and len(quiz.answers) < len(quiz.items), language))

    quiz.on_answer(take)
    watches = keep_safe(quiz, keeper, language, list(quiz.items), dict, panel.report)
    panel.watch(keeper, watches, [])
    if keeper.notices:
        panel.report()
    return ipywidgets.VBox([quiz, panel])


def _nothing_to_do(state: Fields, now: datetime, lang: Language) -> str:
    word = words("practice", lang, QUIZ_TEXTS)
    ahead = coming(state, now)
    return word["nothing"].format(when=_when(ahead, lang)) if ahead else word["first"]


def _farewell(done: Fields, now: datetime, early: bool, lang: Language) -> list[str]:
    word = words("practice", lang, QUIZ_TEXTS)
    ahead = coming(done, now)
    lines = [word["time"], word["left"]] if early else []
    return [*lines, word["coming"].format(when=_when(ahead, lang))] if ahead else lines


def _when(ahead: Mapping[int, int], lang: Language) -> str:
    """``3 tomorrow, 2 in 4 days and 1 in 9 days``."""
    word = words("practice", lang, QUIZ_TEXTS)
    names = {0: word["today"], 1: word["tomorrow"]}
    return joined(
        [names.get(days, word["days"]).format(count=count, days=days) for days, count in ahead.items()], lang
    )
