from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from anirec.ranking.candidates import best_rows, nth_largest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module", params=[0, 512])
def _few(request: pytest.FixtureRequest) -> Iterator[None]:
    """Small cases also the way that large ones go."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anirec.ranking.candidates.FEW", request.param)
        yield


@given(
    hnp.arrays(np.float32, 30, elements=st.integers(-3, 3).map(float)),
    hnp.arrays(np.bool_, 30),
    st.integers(1, 40),
)
def test_equals_a_full_sort_with_ties_by_row(
    scores: np.ndarray, eligible: np.ndarray, n: int
) -> None:
    expected = sorted(np.flatnonzero(eligible), key=lambda row: (-scores[row], row))[:n]
    before = scores.copy()
    assert best_rows(scores, eligible, n).tolist() == expected
    np.testing.assert_array_equal(scores, before)


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


@given(
    st.lists(st.integers(-5, 50), min_size=2, max_size=4000).flatmap(
        lambda values: st.tuples(st.just(values), st.integers(1, len(values) - 1))
    )
)
def test_the_nth_largest_is_that_of_all_values_in_order(case: tuple[list[int], int]) -> None:
    values, n = case

    assert nth_largest(np.array(values, dtype=np.float32), n) == sorted(values, reverse=True)[n - 1]


def test_the_nth_largest_of_many_is_found_by_the_sample() -> None:
    values = np.random.default_rng(4).normal(size=27_000).astype(np.float32)

    for n in (1, 10, 300, 26_000):
        assert nth_largest(values, n) == np.sort(values)[-n]


@pytest.mark.parametrize("n_above", [0, 3, 40, 399, 400, 401])
def test_the_nth_largest_may_be_a_score_that_most_have_in_common(n_above: int) -> None:
    values = np.zeros(5_000, dtype=np.float32)
    values[11 : 11 + n_above] = np.arange(1, n_above + 1)
    for n in (1, 40, 400):
        assert nth_largest(values, n) == np.sort(values)[-n]
