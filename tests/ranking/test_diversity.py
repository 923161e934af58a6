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
SCORES = np.random.default_rng(4).normal(size=N).astype(np.float32)
ALL = np.ones(N, dtype=bool)
BEST = np.argsort(-SCORES)


def among(rows: np.ndarray) -> np.ndarray:
    return np.asarray(LIKENESS[np.ix_(rows, rows)])


def alike(rows: np.ndarray) -> float:
    pairs = LIKENESS[np.ix_(rows, rows)]
    return float((pairs.sum() - len(rows)) / (len(rows) * (len(rows) - 1)))


def test_strength_zero_keeps_the_order() -> None:
    np.testing.assert_array_equal(diversify(SCORES, ALL, 10, 0, among), BEST[:10])


@given(st.floats(0, 1), st.integers(1, N + 5))
def test_picks_distinct_candidates_and_the_best_first(strength: float, n: int) -> None:
    picked = diversify(SCORES, ALL, n, strength, among)
    assert len(set(picked.tolist())) == min(n, N) == len(picked)
    assert picked[0] == BEST[0]


def test_more_strength_means_less_alike() -> None:
    likeness = [alike(diversify(SCORES, ALL, 10, s, among)) for s in (0, 0.5, 1)]
    assert likeness[0] > likeness[1] > likeness[2]


def test_a_copy_of_the_first_pick_goes_behind_a_different_show() -> None:
    likeness = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=np.float32)
    scores = np.array([1.0, 0.9, 0.5], dtype=np.float32)
    assert diversify(
        scores, ALL[:3], 3, 0.5, lambda rows: likeness[np.ix_(rows, rows)]
    ).tolist() == [0, 2, 1]


def test_without_likeness_the_order_stays() -> None:
    assert diversify(SCORES, ALL, 5, 0.5, lambda row: None).tolist() == BEST[:5].tolist()


def test_only_the_best_eligible_rows_compete() -> None:
    eligible = ALL.copy()
    eligible[BEST[0]] = False
    assert set(diversify(SCORES, eligible, 2, 1, among)) <= set(BEST[1:21])
    assert diversify(SCORES, ~ALL, 2, 1, among).tolist() == []


@given(st.floats(0, 1), st.integers(1, N), st.lists(st.integers(0, 6), min_size=N, max_size=N))
def test_one_of_a_group_however_varied(strength: float, n: int, codes: list[int]) -> None:
    groups = np.array(codes, dtype=np.int32)
    picked = diversify(SCORES, ALL, n, strength, among, groups)
    of_group = {
        code: max(np.flatnonzero(groups == code), key=lambda r: SCORES[r]) for code in codes
    }
    assert len(picked) == min(n, len(of_group))
    assert len(set(groups[picked].tolist())) == len(picked)
    assert set(picked.tolist()) <= set(of_group.values())
    assert picked[0] == BEST[0]


def test_likeness_is_asked_for_once() -> None:
    asked = []

    def note(rows: np.ndarray) -> np.ndarray:
        asked.append(len(rows))
        return among(rows)

    diversify(SCORES, ALL, 3, 0.5, note)
    assert asked == [30]


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan"), "0.5"])
def test_refuses_a_strength_out_of_range(strength: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        diversify(SCORES, ALL, 5, strength, among)
