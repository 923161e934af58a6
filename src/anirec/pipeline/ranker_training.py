"""Training the learned ranker on viewers whom the models, for that moment, do not know.

Ease is linear, so what it would say of a viewer had it never seen them follows in closed form: its
inverse without one list is a rank-one update. Every training viewer can therefore teach the
ranker, with scores like those of a new viewer, and Ease is fitted once.
"""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.models.ease_solver import list_weights
from anirec.ranking.learned.audience import Audience
from anirec.ranking.learned.candidates import FROM_EASE, SHORT_LIST, gather
from anirec.ranking.learned.features import FEATURES, Evidence, ViewerList, features
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.learned_ranker import (
    LearnedRanker,
    Parts,
    log_popularity,
    unit_vectors,
)
from anirec.ranking.learned.trees import SymmetricTrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext
    from anirec.models.ease import Ease

SHORTEST_LIST: Final = 10
LONGEST_LIST: Final = 3000
SHORT_SHARE: Final = 0.5
"""Of the viewers, those who teach with a short list as well."""
PLACES: Final = 10
"""Of a list that is shown to a person"""
TREES: Final = 300
DEPTH: Final = 6


class Example(NamedTuple):
    """One training viewer: what the ranker may see, what it is to find, what is out of play."""

    whole: NDArray[np.int32]
    """All watched rows"""
    history: NDArray[np.int64]
    """Places in ``whole`` that the ranker sees"""
    hidden: NDArray[np.int64]
    """Places that it is to find"""

    @property
    def shown(self) -> NDArray[np.int32]:
        """(k,) the rows of the history."""
        return self.whole[self.history]


