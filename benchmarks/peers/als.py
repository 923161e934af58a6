"""Matrix factorisation by alternating least squares (Hu, Koren & Volinsky, ICDM 2008): implicit's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from peers.peer import SEED, THREADS, Choice, Lists, Peer, Range, dense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from peers.peer import Settings

SPACE: Mapping[str, Range | Choice] = {
    "factors": Choice((32, 64, 128, 256)),
    "regularization": Range(1e-3, 300, log=True),
    "alpha": Range(0.3, 30, log=True),
    "iterations": Range(5, 30, whole=True),
}


class Als(Peer):
    """implicit's ``AlternatingLeastSquares``; a new viewer's vector is ``recalculate_user``'s."""

    defaults: ClassVar[Settings] = {
        "factors": 100,
        "regularization": 0.01,
        "alpha": 1.0,
        "iterations": 15,
    }
    space: ClassVar[Mapping[str, Range | Choice]] = SPACE

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the vectors."""
        from implicit.cpu.als import AlternatingLeastSquares

        self.fitted = AlternatingLeastSquares(**settings, num_threads=THREADS, random_state=SEED)
        self.fitted.fit(lists.matrix(), show_progress=False)

    def vectors(self, told: Lists) -> NDArray[np.float32]:
        """Return (n_lists, factors) of new viewers."""
        return np.asarray(self.fitted.recalculate_user(np.arange(len(told)), told.matrix()))

    def score(self, told: Lists) -> NDArray[np.float32]:
        """Return the inner products of the folded-in viewers with the items."""
        return dense(self.vectors(told) @ self.fitted.item_factors.T)

    def arrays(self) -> list[Any]:
        """Return the item vectors: those of training viewers are not needed for new ones."""
        return [self.fitted.item_factors]
