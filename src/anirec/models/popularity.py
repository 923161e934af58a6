"""Popularity: the same ranking for everyone, the floor that every model must clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from anirec.config import Config
from anirec.models.base import FitContext, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories


class PopularityConfig(Config):
    """Popularity has nothing to set."""


class Popularity(Model[PopularityConfig]):
    """Scores an item by the share of training viewers who have watched it, in [0, 1]."""

    name = "popularity"
    config_class = PopularityConfig

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Count viewers per item; plan-to-watch does not count."""
        watched = dataset.histories.watched()
        viewers = np.bincount(watched.items, minlength=dataset.n_items)
        self.share = (viewers / max(len(watched), 1)).astype(np.float32)
        self.n_items = dataset.n_items
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return the same scores for each list."""
        return np.tile(self.share, (len(histories), 1))

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the viewer shares."""
        return {"share": self.share}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the viewer shares."""
        self.share = state["share"]
