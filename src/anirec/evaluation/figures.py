"""The figures of one model on one protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from anirec.evaluation.beyond_accuracy import (
    coverage,
    diversity,
    history_popularity,
    mean_of_list,
    miscalibration,
    novelty,
)
from anirec.evaluation.full_ranking import hits, rank, top_items
from anirec.evaluation.metrics import METRICS, recall
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.split import Fold, HeldOut
    from anirec.evaluation.facts import ItemFacts
    from anirec.evaluation.full_ranking import Scorer

TOP_N: Final = 10
DEEP_N: Final = 50
"""Places looked at where hits in the first ten are rare: cold items."""
HEADLINE: Final = "ndcg"
"""The metric that models are ordered, tuned and compared by."""
DEEP_RECALL: Final = f"recall@{DEEP_N}"
LIFT: Final = "popularity_lift"


@dataclass(frozen=True)
class Ratio:
    """Two (n_viewers,) figures whose means are divided, less 1."""

    above: NDArray[np.float64]
    below: NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """What one model reaches: per viewer where there is such a figure, over all where not."""

    per_viewer: dict[str, NDArray[np.float64]]
    """(n_viewers,) by the name of the metric (``METRICS``), at ``TOP_N`` places; ``recall@50``"""
    overall: dict[str, float]
    """Figures of all lists together: ``coverage``"""
    lists: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    """(n_viewers,) of what the lists look like, NaN where that has no meaning: ``novelty``,
    ``diversity``, ``miscalibration``"""
    ratios: dict[str, Ratio] = field(default_factory=dict)
    """``popularity_lift``"""

    def select(self, viewers: NDArray[np.bool_]) -> Figures:
        """Return the figures of some of the viewers; ``overall`` stays."""
        return Figures(
            {name: values[viewers] for name, values in self.per_viewer.items()},
            self.overall,
            {name: values[viewers] for name, values in self.lists.items()},
            {
                name: Ratio(ratio.above[viewers], ratio.below[viewers])
                for name, ratio in self.ratios.items()
            },
        )


def measure(scorer: Scorer, fold: Fold, progress: Progress = SILENT, label: str = "") -> Figures:
    """Rank all items for every viewer of the fold and compare with what was held out."""
    top = rank(scorer, fold.history, TOP_N, progress, label)
    return Figures(
        per_viewer=accuracy(top, fold.held_out, scorer.n_items),
        overall={"coverage": coverage(top, scorer.n_items)},
    )


def accuracy(
    top: NDArray[np.int32], held_out: HeldOut, n_items: int
) -> dict[str, NDArray[np.float64]]:
    """Return each metric of lists of ``TOP_N`` places, and recall of all places of deeper ones."""
    found = hits(top, held_out, n_items)
    first = found[:, :TOP_N]
    figures = {name: metric(first, held_out.lengths) for name, metric in METRICS.items()}
    if top.shape[1] == DEEP_N:
        figures[DEEP_RECALL] = recall(found, held_out.lengths)
    return figures


def look_of_lists(
    top: NDArray[np.int32], history: Histories, facts: ItemFacts
) -> tuple[dict[str, NDArray[np.float64]], dict[str, Ratio]]:
    """Return what ``Figures`` holds as ``lists`` and ``ratios``.

    The popularity lift is the mean popularity of the shown over that of the histories, less 1, means
    taken over viewers first: 0 is as popular as what they watch, 1 twice as popular (Abdollahpouri,
    Mansoury, Burke & Mobasher, "The Connection Between Popularity Bias, Calibration, and Fairness in
    Recommendation", RecSys 2020).
    """
    lists = {
        "novelty": novelty(top, facts),
        "diversity": diversity(top, facts),
        "miscalibration": miscalibration(top, history, facts),
    }
    shown = mean_of_list(facts.popularity, top)
    return lists, {LIFT: Ratio(shown, history_popularity(history, facts))}


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
