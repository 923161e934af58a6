"""What a low rating pushes away, and what that is worth: validation viewers, nothing is trained.

Two questions, for the learned ranker and for given weights, and one for Ease:

- *Push*: a viewer's show is rated 10, then 2. How far do shows that are like it fall: its ten
  nearest by Ease, and the unseen shows of its franchise?
- *Worth*: NDCG@10 of what viewers liked, and of all that was held out, with dislikes on and off.
- *Counts*: the same figures of Ease alone, if a disliked entry counts more or less than it does.

Run it after ``anirec train``::

    python benchmarks/dislikes.py
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import accuracy
from anirec.evaluation.full_ranking import rank
from anirec.evaluation.relevance import liked, narrowed
from anirec.models import ease
from anirec.models.ease import Ease
from trained_recommender import add_places, entries_of, ndcg, trained_recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec import Recommender
    from anirec.data.histories import Histories
    from anirec.data.split import Split

NEAREST = 10
LOVED, HATED = 10, 2
FAVOURITE = 8
"""The show whose rating is changed had at least this one."""

COUNTS = (1.0, 0.75, 0.5, 0.25, 0.0, -0.5)

WEIGHTS: dict[str, Mapping[str, float] | None] = {
    "learned": None,
    "tuned weights": {},
    "weights 0.5 / 0.5": {"collaborative": 0.5, "content": 0.5},
    "collaborative alone": {"collaborative": 1.0},
    "content alone": {"content": 1.0},
}
"""``{}`` stands for the weights that the bundle was tuned to."""


def places(recommender: Recommender, history: Histories, weights: Any) -> NDArray[np.int64]:
    """Return the place of every show in the ranking of one list, 0 first."""
    ranker = recommender._ranker
    if weights is None:
        assert ranker.learned is not None
        scores = ranker.learned.score(history)[0]
    else:
        scores = ranker.for_histories(history, weights)[0].total
    scores[history.items] = -np.inf
    place = np.empty(len(scores), dtype=np.int64)
    place[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return place


def push(split: Split, recommender: Recommender, weights: Any, seed: int) -> dict[str, Any]:
    """Return medians over viewers and shows of places with the rating 10, with 2, and the fall."""
    model = recommender._ranker.hybrid.models["collaborative"]
    assert isinstance(model, Ease)
    franchise = recommender._catalogue.columns.franchise
    generator = np.random.default_rng(seed)
    found: dict[str, list[tuple[int, int]]] = {"nearest": [], "franchise": []}
    for history in split.validation.history.watched().batches(1):
        loved = np.flatnonzero(
            (history.ratings >= FAVOURITE) & (history.statuses != Status.DROPPED)
        )
        if not len(loved):
            continue
        entry = int(generator.choice(loved))
        row = history.items[entry]
        with_rating = []
        for rating in (LOVED, HATED):
            ratings = history.ratings.copy()
            ratings[entry] = rating
            with_rating.append(places(recommender, replace(history, ratings=ratings), weights))
        unseen = np.ones(len(franchise), dtype=np.bool_)
        unseen[history.items] = False
        near = np.where(unseen, model.similar(int(row)), -np.inf)
        chosen = {
            "nearest": np.argsort(-near, kind="stable")[:NEAREST],
            "franchise": np.flatnonzero(unseen & (franchise == franchise[row])),
        }
        for name, rows in chosen.items():
            found[name] += [(int(with_rating[0][r]), int(with_rating[1][r])) for r in rows]
    figures: dict[str, Any] = {}
    for name, pairs in found.items():
        before, after = np.array(pairs).T
        figures[name] = {
            "shows": len(pairs),
            "median place at 10": float(np.median(before)) + 1,
            "median place at 2": float(np.median(after)) + 1,
            "median fall": float(np.median(after - before)),
            "fall": float((after > before).mean()),
            "median fall of the first hundred": float(np.median((after - before)[before < 100])),
            "in the first ten at 10": float((before < NEAREST).mean()),
            "in the first ten at 2": float((after < NEAREST).mean()),
        }
    return figures


def worth(split: Split, recommender: Recommender, weights: Any) -> dict[str, Any]:
    """Return NDCG@10 with dislikes on and off, and the paired difference (on - off)."""
    fold = split.validation
    lists = entries_of(split, fold.history)
    asked = {
        switch: [recommender.recommend(one, weights=weights, dislikes=switch) for one in lists]
        for switch in (True, False)
    }
    figures: dict[str, Any] = {}
    for name, relevant in (
        ("liked", narrowed(fold.held_out, liked(fold))),
        ("new viewers", fold.held_out),
    ):
        counts = relevant.lengths > 0
        on, off = (ndcg(split, asked[switch], relevant)[counts] for switch in (True, False))
        gain = paired_difference(on, off)
        figures[name] = {
            "on": float(on.mean()),
            "off": float(off.mean()),
            "gain": [gain.mean, gain.low, gain.high],
        }
    return figures


def counts(split: Split, recommender: Recommender) -> dict[str, Any]:
    """Return NDCG@10 by Ease for what a disliked entry may count, and differences to counting 1."""
    fold = split.validation
    model = recommender._ranker.hybrid.models["collaborative"]
    kinds = {"liked": narrowed(fold.held_out, liked(fold)), "new viewers": fold.held_out}
    figures: dict[str, Any] = {}
    even: dict[str, NDArray[np.float64]] = {}
    for count in COUNTS:
        with patch.object(ease, "DISLIKED_COUNTS", count):
            top = rank(model, fold.history, NEAREST)
        row: dict[str, Any] = {}
        for name, relevant in kinds.items():
            reached = accuracy(top, relevant, len(split.index))["ndcg"][relevant.lengths > 0]
            gain = paired_difference(reached, even.setdefault(name, reached))
            row[name] = {"ndcg": float(reached.mean()), "gain": [gain.mean, gain.low, gain.high]}
        figures[str(count)] = row
    return figures


def main() -> None:
    """Print the tables and, if asked, write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_places(parser)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    try:
        split, recommender = trained_recommender(arguments)
    except AnirecError as error:
        parser.exit(1, f"{error}\n")
    history = split.validation.history
    low = (history.ratings != NOT_RATED) & (history.ratings <= 4)
    print(
        f"{len(history)} viewers, {len(history.items):,} entries: {low.mean():.1%} rated 4 or less, "
        f"{(history.statuses == Status.DROPPED).mean():.1%} dropped"
    )
    figures: dict[str, Any] = {}
    for name, given in WEIGHTS.items():
        weights = recommender.manifest.weights if given == {} else given
        pushed = push(split, recommender, weights, arguments.seed)
        earned = worth(split, recommender, weights)
        figures[name] = {"push": pushed, "worth": earned}
        print(f"\n{name}")
        for what, row in pushed.items():
            print(f"  {what:10}", ", ".join(f"{k} {v:,.3g}" for k, v in row.items()))
        for what, row in earned.items():
            mean, least, most = row["gain"]
            print(
                f"  NDCG@10, {what}: on {row['on']:.4f}, off {row['off']:.4f}, "
                f"gain {mean:+.4f} ({least:+.4f} to {most:+.4f})"
            )
    figures["counts"] = counts(split, recommender)
    print("\nEase alone, by what a disliked entry counts: NDCG@10 and gain over counting 1")
    for count, row in figures["counts"].items():
        print(
            f"  {count:6}",
            "; ".join(
                f"{name} {one['ndcg']:.4f}, {one['gain'][0]:+.4f} "
                f"({one['gain'][1]:+.4f} to {one['gain'][2]:+.4f})"
                for name, one in row.items()
            ),
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
