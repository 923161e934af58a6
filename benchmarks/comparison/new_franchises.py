"""The learned ranker as a viewer gets it who asks for new franchises only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.ranking.learned.learned_ranker import LearnedRanker


class NewFranchises:
    """Leaves out what the filter ``known_franchises: false`` leaves out, before it ranks."""

    name = "learned, new franchises only"

    def __init__(self, ranker: LearnedRanker) -> None:
        self.ranker = ranker
        self.n_items = ranker.n_items

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return float32 (n, n_items): candidates by the trees, all others at one lower score."""
        franchise = self.ranker.facts.franchise
        scores = np.zeros((len(histories), self.n_items), dtype=np.float32)
        for viewer, history in enumerate(histories.batches(1)):
            eligible = ~np.isin(franchise, franchise[history.items])
            ranked = self.ranker.rank(history, eligible)
            if ranked is not None:
                scores[viewer] = ranked.scores.min() - 1
                scores[viewer, ranked.candidates] = ranked.scores
        return scores
