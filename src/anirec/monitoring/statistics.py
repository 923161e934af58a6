"""How far apart two distributions are, and how sure one can be of it.

Distributions are shares of groups, (n_groups,), that sum to 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHARE: Final = 0.005
"""What a rarer group counts as in the stability index: it knows no zeros, and a group that one list
more or less fills would otherwise decide."""


def stability_index(
    live: NDArray[np.float64], training: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the population stability index, the sum of (p - q) ln(p / q), in nats.

    The symmetric divergence J of Jeffreys, "An Invariant Form for the Prior Probability in Estimation
    Problems", Proc. R. Soc. A 1946; by a convention of credit scoring (Siddiqi, "Credit Risk
    Scorecards", 2006) below 0.1 is no shift and above 0.25 a major one.

    Parameters
    ----------
    live
        One distribution or several, (..., n_groups); the answer has the shape (...).
    """
    p, q = np.maximum(live, LEAST_SHARE), np.maximum(training, LEAST_SHARE)
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum()
    index: NDArray[np.float64] = np.sum((p - q) * np.log(p / q), axis=-1)
    return index


def jensen_shannon_distance(
    live: NDArray[np.float64], training: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the root of the Jensen-Shannon divergence to base 2: 0 is the same, 1 is disjoint.

    Lin, "Divergence Measures Based on the Shannon Entropy", IEEE Trans. Inf. Theory 1991; a metric by
    Endres & Schindelin, 2003. Rare and empty groups need no smoothing. Shapes as above.
    """
    middle = (live + training) / 2
    divergence = (_relative_entropy(live, middle) + _relative_entropy(training, middle)) / 2
    distance: NDArray[np.float64] = np.sqrt(np.maximum(divergence, 0.0))
    return distance


def kolmogorov_smirnov(
    live: NDArray[np.float64], training: NDArray[np.float64], n_live: int, n_training: int
) -> tuple[float, float]:
    """Do the two-sample test of Kolmogorov and Smirnov over ordered groups.

    The p-value is asymptotic (with Stephens' correction, J. R. Stat. Soc. B 1970). Values of a group
    are ties, which make it too large rather than too small.

    Returns
    -------
    The largest difference of the cumulative shares, and the p-value.
    """
    gap = float(np.abs(np.cumsum(live) - np.cumsum(training)).max(initial=0))
    root = math.sqrt(n_live * n_training / (n_live + n_training))
    scaled = (root + 0.12 + 0.11 / root) * gap
    if scaled < 0.2:  # the series converges slowly there, and the value is 1 to 12 digits
        return gap, 1.0
    terms = np.arange(1, 101)
    total = 2 * np.sum((-1.0) ** (terms - 1) * np.exp(-2 * (terms * scaled) ** 2))
    return gap, float(np.clip(total, 0.0, 1.0))


def two_shares(live: float, training: float, n_live: int, n_training: int) -> float:
    """Return the one-sided p-value of a share larger than in training: z-test, pooled variance."""
    pooled = (live * n_live + training * n_training) / (n_live + n_training)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n_live + 1 / n_training))
    if spread == 0:
        return 1.0
    return 0.5 * math.erfc((live - training) / spread / math.sqrt(2))


def _relative_entropy(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.divide(p, q, out=np.ones_like(q), where=(p > 0) & (q > 0))
    entropy: NDArray[np.float64] = np.sum(p * np.log2(ratio), axis=-1)
    return entropy
