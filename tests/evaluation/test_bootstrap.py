from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from anirec.evaluation.bootstrap import (
    mean_interval,
    paired_difference,
    unpaired_difference,
)


def test_agrees_with_scipy() -> None:
    values = np.random.default_rng(1).beta(1, 3, size=300)
    ours = mean_interval(values)
    theirs = bootstrap(
        (values,), np.mean, n_resamples=2000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours.mean == pytest.approx(values.mean())
    assert ours.low == pytest.approx(theirs.low, abs=2e-3)
    assert ours.high == pytest.approx(theirs.high, abs=2e-3)


def test_covers_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        interval = mean_interval(generator.exponential(size=80), resamples=300)
        covered += interval.low <= 1 <= interval.high
    assert 0.9 <= covered / 400 <= 0.98


def test_pairing_sees_what_two_intervals_hide() -> None:
    generator = np.random.default_rng(4)
    ease = generator.uniform(size=200)
    other = ease + generator.normal(0, 0.02, size=200)
    one = ease + 0.01 + generator.normal(0, 0.02, size=200)
    assert mean_interval(one).low < mean_interval(other).high
    assert paired_difference(one, other).excludes_zero
    assert not paired_difference(other, other).excludes_zero


def test_seeded_and_chunked_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(5).uniform(size=50)
    whole = mean_interval(values)
    assert mean_interval(values) == whole
    monkeypatch.setattr("anirec.evaluation.bootstrap.DRAWS_AT_ONCE", 130)
    assert mean_interval(values) == whole


def test_no_viewers() -> None:
    with pytest.raises(ValueError, match="no viewer"):
        mean_interval([])


def test_two_samples_agree_with_scipy_and_are_wider_than_pairs() -> None:
    generator = np.random.default_rng(6)
    one = generator.beta(1, 3, size=300)
    other = one + 0.01
    ours = unpaired_difference(one, other[:200])
    theirs = bootstrap(
        (one, other[:200]),
        lambda x, y: np.mean(x) - np.mean(y),
        n_resamples=2000,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(7),
    ).confidence_interval
    assert ours.mean == pytest.approx(one.mean() - other[:200].mean())
    assert ours.low == pytest.approx(theirs.low, abs=4e-3)
    assert ours.high == pytest.approx(theirs.high, abs=4e-3)
    assert paired_difference(one, other).high < 0 < unpaired_difference(one, other).high
    with pytest.raises(ValueError, match="no viewer"):
        unpaired_difference(one, [])
