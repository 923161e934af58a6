"""Scores of every scale become ratings from 1 to 10."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from anirec.data.schema import MAX_RATING, NOT_RATED

if TYPE_CHECKING:
    from collections.abc import Iterable


class Scale(StrEnum):
    """AniList's names of the scales that its viewers choose from."""

    POINT_100 = "POINT_100"
    POINT_10_DECIMAL = "POINT_10_DECIMAL"
    POINT_10 = "POINT_10"
    POINT_5 = "POINT_5"
    POINT_3 = "POINT_3"


HIGHEST: Final = {
    Scale.POINT_100: 100,
    Scale.POINT_10_DECIMAL: 10,
    Scale.POINT_10: 10,
    Scale.POINT_5: 5,
    Scale.POINT_3: 3,
}
SMILEYS: Final = (NOT_RATED, 4, 6, 9)
"""Unhappy, so-so, happy: 35, 60 and 85 of 100, rounded."""

ENOUGH_TO_TELL: Final = 10
"""Scores without a named scale are of a small one only where so many stay below its end."""


def rating_of(score: object, scale: Scale = Scale.POINT_10) -> int | None:
    """Return a score as a rating from 1 to 10, 0 where it says "not rated".

    Parameters
    ----------
    score
        A number, or its text; nothing at all and 0 mean not rated.

    Returns
    -------
    None if it is no score of this scale.
    """
    if score is None or score == "":
        return NOT_RATED
    number = _number(score)
    if number is None or not 0 <= number <= HIGHEST[scale]:
        return None
    if number == 0:
        return NOT_RATED
    if scale is Scale.POINT_3:
        return SMILEYS[max(1, _rounded(number))]
    return max(1, _rounded(number * MAX_RATING / HIGHEST[scale]))


def likely_scale(scores: Iterable[object]) -> Scale:
    """Return the scale that scores are of, where nothing names it.

    More than 10 is of 100. Where at least ten shows are rated and none above 3 or 5, the scale
    ends there; else it is of 10.
    """
    given = [number for score in scores if (number := _number(score))]
    highest = max(given, default=0)
    if highest > HIGHEST[Scale.POINT_10]:
        return Scale.POINT_100
    if len(given) >= ENOUGH_TO_TELL:
        for scale in (Scale.POINT_3, Scale.POINT_5):
            if highest <= HIGHEST[scale]:
                return scale
    return Scale.POINT_10_DECIMAL


def _number(score: object) -> float | None:
    if isinstance(score, bool) or not isinstance(score, int | float | str):
        return None
    if isinstance(score, str) and len(score) > 20:
        return None
    try:
        number = float(score)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _rounded(number: float) -> int:
    """Round halves up, as the sites do."""
    return math.floor(number + 0.5)
