"""A decision's place on the plane, and the variants of maatwerk that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maatwerk.model import Level, Plane, Variant

if TYPE_CHECKING:
    from maatwerk.framework import Framework

LOWEST, HIGHEST = 0.0, 100.0


class PlacementError(ValueError):
    """A value that is no place on the plane. ``axis`` and ``value`` say which and what."""

    def __init__(self, axis: str, value: object) -> None:
        self.axis = axis
        self.value = value
        super().__init__(
            f"{axis} = {value!r}: a number from 0 to 100 is needed / een getal van 0 tot en met 100"
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """How far maatwerk goes, in points: 0 is full standardisation, 100 treats each case or group apart.

    Parameters
    ----------
    person : float
        Maatwerk per person, 0-100 (the vertical axis of table 5.1).
    group : float
        Maatwerk per group, 0-100 (the horizontal axis of table 5.1).

    Raises
    ------
    PlacementError
        When a value is not a number, not finite, or outside 0-100.
    """

    person: float
    group: float

    def __post_init__(self) -> None:
        for axis in ("person", "group"):
            value = getattr(self, axis)
            # bool is an int to Python, but 'true' is no number of points.
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise PlacementError(axis, value)
            # Comparing also refuses nan, the infinities and integers too large for a float.
            if not LOWEST <= value <= HIGHEST:
                raise PlacementError(axis, value)

    def variants(self, framework: Framework) -> tuple[Variant, ...]:
        """The variant at this place, or the two or four that it lies between, in table 5.1's order.

        Within the band around a border either neighbour is right (source note D5).
        """
        persons = levels(self.person, framework.plane)
        groups = levels(self.group, framework.plane)
        return tuple(v for v in framework.variants.values() if v.person in persons and v.group in groups)


def levels(points: float, plane: Plane) -> tuple[Level, ...]:
    """``low``, ``high``, or both when ``points`` lies in the band around the border (its edges included)."""
    if abs(points - plane.border) <= plane.band:
        return ("low", "high")
    return ("low",) if points < plane.border else ("high",)
