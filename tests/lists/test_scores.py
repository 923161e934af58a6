"""Scales of AniList's viewers become ratings from 1 to 10."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.lists.scores import HIGHEST, Scale, likely_scale, rating_of


@pytest.mark.parametrize(
    ("scale", "ratings"),
    [
        (Scale.POINT_100, {0: 0, 1: 1, 4: 1, 14: 1, 15: 2, 84: 8, 85: 9, 100: 10}),
        (Scale.POINT_10_DECIMAL, {0.0: 0, 0.1: 1, 7.4: 7, 7.5: 8, 10.0: 10}),
        (Scale.POINT_10, {0: 0, 1: 1, 10: 10, "7": 7, "": 0}),
        (Scale.POINT_5, {0: 0, 1: 2, 2: 4, 3: 6, 4: 8, 5: 10}),
        (Scale.POINT_3, {0: 0, 1: 4, 2: 6, 3: 9}),
    ],
)
def test_a_score_is_a_rating(scale: Scale, ratings: dict[object, int]) -> None:
    assert {score: rating_of(score, scale) for score in ratings} == ratings


@pytest.mark.parametrize("score", [-1, 11, True, "ten", [], float("nan"), float("inf"), "9" * 500])
def test_what_is_no_score_is_none(score: object) -> None:
    assert rating_of(score) is None


@given(st.sampled_from(Scale), st.floats(0, 1), st.floats(0, 1))
def test_ratings_rise_with_scores(scale: Scale, one: float, other: float) -> None:
    low, high = (rating_of(share * HIGHEST[scale], scale) for share in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 10


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ([85, 3], Scale.POINT_100),
        ([3] * 10, Scale.POINT_3),
        ([3] * 9 + [0] * 5, Scale.POINT_10_DECIMAL),
        ([5] * 10, Scale.POINT_5),
        ([7.5] * 10, Scale.POINT_10_DECIMAL),
        ([], Scale.POINT_10_DECIMAL),
        ([None, "x", {}], Scale.POINT_10_DECIMAL),
    ],
)
def test_a_scale_that_is_not_named_is_told_by_its_scores(
    scores: list[object], scale: Scale
) -> None:
    assert likely_scale(scores) is scale
