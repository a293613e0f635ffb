"""The measures of a test and of its markers: pure, over plain numbers, by libraries where there is one.

Krippendorff's alpha comes from krippendorff and the weighted kappa from scikit-learn; both are imported only
when two people marked. Cronbach's alpha is a few lines here: pingouin, which the tests hold it against, takes
most of the time of a whole report to import.
A measure that cannot be computed (nobody differs, too few people) is ``None``, never a number that misleads.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtri

# With fewer people, a correlation or an alpha says nothing.
FEWEST = 5

# By learner and then by cell: points. A cell without a mark is not there.
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
    n : int
        How many learners have a mark for it.
    p_value : float, optional
        Their mean share of the maximum, 0-1: 1 is a cell that everybody earned wholly.
    item_rest : float, optional
        Correlation of the cell with the sum of the others that are marked for all, -1 to 1.
    """

    name: str
    maximum: float
    n: int
    p_value: float | None
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


def item_measures(
    scores: Scores, maxima: Mapping[str, float], among: Iterable[str] | None = None
) -> tuple[ItemMeasures, ...]:
    """The measures of every cell, in the order of ``maxima``; none when there is no learner.

    Parameters
    ----------
    scores : mapping
        By learner and then by cell, in points. Who was not graded at all is not among them.
    maxima : mapping of str to float
        The cells, in points.
    among : iterable of str, optional
        The cells that a learner must have a mark for to count in the correlations; all when not given.

    Notes
    -----
    A sum over cells of which some wait for a mark would only tell who was marked first. So a rest is a sum
    over the cells that everybody among the learners who count has a mark for.
    """
    if not scores:
        return ()
    table = _table(scores, maxima)
    counted = table.dropna(subset=[name for name in maxima if among is None or name in set(among)])
    shared = [name for name in maxima if len(counted) and counted[name].notna().all()]
    return tuple(
        ItemMeasures(
            name=name,
            maximum=maximum,
            n=int(table[name].count()),
            p_value=float(table[name].mean()) / maximum if table[name].count() else None,
            item_rest=_item_rest(counted, name, shared),
        )
        for name, maximum in maxima.items()
    )


def cronbach(scores: Scores, maxima: Mapping[str, float]) -> Alpha | None:
    """Cronbach's alpha over the learners with a mark for every cell.

    ``None`` below five of them, or below two cells in which they differ.
    """
    table = _table(scores, maxima).dropna()
    if len(table) < FEWEST:
        return None
    # A cell in which nobody differs adds nothing to consistency, and would only widen the interval.
    differing = table.loc[:, table.nunique() > 1]
    if differing.shape[1] < 2:
        return None
    learners, items = differing.shape
    variance = float(differing.sum(axis=1).var())
    if not variance:
        return None
    alpha = items / (items - 1) * (1 - float(differing.var().sum()) / variance)
    # Feldt's interval: (1 - alpha) of the sample and of the population are related by an F distribution.
    degrees = (learners - 1, (learners - 1) * (items - 1))
    low, high = (1 - (1 - alpha) * float(fdtri(*degrees, share)) for share in (0.975, 0.025))
    return Alpha(alpha, low, high, learners, items)


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
    rows = [[scores[learner].get(name, math.nan) for name in maxima] for learner in scores]
    return pd.DataFrame(rows, columns=list(maxima), dtype=float)


def _item_rest(counted: pd.DataFrame, name: str, shared: Sequence[str]) -> float | None:
    marked = counted[counted[name].notna()]
    one, rest = marked[name], marked[[other for other in shared if other != name]].sum(axis=1)
    if len(one) < FEWEST or one.nunique() < 2 or rest.nunique() < 2:
        return None
    found = float(one.corr(rest))
    return found if math.isfinite(found) else None


def _krippendorff(first: Sequence[float], second: Sequence[float]) -> float:
    import krippendorff

    data = np.array([first, second], dtype=float)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="interval"))


def _kappa(first: Sequence[float], second: Sequence[float]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    # Half points become whole steps: the weights are the squared number of steps between two marks.
    steps = [[round(points * 2) for points in marker] for marker in (first, second)]
    labels = list(range(min(map(min, steps)), max(map(max, steps)) + 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kappa = float(cohen_kappa_score(*steps, labels=labels, weights="quadratic"))
    return kappa if math.isfinite(kappa) else None
