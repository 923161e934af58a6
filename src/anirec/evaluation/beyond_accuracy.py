"""What a set of top-n lists looks like, whatever was held out.

``top`` is int (n_viewers, n) item rows, -1 where a list ends early. Per-viewer functions return
float64 (n_viewers,) with NaN where a figure has no meaning: an empty list, a single show to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.evaluation.facts import ItemFacts

SMOOTHING: Final = 0.01
"""Share of the history's genres mixed into the list's, so that no genre has chance 0."""


def coverage(top: NDArray[np.int32], n_items: int) -> float:
    """Share of the catalogue that at least one viewer is shown.

    Parameters
    ----------
    top
        (n_viewers, n) item rows; -1 where a list ends early.
    n_items
        Size of the catalogue.
    """
    return len(np.unique(top[top >= 0])) / n_items if n_items else 0.0


def novelty(top: NDArray[np.int32], facts: ItemFacts) -> NDArray[np.float64]:
    """Mean self-information of the shown, in bits: -log2 of the share of viewers who watched it.

    Zhou, Kuscsik, Liu, Medo, Wakeling & Zhang, "Solving the apparent diversity-accuracy dilemma of
    recommender systems", PNAS 2010. A show that nobody watched counts as watched by one viewer.
    """
    share = np.maximum(facts.watched, 1) / max(facts.n_viewers, 1)
    return mean_of_list(-np.log2(share), top)


def diversity(top: NDArray[np.int32], facts: ItemFacts) -> NDArray[np.float64]:
    """1 minus the mean cosine of all pairs of a list, in [0, 1].

    Intra-list diversity (Ziegler, McNee, Konstan & Lausen, "Improving Recommendation Lists Through
    Topic Diversification", WWW 2005) over TF-IDF vectors of genres and tags (``ItemFacts.traits``):
    the same for every model, whatever it was trained with. Shows without any are left out.
    """
    traits = facts.traits
    known = np.diff(traits.indptr) > 0
    counts = _incidence(np.where((top >= 0) & known[top], top, -1), traits.shape[0])
    # Over unit vectors the sum of all ordered pairs is the square of the sum less the diagonal.
    sums = counts @ traits
    squares = np.asarray(sums.multiply(sums).sum(axis=1), dtype=np.float64).ravel()
    size = np.diff(counts.indptr).astype(np.float64)
    pairs = size * (size - 1)
    return _ratio(pairs - (squares - size), pairs).clip(0, 1)


def miscalibration(
    top: NDArray[np.int32], history: Histories, facts: ItemFacts
) -> NDArray[np.float64]:
    """How far the genres of a list are from those of the history, in nats; 0 is the same mix.

    Kullback-Leibler divergence of the history's genre distribution p from the list's q, smoothed to
    ``0.99 q + 0.01 p`` (Steck, "Calibrated Recommendations", RecSys 2018, all entries and places of
    equal weight). A show's genres share it evenly; shows without genres are left out.
    """
    n_items = len(facts.genres)
    wanted = _shares(
        csr_matrix(
            (np.ones(len(history.items)), history.items, history.indptr), (len(history), n_items)
        )
        @ facts.genres
    )
    shown = _shares(_incidence(top, n_items) @ facts.genres)
    mixed = (1 - SMOOTHING) * shown + SMOOTHING * wanted
    terms = np.zeros_like(wanted)
    has = wanted > 0
    terms[has] = wanted[has] * np.log(wanted[has] / mixed[has])
    divergence: NDArray[np.float64] = terms.sum(axis=1)
    divergence[np.isnan(wanted).any(axis=1) | np.isnan(shown).any(axis=1)] = np.nan
    return divergence if facts.genres.shape[1] else np.full(len(top), np.nan)


def history_popularity(history: Histories, facts: ItemFacts) -> NDArray[np.float64]:
    """Mean popularity of what each viewer has watched: high is mainstream, low is niche."""
    total = np.bincount(history.viewers, facts.popularity[history.items], len(history))
    return _ratio(total.astype(np.float64), history.lengths.astype(np.float64))


def mean_of_list(values: NDArray[np.float64], top: NDArray[np.int32]) -> NDArray[np.float64]:
    """Mean of a (n_items,) figure over the shows of each list."""
    shown = top >= 0
    total = np.where(shown, values[top], 0).sum(axis=1)
    return _ratio(total, shown.sum(axis=1).astype(np.float64))


def _incidence(top: NDArray[np.int32], n_items: int) -> csr_matrix:
    """Return (n_lists, n_items) with 1 where a list holds an item."""
    shown = top >= 0
    indptr = np.concatenate([[0], np.cumsum(shown.sum(axis=1))])
    return csr_matrix((np.ones(indptr[-1]), top[shown], indptr), (len(top), n_items))


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return _ratio(counts, np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape))


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide; NaN where ``below`` is 0."""
    ratio: NDArray[np.float64] = np.divide(
        above, below, out=np.full(above.shape, np.nan), where=below > 0
    )
    return ratio
