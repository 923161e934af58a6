"""A list and its recommendations as marks on the map of a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.histories import Histories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.bundle.bundle import Bundle
    from anirec.data.histories import Entry


@dataclass(frozen=True, slots=True)
class Mark:
    """One show on the map."""

    anime_id: int
    x: float
    """In [0, 1] from left to right"""
    y: float
    """In [0, 1] from top to bottom"""
    rating: int = 0
    """The viewer's own, 0 without"""


def list_marks(entries: Sequence[Entry], bundle: Bundle, most: int) -> list[Mark]:
    """Return the watched shows of a list, best rated first, of equal ones the most watched first.

    Adult titles are left out. Nothing where the bundle has no map.
    """
    if bundle.shows_map is None:
        return []
    watched = Histories.from_entries([entries], bundle.catalogue.index).watched()
    kept = ~bundle.catalogue.columns.is_adult[watched.items]
    rows, ratings = watched.items[kept], watched.ratings[kept]
    best = np.lexsort((-bundle.popularity.share[rows], -ratings.astype(np.int64)))[:most]
    return _marks(rows[best], ratings[best], bundle)


def show_marks(anime_ids: Sequence[int], bundle: Bundle) -> list[Mark]:
    """Return the places of some shows of the catalogue, in their order; see ``list_marks``."""
    rows = bundle.catalogue.index.rows(list(anime_ids))
    return _marks(rows, np.zeros(len(rows), dtype=np.uint8), bundle)


def _marks(rows: NDArray[np.int32], ratings: NDArray[np.uint8], bundle: Bundle) -> list[Mark]:
    if bundle.shows_map is None:
        return []
    ids = bundle.catalogue.index.ids(rows).tolist()
    places = np.round(bundle.shows_map.positions[rows].astype(np.float64), 4).tolist()
    return [
        Mark(anime_id, x, y, rating)
        for anime_id, (x, y), rating in zip(ids, places, ratings.tolist(), strict=True)
    ]
