"""The learned blend: models name candidates, trees order them by all that is known of the pair."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np

from anirec.data.schema import Status
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.ranking.components import BASE
from anirec.ranking.learned.audience import Audience
from anirec.ranking.learned.candidates import FROM_EASE, gather, in_order
from anirec.ranking.learned.discovery import set_back
from anirec.ranking.learned.features import FEATURES, Evidence, ViewerList, features
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.trees import SymmetricTrees

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.models.base import Model

UNWATCHED_SHARE: Final = 1e-5
"""Share of viewers that a show without any is given, so that it has a logarithm."""
FEATURE_NAMES: Final = "feature_names"
DISCOVERY: Final = "discovery"
FRANCHISE_SEEN: Final = list(FEATURES).index("franchise_seen")
COMPONENTS: Final = tuple(dict.fromkeys(FEATURES.values()))
OF_COMPONENT: Final = np.array(
    [[component == one for one in COMPONENTS] for component in FEATURES.values()], dtype=np.float64
)
"""(n_features, n_components), 1 where a feature speaks for a component"""
PARTS: Final[tuple[type[Model[Any]], ...]] = (Popularity, Content, Ease, ItemNeighbours)
"""The classes of ``Parts``, in its order."""


@dataclass(frozen=True)
class Ranked:
    """The candidates of one viewer, scored."""

    viewer: ViewerList
    evidence: Evidence
    scores: NDArray[np.float32]
    """(c,) log-odds that the viewer lists the show, those of known franchises set back"""
    features: NDArray[np.float32]
    """(c, n_features) what the trees looked at"""
    leaf_numbers: NDArray[np.unsignedinteger]
    """(n_trees, c) where they put the candidates"""
    change: NDArray[np.float64]
    """(c,) of 0 or less, by how much a show of a known franchise was set back"""

    @property
    def candidates(self) -> NDArray[np.int32]:
        """(c,) rows, in the order of Ease."""
        return self.evidence.candidates


class Parts(NamedTuple):
    """The models that the ranker reads, fitted on one catalogue."""

    popularity: Popularity
    content: Content
    ease: Ease
    neighbours: ItemNeighbours

    @classmethod
    def of(cls, models: Mapping[str, Model[Any]]) -> Self | None:
        """Pick them from models by name; None if one is missing."""
        found = [models.get(model.name) for model in PARTS]
        if any(part is None for part in found):
            return None
        return cls(*found)  # type: ignore[arg-type]


class LearnedRanker:
    """Orders the best candidates by boosted trees over features of viewer, show and pair.

    Parameters
    ----------
    parts
        The models.
    trees
        Over the columns of ``FEATURES``.
    facts
        Of the same catalogue.
    discovery
        How far shows of known franchises are set back (``discovery.py``).
    """

    name = "learned"

    def __init__(
        self, parts: Parts, trees: SymmetricTrees, facts: ItemFacts, discovery: float = 0.0
    ) -> None:
        self.discovery = discovery
        self.parts = parts
        self.ease = parts.ease
        self.neighbours = parts.neighbours
        self.content = parts.content
        self.trees = trees
        self.facts = facts
        self.audience = Audience.of(log_popularity(parts.popularity.share), facts)
        self.by_popularity = np.argsort(-parts.popularity.share, kind="stable")
        self.n_items = parts.ease.n_items

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Float32 (n_items, n_dimensions), the content vectors at length 1."""
        return unit_vectors(self.content)

    def rank(
        self,
        history: Histories,
        eligible: NDArray[np.bool_],
        n: int = FROM_EASE,
        also: NDArray[np.int64] | None = None,
        stand_ins: NDArray[np.int32] | None = None,
        discovery: float | None = None,
    ) -> Ranked | None:
        """Score the best eligible candidates of one list; None if it is empty or nothing is eligible.

        Parameters
        ----------
        history
            One list.
        eligible
            bool (n_items,), the shows that may be recommended.
        n
            How many of the best by Ease; a few come from elsewhere (``candidates.py``).
        also
            Rows of shows that are scored whether they are among the best or not.
        stand_ins
            (n_items,), for each show the row of one that is scored as well, mostly itself.
        discovery
            How far shows of known franchises are set back, from 0 to 1 (``discovery.py``); None
            takes the ranker's own.
        """
        viewer = viewer_list(history)
        if not len(viewer.rows):
            return None
        # Every entry alike, as in training: what is disliked has features of its own.
        weights = self.ease.weights.of(viewer.rows)
        scores = weights.votes()
        candidates = gather(
            scores,
            eligible,
            n,
            self.by_popularity,
            len(viewer.rows),
            self.neighbours.core,
            partial(self._by_neighbours, viewer.rows),
        )
        if stand_ins is not None:
            candidates = in_order(scores, candidates, stand_ins[candidates])
        if also is not None:
            candidates = in_order(scores, candidates, also)
        if not len(candidates):
            return None
        lifts, chance = self._by_neighbours(viewer.rows, candidates)
        evidence = Evidence(
            candidates=candidates,
            contributions=weights.for_each(candidates),
            of_entries=scores[viewer.rows],
            lifts=lifts,
            share=chance,
            audience=self.audience,
        )
        rows = features(viewer, evidence, self.facts, self.vectors)
        leaf_numbers = self.trees.leaf_numbers(rows)
        log_odds = self.trees.scores(leaf_numbers)
        discovery = self.discovery if discovery is None else discovery
        change = set_back(log_odds, rows[:, FRANCHISE_SEEN] > 0, discovery)
        scores = (log_odds + change).astype(np.float32)
        return Ranked(viewer, evidence, scores, rows, leaf_numbers, change)

    def _by_neighbours(
        self, rows: NDArray[np.int32], others: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self.neighbours.lifts(rows, others), self.neighbours.share[others]

    def attributions(self, ranked: Ranked, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return float64 (n_places, n_features), what each feature adds to the scores.

        What a known franchise is set back by is owed to the feature that tells of it.
        """
        leaf_numbers = ranked.leaf_numbers.take(places, axis=1)
        shares = self.trees.attributions(leaf_numbers, len(FEATURES))
        shares[:, FRANCHISE_SEEN] += ranked.change[places]
        return shares

    def by_component(self, shares: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        """Return what each component adds to the scores of some shows, (n_places,) each.

        With ``base``, the score before anything is known of viewer and show, they add up.

        Parameters
        ----------
        shares
            (n_places, n_features) attributions.
        """
        base = np.full(len(shares), self.trees.base)
        return {BASE: base, **dict(zip(COMPONENTS, (shares @ OF_COMPONENT).T, strict=True))}

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return float32 (n, n_items): candidates by the trees, the others below them by Ease."""
        scores = self.ease.score(histories)
        for viewer in range(len(histories)):
            history = histories.select(slice(viewer, viewer + 1))
            unseen = np.ones(self.n_items, dtype=np.bool_)
            unseen[history.items] = False
            ranked = self.rank(history, unseen)
            if ranked is not None:
                above = scores[viewer].max() + 1 - ranked.scores.min()
                scores[viewer, ranked.candidates] = ranked.scores + above
        return scores

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of trees and facts and the setting, those of the models not."""
        return {
            FEATURE_NAMES: np.array(list(FEATURES)),
            DISCOVERY: np.array(self.discovery),
            **{f"trees_{name}": array for name, array in self.trees.state().items()},
            **{f"facts_{name}": array for name, array in self.facts.state().items()},
        }

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file per array of ``state`` into ``directory``."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, array in self.state().items():
            np.save(directory / f"{name}.npy", array, allow_pickle=False)

    @classmethod
    def load(cls, directory: Path, parts: Parts) -> Self:
        """Open what ``save`` wrote, memory-mapped, over models of the same catalogue.

        Raises
        ------
        OSError, ValueError, KeyError
            If a file is missing or damaged, or the trees were trained on other features.
        """
        state = {
            # As plain arrays: indexing np.memmap objects is slow.
            path.stem: np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
            for path in directory.glob("*.npy")
        }
        if state[FEATURE_NAMES].tolist() != list(FEATURES):
            raise ValueError(f"the trees in {directory} were trained on other features")
        trees = SymmetricTrees.restore(_parts(state, "trees"))
        facts = ItemFacts.restore(_parts(state, "facts"))
        return cls(parts, trees, facts, float(state[DISCOVERY]))


def viewer_list(history: Histories) -> ViewerList:
    """Return the watched entries of one list."""
    watched = history.statuses != Status.PLAN_TO_WATCH
    return ViewerList(
        history.items[watched],
        history.ratings[watched].astype(np.float32),
        history.statuses[watched],
    )


def log_popularity(share: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return the logarithm of shares of viewers, with a floor for shows that have none."""
    logs: NDArray[np.float32] = np.log(np.maximum(share, UNWATCHED_SHARE)).astype(np.float32)
    return logs


def unit_vectors(content: Content) -> NDArray[np.float32]:
    """Return float32 (n_items, n_dimensions), each row at length 1, or 0 if nothing is known."""
    dense = content.vectors.dense
    lengths = np.linalg.norm(dense, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(
        dense, lengths, out=np.zeros_like(dense), where=lengths > 0
    )
    return unit


def _parts(state: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a state whose names begin with ``prefix_``, without it."""
    return {
        name.removeprefix(f"{prefix}_"): array
        for name, array in state.items()
        if name.startswith(f"{prefix}_")
    }
