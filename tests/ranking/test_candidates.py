from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from anirec.ranking.candidates import best_rows


@given(
    hnp.arrays(np.float32, 30, elements=st.integers(-3, 3).map(float)),
    hnp.arrays(np.bool_, 30),
    st.integers(1, 40),
)
def test_equals_a_full_sort_with_ties_by_row(
    scores: np.ndarray, eligible: np.ndarray, n: int
) -> None:
    expected = sorted(np.flatnonzero(eligible), key=lambda row: (-scores[row], row))[:n]
    assert best_rows(scores, eligible, n).tolist() == expected


@given(
    hnp.arrays(np.float32, 30, elements=st.integers(-3, 3).map(float)),
    hnp.arrays(np.bool_, 30),
    st.integers(1, 40),
    hnp.arrays(np.int32, 30, elements=st.integers(0, 29)),
)
def test_of_a_group_only_the_best_row_is_taken(
    scores: np.ndarray, eligible: np.ndarray, n: int, groups: np.ndarray
) -> None:
    expected: dict[int, int] = {}
    for row in best_rows(scores, eligible, 30).tolist():
        expected.setdefault(int(groups[row]), row)
    assert best_rows(scores, eligible, n, groups).tolist() == list(expected.values())[:n]
