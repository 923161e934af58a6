"""What irspack's item-to-item models share: a matrix that a list is multiplied with."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from peers.peer import Lists, Peer, dense

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peers.peer import Settings


class ItemSimilarity(Peer):
    """A new viewer is the product of the list with the item weights."""

    @abstractmethod
    def model(self, matrix: Any, settings: Settings) -> Any:
        """Return the library's unfitted model."""

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Learn the item weights."""
        self.fitted = self.model(lists.matrix().astype("float64"), settings).learn()
        # EASE and EDLAE leave their weights by columns, and scipy copies all of them for every
        # product: half a second a request that is no property of the method.
        if isinstance(self.fitted.W, np.ndarray):
            self.fitted._W = np.ascontiguousarray(self.fitted.W)

    def score(self, told: Lists) -> NDArray[Any]:
        """Return the sums of the weights of each list's items."""
        return dense(self.fitted.get_score_cold_user(told.matrix()))

    def arrays(self) -> list[Any]:
        """Return the item weights."""
        return [self.fitted.W]
