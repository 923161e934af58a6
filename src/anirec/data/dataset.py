"""What a model is fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anirec.data.histories import Histories
    from anirec.data.item_index import ItemIndex
    from anirec.data.show import Show


@dataclass(frozen=True)
class Dataset:
    """The catalogue and the lists of the training viewers, in row numbers.

    ``shows[r]`` is the show of row ``r``; every item of the catalogue has a row, watched or not.
    ``histories`` keeps all statuses: a model asks for ``histories.watched()`` where plan-to-watch
    must not count.
    """

    index: ItemIndex
    shows: tuple[Show, ...]
    histories: Histories

    @property
    def n_items(self) -> int:
        """Number of rows of every model's item axis."""
        return len(self.index)
