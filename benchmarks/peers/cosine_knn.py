"""Nearest items by cosine, plain or with TF-IDF weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peers.item_similarity import ItemSimilarity
from peers.peer import THREADS, Choice, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.peer import Settings


class CosineKnn(ItemSimilarity):
    """irspack's ``CosineKNNRecommender``."""

    defaults: ClassVar[Settings] = {
        "top_k": 100,
        "shrinkage": 0.0,
        "normalize": False,
        "feature_weighting": "NONE",
    }
    space: ClassVar[Mapping[str, Range | Choice]] = {
        "top_k": Range(10, 1000, log=True, whole=True),
        "shrinkage": Range(0.1, 1000, log=True),
        "normalize": Choice((True, False)),
        "feature_weighting": Choice(("NONE", "TF_IDF")),
    }

    def model(self, matrix: Any, settings: Settings) -> Any:
        """Return the library's unfitted model."""
        from irspack import CosineKNNRecommender

        return CosineKNNRecommender(matrix, **settings, n_threads=THREADS)
