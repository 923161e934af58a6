"""What is counted of shows where lists and recommendations are watched: genre, popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.ranking.labels import Labels

POPULARITY_GROUPS: Final = 10
"""Each holds a tenth of all entries of the training lists; group 0 is the most watched shows."""


@dataclass(frozen=True)
class ShowTraits:
    """Genres and popularity group of every show."""

    index: ItemIndex
    genres: tuple[str, ...]
    """Names of the genres."""
    has_genre: NDArray[np.uint8]
    """(n_items, n_genres), 1 where a show has a genre."""
    popularity_group: NDArray[np.uint8]
    """(n_items,) from 0 (most watched) to 9 (least)."""

    @classmethod
    def of(cls, index: ItemIndex, genres: Labels, popularity: NDArray[np.float32]) -> Self:
        """Gather the traits of a catalogue.

        Parameters
        ----------
        popularity
            (n_items,) share of the training viewers who have watched each show. Shows are ordered by
            it, and cut where each tenth of all entries is reached.
        """
        has_genre = np.zeros((genres.n_items, len(genres.names)), dtype=np.uint8)
        has_genre[genres.rows, np.repeat(np.arange(len(genres.names)), np.diff(genres.indptr))] = 1
        order = np.argsort(-popularity, kind="stable")
        before = np.cumsum(popularity[order], dtype=np.float64) - popularity[order]
        total = max(float(popularity.sum(dtype=np.float64)), np.finfo(np.float64).tiny)
        group = np.empty(len(popularity), dtype=np.uint8)
        group[order] = np.clip(POPULARITY_GROUPS * before / total, 0, POPULARITY_GROUPS - 1)
        return cls(index, genres.names, has_genre, group)

    def genre_mix(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return (n_genres,) how the genres share some shows; zeros where none has a genre."""
        return _shares(self.has_genre[rows].sum(axis=0, dtype=np.float64))

    def popularity_mix(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return (10,) the share of some shows in each popularity group; zeros for no shows."""
        groups = np.bincount(self.popularity_group[rows], minlength=POPULARITY_GROUPS)
        return _shares(groups.astype(np.float64))

    def rows(self, anime_ids: Sequence[int] | NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the rows of those of some shows that the catalogue has, int32."""
        found = self.index.rows(np.asarray(anime_ids, dtype=np.int64))
        return found[found >= 0]


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum()
    return counts / total if total else counts
