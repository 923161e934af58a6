"""The weighted hybrid: two models on one scale, blended with weights that a person can move.

Models score in units of their own (a predicted rating, a cosine), so their scores are brought to
one scale before they are added: for each viewer, zero mean and unit variance (z-scores as in
Montague & Aslam, "Relevance Score Normalization for Metasearch", CIKM 2001) over the shows that
contend for a place in the list. Those are the model's best few hundred that the viewer has not
seen: how far it pushes down the thousands that nobody would recommend says nothing about how
clearly it orders those at the top. The map is affine, so what a history entry contributed to a
model's score can be carried over to the blend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.ranking.candidates import nth_largest
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.ranking.weights import EVEN, parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.models.base import Model

    Metric = Callable[[NDArray[np.float32], Histories, slice], NDArray[np.floating[Any]]]

CONTENDERS = 300
"""Unseen shows per viewer and model over which scores are brought to one scale."""

# Below this share of the scores' own size, their spread is rounding, not preference.
FLAT = 1e-6

GRID = tuple(np.linspace(0, 1, 21).round(2).tolist())


@dataclass(frozen=True)
class Blend:
    """Weighted components of a batch of lists, ready to be added up."""

    components: dict[str, NDArray[np.float32]]
    """Per component (n, n_items), weight and scale applied."""
    scales: dict[str, NDArray[np.float64]]
    """Per component (n,): what a model's own unit is multiplied by (0: it has no preference)."""

    @property
    def scores(self) -> NDArray[np.float32]:
        """float32 (n, n_items), the sum of the components."""
        first, *others = self.components.values()
        return sum(others, start=first)

    @property
    def undecided(self) -> NDArray[np.bool_]:
        """(n,), true where no component prefers any show to another."""
        mute: NDArray[np.bool_] = np.all([scale == 0 for scale in self.scales.values()], axis=0)
        return mute


class Hybrid:
    """Blends a collaborative and a content model.

    Parameters
    ----------
    collaborative, content
        Two fitted models over the same items.
    weights
        The blend used where a call names none; even by default.
    """

    name = "hybrid"

    def __init__(
        self,
        collaborative: Model[Any],
        content: Model[Any],
        weights: Mapping[str, float] | None = None,
    ) -> None:
        if collaborative.n_items != content.n_items:
            raise ValueError(
                f"{collaborative.name} knows {collaborative.n_items} items and {content.name} "
                f"{content.n_items}: both must be fitted on one catalogue"
            )
        self.models = {COLLABORATIVE: collaborative, CONTENT: content}
        self.weights = parse_weights(EVEN if weights is None else weights)
        self.n_items = collaborative.n_items

    def score(
        self, histories: Histories, weights: Mapping[str, float] | None = None
    ) -> NDArray[np.float32]:
        """Return float32 (n_histories, n_items), finite; seen items are scored like any other."""
        return self.blend(histories, weights).scores

    def blend(self, histories: Histories, weights: Mapping[str, float] | None = None) -> Blend:
        """Score with both models and bring them to one scale; a weight of 0 costs nothing."""
        chosen = self.weights if weights is None else parse_weights(weights)
        components, scales = {}, {}
        for name, model in self.models.items():
            if chosen[name] == 0:
                components[name] = np.zeros((len(histories), self.n_items), dtype=np.float32)
                scales[name] = np.zeros(len(histories))
            else:
                components[name], scales[name] = standardise(
                    model.score(histories), histories, chosen[name]
                )
        return Blend(components, scales)


def standardise(
    scores: NDArray[np.float32],
    histories: Histories,
    weight: float = 1.0,
    contenders: int = CONTENDERS,
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Shift and scale each row to mean 0 and standard deviation ``weight`` over its contenders.

    The contenders of a row are the best of its items that are not in the list.

    Returns
    -------
    The scaled scores, float32 (n, n_items), and the (n,) factor that was applied to each row.
    A row without preference (all contenders equal) becomes zero, with factor 0.
    """
    means, factors = np.zeros(len(scores)), np.zeros(len(scores))
    for viewer, row in enumerate(scores):
        seen = histories.items[histories.indptr[viewer] : histories.indptr[viewer + 1]]
        n_unseen = len(row) - len(seen)
        if n_unseen == 0:
            continue
        unseen = row.copy()
        unseen[seen] = -np.inf
        if contenders < n_unseen:
            unseen = unseen[unseen >= nth_largest(unseen, contenders)]
        best = np.sort(unseen)[-min(contenders, n_unseen) :].astype(np.float64)
        means[viewer], spread = best.mean(), best.std()
        if spread > FLAT * np.abs(best).max():
            factors[viewer] = weight / spread
    scaled = scores - means[:, None].astype(np.float32)
    scaled *= factors[:, None].astype(np.float32)
    return scaled, factors


@dataclass(frozen=True)
class Tuning:
    """What ``tune`` found on validation viewers."""

    weights: dict[str, float]
    value: float
    """The metric's mean at ``weights``."""
    curve: tuple[tuple[float, float], ...]
    """(weight of the collaborative component, mean of the metric) per grid point."""


def tune(
    hybrid: Hybrid,
    histories: Histories,
    metric: Metric,
    grid: Sequence[float] = GRID,
    batch: int = 256,
) -> Tuning:
    """Find the weight of the collaborative component that ranks validation viewers best.

    Parameters
    ----------
    hybrid
        The two models, fitted without these viewers.
    histories
        What is known of each viewer.
    metric
        Called for a batch of viewers with their float32 (n, n_items) scores, their histories
        (whose items it leaves out of the ranking) and the slice of all viewers that they are;
        returns one value per viewer, higher is better.
    grid
        The weights to try, each in [0, 1]. Of equals the one nearest an even blend wins.
    batch
        Viewers scored at once; memory grows with it.
    """
    totals = np.zeros(len(grid))
    for start in range(0, len(histories), batch):
        viewers = slice(start, start + batch)
        known = histories.select(viewers)
        scaled = {
            name: standardise(model.score(known), known)[0] for name, model in hybrid.models.items()
        }
        for point, weight in enumerate(grid):
            scores = weight * scaled[COLLABORATIVE] + (1 - weight) * scaled[CONTENT]
            totals[point] += float(np.sum(metric(scores.astype(np.float32), known, viewers)))
    means = totals / max(len(histories), 1)
    best = max(range(len(grid)), key=lambda point: (means[point], -abs(grid[point] - 0.5)))
    return Tuning(
        weights=parse_weights({COLLABORATIVE: grid[best], CONTENT: 1 - grid[best]}),
        value=float(means[best]),
        curve=tuple((float(w), float(mean)) for w, mean in zip(grid, means, strict=True)),
    )
