"""Kinds of viewers whose figures are looked at apart: a mean hides whom a model serves badly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.evaluation.beyond_accuracy import history_popularity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.evaluation.facts import ItemFacts

LENGTH_EDGES: Final = (40, 100, 200)
"""Entries of the history; on the lists of 2020 about a quarter of viewers lies between two."""
TASTES: Final = ("niche", "in between", "mainstream")
LENGTH: Final = "list length"
TASTE: Final = "taste"


@dataclass(frozen=True)
class Grouping:
    """A way to divide the viewers of a report."""

    name: str
    labels: tuple[str, ...]
    of_viewer: NDArray[np.int64]
    """(n_viewers,) number of each viewer's group in ``labels``"""

    def select(self, viewers: NDArray[np.bool_]) -> Grouping:
        """Return the grouping of some of the viewers."""
        return Grouping(self.name, self.labels, self.of_viewer[viewers])


def groupings(history: Histories, train: Histories, facts: ItemFacts) -> list[Grouping]:
    """Divide viewers by the length of their history, and by how widely watched it is.

    Niche, in between and mainstream are the terciles of the training viewers' mean popularity
    (Abdollahpouri, Mansoury, Burke & Mobasher, "The Unfairness of Popularity Bias in Recommendation",
    RMSE workshop at RecSys 2019, draw groups the same way), so that the same viewer is in the same
    group whoever else is evaluated.
    """
    usual = history_popularity(train.watched(), facts)
    edges = np.nanquantile(usual, (1 / 3, 2 / 3)) if np.isfinite(usual).any() else np.zeros(2)
    popularity = np.nan_to_num(history_popularity(history, facts))
    return [
        Grouping(LENGTH, _length_labels(), np.searchsorted(LENGTH_EDGES, history.lengths, "right")),
        Grouping(TASTE, TASTES, np.searchsorted(edges, popularity, "right")),
    ]


def _length_labels() -> tuple[str, ...]:
    first, *others = LENGTH_EDGES
    middle = [f"{low} to {high - 1}" for low, high in zip((first, *others), others, strict=False)]
    return (f"under {first}", *middle, f"{LENGTH_EDGES[-1]} or more")
