"""A catalogue that gained shows: where the rows of the smaller one lie in the larger one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.item_index import ItemIndex


@dataclass(frozen=True)
class CatalogueGrowth:
    """Moves whatever is arranged by rows: new ids may fall between the old ones."""

    rows: NDArray[np.int32]
    """(n_before,) the new row of each old one, ascending"""
    n_items: int
    """Rows afterwards"""

    @classmethod
    def between(cls, before: ItemIndex, after: ItemIndex) -> Self:
        """Compare two indexes.

        Raises
        ------
        ValueError
            If a show of ``before`` is not in ``after``.
        """
        rows = after.rows(before.anime_ids)
        if (rows < 0).any():
            gone = before.anime_ids[rows < 0][0]
            raise ValueError(f"the catalogue lost anime {gone}: it can only grow")
        return cls(rows, len(after))

    @property
    def new(self) -> NDArray[np.int32]:
        """(n_new,) the rows that were not there before, ascending."""
        return np.setdiff1d(np.arange(self.n_items, dtype=np.int32), self.rows)

    def array(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return (n_items, ...) values of which (n_before, ...) are known; 0 for the new rows."""
        grown = np.zeros((self.n_items, *values.shape[1:]), dtype=values.dtype)
        grown[self.rows] = values
        return grown

    def histories(self, histories: Histories) -> Histories:
        """Return the same lists in new rows."""
        return replace(histories, items=self.rows[histories.items])
