from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.ranking.weights import parse_weights


def test_scales_to_sum_one_and_fills_in_the_missing() -> None:
    assert parse_weights({"collaborative": 3, "content": 1}) == {
        "collaborative": 0.75,
        "content": 0.25,
    }
    assert parse_weights({"content": 0.2}) == {"collaborative": 0.0, "content": 1.0}


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"collaborative": -0.1, "content": 1}, "must not be negative"),
        ({"collaborative": 0, "content": 0}, "at least one weight must be above zero"),
        ({}, "at least one weight must be above zero"),
        ({"collaborative": math.nan}, "must be a finite number"),
        ({"content": math.inf}, "must be a finite number"),
        ({"contents": 1}, "there is no component 'contents'"),
        ({"content": "1"}, "must be a number"),
        ({"content": True}, "must be a number"),
        ({"content": np.True_}, "must be a number"),
        ({"content": 10**400}, "must be a finite number"),
    ],
)
def test_refuses_in_one_sentence(weights: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_weights(weights)


@pytest.mark.parametrize("three", [3, np.float32(3), np.int64(3), Fraction(3)])
def test_takes_any_real_number(three: float) -> None:
    assert parse_weights({"collaborative": three, "content": np.float64(1)}) == {
        "collaborative": 0.75,
        "content": 0.25,
    }


@given(
    st.floats(min_value=0, allow_infinity=False, allow_nan=False),
    st.floats(min_value=0, allow_infinity=False, allow_nan=False),
)
def test_any_allowed_pair_sums_to_one(collaborative: float, content: float) -> None:
    if collaborative == content == 0:
        return
    parsed = parse_weights({"collaborative": collaborative, "content": content})
    assert sum(parsed.values()) == pytest.approx(1)
    assert all(0 <= weight <= 1 for weight in parsed.values())
