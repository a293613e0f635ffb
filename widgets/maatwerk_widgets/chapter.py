"""What a chapter needs: each widget is one line in the notebook, and keeps its own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets
from maatwerk import Language, framework
from maatwerk.text import as_language
from maatwerk.weighing import TOTAL
from maatwerk_exercises.itembank import AnyItem, item_bank, items_about, items_by_key

from maatwerk_widgets.autosave import Kept, keep_safe
from maatwerk_widgets.cards import PracticeCards
from maatwerk_widgets.compare import joined, placements_compared, weights_compared
from maatwerk_widgets.feedback import FeedbackPanel
from maatwerk_widgets.form import FORM_TEXTS, QuestionForm, step, text
from maatwerk_widgets.kept import (
    Fields,
    kept_cards,
    kept_placement,
    kept_profile,
    kept_rounds,
    kept_values,
    kept_weights,
    placement_field,
    rounds_field,
    weights_field,
)
from maatwerk_widgets.loop_view import LoopView
from maatwerk_widgets.loyalties import LoyaltyScales
from maatwerk_widgets.plane import DecisionPlane
from maatwerk_widgets.profile import ProfileSliders
from maatwerk_widgets.profile_picture import ProfilePicture, profiles_compared
from maatwerk_widgets.quiz import Quiz
from maatwerk_widgets.radar import RadarView
from maatwerk_widgets.repeating import local_time, remember, repetition_keeper
from maatwerk_widgets.rounds_run import RoundsRun
from maatwerk_widgets.saving import ANSWERS_FILE, AnswerKeeper
from maatwerk_widgets.table_view import TableView
from maatwerk_widgets.words import words


class Chapter:
    """The widgets of one chapter. Each shows what was kept, and keeps what changes.

    Parameters
    ----------
    key : str
        The chapter's key, such as ``"05-doorbreken"``; its answers stand in the file under it.
    lang : {"nl", "en"}
        The language of all words.
    path : path
        The file that keeps the answers.
    """

    def __init__(self, key: str, lang: Language = "nl", path: str | Path = ANSWERS_FILE) -> None:
        self.lang = as_language(lang)
        self.keeper = AnswerKeeper(key, self.lang, Path(path))
        self.repetition = repetition_keeper(self.lang, Path(path))

    def plane(self, name: str, earlier: Sequence[str] = (), reveal: str = "all") -> ipywidgets.VBox:
        """The plane, kept as ``plane.<name>``; the placements of ``earlier`` names are shown beside it.

        Raises
        ------
        KeyError
            When the course has no words for an earlier name.
        """
        field = f"plane.{name}"
        labels = {f"plane.{one}": self._word("chapter_moment", one) for one in earlier}
        plane = DecisionPlane(self.lang, reveal=reveal)

        def show(fields: Fields) -> None:
            placement = kept_placement(fields, field)
            if placement != plane.placement:
                plane.place(placement)
            plane.earlier = [
                {"label": label} | (placement_field(place) or {})
                for one, label in labels.items()
                if (place := kept_placement(fields, one)) is not None
            ]

        return self._kept(
            plane,
            ("person", "group", "placed"),
            show,
            lambda: {field: placement_field(plane.placement)},
            field,
        )

    def scales(self, name: str) -> ipywidgets.VBox:
        """The five loyalties, kept as ``scales.<name>``."""
        field = f"scales.{name}"
        scales = LoyaltyScales(self.lang)

        def show(fields: Fields) -> None:
            weights = kept_weights(fields, field, framework())
            if weights != scales.weights:
                scales.weights = weights

        return self._kept(scales, ("weights",), show, lambda: {field: weights_field(scales.weights)}, field)

    def profile(self, name: str) -> ipywidgets.VBox:
        """The eight considerations as sliders, kept as ``profile.<name>``, and the profile they yield."""
        fw = framework()
        field = f"profile.{name}"
        sliders = ProfileSliders(self.lang)
        picture = ProfilePicture(self.lang)

        def show(fields: Fields) -> None:
            positions = kept_profile(fields, field, fw)
            if positions != sliders.positions:
                sliders.positions = positions
            picture.show({"": positions})

        kept = self._kept(sliders, ("positions",), show, lambda: {field: sliders.positions}, field)
        return ipywidgets.VBox([*kept.children, picture])

    def cards(self, name: str) -> ipywidgets.VBox:
        """The nine practices as cards to put on one plane, kept as ``cards.<name>``."""
        field = f"cards.{name}"
        cards = PracticeCards(self.lang)

        def show(fields: Fields) -> None:
            placements = kept_cards(fields, field, framework())
            if placements != cards.placements:
                cards.placements = placements

        return self._kept(cards, ("placements",), show, lambda: {field: cards.placements}, field)

    def reflection(self, name: str) -> ipywidgets.VBox:
        """A question to write about, kept as ``reflection.<name>``.

        Raises
        ------
        KeyError
            When the course has no words for the question.
        """
        field = f"reflection.{name}"
        form = QuestionForm([step([text(field, self._word("chapter_prompt", name))])], lang=self.lang)

        def show(fields: Fields) -> None:
            form.values = kept_values(fields, form.content["steps"])

        return self._kept(form, ("values",), show, lambda: {field: form.values.get(field)}, field)

    def quiz(
        self, name: str, items: Sequence[str] = (), *, about: str = "", count: int = 4
    ) -> ipywidgets.VBox:
        """Closed items after each other, kept as ``quiz.<name>``.

        Parameters
        ----------
        name : str
            Under which name the answers are kept.
        items : sequence of str
            Keys of the item bank, such as ``"cell.overvraagd"``, in the order to ask them.
        about : str
            Instead of ``items``: a place in the essay, such as ``"tabel 2.2"``, to ask about.
        count : int
            How many items to ask about that place.

        Raises
        ------
        KeyError
            When there is no such item, or there are fewer about that place.
        ValueError
            When the essay has no such place.
        """
        bank = item_bank()
        return self._quiz(
            f"quiz.{name}", items_about(bank, about, count) if about else items_by_key(bank, items)
        )

    def recall(self, statement: str) -> ipywidgets.VBox:
        """To which variant a statement belongs, kept as ``recall.<statement>``: a quiz of one item.

        Raises
        ------
        KeyError
            When there is no such statement in tables 5.2-5.5.
        """
        return self._quiz(f"recall.{statement}", items_by_key(item_bank(), [f"cell.{statement}"]))

    def compare(self, before: str, after: str) -> ipywidgets.VBox:
        """What moved between two moments: in words, the loyalties in a radar and the profiles in a picture.

        Follows later changes.

        Raises
        ------
        KeyError
            When the course has no words for one of the names.
        """
        moments = {name: self._word("chapter_moment", name) for name in (before, after)}
        asked = joined(list(moments.values()), self.lang)
        missing = self._word("chapter_compare", "missing").format(moments=asked)
        title = self._word("chapter_compare", "title")
        view = QuestionForm([], lang=self.lang)
        radar = RadarView(self.lang)
        picture = ProfilePicture(self.lang)

        def show(fields: Fields) -> None:
            fw = framework()
            lines = []
            old, new = (kept_placement(fields, f"plane.{name}") for name in moments)
            if old is not None and new is not None:
                lines += placements_compared(old, new, fw, self.lang)
            weights = [kept_weights(fields, f"scales.{name}", fw) for name in moments]
            complete = all(sum(one.values()) == TOTAL for one in weights)
            if complete:
                lines += weights_compared(weights[0], weights[1], fw, self.lang)
            profiles = [kept_profile(fields, f"profile.{name}", fw) for name in moments]
            lines += profiles_compared(profiles[0], profiles[1], fw, self.lang)
            view.show_steps([step(title=title, intro="\n".join(lines or [missing]))])
            radar.show(dict(zip(moments.values(), weights, strict=True)) if complete else {})
            picture.show(dict(zip(moments.values(), profiles, strict=True)) if all(profiles) else {})

        self.keeper.follow(show)
        return ipywidgets.VBox([view, radar, picture])

    def loops(self, *dynamics: str) -> LoopView:
        """The circles of these dynamics of table 4.1; without any, of all four.

        Raises
        ------
        KeyError
            When the table has no such dynamic; the message names those it has.
        """
        return LoopView(dynamics, self.lang)

    def rounds(self, name: str) -> ipywidgets.VBox:
        """The dynamics as a game; the prediction and the dials to keep are kept as ``rounds.<name>``."""
        field = f"rounds.{name}"
        run = RoundsRun(self.lang)

        def show(fields: Fields) -> None:
            kept, prediction = kept_rounds(fields, field, framework().game)
            if (kept, prediction) != (run.kept, run.prediction):
                run.restore(kept, prediction)

        return self._kept(
            run,
            ("kept", "prediction"),
            show,
            lambda: {field: rounds_field(run.kept, run.prediction)},
            field,
        )

    def table(self, number: str) -> TableView:
        """One of the essay's tables.

        Raises
        ------
        KeyError
            When the course has no such table; the message names those it has.
        """
        return TableView(number, self.lang)

    def _quiz(self, field: str, items: Sequence[AnyItem]) -> ipywidgets.VBox:
        quiz = Quiz(items, self.lang)
        # What was learned in a chapter comes back in the five minutes a day.
        quiz.on_answer(lambda item, given: remember(self.repetition, item, given, local_time()))
        return self._kept(
            quiz,
            ("answers",),
            lambda fields: quiz.restore(fields.get(field)),
            lambda: {field: quiz.kept()},
            field,
        )

    def _kept(
        self,
        widget: Kept,
        traits: Sequence[str],
        show: Callable[[Fields], None],
        fields: Callable[[], Fields],
        field: str,
    ) -> ipywidgets.VBox:
        """``widget`` with its saved state below it, showing what is kept and keeping what changes."""
        panel = FeedbackPanel(self.lang)

        def keep(_change: object) -> None:
            self.keeper.save(fields(), lambda _saved: panel.report())

        self.keeper.follow(show)
        widget.observe(keep, list(traits))
        watches = keep_safe(widget, self.keeper, self.lang, [field], fields, panel.report)
        panel.watch(self.keeper, watches, [field])
        # A fresh chapter need not say below each widget that nothing was saved yet.
        if self.keeper.notices or any(fields().values()):
            panel.report()
        return ipywidgets.VBox([widget, panel])

    def _word(self, prefix: str, name: str) -> str:
        known = words(prefix, self.lang, FORM_TEXTS)
        if name not in known:
            error = words("chapter_error", self.lang, FORM_TEXTS)["name"]
            raise KeyError(error.format(name=name, names=", ".join(known)))
        return known[name]
