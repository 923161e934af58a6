"""How many training viewers have watched it: the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from peers.peer import Lists, Peer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peers.peer import Settings


class Popularity(Peer):
    """The same order for everyone."""

    def fit(self, lists: Lists, settings: Settings) -> None:
        """Count."""
        self.counts = np.bincount(lists.items, minlength=lists.n_items).astype(np.float32)

    def score(self, told: Lists) -> NDArray[np.float32]:
        """Return the counts for each list."""
        return np.tile(self.counts, (len(told), 1))

    def arrays(self) -> list[Any]:
        """Return the counts."""
        return [self.counts]
