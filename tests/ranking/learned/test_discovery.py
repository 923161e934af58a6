"""Setting known franchises back: chances divided, nothing else moved."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anirec.ranking.learned.discovery import set_back

LOG_ODDS = arrays(np.float64, st.integers(1, 30), elements=st.floats(-15, 15))


def chances(log_odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


@given(LOG_ODDS, st.floats(0, 1))
def test_the_chance_of_a_known_franchise_is_divided(log_odds: np.ndarray, discovery: float) -> None:
    known = np.arange(len(log_odds)) % 2 == 0
    after = log_odds + set_back(log_odds, known, discovery)

    np.testing.assert_array_equal(after[~known], log_odds[~known])
    expected = chances(log_odds[known]) / (1 + discovery)
    np.testing.assert_allclose(chances(after[known]), expected, rtol=1e-6)


@given(LOG_ODDS, st.floats(0, 1))
def test_shows_alike_in_that_keep_their_order(log_odds: np.ndarray, discovery: float) -> None:
    log_odds = np.sort(log_odds)
    everything = np.ones(len(log_odds), dtype=bool)
    after = log_odds + set_back(log_odds, everything, discovery)

    assert (np.diff(after) >= -1e-9).all()
    np.testing.assert_array_equal(set_back(log_odds, everything, 0.0), 0)
