"""Leaning towards what few watch, and towards what most do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.ranking.niche import POOL_PER_PLACE, lean

SCORES = np.array([5, 4, 3, 2, 1, 0, -1, -2], dtype=np.float32)
SHARE = np.array([0.5, 0.01, 0.4, 0.02, 0.3, 0.0, 0.9, 0.9], dtype=np.float32)
ALL = np.ones(8, dtype=np.bool_)


def order(niche: float, n: int = 2, eligible: np.ndarray = ALL) -> list[int]:
    leaning, among = lean(SCORES, eligible, SHARE, n, niche)
    rows = np.flatnonzero(among)
    return [int(row) for row in rows[np.argsort(-leaning[rows], kind="stable")]]


def test_the_ends_look_at_fame_alone_among_the_best() -> None:
    assert order(0) == list(range(8))
    assert order(1) == [5, 1, 3, 4, 2, 0, 6, 7]
    assert order(-1) == [6, 7, 0, 2, 4, 3, 1, 5]
    # Of one place the four best compete: what does not fit is no find, however little known.
    assert order(1, n=1) == [1, 3, 2, 0]


def test_what_is_not_eligible_has_no_place() -> None:
    eligible = ALL.copy()
    eligible[[0, 5]] = False
    assert set(order(0.5, eligible=eligible)) == {1, 2, 3, 4, 6, 7}


def test_shows_alike_in_fame_stay_in_their_order() -> None:
    leaning, _ = lean(SCORES, ALL, np.full(8, 0.1, dtype=np.float32), 2, 0.9)
    assert (np.diff(leaning) < 0).all()


@given(st.floats(-1, 1), st.integers(1, 4), st.permutations(range(8)))
def test_the_pool_is_the_best_by_score(niche: float, n: int, places: list[int]) -> None:
    scores = SCORES[places]
    leaning, among = lean(scores, ALL, SHARE, n, niche)
    pool = min(POOL_PER_PLACE * n, 8)
    assert among.sum() == pool
    assert set(np.flatnonzero(among)) == set(np.argsort(-scores)[:pool])
    assert np.isfinite(leaning[among]).all()
