"""Between widgets and the answers file, in whose fields anything may stand: nothing here fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from maatwerk import Framework, Placement, PlacementError
from maatwerk.weighing import TOTAL

from maatwerk_widgets.form import Step

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


def kept_values(fields: Fields, steps: Iterable[Step]) -> dict[str, Any]:
    """The form's answers in the file; one of another kind than its question is left out."""
    usable = {q["key"]: _is_grid if q["kind"] == "grid" else _is_text for s in steps for q in s["questions"]}
    return {key: fields[key] for key, fits in usable.items() if fits(fields.get(key))}


def _whole(points: float) -> float:
    return int(points) if float(points).is_integer() else points


def _weight(value: object) -> int:
    # bool is an int to Python, but 'true' is no number of points.
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value <= TOTAL else 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_grid(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(cells, Mapping) and all(isinstance(choice, str) for choice in cells.values())
        for cells in value.values()
    )
