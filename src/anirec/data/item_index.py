"""The one place where anime ids become row numbers and back."""

from __future__ import annotations

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

    def __len__(self) -> int:
        return len(self.anime_ids)

    def rows(self, anime_ids: ArrayLike) -> NDArray[np.int32]:
        """Return the row of each id, int32, same shape; -1 where the id is unknown."""
        wanted = np.asarray(anime_ids)
        if len(self.anime_ids) == 0:
            return np.full(wanted.shape, -1, dtype=np.int32)
        found = np.searchsorted(self.anime_ids, wanted).clip(max=len(self.anime_ids) - 1)
        return np.where(self.anime_ids[found] == wanted, found, -1).astype(np.int32)

    def ids(self, rows: ArrayLike) -> NDArray[np.int32]:
        """Return the anime id of each row, int32, same shape."""
        ids: NDArray[np.int32] = self.anime_ids[np.asarray(rows)]
        return ids
