"""Matrix factorisation by pairwise ranking (Rendle et al., "BPR", UAI 2009): implicit's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.peer import SEED, THREADS, Choice, Lists, Peer, Range, dense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings


class Bpr(Peer):
    """implicit's ``BayesianPersonalizedRanking``.

    It has no fold-in. The obvious workaround stands in: a new viewer is the mean of the vectors of
    the list's items (the bias of an item is one of its coordinates; the mean is 1 there, as the
    library has it for viewers).
    """

    defaults: ClassVar[Settings] = {
        "factors": 100,
        "learning_rate": 0.01,
        "regularization": 0.01,
        "iterations": 100,
    }
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "factors": Choice((32, 64, 128)),
        "learning_rate": Range(3e-3, 0.1, log=True),
        "regularization": Range(1e-4, 0.1, log=True),
        "iterations": Range(20, 100, whole=True),
    }

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the vectors."""
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        fitted = BayesianPersonalizedRanking(**settings, num_threads=THREADS, random_state=SEED)
        fitted.fit(lists.matrix(), show_progress=False)
        self.item_factors = fitted.item_factors

    def score(self, told: Lists) -> NDArray[Any]:
        """Return the inner products of the stand-ins with the items."""
        matrix = told.matrix()
        lengths = matrix.sum(axis=1).A1.clip(min=1)
        viewers = (matrix @ self.item_factors) / lengths[:, None]
        viewers[:, -1] = 1
        return dense(viewers @ self.item_factors.T)

    def arrays(self) -> list[Any]:
        """Return the item vectors."""
        return [self.item_factors]
