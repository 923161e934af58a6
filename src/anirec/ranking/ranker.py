"""The scores behind a list, split into components: learned, blended, or popularity alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.dislikes import disliked
from anirec.data.histories import NEW_VIEWER, Histories
from anirec.data.schema import Status
from anirec.errors import DiscoveryError
from anirec.models.ease import entry_counts
from anirec.ranking.components import COLLABORATIVE, CONTENT, POPULARITY
from anirec.ranking.hybrid import standardise
from anirec.ranking.learned.blame import blame, dislike_votes
from anirec.ranking.learned.candidates import FROM_EASE
from anirec.ranking.learned.features import NEIGHBOUR_COLUMNS
from anirec.ranking.weights import parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.models.base import Model
    from anirec.models.popularity import Popularity
    from anirec.ranking.hybrid import Hybrid
    from anirec.ranking.learned.learned_ranker import LearnedRanker, Ranked


@dataclass(frozen=True)
class Scored:
    """The scores of all items for one viewer, in components that add up."""

    components: dict[str, NDArray[np.float32]]
    """Per component (n_items,)."""
    scales: dict[str, float]
    """What a model's contributions are multiplied by to become those of its component."""
    models: Mapping[str, Model[Any]]
    """By component, those behind the scales"""

    @property
    def total(self) -> NDArray[np.float32]:
        """float32 (n_items,)."""
        first, *others = self.components.values()
        return sum(others, start=first)

    @property
    def contenders(self) -> NDArray[np.bool_] | None:
        """Bool (n_items,), the shows that have a score; None if all have."""
        return None

    def components_of(self, rows: NDArray[np.int64]) -> dict[str, NDArray[np.floating[Any]]]:
        """Return what each component adds to the scores of some shows, (n_rows,) each."""
        return {name: part[rows] for name, part in self.components.items()}

    def contributions(
        self, watched: Histories, rows: NDArray[np.int64]
    ) -> dict[str, NDArray[np.floating[Any]]]:
        """Return what each entry adds to each component of some shows, (n_entries, n_rows)."""
        return {
            name: self.models[name].contributions(watched, rows.astype(np.int32))
            * np.float32(scale)
            for name, scale in self.scales.items()
            if scale > 0
        }


