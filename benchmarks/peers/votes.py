"""A vote-count hybrid as tutorials build it, over the vectors of implicit's ALS.

Similar viewers by the cosine of viewer vectors vote for their favourites (what they rated at or
above their own 75th percentile and the viewer has not seen); the viewer's own favourites vote for
their neighbours by the cosine of item vectors. One vote each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from peers.als import SPACE, Als
from peers.peer import Choice, Lists, Peer, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings

FAVOURITE_PERCENTILE = 75


class Votes(Peer):
    """Counts votes; equal counts are settled by item, as in the tutorials."""

    defaults: ClassVar[Settings] = {**Als.defaults, "similar_viewers": 10, "neighbours": 10}
    space: ClassVar[Mapping[str, Range | Choice]] = {
        **SPACE,
        "similar_viewers": Range(5, 300, log=True, whole=True),
        "neighbours": Range(5, 50, log=True, whole=True),
    }

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the vectors, and who likes what."""
        self.similar_viewers, self.neighbours = settings["similar_viewers"], settings["neighbours"]
        self.als = Als()
        self.als.fit(lists, {name: settings[name] for name in SPACE})
        self.viewers = unit(self.als.fitted.user_factors)
        self.shows = unit(self.als.fitted.item_factors)
        self.favourites = [favourites(lists, row) for row in range(len(lists))]

    def score(self, told: Lists) -> NDArray[np.float32]:
        """Return the number of votes."""
        votes = np.zeros((len(told), told.n_items), dtype=np.float32)
        alike = unit(self.als.vectors(told)) @ self.viewers.T
        for row in range(len(told)):
            for viewer in first(alike[row], self.similar_viewers):
                votes[row, self.favourites[viewer]] += 1
            own = favourites(told, row)
            for likeness in self.shows[own] @ self.shows.T:
                votes[row, first(likeness, self.neighbours)] += 1
        return votes

    def arrays(self) -> list[Any]:
        """Return the vectors of items (also as they were learned) and viewers, and favourites."""
        liked = np.concatenate(self.favourites)
        return [self.viewers, self.shows, self.als.fitted.item_factors, liked]


def favourites(lists: Lists, row: int) -> NDArray[np.int32]:
    """Return what a viewer rated at or above the 75th percentile; all where nothing is rated."""
    entries = slice(lists.indptr[row], lists.indptr[row + 1])
    items, ratings = lists.items[entries], lists.ratings[entries]
    rated = ratings[ratings > 0]
    return items[ratings >= np.percentile(rated, FAVOURITE_PERCENTILE)] if len(rated) else items


def first(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return where the largest values are."""
    count = min(count, len(values))
    return np.argpartition(-values, count - 1)[:count]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors with length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
