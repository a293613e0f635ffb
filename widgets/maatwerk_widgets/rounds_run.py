"""The game of the dynamics: dials to set, rounds to play, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from maatwerk import Language, framework
from maatwerk.rounds import EMPTY, FULL, Game, Points, Round

from maatwerk_widgets.autosave import Kept
from maatwerk_widgets.looks import STATIC, looks
from maatwerk_widgets.modules import one_module
from maatwerk_widgets.rounds_view import ROUNDS_TEXTS, dials_written, game_content, game_shown
from maatwerk_widgets.traits import data_trait, language_trait
from maatwerk_widgets.words import words


class RoundsRun(Kept):
    """The game in rounds. The front end sets dials and asks for rounds; the rounds are played here.

    Parameters
    ----------
    lang : {"nl", "en"}
        The language of all words.

    Attributes
    ----------
    settings : dict of str to number
        The dials as they stand; they count from the next round on.
    played : int
        How many rounds were played. Ask for more to play them, for fewer to start again.
    prediction : str
        The stock that the player expects to rise most; empty when nothing was predicted.
    kept : dict
        The dials that the player chose to keep; empty when there are none.
    shown : dict
        What came of the game so far, in numbers and words.
    """

    ANSWERS = frozenset({"kept", "prediction"})
    _esm = one_module(STATIC / "rounds.js")
    _css = looks("rounds.css")

    lang = language_trait()
    settings = traitlets.Dict().tag(sync=True)
    played = traitlets.Int(0).tag(sync=True)
    prediction = traitlets.Unicode("").tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    content = data_trait(traitlets.Dict())
    shown = data_trait(traitlets.Dict())
    kept_words = data_trait(traitlets.Unicode(""))

    def __init__(self, lang: Language = "nl", **kwargs: Any) -> None:
        self._game: Game = framework().game
        self._moves: list[Points] = []
        self._previous: tuple[Round, ...] = ()
        self.set_trait("content", game_content(self._game, lang))
        first = {key: int(dial.start) for key, dial in self._game.dials.items()}
        super().__init__(lang=lang, **({"settings": first} | kwargs))
        self._tell()

    def restore(self, kept: Points, prediction: str) -> None:
        """Show what was kept, and set the dials to it as long as nothing was played."""
        self.prediction = prediction
        self.kept = dict(kept)
        if kept and not self._moves:
            self.settings = dict(kept)

    @traitlets.validate("settings", "kept")
    def _check_dials(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        dials = proposal["value"]
        wanted = tuple(self._game.dials)
        nothing_kept = proposal["trait"].name == "kept" and dials == {}
        if not nothing_kept and not (set(dials) == set(wanted) and all(map(is_points, dials.values()))):
            raise self._error("settings", keys=", ".join(wanted), value=repr(dials))
        return dict(dials)

    @traitlets.validate("prediction")
    def _check_prediction(self, proposal: Mapping[str, Any]) -> str:
        if proposal["value"] not in ("", *self._game.stocks):
            raise self._error("prediction", keys=", ".join(self._game.stocks), value=repr(proposal["value"]))
        return str(proposal["value"])

    @traitlets.validate("played")
    def _check_played(self, proposal: Mapping[str, Any]) -> int:
        if proposal["value"] not in range(self._game.length + 1):
            raise self._error("played", count=self._game.length, value=proposal["value"])
        return int(proposal["value"])

    @traitlets.observe("played")
    def _play(self, _change: object) -> None:
        if self.played < len(self._moves):
            self._previous = self._game.play(self._moves)
            self._moves = []
        self._moves += [dict(self.settings)] * (self.played - len(self._moves))
        self._tell()

    @traitlets.observe("prediction")
    def _predict(self, _change: object) -> None:
        self._tell()

    @traitlets.observe("kept")
    def _keep(self, _change: object) -> None:
        written = dials_written(self._game, self.kept, self.lang) if self.kept else ""
        word = words("rounds", self.lang, ROUNDS_TEXTS)["kept"]
        self.set_trait("kept_words", word.format(dials=written) if written else "")

    def _tell(self) -> None:
        played = self._game.play(self._moves)
        self.set_trait("shown", game_shown(self._game, played, self._previous, self.prediction, self.lang))

    def _error(self, name: str, **values: Any) -> traitlets.TraitError:
        return traitlets.TraitError(
            words("rounds", self.lang, ROUNDS_TEXTS)[f"error_{name}"].format(**values)
        )


def is_points(value: object) -> bool:
    """Whether ``value`` is a number that a dial can stand at."""
    # bool is an int to Python, but 'true' is no number of points.
    return isinstance(value, int | float) and not isinstance(value, bool) and EMPTY <= value <= FULL
