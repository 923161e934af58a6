"""Which labels a viewer watches more, and less, than others do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.taste.lift import lift

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.taste.facet import Facet

FEWEST: Final = 3
"""Franchises with a label; of fewer it is not said that they are many"""


@dataclass(frozen=True, slots=True)
class LabelWatching:
    """How often a label stands in a list, and in all lists together; each franchise counts once."""

    name: str
    franchises: int
    share: float
    """Of the list's franchises, in [0, 1]"""
    community_share: float
    """Of those that the community watches"""
    lift: float
    """How many times as often as expected, shrunk towards 1"""
    low: float
    """Where its 95 % interval begins"""
    high: float


@dataclass(frozen=True, slots=True)
class FacetWatching:
    """What stands out in one facet."""

    kind: str
    more: tuple[LabelWatching, ...]
    """Watched more than by others, surest first"""
    less: tuple[LabelWatching, ...]
    """Watched less, surest first"""


def watching(facet: Facet, rows: NDArray[np.integer[Any]], most: int) -> FacetWatching:
    """Compare a list with the community.

    Parameters
    ----------
    rows
        (n,) one show for each franchise of the list: seasons of one are no independent choices.
    most
        How many labels to return of each kind.
    """
    codes, _ = facet.of_rows(rows)
    observed = np.bincount(codes, minlength=len(facet.names))
    found = lift(observed, facet.share * len(rows))
    more = np.flatnonzero((found.low > 1) & (observed >= FEWEST))
    less = np.flatnonzero(found.high < 1)

    def described(labels: NDArray[np.int64]) -> tuple[LabelWatching, ...]:
        return tuple(
            LabelWatching(
                name=facet.names[label],
                franchises=int(observed[label]),
                share=float(observed[label] / len(rows)),
                community_share=float(facet.share[label]),
                lift=float(found.ratio[label]),
                low=float(found.low[label]),
                high=float(found.high[label]),
            )
            for label in labels[:most].tolist()
        )

    return FacetWatching(
        facet.kind,
        described(more[np.argsort(-found.low[more], kind="stable")]),
        described(less[np.argsort(found.high[less], kind="stable")]),
    )
