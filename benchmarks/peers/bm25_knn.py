"""Nearest items by BM25 weights (Robertson & Zaragoza, 2009), as implicit ships it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.peer import THREADS, Choice, Lists, Peer, Range, dense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings


class Bm25Knn(Peer):
    """implicit's ``BM25Recommender``; its ``recommend`` multiplies the list with the weights."""

    defaults: ClassVar[Settings] = {"K": 20, "K1": 1.2, "B": 0.75}
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "K": Range(10, 1000, log=True, whole=True),
        "K1": Range(0.1, 200, log=True),
        "B": Range(0, 1),
    }

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the item weights."""
        from implicit.nearest_neighbours import BM25Recommender

        model = BM25Recommender(**settings, num_threads=THREADS)
        model.fit(lists.matrix(), show_progress=False)
        self.similarity = model.similarity

    def score(self, told: Lists) -> NDArray[Any]:
        """Return the sums of the weights of each list's items."""
        return dense(told.matrix() @ self.similarity)

    def arrays(self) -> list[Any]:
        """Return the item weights."""
        return [self.similarity]
