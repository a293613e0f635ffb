"""On which scale a mark goes back: points, the share of the maximum, or a mark from 1 to 10 with a pass line.

A mark from 1 to 10 is linear in two pieces. With ``p`` the percentage of the points and ``c`` the pass line::

    mark = 1   + 4.5 * p / c                      for p <= c
    mark = 5.5 + 4.5 * (p - c) / (100 - c)        for p >= c

so that 0 per cent is a 1, the pass line a 5.5, and 100 per cent a 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal, get_args

Kind = Literal["points", "percent", "mark"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DEFAULT_PASS = Decimal(55)
LOWEST, PASSED, HIGHEST = Decimal(1), Decimal("5.5"), Decimal(10)
_HUNDRED = Decimal(100)
# Sums of points are binary numbers; what lies behind these decimals is noise.
_EXACT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale.

    Parameters
    ----------
    kind : {"points", "percent", "mark"}
        Points as they are; the same share of the LMS's maximum (of 100 where it has none); or 1 to 10.
    pass_line : Decimal
        The percentage of the points that is a 5.5; more than 0 and less than 100.
    """

    kind: Kind = "points"
    pass_line: Decimal = DEFAULT_PASS

    def maximum(self, ours: Decimal, theirs: Decimal | None = None) -> Decimal:
        """The highest mark.

        Parameters
        ----------
        ours : Decimal
            The maximum in points.
        theirs : Decimal, optional
            That of the LMS.
        """
        if self.kind == "mark":
            return HIGHEST
        return (theirs or _HUNDRED) if self.kind == "percent" else ours

    def mark(self, points: float, ours: Decimal, theirs: Decimal | None = None) -> Decimal:
        """Points on this scale, rounded: half up to two decimals, and a mark from 1 to 10 to one decimal.

        Rounding never carries anybody over the pass line: less than the line is a 5.4 at most.

        Parameters
        ----------
        points : float
            From 0; more than ``ours`` with a bonus.
        ours : Decimal
            The maximum in points.
        theirs : Decimal, optional
            That of the LMS.

        Raises
        ------
        ValueError
            When a share is asked for and the assignment has no points.
        """
        exact = Decimal(repr(float(points))).quantize(_EXACT, ROUND_HALF_UP)
        if self.kind == "points":
            return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if ours <= 0:
            raise ValueError("an assignment without points has no share")
        percent = exact / ours * _HUNDRED
        if self.kind == "percent":
            share = percent * (theirs or _HUNDRED) / _HUNDRED
            return share.quantize(Decimal("0.01"), ROUND_HALF_UP)
        line = self.pass_line
        if exact * _HUNDRED < line * ours:
            mark = LOWEST + (PASSED - LOWEST) * percent / line
            rounded = mark.quantize(Decimal("0.1"), ROUND_HALF_UP)
            return min(rounded, (PASSED - Decimal("0.01")).quantize(Decimal("0.1"), ROUND_DOWN))
        mark = PASSED + (HIGHEST - PASSED) * (percent - line) / (_HUNDRED - line)
        return mark.quantize(Decimal("0.1"), ROUND_HALF_UP)


def written(mark: Decimal, *, comma: bool) -> str:
    """A mark as a cell, with its decimals."""
    text = f"{mark:f}"
    return text.replace(".", ",") if comma else text
