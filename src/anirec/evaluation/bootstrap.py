"""How sure a mean over viewers is: seeded bootstrap, percentile intervals (Efron 1979)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000
SEED = 7
DRAWS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over viewers with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """True where zero lies outside: as a difference, one side is better."""
        return self.low > 0 or self.high < 0


def mean_interval(per_viewer: ArrayLike, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Return the mean of a (n_viewers,) array and where 95 % of the resampled means lie.

    Raises
    ------
    ValueError
        If there is no viewer.
    """
    values = np.asarray(per_viewer, dtype=np.float64)
    if not len(values):
        raise ValueError("there is no viewer to take a mean over")
    low, high = np.percentile(resampled_means(values, resamples, seed), (2.5, 97.5))
    return Interval(float(values.mean()), float(low), float(high))


def paired_difference(
    one: ArrayLike, other: ArrayLike, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """Return the interval of ``one - other``, both (n_viewers,) over the same viewers in order.

    Pairing removes what makes a viewer easy or hard for every model, so it sees differences that
    two intervals side by side would hide.
    """
    difference = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    return mean_interval(difference, resamples, seed)


def unpaired_difference(
    one: ArrayLike, other: ArrayLike, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """Return the interval of ``mean(one) - mean(other)``, (n,) and (m,), drawn independently.

    For figures that cannot be paired. It is far wider than that of pairs.

    Raises
    ------
    ValueError
        If there is nobody on one of the sides.
    """
    above, below = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if not (len(above) and len(below)):
        raise ValueError("there is no viewer to take a mean over")
    # Another seed: with the same one, sides of equal length would draw the same places.
    means = resampled_means(above, resamples, seed) - resampled_means(below, resamples, seed + 1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(above.mean() - below.mean()), float(low), float(high))


def ratio_interval(
    above: ArrayLike, below: ArrayLike, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """Return the interval of ``mean(above) / mean(below) - 1``, both (n_viewers,), drawn together.

    Raises
    ------
    ValueError
        If there is no viewer, or nothing to divide by.
    """
    one, other = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    if not other.any():
        raise ValueError("there is nothing to take a ratio to")
    means = resampled_means(one, resamples, seed)
    bases = resampled_means(other, resamples, seed)
    # A draw without any base says nothing: it needs a viewer who is the only one with a base.
    ratios = means[bases > 0] / bases[bases > 0] - 1
    low, high = np.percentile(ratios, (2.5, 97.5))
    return Interval(float(one.mean() / other.mean() - 1), float(low), float(high))


def resampled_means(values: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Return (resamples,) means of as many viewers, drawn with replacement."""
    generator = np.random.default_rng(seed)
    means = np.empty(resamples)
    step = max(1, DRAWS_AT_ONCE // len(values))
    for start in range(0, resamples, step):
        count = min(step, resamples - start)
        drawn = generator.integers(len(values), size=(count, len(values)))
        means[start : start + count] = values[drawn].mean(axis=1)
    return means