@dataclass(frozen=True)
class LearnedScores:
    """The scores of one viewer's candidates by the learned ranker."""

    ranker: LearnedRanker
    ranked: Ranked
    _attributed: dict[bytes, NDArray[np.float64]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """By the rows that were asked about: the same shows have components and reasons"""

    @property
    def total(self) -> NDArray[np.float32]:
        """float32 (n_items,), the lowest score of all where there is none."""
        scores = self.ranked.scores
        total = np.full(self.ranker.n_items, scores.min(initial=0), dtype=np.float32)
        total[self.ranked.candidates] = scores
        return total

    @property
    def contenders(self) -> NDArray[np.bool_]:
        """Bool (n_items,), the candidates."""
        mask = np.zeros(self.ranker.n_items, dtype=np.bool_)
        mask[self.ranked.candidates] = True
        return mask

    def components_of(self, rows: NDArray[np.int64]) -> dict[str, NDArray[np.floating[Any]]]:
        """Return what each component adds to the scores of some candidates."""
        return dict(self.ranker.by_component(self._attributions(rows)))

    def contributions(
        self, watched: Histories, rows: NDArray[np.int64]
    ) -> dict[str, NDArray[np.floating[Any]]]:
        """Spread what the trees say of a component over the entries behind its features.

        What features about dislikes take away is owed to the disliked entries (``blame.py``). Of
        the rest, what speaks for a show is owed to the entries that speak for it, in proportion to
        what they add to the model's own score; what speaks against it to those that do. Behind the
        collaborative component stand Ease and the item neighbours, each by what its features add;
        behind the content component the likeness of each entry, as much as the entry counts.

        Parameters
        ----------
        watched
            The list that was ranked.
        rows
            Some of the candidates.
        """
        ranker, viewer = self.ranker, self.ranked.viewer
        evidence, places = self.ranked.evidence, self._places(rows)
        shares = self._attributions(rows)
        components = ranker.by_component(shares)
        shown = rows.astype(np.int32)
        turned_down = disliked(watched)
        by_ease = evidence.contributions.take(places, axis=1)
        by_model = {
            COLLABORATIVE: by_ease * entry_counts(turned_down)[:, None],
            CONTENT: ranker.content.unscaled_contributions(watched, shown),
        }
        votes = dislike_votes(
            viewer,
            by_model[COLLABORATIVE],
            ranker.vectors.take(viewer.rows, axis=0) @ ranker.vectors.take(rows, axis=0).T,
            ranker.facts.franchise[viewer.rows],
            ranker.facts.franchise[rows],
        )
        taken = blame(shares, {name: vote * turned_down[:, None] for name, vote in votes.items()})
        left = {name: components[name] - taken[name].sum(axis=0) for name in by_model}
        voices = {name: _voices(given, left[name]) for name, given in by_model.items()}
        by_neighbours = shares[:, NEIGHBOUR_COLUMNS].sum(axis=1)
        voices[COLLABORATIVE] = _joined(
            voices[COLLABORATIVE],
            _voices(
                ranker.neighbours.decided(viewer.rows, shown, evidence.lifts.take(places, axis=1)),
                left[COLLABORATIVE],
            ),
            left[COLLABORATIVE] - by_neighbours,
            by_neighbours,
        )
        return {name: voices[name] * left[name] + taken[name] for name in by_model}

    def _attributions(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        asked = rows.tobytes()
        if asked not in self._attributed:
            self._attributed[asked] = self.ranker.attributions(self.ranked, self._places(rows))
        return self._attributed[asked]

    def _places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        order = np.argsort(self.ranked.candidates, kind="stable")
        found = np.searchsorted(self.ranked.candidates, rows, sorter=order)
        places: NDArray[np.int64] = order[found]
        return places


def _voices(
    contributions: NDArray[np.floating[Any]], component: NDArray[np.floating[Any]]
) -> NDArray[np.floating[Any]]:
    """Return (n_entries, n_rows) shares of 1 of the entries that pull as a component does.

    A column is 0 where none does.
    """
    towards = np.sign(component).astype(contributions.dtype)
    return _shares(np.maximum(contributions * towards, 0))


def _joined(
    one: NDArray[np.floating[Any]],
    other: NDArray[np.floating[Any]],
    by_one: NDArray[np.floating[Any]],
    by_other: NDArray[np.floating[Any]],
) -> NDArray[np.floating[Any]]:
    """Return shares of 1 by two models, each counted by the size of what it stands behind."""
    weighed = one * np.abs(by_one) + other * np.abs(by_other)
    return _shares(np.where(weighed.any(axis=0), weighed, one + other))


def _shares(votes: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    total = votes.sum(axis=0)
    return votes / np.where(total > 0, total, 1)


class Ranker:
    """Scores by the hybrid; by popularity where there is no taste to go by.

    Parameters
    ----------
    hybrid, popularity
        Fitted on one catalogue.
    learned
        Orders where a call names no weights; None leaves that to the hybrid.
    """

    def __init__(
        self, hybrid: Hybrid, popularity: Popularity, learned: LearnedRanker | None = None
    ) -> None:
        self.hybrid = hybrid
        self.popularity = popularity
        self.learned = learned

    def for_each(
        self,
        watched: Histories,
        eligible: Sequence[NDArray[np.bool_]],
        n: int,
        weights: Mapping[str, float] | None = None,
        discovery: float | None = None,
        also: NDArray[np.int64] | None = None,
        stand_ins: NDArray[np.int32] | None = None,
    ) -> Iterator[Scored | LearnedScores]:
        """Score each list, which holds no plan-to-watch entries, by the best that the call allows.

        Parameters
        ----------
        eligible
            For each list bool (n_items,), the shows that may be recommended: the learned ranker
            scores only the best of them.
        n
            How many will be asked for.
        weights
            Of the hybrid; None takes the learned ranker, where there is one.
        discovery
            Of the learned ranker; None takes its own.
        also
            Rows of shows that need a score, eligible or not.
        stand_ins
            (n_items,), the row that needs a score wherever a show has one, mostly itself.

        Raises
        ------
        DiscoveryError
            If the learned ranker does not answer, and a discovery is asked for.
        """
        if weights is not None or self.learned is None:
            if discovery is not None:
                raise DiscoveryError(
                    "leave the weights out" if self.learned else "this bundle has none"
                )
            return iter(self.for_histories(watched, weights))
        ranked_by = partial(
            self.learned.rank,
            n=max(n, FROM_EASE),
            also=also,
            stand_ins=stand_ins,
            discovery=discovery,
        )
        return self._by_learned(self.learned, watched, eligible, ranked_by)

    def _by_learned(
        self,
        learned: LearnedRanker,
        watched: Histories,
        eligible: Sequence[NDArray[np.bool_]],
        ranked_by: Callable[[Histories, NDArray[np.bool_]], Ranked | None],
    ) -> Iterator[Scored | LearnedScores]:
        """Score list after list, as they are asked for: what is known of candidates is large."""
        for history, mask in zip(watched.batches(1), eligible, strict=True):
            ranked = ranked_by(history, mask)
            if ranked is not None and len(ranked.candidates):
                yield LearnedScores(learned, ranked)
            else:
                yield from self.for_histories(history)

    def for_histories(
        self, watched: Histories, weights: Mapping[str, float] | None = None
    ) -> list[Scored]:
        """Score all items for each list, which holds no plan-to-watch entries."""
        if weights is not None:
            weights = parse_weights(weights)
        if not watched.lengths.any():
            return [self._popular() for _ in range(len(watched))]
        blend = self.hybrid.blend(watched, weights)
        mute = blend.undecided | (watched.lengths == 0)
        return [
            self._popular()
            if mute[viewer]
            else Scored(
                {name: part[viewer] for name, part in blend.components.items()},
                {name: float(scale[viewer]) for name, scale in blend.scales.items()},
                self.hybrid.models,
            )
            for viewer in range(len(watched))
        ]

    def for_item(self, row: int, weights: Mapping[str, float] | None = None) -> Scored:
        """Score all items by their likeness to one.

        A component that knows no likeness gives its weight to the other.
        """
        chosen = self.hybrid.weights if weights is None else parse_weights(weights)
        known = self._alike(row, [name for name in chosen if chosen[name] > 0])
        known = known or self._alike(row, list(chosen))
        share = sum(chosen[name] for name in known)
        itself = _list_of(row)
        components = {}
        for name in chosen:
            if name in known:
                weight = chosen[name] / share if share > 0 else 1 / len(known)
                components[name] = standardise(known[name][None], itself, weight)[0][0]
            else:
                components[name] = np.zeros(self.hybrid.n_items, dtype=np.float32)
        if not any(part.any() for part in components.values()):
            return self._popular()
        return Scored(components, {}, {})

    def _alike(self, row: int, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        alike = {name: self.hybrid.models[name].similar(row) for name in names}
        return {name: values for name, values in alike.items() if values is not None}

    def _popular(self) -> Scored:
        return Scored({POPULARITY: self.popularity.share}, {}, {})


def _list_of(row: int) -> Histories:
    return Histories(
        user_ids=np.array([NEW_VIEWER]),
        indptr=np.array([0, 1]),
        items=np.array([row], dtype=np.int32),
        ratings=np.zeros(1, dtype=np.uint8),
        statuses=np.array([Status.COMPLETED], dtype=np.uint8),
    )
