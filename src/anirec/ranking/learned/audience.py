"""How much everybody watches of each show, of each year and of each type in it (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.ranking.learned.item_facts import ItemFacts


@dataclass(frozen=True)
class Audience:
    """Shares of viewers, in which one who watches two shows of a year counts twice for it."""

    log_popularity: NDArray[np.float32]
    """(n_items,) ln of the share of viewers who watched a show"""
    of_show: NDArray[np.float64]
    """(n_items,) that share"""
    of_year: NDArray[np.float64]
    """(n_years,) sums of it; a year has half of the one before and of the one after as well"""
    of_cell: NDArray[np.float64]
    """(n_cells,) sums of it by ``ItemFacts.cell``"""
    total: float
    """The sum over all shows: how many a viewer watches on average"""

    @classmethod
    def of(cls, log_popularity: NDArray[np.float32], facts: ItemFacts) -> Self:
        """Add up the shares of a catalogue's shows, (n_items,) logarithms."""
        share = np.exp(log_popularity.astype(np.float64))
        return cls(
            log_popularity,
            share,
            with_neighbours(np.bincount(facts.year_code, share, facts.n_years)),
            np.bincount(facts.cell, share, facts.n_cells).astype(np.float64, copy=False),
            float(share.sum()),
        )


def with_neighbours(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Return counts by year, to which the years before and after lend half of theirs."""
    smooth = counts.astype(np.float64)
    smooth[1:] += counts[:-1] / 2
    smooth[:-1] += counts[1:] / 2
    return smooth
