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
