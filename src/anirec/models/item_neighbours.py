"""ItemNeighbours: how likely viewers of one show are to have watched another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from pydantic import Field

from anirec.config import Config
from anirec.data.schema import Status
from anirec.errors import MissingExtraError
from anirec.models.base import FitContext, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories

LIFT_STEP: Final = 0.035
"""Lifts are kept in one byte, in steps of 3.5 %."""
NO_LIFT: Final = 70
"""The byte of two shows that say nothing of each other"""
FEW_OF_A_ROW: Final = 1000
"""Fewer columns than these are read one by one, not with their rows: candidates, not the catalogue"""


class ItemNeighboursConfig(Config):
    """Settings of ``ItemNeighbours``."""

    smoothing: float = Field(3.0, gt=0)
    """So many viewers of each show are added who watch the others as everybody does"""
    length_exponent: float = Field(0.3, ge=0, le=1)
    """An entry of a list of n counts (n / 200) ** -length_exponent, as for Ease"""
    minimum_viewers: int = Field(10, ge=1)
    """A show with fewer says nothing, and nothing is said of it"""
    shows: int = Field(7000, ge=1)
    """The most watched shows take part, one byte for each pair: 49 MB for 7,000"""


@dataclass(frozen=True)
class Counts:
    """What the lists say of the shows that take part, each list by its weight."""

    shared: NDArray[np.float32]
    """(n_core, n_core) viewers of both shows"""
    viewers: NDArray[np.float64]
    """(n_items,) viewers of each show"""
    list_weights: NDArray[np.float64]
    """(n_lists,) what a list counts, in the order of the training lists"""


class ItemNeighbours(Model[ItemNeighboursConfig]):
    """Scores a show by the entry of the list whose viewers most often watch it too.

    ``score = max over entries i of P(j | i)``, the share of the viewers of i who watched j, smoothed
    towards the share of all viewers (conditional probability as in Deshpande & Karypis, "Item-Based
    Top-N Recommendation Algorithms", TOIS 2004). The strongest entry decides because a sum counts
    the same evidence again with every further entry; for one entry it makes no difference, and
    there nothing ranks better.

    An empty list gets the shares. Nothing is stored per viewer. Meant for up to 7,000 shows;
    ``lifts`` is what the learned ranker reads.
    """

    name = "item_neighbours"
    config_class = ItemNeighboursConfig

    core: NDArray[np.int32]
    """(n_core,) the rows that take part, ascending"""
    table: NDArray[np.uint8]
    """(n_core, n_core) ln P(j | i) / P(j) of row i for column j, in ``LIFT_STEP``s"""
    share: NDArray[np.float32]
    """(n_items,) P(j)"""
    counts: Counts | None = None
    """After ``fit`` only: training a ranker needs them, serving does not"""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Count who watched both of two shows.

        Raises
        ------
        MissingExtraError
            If the packages that training needs are not installed.
        """
        try:
            from anirec.models.ease_solver import gram, list_weights, mirror
        except ModuleNotFoundError as missing:
            raise MissingExtraError("training item_neighbours", "train") from missing

        config = self.config
        watched = dataset.histories.watched()
        viewers = np.bincount(watched.items, minlength=dataset.n_items)
        most = np.argsort(-viewers, kind="stable")[: config.shows]
        self.core = np.sort(most[viewers[most] >= config.minimum_viewers]).astype(np.int32)
        self._place_core(dataset.n_items)
        lists = self._in_core(watched)
        weights = list_weights(lists.lengths, config.length_exponent).astype(np.float64) ** 2
        shared = gram(lists, len(self.core), config.length_exponent)
        mirror(shared)
        counted = np.zeros(dataset.n_items)
        np.add.at(counted, watched.items, weights[watched.viewers])
        self.counts = Counts(shared, counted, weights)
        self.share = _share(counted, float(weights.sum())).astype(np.float32)
        self.table = self._table(shared)
        self.n_items = dataset.n_items
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return the highest chance that an entry gives each show, in [0, 1]."""
        scores = np.tile(self.share, (len(histories), 1))
        for viewer in range(len(histories)):
            entries = slice(histories.indptr[viewer], histories.indptr[viewer + 1])
            rows = self._evidence(histories.items[entries], histories.statuses[entries])
            if len(rows):
                best = self.table[rows].max(axis=0)
                scores[viewer, self.core] *= _RATIOS[best]
        return scores

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the whole score for the entry that decides, 0 for the others."""
        contributions = np.zeros((len(history.items), len(rows)), dtype=np.float32)
        watched = history.statuses != Status.PLAN_TO_WATCH
        items = history.items[watched]
        contributions[watched] = self.decided(items, rows, self.lifts(items, rows))
        return contributions

    def decided(
        self, items: NDArray[np.int32], rows: NDArray[np.int32], lifts: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return float32 (n, n_rows), the whole score of each row for the item that decides it.

        Parameters
        ----------
        items, rows
            (n,) and (n_rows,)
        lifts
            (items that take part, n_rows), what ``lifts`` says of them.
        """
        scores = np.zeros((len(items), len(rows)), dtype=np.float32)
        entries = np.flatnonzero(self._place[items] >= 0)
        if len(entries):
            chances = np.exp(lifts) * self.share[rows]
            known = np.flatnonzero(self._place[rows] >= 0)
            deciding = chances[:, known].argmax(axis=0)
            scores[entries[deciding], known] = chances[deciding, known]
        return scores

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return float32 (n_items,) the chances that a viewer of one show watched the others."""
        alike = self.share.copy()
        place = self._place[row]
        if place >= 0:
            alike[self.core] *= _RATIOS[self.table[place]]
        alike[row] = 1
        return alike

    def lifts(self, rows: NDArray[np.integer], others: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return float32 (n, n_others) ln P(other | row) / P(other), for those rows that take part.

        0 for others that do not.
        """
        places, columns = self._known(rows), self._place[others]
        if len(columns) < FEW_OF_A_ROW:
            where = places[:, None].astype(np.int64) * len(self.core) + columns
            codes = self.table.ravel().take(where)
        else:
            codes = self.table.take(places, axis=0).take(columns, axis=1)
        lifts: NDArray[np.float32] = codes.astype(np.float32)
        lifts -= NO_LIFT
        lifts *= np.float32(LIFT_STEP)
        lifts[:, columns < 0] = 0
        return lifts

    def lifts_without(
        self,
        viewer: int,
        whole: NDArray[np.int32],
        rows: NDArray[np.integer],
        others: NDArray[np.integer],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return lifts and shares as if one training list had not been counted.

        Parameters
        ----------
        viewer
            Number of the list.
        whole
            Its watched rows.
        rows, others
            As for ``lifts``; the rows are some of ``whole``.

        Returns
        -------
        float32 (n, n_others) lifts, and float32 (n_others,) shares of the others.

        Raises
        ------
        ValueError
            If the model was loaded, not fitted.
        """
        counts = self.counts
        if counts is None:
            raise ValueError("only a model that has just been fitted can leave a list out")
        weight = float(counts.list_weights[viewer])
        total = float(counts.list_weights.sum()) - weight
        share = _share(counts.viewers[others] - weight * np.isin(others, whole), total)
        places, columns = self._known(rows), self._place[others]
        known = np.flatnonzero(columns >= 0)
        of_known = columns[known]
        shared = counts.shared[places[:, None], of_known] - weight * np.isin(others[known], whole)
        viewers = counts.viewers[self.core[places]] - weight
        lifts = np.zeros((len(places), len(others)), dtype=np.float32)
        exact = _lift(shared, viewers, share[known], self.config.smoothing)
        # As coarse as what serving reads: trees are not to learn from more than they will see.
        lifts[:, known] = _LIFTS[_codes(exact)]
        return lifts, share.astype(np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the rows that take part, the table and the shares."""
        return {"core": self.core, "table": self.table, "share": self.share}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays of ``state``."""
        self.core, self.table, self.share = state["core"], state["table"], state["share"]
        self._place_core(len(self.share))

    def _place_core(self, n_items: int) -> None:
        self._place = np.full(n_items, -1, dtype=np.int32)
        self._place[self.core] = np.arange(len(self.core), dtype=np.int32)

    def _known(self, rows: NDArray[np.integer]) -> NDArray[np.int32]:
        places = self._place[rows]
        known: NDArray[np.int32] = places[places >= 0]
        return known

    def _evidence(self, items: NDArray[np.int32], statuses: NDArray[np.uint8]) -> NDArray[np.int32]:
        return self._known(items[statuses != Status.PLAN_TO_WATCH])

    def _in_core(self, watched: Histories) -> Histories:
        kept = watched.where(self._place[watched.items] >= 0)
        return type(watched)(
            kept.user_ids, kept.indptr, self._place[kept.items], kept.ratings, kept.statuses
        )

    def _table(self, shared: NDArray[np.float32]) -> NDArray[np.uint8]:
        viewers = shared.diagonal().astype(np.float64)
        share = self.share[self.core].astype(np.float64)
        table = np.empty(shared.shape, dtype=np.uint8)
        for row, of_row in enumerate(shared):
            lift = _lift(of_row[None], viewers[row : row + 1], share, self.config.smoothing)
            table[row] = _codes(lift)[0]
        np.fill_diagonal(table, NO_LIFT)
        return table


def naive_bayes(
    lifts: NDArray[np.float32], share: NDArray[np.floating[Any]]
) -> NDArray[np.floating[Any]]:
    """Return (n_others,) ln P(other) and the evidence of k rows divided by the root of k.

    Naive Bayes would add the evidence up as if it were independent; it overlaps.

    Parameters
    ----------
    lifts, share
        (k, n_others) and (n_others,)
    """
    evidence = lifts.sum(axis=0) / np.float32(max(len(lifts), 1) ** 0.5)
    scores: NDArray[np.floating[Any]] = np.log(share) + evidence
    return scores


def _share(viewers: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    """Return P(j), never 0."""
    return (np.maximum(viewers, 0) + 0.5) / (total + 1)


def _lift(
    shared: NDArray[np.float32],
    viewers: NDArray[np.float64],
    share: NDArray[np.float64],
    smoothing: float,
) -> NDArray[np.float32]:
    """Return float32 (n, n_core) ln P(j | i) / P(j)."""
    # A list that was left out may leave less than nothing by rounding.
    shared, viewers = np.maximum(shared, 0), np.maximum(viewers, 0)
    ratio = (shared / share + smoothing) / (viewers + smoothing)[:, None]
    lifts: NDArray[np.float32] = np.log(ratio).astype(np.float32)
    return lifts


def _codes(lifts: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return lifts as bytes of the table."""
    steps = np.rint(lifts / LIFT_STEP) + NO_LIFT
    codes: NDArray[np.uint8] = np.clip(steps, 0, 255).astype(np.uint8)
    return codes


_LIFTS: Final = (np.arange(256, dtype=np.float32) - NO_LIFT) * np.float32(LIFT_STEP)
"""What a byte of the table stands for: a 12th of the share to 650 times it"""
_RATIOS: Final = np.exp(_LIFTS)
