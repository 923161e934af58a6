"""UserNeighbours: viewers with similar lists, and what they liked best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from pydantic import Field

from anirec.config import Config
from anirec.data.schema import Status
from anirec.models.base import FitContext, Model
from anirec.models.recommender_net import RecommenderNet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories

NEUTRAL_VOTE = 100
"""Votes are kept as bytes; this one is worth 1."""


class UserNeighboursConfig(Config):
    """Settings of ``UserNeighbours``."""

    neighbours: int = Field(90, ge=1)
    """How many of the most similar viewers vote."""
    shortlist: int = Field(500, ge=1)
    """How many viewers are looked at where vectors say who is near."""
    damping: float = Field(0.3, ge=0)
    """A shared show counts popularity ** -damping: agreeing on a rarity says more."""
    length_exponent: float = Field(0.8, ge=0, le=1)
    """The overlap is divided by the other list's weight to this power: 0.5 is the cosine."""
    shrinkage: float = Field(0.3, ge=0)
    """Added to that divisor, in units of its mean, so that short lists do not look alike by luck."""
    amplification: float = Field(4.0, ge=1)
    """Similarities are raised to this power before they weigh votes."""
    rating_effect: float = Field(0.05, ge=0, le=1)
    """How much a rating one point above the viewer's own mean adds to an entry's weight of 1."""
    popularity_penalty: float = Field(0.25, ge=0)
    """Votes for an item are multiplied by popularity ** -popularity_penalty."""
    prior: float = Field(0.01, gt=0)
    """Weight of popularity beside the neighbours' votes, whose weights add up to 1."""


class Neighbours(NamedTuple):
    """Viewers most like one list, and how their votes are weighed."""

    viewers: NDArray[np.int64]
    """(k,) rows of training viewers, in ascending order"""
    weights: NDArray[np.float64]
    """(k,) positive, summing to 1 - the prior's share"""


