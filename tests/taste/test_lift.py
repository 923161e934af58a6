"""Shrunken ratios of counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma, norm

from anirec.taste.lift import Z, gamma_quantile, lift

counts = st.floats(0, 1000)


def test_quantiles_are_those_of_the_gamma_distribution() -> None:
    # Of fewer than three nothing is called many, of none it may be said that it is little.
    for z, shape in ((-Z, [3.5, 10.5, 100.5]), (Z, [0.5, 1.5, 3.5, 100.5])):
        exact = gamma.ppf(norm.cdf(z), shape)
        assert np.allclose(gamma_quantile(np.array(shape), z), exact, rtol=0.03)


def test_what_is_never_seen_and_never_expected_is_no_lift() -> None:
    found = lift(np.array([0]), np.array([0.0]))
    assert found.ratio.tolist() == [1]
    assert found.low[0] < 1 < found.high[0]


@given(counts, counts)
def test_the_interval_holds_the_ratio_and_shrinks_it(observed: float, expected: float) -> None:
    found = lift(np.array([observed]), np.array([expected]))
    ratio = found.ratio[0]
    assert 0 <= found.low[0] <= ratio * (1 + 1e-9)
    assert found.high[0] >= ratio * (1 - 1e-9)
    bare = observed / expected if expected else np.inf
    assert min(bare, 1) - 1e-9 <= ratio <= max(bare, 1) + 1e-9


@given(st.integers(1, 50), st.floats(0.1, 50))
def test_the_same_ratio_of_larger_counts_is_surer(observed: int, expected: float) -> None:
    small = lift(np.array([observed]), np.array([expected]))
    large = lift(np.array([observed * 10]), np.array([expected * 10]))
    width = [(one.high - one.low)[0] / (one.ratio[0]) for one in (small, large)]
    assert width[1] < width[0]
