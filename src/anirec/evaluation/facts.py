"""What the figures beyond accuracy look at: who watched a show, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.content.blocks import term_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from anirec.data.dataset import Dataset
    from anirec.data.show import Show


@dataclass(frozen=True)
class ItemFacts:
    """Facts by item row; they come from the training viewers and the catalogue, from no model."""

    watched: NDArray[np.int64]
    """(n_items,) training viewers who have watched it (plan-to-watch is not watching)"""
    n_viewers: int
    """How many training viewers there are"""
    genres: NDArray[np.float64]
    """(n_items, n_genres) 1 / number of its genres for each of them: rows sum to 1, or to 0"""
    traits: csr_matrix
    """(n_items, n_traits) TF-IDF of genres and tags in rows of length 1, or 0 where none is known"""

    @property
    def popularity(self) -> NDArray[np.float64]:
        """(n_items,) share of training viewers who have watched it, in [0, 1]."""
        return self.watched / max(self.n_viewers, 1)


def item_facts(train: Dataset) -> ItemFacts:
    """Gather the facts from the training data."""
    lists = train.histories.watched()
    return ItemFacts(
        watched=np.bincount(lists.items, minlength=train.n_items),
        n_viewers=len(lists),
        genres=_genre_shares(train.shows),
        traits=term_block([sorted({*show.genres, *show.tags}) for show in train.shows]),
    )


def _genre_shares(shows: Sequence[Show]) -> NDArray[np.float64]:
    names = sorted({genre for show in shows for genre in show.genres})
    columns = {name: column for column, name in enumerate(names)}
    shares = np.zeros((len(shows), len(names)))
    for row, show in enumerate(shows):
        for genre in show.genres:
            shares[row, columns[genre]] = 1 / len(show.genres)
    return shares
