"""How much more often something happens than expected, with an interval that small counts widen.

The ratio of an observed count O to an expected one E is shrunk towards 1: with a gamma prior of mean 1
and strength 1/2 the posterior is Gamma(O + 1/2, E + 1/2), the observed-to-expected ratio that
screens for side effects of medicines (DuMouchel, "Bayesian Data Mining in Large Frequency Tables",
The American Statistician 1999; Norén, Hopstadius & Bate, "Shrinkage observed-to-expected ratios for
robust and transparent large-scale pattern discovery", Statistical Methods in Medical Research 2013).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIOR: Final = 0.5
"""Observed and expected cases that are added"""
Z: Final = 1.96
"""Standard deviations to the ends of a 95 % interval"""


class Lift(NamedTuple):
    """Ratios with 95 % intervals, each (n,)."""

    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def lift(observed: NDArray[np.number[Any]], expected: NDArray[np.floating[Any]]) -> Lift:
    """Return the shrunken ratio of counts, both (n,) and at least 0."""
    shape = np.asarray(observed, dtype=np.float64) + PRIOR
    rate = np.asarray(expected, dtype=np.float64) + PRIOR
    return Lift(shape / rate, gamma_quantile(shape, -Z) / rate, gamma_quantile(shape, Z) / rate)


def gamma_quantile(shape: NDArray[np.float64], z: float) -> NDArray[np.float64]:
    """Return the quantile of Gamma(shape, 1) that lies z standard deviations out.

    The cube root of a gamma variable is nearly normal (Wilson & Hilferty, "The Distribution of
    Chi-Square", PNAS 1931).
    """
    spread = 1 / (9 * shape)
    root = np.maximum(1 - spread + z * np.sqrt(spread), 0)
    return np.asarray(shape * root**3, dtype=np.float64)
