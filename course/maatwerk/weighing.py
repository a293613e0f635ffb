"""A division of a hundred points over the five loyalties (table 3.1)."""

from __future__ import annotations

from collections.abc import Mapping

TOTAL = 100


def heaviest(weights: Mapping[str, int]) -> tuple[str, ...]:
    """The loyalties with the most points: two, or more where others share the second place.

    A loyalty without points never counts, so that there may also be one or none.

    Parameters
    ----------
    weights : mapping of str to int
        Points (0-100) by loyalty; they need not add up to 100.
    """
    with_points = sorted((weight for weight in weights.values() if weight > 0), reverse=True)
    if not with_points:
        return ()
    least = with_points[:2][-1]
    return tuple(key for key, weight in weights.items() if weight >= least)
