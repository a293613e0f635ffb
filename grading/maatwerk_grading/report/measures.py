"""The measures of a test and of its markers: pure, over plain numbers, by libraries where there is one.

Cronbach's alpha comes from pingouin, Krippendorff's from krippendorff, the weighted kappa from scikit-learn.
A measure that cannot be computed (nobody differs, too few people) is ``None``, never a number that misleads.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from sklearn.metrics import cohen_kappa_score

# With fewer people, a correlation or an alpha says nothing.
FEWEST = 5

# By learner and then by cell: points.
Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class ItemMeasures:
    """One cell of the assignment.

    Parameters
    ----------
    name : str
        The cell's name in the gradebook.
    maximum : float
        Points.
    p_value : float
        Mean share of the maximum, 0-1: 1 is a cell that everybody earned wholly.
    item_rest : float, optional
        Correlation of the cell with the sum of all others, -1 to 1.
    """

    name: str
    maximum: float
    p_value: float
    item_rest: float | None


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha, with its 95 % interval, over ``n`` learners and ``items`` cells that differ."""

    alpha: float
    low: float
    high: float
    n: int
    items: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two markers agree, over ``n`` marks that both gave."""

    n: int
    krippendorff: float | None
    kappa: float | None


def item_measures(scores: Scores, maxima: Mapping[str, float]) -> tuple[ItemMeasures, ...]:
    """The measures of every cell, in the order of ``maxima``; none when there is no learner."""
    if not scores:
        return ()
    table = _table(scores, maxima)
    return tuple(
        ItemMeasures(
            name=name,
            maximum=maximum,
            p_value=float(table[name].mean()) / maximum,
            item_rest=_correlation(table[name], table.drop(columns=name).sum(axis=1)),
        )
        for name, maximum in maxima.items()
    )


def cronbach(scores: Scores, maxima: Mapping[str, float]) -> Alpha | None:
    """Cronbach's alpha; ``None`` below five learners, or below two cells in which they differ."""
    if len(scores) < FEWEST:
        return None
    table = _table(scores, maxima)
    # A cell in which nobody differs adds nothing to consistency, and would only widen the interval.
    differing = table.loc[:, table.nunique() > 1]
    if differing.shape[1] < 2:
        return None
    alpha, (low, high) = pingouin.cronbach_alpha(data=differing)
    if not all(map(math.isfinite, (alpha, low, high))):
        return None
    return Alpha(float(alpha), float(low), float(high), len(scores), differing.shape[1])


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement:
    """How far two markers agree, mark by mark.

    Parameters
    ----------
    first, second : sequence of float
        The points that each gave to the same answers, in the same order.
    """
    measured = len(first) >= FEWEST and len({*first, *second}) > 1
    return Agreement(
        n=len(first),
        krippendorff=_krippendorff(first, second) if measured else None,
        kappa=_kappa(first, second) if measured else None,
    )


def _table(scores: Scores, maxima: Mapping[str, float]) -> pd.DataFrame:
    rows = [[scores[learner].get(name, 0.0) for name in maxima] for learner in scores]
    return pd.DataFrame(rows, columns=list(maxima), dtype=float)


def _correlation(one: pd.Series[float], other: pd.Series[float]) -> float | None:
    if len(one) < FEWEST or one.nunique() < 2 or other.nunique() < 2:
        return None
    return float(one.corr(other))


def _krippendorff(first: Sequence[float], second: Sequence[float]) -> float:
    data = np.array([first, second], dtype=float)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="interval"))


def _kappa(first: Sequence[float], second: Sequence[float]) -> float | None:
    # Half points become whole steps: the weights are the squared number of steps between two marks.
    steps = [[round(points * 2) for points in marker] for marker in (first, second)]
    labels = list(range(min(map(min, steps)), max(map(max, steps)) + 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kappa = float(cohen_kappa_score(*steps, labels=labels, weights="quadratic"))
    return kappa if math.isfinite(kappa) else None
