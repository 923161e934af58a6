"""Fit the sampler to the statistics: draw, compare, correct, draw again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anirec.data.starter.sampler import MOST_SHARED, Sampler
from anirec.data.starter.stream import Stream
from anirec.progress import SILENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.starter.statistics import Statistics
    from anirec.progress import Progress

_LEARNING = (0.5, 0.5, 0.25)
"""Steps for base, slope and pair associations; the pairs' one keeps loadings from overshooting."""

_STEADY_SHARE = 0.4
"""Steps are full for this share of the rounds, then fall as 1/round so that chance averages out."""


def calibrate(
    statistics: Statistics,
    *,
    tastes: int = 32,
    rounds: int = 40,
    viewers: int = 6000,
    seed: int = 7,
    progress: Progress = SILENT,
) -> Sampler:
    """Fit by stochastic approximation (Robbins and Monro, 1951).

    Each round draws viewers from the current sampler and moves ``base`` by the gap in log
    popularity, ``slope`` by the gap in the mean activity of an item's viewers, and the associations
    ``loadings @ loadings.T`` by the gap in log lift, keeping the ``tastes`` greatest factors. Pairs
    below the floor are unknown: nothing is fitted to them. Only ``statistics`` is read, so nothing
    below the floor can get into the sampler. A round costs about ``viewers * n_items**2`` products.
    """
    n = statistics.n_items
    popularity = statistics.viewers / statistics.n_viewers
    known = statistics.coviewers > 0
    lift = np.zeros((n, n))
    lift[known] = np.log(
        (statistics.coviewers / statistics.n_viewers / np.outer(popularity, popularity))[known]
    )
    sampler = Sampler(np.log(popularity), np.zeros(n), np.zeros((n, tastes)), np.zeros(n))
    with progress.bar("calibrating the sampler", rounds) as count:
        for number in range(rounds):
            step = min(1.0, _STEADY_SHARE * rounds / (number + 1))
            stream = Stream(seed, number)
            activity, affinity, seen = sampler.watch(viewers, statistics.list_lengths, stream)
            drawn = seen.astype(np.float32)
            # Half a viewer more keeps logarithms finite for what was not drawn at all.
            n_drawn = drawn.sum(axis=0) + 0.5
            share = n_drawn / (viewers + 1)
            pairs = (drawn.T @ drawn + 0.5) / (viewers + 1)
            lift_gap = np.where(known, lift - np.log(pairs / np.outer(share, share)), 0)
            activity_gap = statistics.mean_activity - activity @ drawn / n_drawn
            association = sampler.loadings @ sampler.loadings.T
            sampler = Sampler(
                sampler.base + step * _LEARNING[0] * np.log(popularity / share),
                sampler.slope + step * _LEARNING[1] * activity_gap,
                _factors(association + step * _LEARNING[2] * lift_gap, sampler.loadings),
                (affinity * drawn).sum(axis=0) / n_drawn,
            )
            count(1)
    return sampler


def _factors(association: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, k) loadings whose products come nearest; their own squares are free."""
    squares = (before**2).sum(axis=1)
    loadings = before
    for _ in range(2):
        np.fill_diagonal(association, squares)
        values, vectors = np.linalg.eigh(association)
        k = before.shape[1]
        loadings = vectors[:, -k:] * np.sqrt(np.maximum(values[-k:], 0))
        squares = (loadings**2).sum(axis=1)
    shrink = np.sqrt(np.minimum(1, MOST_SHARED / np.maximum(squares, MOST_SHARED)))
    result: NDArray[np.float64] = loadings * shrink[:, None]
    return result
