"""What one list is compared with: what the community of a bundle watches, and how it rates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.taste.facet import Facet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.bundle.bundle import Bundle
    from anirec.data.histories import Histories
    from anirec.data.item_index import ItemIndex
    from anirec.ranking.filter_columns import FilterColumns

SHORTEST: Final = 10
"""Watched shows that a list needs to be compared; shorter ones are not counted as viewers either."""
DECADE: Final = 10


@dataclass(frozen=True)
class Community:
    """Gathered once for a bundle. Adult shows take no part."""

    index: ItemIndex
    facets: tuple[Facet, ...]
    """Genres, tags, studios, eras"""
    popularity: NDArray[np.float32]
    """(n_items,) share of the training viewers who have watched each show"""
    score: NDArray[np.float32]
    """(n_items,) the community's mean rating, 1 to 10; 0 where unknown"""
    franchise: NDArray[np.int32]
    """(n_items,) codes"""
    most_watched: NDArray[np.int64]
    """(n_items,) the row of the most watched show of each show's franchise: it stands for all of them"""
    is_adult: NDArray[np.bool_]
    """(n_items,)"""
    mean_popularity: NDArray[np.float64]
    """(n_viewers,) ascending, mean popularity of each training viewer's shows; empty without lists"""

    @classmethod
    def of(cls, bundle: Bundle) -> Self:
        """Gather it from an opened bundle."""
        columns = bundle.catalogue.columns
        popularity = bundle.popularity.share
        n_items = len(bundle.catalogue)
        first = most_watched_of_franchise(columns, popularity)
        seen = np.where((first == np.arange(n_items)) & ~columns.is_adult, popularity, 0)
        studios = [_studios(bundle, row) for row in range(n_items)]
        eras = [(era_of(year),) if year else () for year in columns.year.tolist()]
        facets = (
            Facet.of("genres", columns.genres, seen),
            Facet.of("tags", columns.tags, seen),
            Facet.of_names("studios", studios, seen),
            Facet.of_names("eras", eras, seen),
        )
        usual = np.zeros(0) if bundle.viewers is None else _usual(bundle.viewers, popularity)
        return cls(
            index=bundle.catalogue.index,
            facets=facets,
            popularity=popularity,
            score=np.where(columns.is_adult, 0, columns.score).astype(np.float32),
            franchise=columns.franchise,
            most_watched=first,
            is_adult=columns.is_adult,
            mean_popularity=usual,
        )


def most_watched_of_franchise(
    columns: FilterColumns, popularity: NDArray[np.floating[Any]]
) -> NDArray[np.int64]:
    """Return (n_items,) the row of the most watched show of each show's franchise.

    An adult show only where there is no other; of equally watched ones the first.
    """
    franchise = columns.franchise
    order = np.lexsort((-popularity, columns.is_adult, franchise))
    _, begins, of_show = np.unique(franchise[order], return_index=True, return_inverse=True)
    first = np.empty(len(franchise), dtype=np.int64)
    first[order] = order[begins[of_show]]
    return first


def era_of(year: int) -> str:
    """Return the decade of a year in words: ``1990s``."""
    return f"{year - year % DECADE}s"


def mean_popularity(
    watched: Histories, popularity: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """Return (n_lists,) the mean popularity of each list's shows, 0 for an empty one.

    The measure by which evaluation groups viewers into niche and mainstream.
    """
    total = np.bincount(watched.viewers, popularity[watched.items], len(watched))
    return np.asarray(total / np.maximum(watched.lengths, 1), dtype=np.float64)


def _usual(viewers: Histories, popularity: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    watched = viewers.watched()
    long_enough = watched.lengths >= SHORTEST
    return np.sort(mean_popularity(watched, popularity)[long_enough])


def _studios(bundle: Bundle, row: int) -> tuple[str, ...]:
    return tuple(json.loads(bundle.catalogue.line(row))["studios"])
