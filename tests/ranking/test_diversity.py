from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.ranking.diversity import diversify

N = 40
VECTORS = np.random.default_rng(3).normal(size=(N, 4))
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
LIKENESS = (VECTORS @ VECTORS.T).astype(np.float32)
SCORES = np.sort(np.random.default_rng(4).normal(size=N).astype(np.float32))[::-1]
ROWS = np.random.default_rng(5).permutation(N)


def alike(rows: np.ndarray) -> float:
    pairs = LIKENESS[np.ix_(rows, rows)]
    return float((pairs.sum() - len(rows)) / (len(rows) * (len(rows) - 1)))


def test_strength_zero_keeps_the_order() -> None:
    np.testing.assert_array_equal(diversify(ROWS, SCORES, 10, 0, LIKENESS.__getitem__), ROWS[:10])


@given(st.floats(0, 1), st.integers(1, N + 5))
def test_picks_distinct_candidates_and_the_best_first(strength: float, n: int) -> None:
    picked = diversify(ROWS, SCORES, n, strength, LIKENESS.__getitem__)
    assert len(set(picked.tolist())) == min(n, N) == len(picked)
    assert picked[0] == ROWS[0]


def test_more_strength_means_less_alike() -> None:
    likeness = [alike(diversify(ROWS, SCORES, 10, s, LIKENESS.__getitem__)) for s in (0, 0.5, 1)]
    assert likeness[0] > likeness[1] > likeness[2]


def test_a_copy_of_the_first_pick_goes_behind_a_different_show() -> None:
    likeness = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=np.float32)
    scores = np.array([1.0, 0.9, 0.5], dtype=np.float32)
    assert diversify(np.arange(3), scores, 3, 0.5, likeness.__getitem__).tolist() == [0, 2, 1]


def test_without_likeness_the_order_stays() -> None:
    assert diversify(ROWS, SCORES, 5, 0.5, lambda row: None).tolist() == ROWS[:5].tolist()


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan")])
def test_refuses_a_strength_out_of_range(strength: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        diversify(ROWS, SCORES, 5, strength, LIKENESS.__getitem__)
