from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from anirec.ranking.filters import FilterColumns, Filters, apply_filters

COLUMNS = FilterColumns(is_adult=np.array([True, False, True, False]))
CANDIDATES = np.array([True, True, False, True])


def test_the_default_removes_nothing() -> None:
    left, removed = apply_filters(Filters(), COLUMNS, CANDIDATES)
    np.testing.assert_array_equal(left, CANDIDATES)
    assert removed == {}


def test_adult_shows_can_be_left_out_and_are_counted_among_the_candidates() -> None:
    left, removed = apply_filters(Filters(adult=False), COLUMNS, CANDIDATES)
    np.testing.assert_array_equal(left, [False, True, False, True])
    assert removed == {"adult": 1}
    np.testing.assert_array_equal(CANDIDATES, [True, True, False, True])


def test_an_unknown_filter_is_named() -> None:
    with pytest.raises(ValidationError, match="studio"):
        Filters.model_validate({"studio": "Madhouse"})