class UserNeighbours(Model[UserNeighboursConfig]):
    """User-based nearest neighbours on implicit lists.

    The similarity of two lists is the damped weight of the shows they share over the weight of
    the other list to a power (an asymmetric cosine, Aiolli 2013, "Efficient top-N recommendation
    for very large scale binary rated datasets"). The best ``neighbours`` vote for their shows,
    more for what they rated above their own mean; sharing such a show counts more, too. A viewer
    of the training data is compared only with the ``shortlist`` viewers whose vectors in
    RecommenderNet are nearest. (On real lists this is as good as looking at everyone; weighing
    votes by those cosines is much worse than by the overlap.) Fitted without RecommenderNet at hand, it compares
    everyone with everyone.

    An item's score is the weighted mean vote, raised for the unpopular, with a little popularity
    mixed in; an empty list gets popularity alone.
    The time of a request grows with the training lists: about 1 ms at 6,300 viewers with 170
    shows each; beyond 100,000 viewers another model should serve.
    """

    name = "user_neighbours"
    config_class = UserNeighboursConfig
    needs = (RecommenderNet.name,)
    keeps_lists = True

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Index the lists in both directions; plan-to-watch does not count."""
        watched = dataset.histories.watched()
        self.n_items = dataset.n_items
        viewers_per_item = np.bincount(watched.items, minlength=self.n_items)
        by_item = np.argsort(watched.items, kind="stable")
        damped = np.maximum(viewers_per_item, 1.0) ** -self.config.damping
        weight_of_list = np.bincount(
            watched.viewers, weights=damped[watched.items], minlength=len(watched)
        )
        self.restore(
            {
                "user_ids": watched.user_ids,
                "indptr": watched.indptr,
                "items": watched.items,
                "votes": votes(watched, self.config.rating_effect),
                "item_indptr": np.r_[0, np.cumsum(viewers_per_item)].astype(np.int64),
                "item_viewers": watched.viewers[by_item].astype(np.int32),
                "item_weight": damped.astype(np.float32),
                "list_weight": weight_of_list.astype(np.float32),
                "vectors": np.zeros((len(watched), 0), dtype=np.float32),
            }
        )
        net = context.fitted.get(RecommenderNet.name) if context else None
        if isinstance(net, RecommenderNet):
            self.use_vectors(net.user_ids, net.user_vectors)
        return self

    def use_vectors(self, user_ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> Self:
        """Look for neighbours of training viewers near them in these vectors; returns self.

        Parameters
        ----------
        user_ids
            (n,) distinct ids, in any order; those that are not in the training lists are left out.
        vectors
            (n, d) one vector per id, of any length. A viewer without one is compared with everyone.
        """
        order = np.argsort(user_ids)
        found = np.searchsorted(user_ids, self.user_ids, sorter=order).clip(max=len(order) - 1)
        source = order[found]
        known = user_ids[source] == self.user_ids
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.where(length > 0, length, 1)
        self.vectors = np.where(known[:, None], unit[source], 0).astype(np.float32)
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return the neighbours' weighted mean votes; an empty list gets popularity."""
        watched = histories.watched()
        weights = votes(watched, self.config.rating_effect) / NEUTRAL_VOTE
        scores = np.empty((len(watched), self.n_items), dtype=np.float32)
        for i in range(len(watched)):
            entries = slice(watched.indptr[i], watched.indptr[i + 1])
            near = self._neighbours(
                int(watched.user_ids[i]), watched.items[entries], weights[entries]
            )
            voted, who = self._entries_of(near.viewers)
            scores[i] = np.bincount(
                self.items[voted],
                weights=near.weights[who] * self.votes[voted],
                minlength=self.n_items,
            )
            scores[i] *= self._vote_worth
            scores[i] += (1 - near.weights.sum()) * self._popularity
        return scores

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Divide each neighbour's vote among the shows shared with that neighbour.

        By damped weight, which is each show's exact part of the similarity. What remains is the
        prior: a small share of popularity, the same for every item.
        """
        watched = history.watched()
        weights = votes(watched, self.config.rating_effect) / NEUTRAL_VOTE
        near = self._neighbours(int(watched.user_ids[0]), watched.items, weights)
        voted, who = self._entries_of(near.viewers)
        items = self.items[voted]

        def column_of(wanted: NDArray[np.int32]) -> NDArray[np.int32]:
            columns = np.full(self.n_items, -1, dtype=np.int32)
            columns[wanted] = np.arange(len(wanted))
            chosen: NDArray[np.int32] = columns[items]
            return chosen

        distinct, place = np.unique(rows, return_inverse=True)
        column = column_of(distinct.astype(np.int32))
        asked = column >= 0
        vote = np.zeros((len(near.viewers), len(distinct)))
        vote[who[asked], column[asked]] = self.votes[voted[asked]]
        vote *= self._vote_worth[distinct]

        column = column_of(watched.items)
        shared = column >= 0
        part = np.zeros((len(near.viewers), len(watched.items)))
        part[who[shared], column[shared]] = (
            self.item_weight[items[shared]] * weights[column[shared]]
        )
        total = part.sum(axis=1)
        part *= (near.weights / np.where(total > 0, total, 1))[:, None]
        contributions = np.zeros((len(history.items), len(rows)), dtype=np.float32)
        contributions[history.statuses != Status.PLAN_TO_WATCH] = (part.T @ vote)[:, place]
        return contributions

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return the cosine of the items' viewers, in [0, 1]."""
        viewers = self.item_viewers[self.item_indptr[row] : self.item_indptr[row + 1]]
        together = np.bincount(
            self.items[self._entries_of(viewers)[0]], minlength=self.n_items
        ).astype(np.float32)
        counts = np.diff(self.item_indptr)
        together /= np.sqrt(np.maximum(counts * counts[row], 1), dtype=np.float32)
        return together

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the lists by viewer and by item, the weights and the vectors."""
        return {
            "user_ids": self.user_ids,
            "indptr": self.indptr,
            "items": self.items,
            "votes": self.votes,
            "item_indptr": self.item_indptr,
            "item_viewers": self.item_viewers,
            "item_weight": self.item_weight,
            "list_weight": self.list_weight,
            "vectors": self.vectors,
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays; nothing of their size is computed."""
        # Plain views: slicing a numpy.memmap object costs microseconds each time.
        self.user_ids = np.asarray(state["user_ids"])
        self.indptr = np.asarray(state["indptr"])
        self.items = np.asarray(state["items"])
        self.votes = np.asarray(state["votes"])
        self.item_indptr = np.asarray(state["item_indptr"])
        self.item_viewers = np.asarray(state["item_viewers"])
        self.item_weight = np.asarray(state["item_weight"])
        self.list_weight = np.asarray(state["list_weight"])
        self.vectors = np.asarray(state["vectors"])
        n_viewers = len(self.user_ids)
        viewers_per_item = np.diff(self.item_indptr)
        self._popularity = (viewers_per_item / max(n_viewers, 1)).astype(np.float32)
        # One viewer more on both sides, so that an item without viewers has a finite worth.
        share = (viewers_per_item + 1) / (n_viewers + 1)
        self._vote_worth = (share**-self.config.popularity_penalty / NEUTRAL_VOTE).astype(
            np.float32
        )
        divisor = self.list_weight.astype(np.float64) ** self.config.length_exponent
        typical = divisor.mean() if n_viewers else 1.0
        self._divisor = np.maximum(divisor + self.config.shrinkage * typical, 1e-12)
        self._by_id = np.argsort(self.user_ids, kind="stable")

    def _neighbours(
        self, user_id: int, items: NDArray[np.int32], weights: NDArray[np.float64]
    ) -> Neighbours:
        """Find the viewers most like a watched list, its own owner left out."""
        similarity = self._overlap(items, weights) / self._divisor
        itself = self._row_of(user_id)
        if itself is not None:
            similarity[itself] = 0
            self._keep_shortlist(similarity, itself)
        k = min(self.config.neighbours, len(similarity))
        best = np.argpartition(similarity, -k)[-k:] if k else np.arange(0)
        best = np.sort(best[similarity[best] > 0])
        # Divided by the largest first, so that the power cannot underflow for all of them.
        say = similarity[best] / similarity[best].max(initial=1e-300)
        say **= self.config.amplification
        return Neighbours(best, say / (say.sum() * (1 + self.config.prior)))

    def _keep_shortlist(self, similarity: NDArray[np.float64], itself: int) -> None:
        """Set to 0, in place, who is not near in the vectors, if this viewer has one."""
        shortlist = self.config.shortlist
        if shortlist >= len(similarity) or not self.vectors[itself].any():
            return
        # einsum, not @: BLAS would wake threads for 0.1 ms of work, and stall on a busy machine.
        cosine = np.einsum("vd,d->v", self.vectors, self.vectors[itself])
        cosine[itself] = -np.inf
        similarity[np.argpartition(cosine, -shortlist)[:-shortlist]] = 0

    def _overlap(
        self, items: NDArray[np.int32], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return (n_viewers,) the damped weight of the shows shared with each training viewer."""
        starts, ends = self.item_indptr[items], self.item_indptr[items + 1]
        if not len(items):
            return np.zeros(len(self.user_ids))
        sharing = np.concatenate(
            [self.item_viewers[a:b] for a, b in zip(starts, ends, strict=True)]
        )
        shares = np.repeat(self.item_weight[items] * weights, ends - starts)
        return np.bincount(sharing, shares, len(self.user_ids)).astype(np.float64, copy=False)

    def _row_of(self, user_id: int) -> int | None:
        if user_id < 0 or not len(self.user_ids):
            return None
        at = min(
            int(np.searchsorted(self.user_ids, user_id, sorter=self._by_id)),
            len(self.user_ids) - 1,
        )
        row = int(self._by_id[at])
        return row if self.user_ids[row] == user_id else None

    def _entries_of(
        self, viewers: NDArray[np.int64] | NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions of these viewers' entries, and whose (0 to k - 1) each one is."""
        lengths = self.indptr[viewers + 1] - self.indptr[viewers]
        who = np.repeat(np.arange(len(viewers)), lengths)
        first = self.indptr[viewers] - (np.cumsum(lengths) - lengths)
        return first[who] + np.arange(len(who)), who


def votes(watched: Histories, rating_effect: float) -> NDArray[np.uint8]:
    """Return (n_entries,) how much each entry speaks for its show, ``NEUTRAL_VOTE`` being 1.

    A rating counts by its distance from the viewer's own mean rating; an unrated entry is neutral.
    """
    rated = watched.ratings > 0
    n_rated = np.bincount(watched.viewers[rated], minlength=len(watched))
    totals = np.bincount(
        watched.viewers[rated], weights=watched.ratings[rated], minlength=len(watched)
    )
    mean = totals / np.maximum(n_rated, 1)
    above = np.where(rated, watched.ratings - mean[watched.viewers], 0)
    return np.rint(NEUTRAL_VOTE * (1 + rating_effect * above)).clip(0, 255).astype(np.uint8)
