"""EASE (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.item_similarity import ItemSimilarity
from peers.peer import Choice, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.peer import Settings


class Ease(ItemSimilarity):
    """irspack's ``DenseSLIMRecommender``."""

    defaults: ClassVar[Settings] = {"reg": 1}
    space: ClassVar[Mapping[str, Range | Choice]] = {"reg": Range(1, 1e4, log=True)}

    def model(self, matrix: Any, settings: Settings) -> Any:
        """Return the library's unfitted model."""
        from irspack import DenseSLIMRecommender

        return DenseSLIMRecommender(matrix, **settings)
