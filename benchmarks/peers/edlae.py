"""EDLAE (Steck, "Autoencoders that don't overfit towards the Identity", NeurIPS 2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.item_similarity import ItemSimilarity
from peers.peer import Choice, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.peer import Settings


class Edlae(ItemSimilarity):
    """irspack's ``EDLAERecommender``."""

    defaults: ClassVar[Settings] = {"reg": 1, "dropout_p": 0.1}
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "reg": Range(1, 1e4, log=True),
        "dropout_p": Range(0, 0.99),
    }

    def model(self, matrix: Any, settings: Settings) -> Any:
        """Return the library's unfitted model."""
        from irspack import EDLAERecommender

        return EDLAERecommender(matrix, **settings)
