"""How far from what everyone watches a list lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.taste.community import Community


@dataclass(frozen=True, slots=True)
class Niche:
    """A list's place between niche and mainstream."""

    mean_popularity: float
    """Mean over the list's shows of the share of viewers who have watched each, in [0, 1]"""
    percentile: float | None
    """Percent of the training viewers whose lists are more widely watched, ties counted half;
    None if the bundle keeps no lists to compare with"""
    n_viewers: int
    """With how many viewers the list was compared"""


def niche(rows: NDArray[np.int32], community: Community) -> Niche:
    """Place a list, which is not empty, among the lists of the training viewers."""
    mean = float(community.popularity[rows].mean(dtype=np.float64))
    others = community.mean_popularity
    percentile = None
    if len(others):
        below = np.searchsorted(others, mean, "left")
        not_above = np.searchsorted(others, mean, "right")
        percentile = float(100 * (1 - (below + not_above) / 2 / len(others)))
    return Niche(mean, percentile, len(others))
