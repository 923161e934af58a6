"""The figures of one model on one protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.evaluation.beyond_accuracy import coverage
from anirec.evaluation.full_ranking import hits, rank, top_items
from anirec.evaluation.metrics import METRICS
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.split import Fold, HeldOut
    from anirec.evaluation.full_ranking import Scorer

TOP_N: Final = 10
HEADLINE: Final = "ndcg"
"""The metric that models are ordered, tuned and compared by."""


@dataclass(frozen=True)
class Figures:
    """What one model reaches: per viewer where there is such a figure, over all where not."""

    per_viewer: dict[str, NDArray[np.float64]]
    """(n_viewers,) by the name of the metric (``METRICS``), at ``TOP_N`` places"""
    overall: dict[str, float]
    """Figures of all lists together: ``coverage``"""


def measure(scorer: Scorer, fold: Fold, progress: Progress = SILENT, label: str = "") -> Figures:
    """Rank all items for every viewer of the fold and compare with what was held out."""
    top = rank(scorer, fold.history, TOP_N, progress, label)
    found = hits(top, fold.held_out, scorer.n_items)
    held_out = fold.held_out.lengths
    return Figures(
        per_viewer={name: metric(found, held_out) for name, metric in METRICS.items()},
        overall={"coverage": coverage(top, scorer.n_items)},
    )


def headline(
    scores: NDArray[np.float32], histories: Histories, held_out: HeldOut, viewers: slice
) -> NDArray[np.float64]:
    """Return (n_viewers,) the headline metric of some viewers.

    Parameters
    ----------
    scores
        (n_viewers, n_items)
    histories
        Theirs.
    held_out
        Everyone's.
    viewers
        Who they are in ``held_out``.
    """
    top = top_items(scores, histories, TOP_N)
    found = hits(top, held_out, scores.shape[1], first=viewers.start)
    return METRICS[HEADLINE](found, held_out.lengths[viewers])
