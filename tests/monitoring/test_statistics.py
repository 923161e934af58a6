"""The statistics against their definitions and against scipy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp

from anirec.monitoring.statistics import (
    jensen_shannon_distance,
    kolmogorov_smirnov,
    stability_index,
    two_shares,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@st.composite
def two_mixes(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = draw(st.integers(2, 12))
    counts = st.lists(st.integers(0, 1000), min_size=size, max_size=size).filter(any)
    one, two = np.array(draw(counts), dtype=float), np.array(draw(counts), dtype=float)
    return one / one.sum(), two / two.sum()


@given(two_mixes())
def test_distances_are_zero_for_equals_symmetric_and_bounded(
    mixes: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    one, two = mixes
    for distance in (stability_index, jensen_shannon_distance):
        assert distance(one, one) == pytest.approx(0, abs=1e-7)
        assert distance(one, two) == pytest.approx(distance(two, one))
        assert distance(one, two) >= 0
    assert jensen_shannon_distance(one, two) <= 1 + 1e-9
    assert jensen_shannon_distance(one, two) == pytest.approx(
        float(jensenshannon(one, two, base=2)), abs=1e-6
    )


def test_the_stability_index_of_a_known_case() -> None:
    live, training = np.array([0.3, 0.7]), np.array([0.5, 0.5])
    expected = -0.2 * math.log(0.3 / 0.5) + 0.2 * math.log(0.7 / 0.5)
    assert stability_index(live, training) == pytest.approx(expected)


def test_disjoint_mixes_are_as_far_apart_as_can_be() -> None:
    one, two = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert jensen_shannon_distance(one, two) == pytest.approx(1)
    assert math.isfinite(stability_index(one, two))


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5, 1.0])
def test_kolmogorov_smirnov_agrees_with_scipy(shift: float) -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(size=300), rng.normal(shift, size=200)
    values = np.sort(np.concatenate([one, two]))
    places = np.searchsorted(values, one), np.searchsorted(values, two)
    shares_one, shares_two = (np.bincount(place, minlength=500) / len(place) for place in places)
    gap, p_value = kolmogorov_smirnov(shares_one, shares_two, 300, 200)
    expected = ks_2samp(one, two)

    assert gap == pytest.approx(expected.statistic)
    assert p_value == pytest.approx(expected.pvalue, rel=0.15)


def test_groups_make_kolmogorov_smirnov_careful() -> None:
    """Of 2,000 pairs of equal samples no more than the level are called different."""
    rng = np.random.default_rng(2)
    mix = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    draws = rng.multinomial(100, mix, size=(2000, 2)) / 100
    p_values = [kolmogorov_smirnov(one, two, 100, 100)[1] for one, two in draws]
    assert np.mean(np.array(p_values) < 0.05) <= 0.05


def test_a_larger_share_is_noticed_and_a_smaller_is_not() -> None:
    assert two_shares(0.3, 0.1, 200, 200) < 1e-6
    assert two_shares(0.1, 0.3, 200, 200) > 0.99
    assert two_shares(0.0, 0.0, 200, 200) == 1
    # z = 0.1 / sqrt(0.25 * 0.75 * 2 / 100) = 1.633
    assert two_shares(0.3, 0.2, 100, 100) == pytest.approx(0.0512, abs=1e-3)
