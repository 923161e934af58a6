"""The mixes that are compared: of what each is, and by which statistic it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.monitoring.answer_profile import LENGTH_BORDERS
from anirec.monitoring.statistics import jensen_shannon_distance, stability_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from anirec.monitoring.counts import Counts

STABILITY: Final = "psi"
JENSEN_SHANNON: Final = "jensen_shannon"

STATISTICS: Final = {STABILITY: stability_index, JENSEN_SHANNON: jensen_shannon_distance}

LENGTH_NAMES: Final = (
    "0",
    *(f"{low + 1}-{high}" for low, high in pairwise(LENGTH_BORDERS)),
    f"{LENGTH_BORDERS[-1] + 1}-",
)


@dataclass(frozen=True)
class MixMeasure:
    """One mix."""

    name: str
    title: str
    """For people"""
    groups: Callable[[Counts], dict[str, float]]
    """Sums over answers by group; each answer brings 1"""
    judged_by: str
    """The statistic that decides; the others are told"""
    shifted_from: float
    """A smaller value is no shift that matters, however sure it is"""


def _lengths(counts: Counts) -> dict[str, float]:
    return dict(zip(LENGTH_NAMES, counts.list_length.tolist(), strict=True))


def _popularity(counts: Counts) -> dict[str, float]:
    return {str(n): share for n, share in enumerate(counts.recommended_popularity.tolist(), 1)}


LIST_LENGTH: Final = MixMeasure("list_length", "Length of lists", _lengths, STABILITY, 0.25)

MIXES: Final = (
    LIST_LENGTH,
    # Genres are many and some are rare, where the stability index jumps; the distance does not.
    MixMeasure(
        "list_genres", "Genres of lists", lambda counts: counts.list_genres, JENSEN_SHANNON, 0.1
    ),
    MixMeasure(
        "recommended_genres",
        "Genres of recommendations",
        lambda counts: counts.recommended_genres,
        JENSEN_SHANNON,
        0.1,
    ),
    MixMeasure(
        "recommended_popularity",
        "Popularity of recommendations",
        _popularity,
        STABILITY,
        0.25,
    ),
)

COLD_SHARE: Final = "cold_share"
COVERAGE: Final = "coverage"

MORE_COLD: Final = 0.1
"""By how much the share of cold viewers may grow"""
LEAST_COVERAGE: Final = 0.5
"""Which part of the expected distinct shows has to be recommended"""

N_MEASURES: Final = len(MIXES) + 2

LEVEL: Final = 0.01
"""Chance that a check calls any alarm although nothing changed, at most."""

LEVEL_OF_EACH: Final = LEVEL / N_MEASURES
"""Bonferroni's share of it: each measure is one of several that may be wrong."""


def shares(sums: dict[str, float], groups: Sequence[str]) -> NDArray[np.float64]:
    """Return the sums of some groups as shares of all; zeros where there is nothing."""
    found = np.array([sums.get(group, 0.0) for group in groups], dtype=np.float64)
    total = found.sum()
    return found / total if total else found
