"""Data sets and splits without some of the shows, so that a fit takes seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.dataset import Dataset
from anirec.data.item_index import ItemIndex
from anirec.data.split import Fold, Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories


def of_shows(histories: Histories, kept: NDArray[np.bool_]) -> Histories:
    """Return the lists without other shows, in the rows of those kept."""
    fewer = histories.where(kept[histories.items])
    return replace(fewer, items=places(kept)[fewer.items])


def places(kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the new row of each show, -1 for those left out."""
    return np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)


def smaller(dataset: Dataset, kept: NDArray[np.bool_]) -> Dataset:
    """Return a data set of some of the shows."""
    shows = tuple(show for show, is_in in zip(dataset.shows, kept, strict=True) if is_in)
    index = ItemIndex([show.anime_id for show in shows])
    return Dataset(index, shows, of_shows(dataset.histories, kept))


def smaller_split(split: Split, kept: NDArray[np.bool_]) -> Split:
    """Return a split of some of the shows."""
    fold = split.validation
    rows = np.where(fold.held_out.rows >= 0, places(kept)[fold.held_out.rows], -1)
    validation = Fold(
        of_shows(fold.history, kept), replace(fold.held_out, rows=rows.astype(np.int32))
    )
    return replace(split, train=smaller(split.train, kept), validation=validation)


def well_known_split(split: Split, minimum_viewers: int) -> Split:
    """Return a split of the shows that so many training viewers watched."""
    viewers = np.bincount(split.train.histories.watched().items, minlength=len(split.index))
    return smaller_split(split, viewers >= minimum_viewers)
