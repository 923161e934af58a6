"""Training the learned ranker on viewers whom the models, for that moment, do not know.

Ease is linear, so what it would say of a viewer had it never seen them follows in closed form: its
inverse without one list is a rank-one update. Every training viewer can therefore teach the
ranker, with scores like those of a new viewer, and Ease is fitted once.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from anirec.models.ease_solver import list_weights
from anirec.ranking.candidates import best_rows
from anirec.ranking.learned.features import Evidence, ViewerList, features
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.learned_ranker import (
    CANDIDATES,
    LearnedRanker,
    log_popularity,
    unit_vectors,
)
from anirec.ranking.learned.trees import SymmetricTrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.models.base import FitContext
    from anirec.models.content import Content
    from anirec.models.ease import Ease
    from anirec.models.popularity import Popularity

SHORTEST_LIST: Final = 10
LONGEST_LIST: Final = 3000
HISTORY_SHARE: Final = 0.8
SHORT_SHARE: Final = 0.2
"""Of the viewers, those whose history is cut to 1 to 20 entries."""
SHORT_HISTORY: Final = 20
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


def train_ranker(
    dataset: Dataset, ease: Ease, content: Content, popularity: Popularity, context: FitContext
) -> LearnedRanker:
    """Fit the trees on the training viewers; the models stay as they are.

    Raises
    ------
    ValueError
        If ``ease`` was loaded, not fitted: its inverse is needed.
    """
    if ease.inverse is None:
        raise ValueError("a ranker is trained right after ease is fitted: its inverse is needed")
    facts = ItemFacts.of(dataset.shows, dataset.index)
    rows, found = training_rows(dataset, ease, content, popularity, facts, context)
    trees = boost(rows, found, context)
    return LearnedRanker(ease, content, popularity, trees, facts)


def training_rows(
    dataset: Dataset,
    ease: Ease,
    content: Content,
    popularity: Popularity,
    facts: ItemFacts,
    context: FitContext,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return float32 (n, n_features) rows of candidates, and bool (n,) which were hidden."""
    watched = dataset.histories.watched()
    lengths = watched.lengths
    viewers = np.flatnonzero((lengths >= SHORTEST_LIST) & (lengths <= LONGEST_LIST))
    weights = list_weights(lengths, ease.config.length_exponent)
    generator = np.random.default_rng(context.seed)
    vectors = unit_vectors(content)
    n_viewers = max(len(watched), 1)
    rows, found = [], []
    with context.progress.bar("viewers for the ranker", len(viewers)) as advance:
        for viewer in viewers.tolist():
            entries = slice(int(watched.indptr[viewer]), int(watched.indptr[viewer + 1]))
            example = draw(watched.items[entries], generator)
            candidates, contributions = without_viewer(ease, example, float(weights[viewer]))
            share = popularity.share.copy()
            share[example.whole] -= np.float32(1 / n_viewers)
            seen = ViewerList(
                example.whole[example.history],
                watched.ratings[entries][example.history].astype(np.float32),
                watched.statuses[entries][example.history],
            )
            evidence = Evidence(candidates, contributions, log_popularity(share))
            rows.append(features(seen, evidence, facts, vectors))
            found.append(np.isin(candidates, example.whole[example.hidden]))
            advance(1)
    return np.concatenate(rows), np.concatenate(found)


def draw(whole: NDArray[np.int32], generator: np.random.Generator) -> Example:
    """Hide a fifth of a list; of some lists show a few entries only."""
    order = generator.permutation(len(whole))
    shown = round(HISTORY_SHARE * len(whole))
    history, hidden = order[:shown], order[shown:]
    if generator.random() < SHORT_SHARE:
        longest = min(SHORT_HISTORY, shown)
        history = history[: round(float(np.exp(generator.uniform(0, np.log(longest)))))]
    return Example(whole, np.sort(history), np.sort(hidden))


def without_viewer(
    ease: Ease, example: Example, weight: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return candidates and contributions by Ease as if this viewer had not been in the lists.

    With x the viewer's row of the lists and q = P x, the inverse without them is
    ``P + q q' / (1 - x' q)`` (Sherman and Morrison 1950). The part of the regularisation that grows
    with a show's viewers keeps their share.

    Returns
    -------
    int32 (c,) candidates, none of them shown or out of play, and float32 (k, c) contributions.
    """
    inverse = ease.inverse
    assert inverse is not None
    whole, history = example.whole, example.whole[example.history]
    of_whole = inverse[whole]
    response = weight * of_whole.sum(axis=0)
    remainder = 1 - weight * float(response[whole].sum())
    diagonal = inverse.diagonal() + response * response / remainder
    of_history = of_whole[example.history]
    pull = response[history] / remainder
    scores = -(of_history.sum(axis=0) + float(pull.sum()) * response) / diagonal
    eligible = np.ones(len(scores), dtype=np.bool_)
    eligible[whole] = False
    eligible[whole[example.hidden]] = True
    candidates = best_rows(scores, eligible, CANDIDATES).astype(np.int32)
    contributions = of_history[:, candidates] + np.outer(pull, response[candidates])
    return candidates, (-contributions / diagonal[candidates]).astype(np.float32)


def boost(
    rows: NDArray[np.float32], found: NDArray[np.bool_], context: FitContext
) -> SymmetricTrees:
    """Fit CatBoost's symmetric trees to tell hidden candidates from others, and export them."""
    from catboost import CatBoost, Pool

    context.progress.step(f"learned ranker: {TREES} trees on {len(rows):,} candidates")
    model = CatBoost(settings_of(context)).fit(Pool(rows, found.astype(np.int8)))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "trees.json"
        model.save_model(str(path), format="json")
        return export(json.loads(path.read_text()))


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
