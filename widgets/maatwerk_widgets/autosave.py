"""What every kept widget has: the page's edits, each with a revision, and Python's answer that it is written.

A page says 'saved' only after that answer (see ``static/saving.js``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from maatwerk import Language
from maatwerk_learner.answers import Fields

from maatwerk_widgets.saving import AnswerKeeper, saving_words
from maatwerk_widgets.traits import data_trait

# What a widget may raise over values that are none of its own.
WRONG = (traitlets.TraitError, TypeError, ValueError, KeyError, AttributeError)


class Kept(anywidget.AnyWidget):
    """A widget whose answers can be kept.

    Attributes
    ----------
    keeping : dict
        Where they are kept: ``place`` (which answers file), ``key``, ``field``; ``base``, what stands there;
        and the ``words`` for the page, in ``lang``. Empty when they are not kept.
    edited : dict
        The page's last edit: its ``revision``, and ``base``, what stood in the file when it was begun.
    taken : dict
        The answer: ``revision``; ``state``: saved, failed (it may be sent again), refused, or seen (another
        window wrote); and ``base``, what stands in the file now.
    offered : dict
        What an earlier page could not save: ``revision``, ``values`` of traits, and ``base``.
    looked : int
        How often the page asked to look into the file again.
    """

    #: The traits that the learner changes.
    ANSWERS: ClassVar[frozenset[str]] = frozenset()

    keeping = data_trait(traitlets.Dict())
    edited = traitlets.Dict().tag(sync=True)
    taken = data_trait(traitlets.Dict())
    offered = traitlets.Dict().tag(sync=True)
    looked = traitlets.Int(0).tag(sync=True)

    #: For as long as a message of the page is taken in: what that page saw when its edit began.
    base_of_page: Callable[[object], AbstractContextManager[None]] | None = None

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what the page sent."""
        told = sync_data.get("edited")
        if self.base_of_page is None:
            super().set_state(sync_data)
            return
        if not isinstance(told, Mapping):
            # What came along with another message has its own turn: then it is known what it was based on.
            super().set_state({name: one for name, one in sync_data.items() if name not in self.ANSWERS})
            return
        with self.base_of_page(told.get("base")):
            super().set_state(sync_data)

    def settle(self) -> None:
        """Take over what the page sent, when a widget has more to do for that than to set its traits."""

    def take_offer(self, values: Mapping[str, Any]) -> None:
        """Show what an earlier page could not save.

        Raises
        ------
        traitlets.TraitError
            When it is none of this widget's values.
        """
        with self.hold_trait_notifications():
            for name, value in values.items():
                if name not in self.traits(sync=True):
                    raise traitlets.TraitError(name)
                setattr(self, name, value)
        self.settle()


def _same(mine: object, there: object) -> bool:
    """Whether a field has the same value; nothing and never answered are the same."""
    return (mine or None) == (there or None)


def place_of(path: Path) -> str:
    """A name for one learner's answers file, from which neither learner nor folder can be read."""
    whose = f"{os.environ.get('JUPYTERHUB_USER', '')}\0{path.resolve()}"
    return hashlib.sha256(whose.encode()).hexdigest()[:20]


def keep_safe(
    widget: Kept,
    keeper: AnswerKeeper,
    lang: Language,
    names: Sequence[str],
    fields: Callable[[], Fields],
    report: Callable[[], None],
) -> dict[str, Any]:
    """Keep a widget's answers, and answer its page.

    Parameters
    ----------
    widget : Kept
        The widget.
    keeper : AnswerKeeper
        Keeps the answers under one key.
    lang : {"nl", "en"}
        The language of what the page says.
    names : sequence of str
        The fields in the file that are this widget's.
    fields : callable
        Their values as the widget has them now.
    report : callable
        Called when something was saved, or was not: shows the state and the notices.

    Returns
    -------
    dict
        What a panel has to know to show the state of this widget.
    """

    def base() -> dict[str, str]:
        # As JSON: anything may stand in the file, also what cannot be sent as it is.
        return {name: json.dumps(keeper.fields[name]) for name in names if name in keeper.fields}

    def answer(revision: str, state: str) -> None:
        report()
        widget.set_trait("taken", {"revision": revision, "state": state, "base": base()})

    def save(revision: str) -> None:
        keeper.save(fields(), lambda saved: answer(revision, "saved" if saved else "failed"))

    def edited(change: Mapping[str, Any]) -> None:
        revision, values = change["new"].get("revision"), change["new"].get("values")
        if not isinstance(revision, str) or not revision:
            return
        try:
            # Also what came along with an earlier message, and was shown over since.
            widget.take_offer(values if isinstance(values, Mapping) else {})
        except WRONG:
            answer(revision, "refused")
            return
        save(revision)

    def offered(change: Mapping[str, Any]) -> None:
        revision, values = change["new"].get("revision"), change["new"].get("values")
        if not isinstance(revision, str) or not isinstance(values, Mapping):
            return
        keeper.look()
        was = change["new"].get("base")
        try:
            # Python may have written some of it before it went away: that is no other answer.
            with widget.hold_sync(), keeper.silent():
                for one in change["new"].get("sent") or ():
                    widget.take_offer(one)
                    if all(_same(fields().get(name), keeper.fields.get(name)) for name in names):
                        was = base()
        except WRONG:
            pass
        with keeper.based_on(names, was):
            try:
                widget.take_offer(values)
            except WRONG:
                answer(revision, "refused")
                return
            keeper.save(fields(), lambda saved: took(revision, saved))

    def took(revision: str, saved: bool) -> None:
        # The page that is open has not seen it: what it changes is not on top of this.
        keeper.disown(names)
        answer(revision, "saved" if saved else "failed")

    def looked(_change: object) -> None:
        keeper.look()
        report()

    def seen(_fields: Fields) -> None:
        if widget.taken.get("base", widget.keeping.get("base")) != base():
            widget.set_trait("taken", {"revision": "", "state": "seen", "base": base()})

    where = {"place": place_of(keeper.path), "key": keeper.key, "field": names[0] if names else ""}
    widget.set_trait("keeping", where | {"base": base(), "words": saving_words(lang), "lang": lang})
    widget.base_of_page = lambda told: keeper.based_on(names, told)
    widget.observe(edited, "edited")
    widget.observe(offered, "offered")
    widget.observe(looked, "looked")
    keeper.follow(seen)
    return {"place": where["place"], "key": where["key"], "fields": [where["field"]]}