class EaseWithout(NamedTuple):
    """What Ease would say to parts of a list, had that list not been counted."""

    of_whole: NDArray[np.float32]
    """(m, n_items) rows of the inverse with everybody, of all m entries"""
    total: NDArray[np.float32]
    """(n_items,) their sum"""
    pull: NDArray[np.float32]
    """(m,) how much of ``response`` each entry takes on"""
    response: NDArray[np.float32]
    """(n_items,) the inverse times the list"""
    diagonal: NDArray[np.float32]
    """(n_items,) of the inverse without the list"""

    def scores(self, history: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return float32 (n_items,) what the entries at (k,) places of the list say of all items.

        Each of them says -1 of itself.
        """
        if 2 * len(history) > len(self.of_whole):
            others = np.delete(np.arange(len(self.of_whole)), history)
            of_history = self.total - self.of_whole[others].sum(axis=0)
        else:
            of_history = self.of_whole[history].sum(axis=0)
        pull = float(self.pull[history].sum())
        scores: NDArray[np.float32] = -(of_history + pull * self.response) / self.diagonal
        return scores.astype(np.float32, copy=False)

    def contributions(
        self, history: NDArray[np.int64], candidates: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return float32 (k, c), what each entry adds to the scores of some items."""
        rows = self.of_whole[np.ix_(history, candidates)]
        rows += np.outer(self.pull[history], self.response[candidates])
        contributions: NDArray[np.float32] = (-rows / self.diagonal[candidates]).astype(np.float32)
        return contributions


def train_ranker(
    dataset: Dataset, parts: Parts, history_share: float, context: FitContext
) -> LearnedRanker | None:
    """Fit the trees on the training viewers; the models stay as they are.

    Parameters
    ----------
    history_share
        Of each list, what the trees see; they learn to find the rest, as held-out viewers' lists
        are cut.

    Returns
    -------
    The ranker; None if no list teaches: all are shorter or longer than those that do, or all hidden
    shows are beyond the candidates.

    Raises
    ------
    ValueError
        If Ease or ItemNeighbours was loaded, not fitted: its inverse, or its counts, are needed.
    """
    if parts.ease.inverse is None:
        raise ValueError("a ranker is trained right after ease is fitted: its inverse is needed")
    facts = ItemFacts.of(dataset.shows, dataset.index)
    examples = training_rows(dataset, parts, facts, history_share, context)
    if not 0 < int(examples.found.sum()) < len(examples.found):
        return None
    trees = boost(examples, context)
    return LearnedRanker(parts, trees, facts)


class TrainingRows(NamedTuple):
    """Candidates of all examples."""

    rows: NDArray[np.float32]
    """(n, n_features)"""
    found: NDArray[np.bool_]
    """(n,), which were hidden"""
    weights: NDArray[np.float32]
    """(n,)"""


def training_rows(
    dataset: Dataset, parts: Parts, facts: ItemFacts, history_share: float, context: FitContext
) -> TrainingRows:
    """Return the candidates of one example of every training viewer, and of a short one of some.

    An example in which more than ten shows can be found counts less, for no list of ten shows more
    of them.
    """
    watched = dataset.histories.watched()
    lengths = watched.lengths
    viewers = np.flatnonzero((lengths >= SHORTEST_LIST) & (lengths <= LONGEST_LIST))
    list_weight = list_weights(lengths, parts.ease.config.length_exponent)
    generator = np.random.default_rng(context.seed)
    cuts = []
    for viewer in viewers.tolist():
        items = watched.items[watched.indptr[viewer] : watched.indptr[viewer + 1]]
        examples = [draw(items, history_share, generator)]
        if generator.random() < SHORT_SHARE:
            examples.append(shortened(examples[0], generator))
        cuts.append(examples)
    teacher = _Teacher(parts, facts)

    def of_viewer(
        viewer: int, examples: list[Example]
    ) -> list[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        entries = slice(int(watched.indptr[viewer]), int(watched.indptr[viewer + 1]))
        return teacher.rows(
            viewer,
            examples,
            watched.ratings[entries].astype(np.float32),
            watched.statuses[entries],
            float(list_weight[viewer]),
        )

    # One without rows, for a community in which no list teaches.
    rows = [np.zeros((0, len(FEATURES)), dtype=np.float32)]
    found = [np.zeros(0, dtype=np.bool_)]
    weights = [np.zeros(0, dtype=np.float32)]
    with (
        context.progress.bar("viewers for the ranker", len(viewers)) as advance,
        threadpool_limits(1),
        ThreadPoolExecutor(context.threads) as pool,
    ):
        for of_one in pool.map(of_viewer, viewers.tolist(), cuts):
            for of_example, hidden in of_one:
                rows.append(of_example)
                found.append(hidden)
                weight = PLACES / max(PLACES, int(hidden.sum()))
                weights.append(np.full(len(hidden), weight, dtype=np.float32))
            advance(1)
    return TrainingRows(np.concatenate(rows), np.concatenate(found), np.concatenate(weights))


def draw(whole: NDArray[np.int32], history_share: float, generator: np.random.Generator) -> Example:
    """Hide all but a random share of a list."""
    order = generator.permutation(len(whole))
    shown = round(history_share * len(whole))
    return Example(whole, np.sort(order[:shown]), np.sort(order[shown:]))


def shortened(example: Example, generator: np.random.Generator) -> Example:
    """Keep 1 to 24 entries of the history, fewer ones more often; the others are out of play."""
    longest = min(SHORT_LIST, len(example.history))
    length = round(float(np.exp(generator.uniform(0, np.log(longest + 0.49)))))
    kept = generator.permutation(example.history)[: max(length, 1)]
    return example._replace(history=np.sort(kept))


class _Teacher:
    """Makes the rows of a viewer's examples as if they had not been in the lists.

    But for how popular shows are, which counts the viewer with all others. Without them a show that is
    hidden would have one viewer less than in the examples of who never watched it, and of a show with
    many examples the trees would learn that number by heart.
    """

    def __init__(self, parts: Parts, facts: ItemFacts) -> None:
        self.parts = parts
        self.facts = facts
        self.vectors = unit_vectors(parts.content)
        self.by_popularity = np.argsort(-parts.popularity.share, kind="stable")
        self.audience = Audience.of(log_popularity(parts.popularity.share), facts)

    def rows(
        self,
        viewer: int,
        examples: list[Example],
        ratings: NDArray[np.float32],
        statuses: NDArray[np.uint8],
        list_weight: float,
    ) -> list[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        """Return for each example of one list its candidates' rows and which of them it hides.

        All examples are of the same ``whole``, whose (m,) ratings and statuses are given. No
        candidate is shown or out of play.
        """
        ease = without_viewer(self.parts.ease, examples[0].whole, list_weight)
        found = []
        for example in examples:
            places = example.history
            seen = ViewerList(example.shown, ratings[places], statuses[places])
            candidates, rows = self._of_example(viewer, example, seen, ease)
            found.append((rows, np.isin(candidates, example.whole[example.hidden])))
        return found

    def _of_example(
        self, viewer: int, example: Example, seen: ViewerList, ease: EaseWithout
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        parts, shown = self.parts, example.shown
        scores = ease.scores(example.history)
        eligible = np.ones(parts.ease.n_items, dtype=np.bool_)
        eligible[example.whole] = False
        eligible[example.whole[example.hidden]] = True
        of_neighbours = partial(parts.neighbours.lifts_without, viewer, example.whole, shown)
        candidates = gather(
            scores,
            eligible,
            FROM_EASE,
            self.by_popularity,
            len(shown),
            parts.neighbours.core,
            of_neighbours,
        )
        lifts, chance = of_neighbours(candidates)
        evidence = Evidence(
            candidates=candidates,
            contributions=ease.contributions(example.history, candidates),
            # Each entry says -1 of itself, which no weights that are served do.
            of_entries=scores[shown] + 1,
            lifts=lifts,
            share=chance,
            audience=self.audience,
        )
        return candidates, features(seen, evidence, self.facts, self.vectors)


def without_viewer(ease: Ease, whole: NDArray[np.int32], weight: float) -> EaseWithout:
    """Return what Ease says of parts of a list as if its viewer had not been in the lists.

    With x the viewer's row of the lists and q = P x, the inverse without them is
    ``P + q q' / (1 - x' q)`` (Sherman and Morrison 1950). The part of the regularisation that grows
    with a show's viewers keeps their share.
    """
    inverse = ease.inverse
    assert inverse is not None
    of_whole = inverse[whole]
    total = of_whole.sum(axis=0)
    response = weight * total
    remainder = 1 - weight * float(response[whole].sum())
    diagonal = inverse.diagonal() + response * response / remainder
    return EaseWithout(of_whole, total, response[whole] / remainder, response, diagonal)


def boost(examples: TrainingRows, context: FitContext) -> SymmetricTrees:
    """Fit CatBoost's symmetric trees to tell hidden candidates from others, and export them."""
    from catboost import CatBoost, Pool

    context.progress.step(f"learned ranker: {TREES} trees on {len(examples.rows):,} candidates")
    model = CatBoost(settings_of(context)).fit(
        Pool(examples.rows, examples.found.astype(np.int8), weight=examples.weights)
    )
    # A file without a name: were the process killed here, it would be gone.
    with tempfile.TemporaryFile() as file:
        model.save_model(f"/dev/fd/{file.fileno()}", format="json")
        return export(json.load(file))


def settings_of(context: FitContext) -> dict[str, Any]:
    """Return the settings of CatBoost, chosen on validation viewers."""
    return {
        "loss_function": "Logloss",
        "iterations": TREES,
        "depth": DEPTH,
        "learning_rate": 0.12,
        "l2_leaf_reg": 5,
        "border_count": 64,
        "boost_from_average": True,
        "random_seed": context.seed,
        "thread_count": context.threads,
        "allow_writing_files": False,
        "logging_level": "Silent",
    }


def export(model: dict[str, Any]) -> SymmetricTrees:
    """Return the trees of CatBoost's JSON format."""
    trees = model["oblivious_trees"]
    columns = [f["flat_feature_index"] for f in model["features_info"]["float_features"]]
    depth = max(len(tree["splits"] or ()) for tree in trees)
    shape = (len(trees), depth)
    asked = np.zeros(shape, dtype=np.int32)
    # A level that a shallower tree lacks: a question that every row answers with no.
    thresholds = np.full(shape, np.inf, dtype=np.float32)
    leaves, weights = np.zeros((len(trees), 1 << depth)), np.zeros((len(trees), 1 << depth))
    scale, (bias,) = model["scale_and_bias"]
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            asked[number, level] = columns[split["float_feature_index"]]
            thresholds[number, level] = split["border"]
        known = len(tree["leaf_values"])
        leaves[number, :known] = tree["leaf_values"]
        weights[number, :known] = tree["leaf_weights"]
    return SymmetricTrees.build(asked, thresholds, scale * leaves, weights, bias)
