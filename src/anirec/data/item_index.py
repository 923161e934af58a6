"""The one place where anime ids, also those of AniList, become row numbers and back."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


class ItemIndex:
    """Maps MyAnimeList ids to the row numbers of models and back.

    Parameters
    ----------
    anime_ids
        Distinct ids; row ``r`` of every model belongs to the r-th smallest id.
    """

    def __init__(self, anime_ids: Iterable[int] | NDArray[np.int32]) -> None:
        self.anime_ids: NDArray[np.int32] = np.unique(np.asarray(anime_ids, dtype=np.int32))
        # Lists of plain numbers become int64: searched in int32, all ids would be copied each time.
        self._wide: NDArray[np.int64] = self.anime_ids.astype(np.int64)

    def __len__(self) -> int:
        return len(self.anime_ids)

    def rows(self, anime_ids: ArrayLike) -> NDArray[np.int32]:
        """Return the row of each id, int32, same shape; -1 where the id is unknown."""
        wanted = np.asarray(anime_ids)
        if len(self.anime_ids) == 0:
            return np.full(wanted.shape, -1, dtype=np.int32)
        found = np.minimum(np.searchsorted(self._wide, wanted), len(self.anime_ids) - 1)
        return np.where(self._wide[found] == wanted, found, -1).astype(np.int32)

    def row(self, anime_id: int) -> int:
        """Return the row of one id, -1 where it is unknown: what ``rows`` says, without arrays for one."""
        place = bisect_left(range(len(self)), anime_id, key=self.anime_ids.item)
        known = place < len(self) and self.anime_ids.item(place) == anime_id
        return place if known else -1

    def ids(self, rows: ArrayLike) -> NDArray[np.int32]:
        """Return the anime id of each row, int32, same shape."""
        ids: NDArray[np.int32] = self.anime_ids[np.asarray(rows)]
        return ids


class AnilistIndex:
    """Maps AniList ids to the row numbers of models.

    Parameters
    ----------
    anilist_ids
        (n_items,) int32, the id of each row, 0 where it is unknown. Where two rows share an id,
        the first is meant.
    """

    def __init__(self, anilist_ids: NDArray[np.int32]) -> None:
        known = np.flatnonzero(anilist_ids)
        ids, first = np.unique(anilist_ids[known], return_index=True)
        self._index = ItemIndex(ids)
        self._rows: NDArray[np.int32] = known[first].astype(np.int32)

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, anilist_ids: ArrayLike) -> NDArray[np.int32]:
        """Return the row of each id, int32, same shape; -1 where the id is unknown."""
        places = self._index.rows(anilist_ids)
        if not len(self):
            return places
        return np.where(places >= 0, self._rows[places], -1).astype(np.int32)
