"""Quantiles as numpy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.ranking.learned.quantiles import quantiles


@given(
    st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=40),
    st.lists(st.floats(0, 1), max_size=4),
)
def test_they_are_numpys(values: list[float], shares: list[float]) -> None:
    of_list = np.array(values, dtype=np.float64)

    np.testing.assert_allclose(quantiles(of_list, shares), np.quantile(of_list, shares), atol=1e-9)
