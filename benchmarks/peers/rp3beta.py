"""RP3beta (Christoffel et al., "Blockbusters and Wallflowers", RecSys 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.item_similarity import ItemSimilarity
from peers.peer import THREADS, Choice, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.peer import Settings


class Rp3beta(ItemSimilarity):
    """irspack's ``RP3betaRecommender``."""

    defaults: ClassVar[Settings] = {"top_k": None, "alpha": 1, "beta": 0.6}
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "top_k": Range(10, 1000, log=True, whole=True),
        "alpha": Range(0.3, 2),
        "beta": Range(0, 1),
        "normalize_weight": Choice((True, False)),
    }

    def model(self, matrix: Any, settings: Settings) -> Any:
        """Return the library's unfitted model."""
        from irspack import RP3betaRecommender

        return RP3betaRecommender(matrix, **settings, n_threads=THREADS)
