"""Closed items after each other: first how sure you are, then at once what is right and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets
from maatwerk import Language, framework
from maatwerk_exercises.itembank import CONFIDENCES, Answered, AnyItem, answered, read_answered

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.quiz_view import QUIZ_TEXTS, item_view, result_view, still_asked, summary
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words

OnAnswer = Callable[[AnyItem, Answered], None]


class Quiz(Kept):
    """Items of the bank, one at a time. Marking happens here; the browser never holds the key.

    Parameters
    ----------
    items : sequence of Choice, Matching, Ordering or Placing
        What to ask, in this order.
    lang : {"nl", "en"}
        The language of all words.
    empty : str
        What to say when there are no items.

    Attributes
    ----------
    answers : dict of str to Answered
        By item, what was answered last. Observe this one.
    submitted : dict
        What the learner handed in: ``item``, ``response``, ``confidence``, and a ``number`` that grows, so
        that the same answer can be given again.
    results : dict
        By item, what to show once it was answered.
    reply : dict
        That the answer ``number`` was taken, or in ``text`` what is still missing from it.
    ending : list of str
        How it went: shown when there are no more questions.
    stopped : bool
        Whether no further question is to be shown.
    """

    ANSWERS = frozenset({"submitted"})
    _esm = one_module(STATIC / "quiz.js")
    _css = looks("quiz.css")

    lang = language_trait()
    content = data_trait(traitlets.Dict())
    submitted = traitlets.Dict().tag(sync=True)
    results = data_trait(traitlets.Dict())
    reply = data_trait(traitlets.Dict())
    ending = data_trait(traitlets.List(traitlets.Unicode()))
    stopped = data_trait(traitlets.Bool(False))
    answers = traitlets.Dict()

    def __init__(
        self, items: Sequence[AnyItem], lang: Language = "nl", *, empty: str = "", **kwargs: Any
    ) -> None:
        self.items = {item.key: item for item in items}
        self._listeners: list[OnAnswer] = []
        self._marked: Mapping[str, Any] = {}
        word = words("quiz", lang, QUIZ_TEXTS)
        # What the front end shows must be there before the widget is made known to it.
        self.set_trait(
            "content",
            {
                "words": word | {"empty": empty},
                "items": [item_view(item, framework(), lang) for item in items],
                "confidences": [{"key": key, "text": word[key]} for key in CONFIDENCES],
            },
        )
        super().__init__(lang=lang, **kwargs)

    def on_answer(self, listener: OnAnswer) -> None:
        """Have ``listener`` called each time that the learner answers an item."""
        self._listeners.append(listener)

    def stop(self, lines: Sequence[str]) -> None:
        """Show no further question, but how it went, with ``lines`` below that."""
        self.set_trait("stopped", True)
        self.set_trait("ending", [*summary(self.answers, self.lang), *lines])

    def kept(self) -> dict[str, Any]:
        """The answers as a file keeps them."""
        return {key: one.to_json() for key, one in self.answers.items()}

    def restore(self, kept: object) -> None:
        """Show the answers that a file kept; what cannot be read, or is about other items, is left out."""
        fields = kept if isinstance(kept, Mapping) else {}
        read = {key: read_answered(item, fields.get(key)) for key, item in self.items.items()}
        self.answers = {key: one for key, one in read.items() if one is not None}

    @traitlets.observe("submitted")
    def _take_over(self, _change: object) -> None:
        self.settle()

    def settle(self) -> None:
        """Mark what was handed in, once."""
        submitted, before = self.submitted, self._marked
        if submitted is before:
            return
        self._marked = submitted
        key = submitted.get("item")
        if not isinstance(key, str) or key not in self.items:
            return
        item = self.items[key]
        response, confidence = submitted.get("response"), submitted.get("confidence")
        given = answered(item, response, confidence)
        missing = still_asked(item, response, confidence, self.lang) if given is None else ""
        if given is not None:
            self.answers = {**self.answers, item.key: given}
        # Last, so that the result is there when the front end hears that it was taken.
        self.set_trait("reply", {"number": submitted.get("number"), "text": missing})
        if given is not None:
            for listener in self._listeners:
                listener(item, given)

    @traitlets.observe("answers")
    def _show(self, _change: object) -> None:
        fw = framework()
        self.set_trait(
            "results",
            {key: result_view(self.items[key], one, fw, self.lang) for key, one in self.answers.items()},
        )
        # After a single question there is nothing to look back on.
        done = len(self.answers) == len(self.items) > 1
        self.set_trait("ending", summary(self.answers, self.lang) if done else [])
