"""Between widgets and the answers file, in whose fields anything may stand: nothing here fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from maatwerk import Framework, Placement, PlacementError
from maatwerk.profile import Profile, is_position
from maatwerk.rounds import Game, Points
from maatwerk.weighing import TOTAL

from maatwerk_widgets.cards import Spot, is_spot
from maatwerk_widgets.form import Step
from maatwerk_widgets.rounds_run import is_points

Fields = Mapping[str, Any]


def placement_field(placement: Placement | None) -> dict[str, float] | None:
    """A placement as the file keeps it; whole points without a decimal sign."""
    if placement is None:
        return None
    return {"person": _whole(placement.person), "group": _whole(placement.group)}


def weights_field(weights: Mapping[str, int]) -> dict[str, int] | None:
    """A division of points as the file keeps it; no points at all are no answer."""
    return dict(weights) if any(weights.values()) else None


def kept_placement(fields: Fields, name: str) -> Placement | None:
    """The placement in the file, or ``None`` when there is none that can be used."""
    kept = fields.get(name)
    if not isinstance(kept, Mapping):
        return None
    try:
        return Placement(kept.get("person"), kept.get("group"))  # type: ignore[arg-type]
    except PlacementError:
        return None


def kept_weights(fields: Fields, name: str, framework: Framework) -> dict[str, int]:
    """The weights in the file; one that cannot be used counts as 0."""
    kept = fields.get(name)
    given = kept if isinstance(kept, Mapping) else {}
    return {key: _weight(given.get(key)) for key in framework.loyalties}


def kept_profile(fields: Fields, name: str, framework: Framework) -> Profile:
    """The positions in the file; one that cannot be used counts as not answered."""
    kept = fields.get(name)
    given = kept if isinstance(kept, Mapping) else {}
    return {key: given[key] for key in framework.considerations if is_position(given.get(key))}


def kept_cards(fields: Fields, name: str, framework: Framework) -> dict[str, Spot]:
    """The places of the cards in the file; one that cannot be used counts as not placed."""
    kept = fields.get(name)
    given = kept if isinstance(kept, Mapping) else {}
    return {key: dict(given[key]) for key in framework.practices if is_spot(given.get(key))}


def rounds_field(kept: Points, prediction: str) -> dict[str, Any] | None:
    """A game's kept dials and its prediction as the file keeps them; neither is no answer."""
    given = {"settings": dict(kept), "prediction": prediction}
    return {name: value for name, value in given.items() if value} or None


def kept_rounds(fields: Fields, name: str, game: Game) -> tuple[dict[str, float], str]:
    """The dials and the prediction in the file; each empty when it cannot be used."""
    kept = fields.get(name)
    given = kept if isinstance(kept, Mapping) else {}
    dials, prediction = given.get("settings"), given.get("prediction")
    usable = (
        isinstance(dials, Mapping) and set(dials) == set(game.dials) and all(map(is_points, dials.values()))
    )
    return (
        {key: dials[key] for key in game.dials} if usable and isinstance(dials, Mapping) else {},
        prediction if isinstance(prediction, str) and prediction in game.stocks else "",
    )


def kept_text(fields: Fields, name: str) -> str:
    """The text in the file, without space around it; empty when there is none that can be shown."""
    return (_text(fields.get(name)) or "").strip()


def kept_values(fields: Fields, steps: Iterable[Step]) -> dict[str, Any]:
    """The form's answers in the file; one of another kind than its question is left out."""
    readers = {q["key"]: _grid if q["kind"] == "grid" else _text for s in steps for q in s["questions"]}
    read = {key: reader(fields.get(key)) for key, reader in readers.items()}
    return {key: value for key, value in read.items() if value is not None}


def _whole(points: float) -> float:
    return int(points) if float(points).is_integer() else points


def _weight(value: object) -> int:
    # bool is an int to Python, but 'true' is no number of points.
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value <= TOTAL else 0


def _text(value: object) -> str | None:
    """A text that can be sent to the browser: half of a surrogate pair cannot."""
    if not isinstance(value, str):
        return None
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _grid(value: object) -> dict[Any, Any] | None:
    if not isinstance(value, Mapping):
        return None
    rows = value.values()
    if not all(
        isinstance(row, Mapping) and all(isinstance(one, str) for one in row.values()) for row in rows
    ):
        return None
    return {
        _text(key): {_text(column): _text(choice) for column, choice in row.items()}
        for key, row in value.items()
    }
