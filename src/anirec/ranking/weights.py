"""The weights of the blend: what a caller may pass, and what it means."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Final

from anirec.ranking.components import COLLABORATIVE, CONTENT, WEIGHED

if TYPE_CHECKING:
    from collections.abc import Mapping

EVEN: Final = {COLLABORATIVE: 0.5, CONTENT: 0.5}


def parse_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Return a weight for every component, scaled to sum 1; a missing key counts 0.

    Raises
    ------
    ValueError
        If a key is unknown, a value is negative or no finite number, or all are zero.
    """
    for name, value in weights.items():
        if name not in WEIGHED:
            raise ValueError(
                f"there is no component {name!r} to weigh; there are: {', '.join(WEIGHED)}"
            )
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ValueError(f"the weight of {name} must be a number, not {value!r}")
        if not _is_finite(value):
            raise ValueError(f"the weight of {name} must be a finite number, not {value}")
        if value < 0:
            raise ValueError(f"the weight of {name} must not be negative, and {value} is")
    largest = float(max(weights.values(), default=0))
    if largest == 0:
        raise ValueError("at least one weight must be above zero")
    # Divided by the largest first: the sum of huge weights would overflow.
    parts = {name: float(weights.get(name, 0)) / largest for name in WEIGHED}
    total = sum(parts.values())
    return {name: part / total for name, part in parts.items()}


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        # A whole number beyond the largest float.
        return False
