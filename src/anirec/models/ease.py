"""Ease: a linear model from shows to shows, in closed form, with the content of shows as a prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from pydantic import Field

from anirec.config import Config
from anirec.data.dislikes import disliked
from anirec.data.schema import Status
from anirec.errors import MissingExtraError
from anirec.models.base import FitContext, Model
from anirec.models.content import Content
from anirec.models.item_weights import ItemWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories


DISLIKED_COUNTS: Final = 0.75
"""What an entry counts that was dropped or rated low; any other counts 1."""


class PriorWeights(Config):
    """What the likeness of two shows adds to their count of shared viewers; 0 leaves it out."""

    content: float = Field(15.0, ge=0)
    """Times the inner product of the dense vectors of the content model"""
    title: float = Field(50.0, ge=0)
    """Times the TF-IDF cosine of the words of the titles"""
    franchise: float = Field(50.0, ge=0)
    """If both are of one franchise"""


class EaseConfig(Config):
    """Settings of ``Ease``."""

    ridge: float = Field(100.0, gt=0)
    """Added to the diagonal of the Gram matrix, in viewers"""
    dropout: float = Field(0.2, ge=0)
    """Share of each diagonal element that is added to it: p / (1 - p) of EDLAE's dropout p"""
    length_exponent: float = Field(0.3, ge=0, le=1)
    """An entry of a list of n counts (n / 200) ** -length_exponent: who lists thousands tells no taste"""
    prior: PriorWeights = PriorWeights()
    neighbours: int = Field(300, ge=1)
    """How many shows each show speaks for when served; the rest of its row is dropped"""


class Ease(Model[EaseConfig]):
    """Scores a show by how much the shows of the list speak for it.

    ``score = x B`` with the weights B that best predict every list of the training viewers from
    itself, each show from all others (zero diagonal). With the Gram matrix G of the lists and
    ``P = (G + prior + regularisation)^-1``, ``B = -P / diag(P)`` off the diagonal (Steck,
    "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019; the regularisation that grows
    with a show's viewers: Steck, "Autoencoders that don't overfit towards the Identity", NeurIPS
    2020).

    The prior is a sum of positive semi-definite kernels over what shows are (content vectors,
    title words, franchise), added to G as if some viewers had watched alike shows together: it
    matters where lists say little, and shows that nobody has watched get neighbours as well.

    For serving only the ``neighbours`` largest weights of each show are kept. Ratings play almost no
    part: watching a show, however it was liked, says which others are watched. An entry that was
    dropped or rated low counts a little less, for it says less of what is *liked* (measured in
    ``docs/wishes.md``).

    Nothing is stored per viewer. Fitting takes 6 bytes per pair of shows, and time that grows with
    the cube of their number: 4.9 GB and 2 minutes of two cores for 27,600 shows. The viewers cost
    little beside that, for their lists are only counted.
    """

    name = "ease"
    config_class = EaseConfig
    needs = (Content.name,)

    weights: ItemWeights
    conditional_spread: NDArray[np.float32]
    """(n_items,) square root of the diagonal of P: what turns weights into partial correlations"""
    inverse: NDArray[np.float32] | None = None
    """(n_items, n_items) P, after ``fit`` only: training a ranker needs it, serving does not"""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Solve for the weights.

        Raises
        ------
        MissingExtraError
            If the packages that training needs are not installed.
        """
        try:
            from anirec.models.ease_solver import solve, strongest
        except ModuleNotFoundError as missing:
            raise MissingExtraError("training ease", "train") from missing
        context = context or FitContext()
        content = context.fitted.get(Content.name) or Content().fit(dataset, context)
        if not isinstance(content, Content):
            raise TypeError(f"ease needs the content model, not {type(content).__name__}")
        self.inverse = solve(dataset, content.vectors.dense, self.config, context)
        self.weights = strongest(self.inverse, self.config.neighbours)
        self.conditional_spread = np.sqrt(self.inverse.diagonal())
        self.n_items = dataset.n_items
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return the sums of the weights that each list's entries have for each show."""
        scores = np.empty((len(histories), self.n_items), dtype=np.float32)
        watched = histories.watched()
        counts = entry_counts(disliked(watched))
        for row in range(len(watched)):
            entries = slice(watched.indptr[row], watched.indptr[row + 1])
            scores[row] = self.weights.of(watched.items[entries]).votes(counts[entries])
        return scores

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return each entry's part of the scores, which it makes up entirely."""
        watched = history.statuses != Status.PLAN_TO_WATCH
        counts = np.zeros(len(watched), dtype=np.float32)
        counts[watched] = entry_counts(disliked(history.watched()))
        return self.weights.of(history.items).for_each(rows) * counts[:, None]

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return float32 (n_items,) partial correlations of one show with all, 1 with itself.

        What two shows have in common beyond what all other shows explain (Lauritzen, "Graphical
        Models", 1996, proposition 5.2); 0 where the weight was not kept.
        """
        alike = self.weights.of(np.array([row], dtype=np.int32)).votes()
        alike *= self.conditional_spread / self.conditional_spread[row]
        alike[row] = 1
        return alike

    def similarities(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return float32 (n_rows, n_rows), see ``similar``."""
        which = rows.astype(np.int32)
        spread = self.conditional_spread[which]
        alike = self.weights.of(which).for_each(which) * (spread / spread[:, None])
        alike[which[:, None] == which] = 1
        return alike

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the kept weights in compressed rows, and the conditional spread."""
        return {
            "indptr": self.weights.indptr,
            "columns": self.weights.columns,
            "values": self.weights.values,
            "conditional_spread": self.conditional_spread,
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays of ``state``."""
        self.weights = ItemWeights(state["indptr"], state["columns"], state["values"])
        self.conditional_spread = state["conditional_spread"]


def entry_counts(turned_down: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return float32 (n_entries,), how much each entry counts in a score.

    Parameters
    ----------
    turned_down
        (n_entries,), the dislikes among them.
    """
    return np.where(turned_down, np.float32(DISLIKED_COUNTS), np.float32(1))
