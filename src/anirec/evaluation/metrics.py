"""Per-viewer metrics of a top-n list against what was held out (binary relevance).

All take the same two arrays, so that a metric is a formula and nothing else:

hits
    bool (n_viewers, n), whether the item at each place of the list was held out.
held_out
    int (n_viewers,), how many items were held out, those that the model does not know included:
    they can never be hit, so they are misses.

All return float64 (n_viewers,) in [0, 1]. A viewer without held-out items gets 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    PerViewer = Callable[[NDArray[np.bool_], NDArray[np.int64]], NDArray[np.float64]]


def ndcg(hits: NDArray[np.bool_], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
    """Discounted gain of the hits over that of the best possible list.

    ``sum_p hit_p / log2(p + 1)`` over places p = 1..n, divided by the same sum for a list whose
    first ``min(n, held_out)`` places are hits (Järvelin & Kekäläinen, "Cumulated Gain-Based
    Evaluation of IR Techniques", TOIS 2002).
    """
    places = hits.shape[1]
    discounts = 1 / np.log2(np.arange(2, places + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(places, held_out)]
    return _ratio(hits @ discounts, ideal)


def recall(hits: NDArray[np.bool_], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
    """Hits over ``min(n, held_out)``, so that a perfect list has 1 however much was held out."""
    return _ratio(hits.sum(axis=1), np.minimum(hits.shape[1], held_out))


def hit_rate(hits: NDArray[np.bool_], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 where at least one place is a hit, else 0."""
    return np.where(hits.any(axis=1), 1.0, 0.0)


def mrr(hits: NDArray[np.bool_], held_out: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 over the place of the first hit within the list, 0 without one.

    The mean over viewers is the mean reciprocal rank (Voorhees, "The TREC-8 Question Answering
    Track Report", 1999).
    """
    first: NDArray[np.float64] = hits.argmax(axis=1) + 1.0
    return hits.any(axis=1) / first


METRICS: Final[Mapping[str, PerViewer]] = {
    "ndcg": ndcg,
    "recall": recall,
    "hit_rate": hit_rate,
    "mrr": mrr,
}


def _ratio(gain: NDArray[np.float64], best: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(gain, best, out=np.zeros(len(best)), where=best > 0)
    return ratio
