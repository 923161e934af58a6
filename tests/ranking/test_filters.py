from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from anirec.ranking.filters import FilterColumns, Filters, apply_filters, parse_filters

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


def test_takes_a_dict_or_nothing() -> None:
    assert parse_filters({"adult": False}) == Filters(adult=False)
    assert parse_filters(None) == parse_filters({}) == Filters()


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"adlt": False}, "there is no filter 'adlt'; there are: adult"),
        ({"adult": "perhaps"}, "the filter adult: .*, not 'perhaps'"),
        (["adult"], "must be Filters or a dict"),
    ],
)
def test_refuses_other_filters_in_one_sentence(filters: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        parse_filters(filters)
    assert "\n" not in str(refused.value)
