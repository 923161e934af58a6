"""What groups of features are worth to the learned ranker: NDCG@10 of validation viewers.

Fits the models once on the training viewers, makes the rows of all examples once, and boosts the
trees anew for every group with its columns blank; and once with another seed, which
shows what chance does. Run it after ``anirec ingest`` and ``anirec split``::

    python benchmarks/ranker_ablation.py

``--group`` measures only some, each against the trees that know all features. Candidates stay those of
all models, and discovery goes by the franchises of the list, whatever the trees know of them. Intervals
are over viewers.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.split import load_split
from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from anirec.evaluation.protocols import DISCOVERY, NEW_VIEWERS, task_of
from anirec.models.base import FitContext
from anirec.params import load_params
from anirec.pipeline.learned_stage import PART_NAMES
from anirec.pipeline.ranker_training import boost, training_rows
from anirec.pipeline.training import Workplace, fit_models
from anirec.progress import ConsoleProgress
from anirec.ranking.candidates import best_rows
from anirec.ranking.learned.discovery import set_back
from anirec.ranking.learned.features import FEATURES
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.learned_ranker import LearnedRanker, Parts
from anirec.ranking.learned.trees import SymmetricTrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.split import Split
    from anirec.ranking.learned.learned_ranker import Ranked

PREFIXES: Final = {
    "Ease's scores from liked and disliked entries": ("ease_of_liked", "ease_of_disliked"),
    "Ease's second reason, and how it scores the list": ("ease_second", "ease_of_entries"),
    "ItemNeighbours": ("chance", "bayes"),
    "likeness of content, genres": ("content", "genres"),
    "franchise and relations": (
        "franchise",
        "prequels",
        "sequels",
        "parents",
        "side_stories",
        "alternatives",
    ),
    "franchises watched to the end": ("completion",),
    "years, and types in them, against all viewers": ("habit",),
    "type, year, episodes, and the list itself": ("type", "year", "episodes", "list"),
    "popularity, members, community score": ("popularity", "members", "score"),
}
"""By group, what the names of its columns begin with."""
WAYS: Final = (0.0, 0.3, 0.65)
"""Settings of discovery"""

AGAIN: Final = "all features, another seed of the trees"

Figures = dict[tuple[str, float], "NDArray[np.float64]"]


def columns_of(group: str) -> list[int]:
    """Return the columns of a group."""
    return [place for place, name in enumerate(FEATURES) if name.startswith(PREFIXES[group])]


def candidates_of(parts: Parts, facts: ItemFacts, split: Split) -> list[Ranked | None]:
    """Return the candidates of every validation viewer and their rows; scores are of no use."""
    shape = (1, 1)
    nothing = SymmetricTrees.build(
        np.zeros(shape, np.int32), np.zeros(shape, np.float32), np.zeros((1, 2)), np.ones((1, 2)), 0
    )
    ranker = LearnedRanker(parts, nothing, facts)
    found = []
    for one in split.validation.history.batches(1):
        unseen = np.ones(ranker.n_items, dtype=np.bool_)
        unseen[one.items] = False
        found.append(ranker.rank(one, unseen))
    return found


def figures_of(trees: SymmetricTrees, candidates: list[Ranked | None], split: Split) -> Figures:
    """Return NDCG@10 of each viewer by protocol and setting of discovery.

    Trees ask nothing about columns that were blank in training.
    """
    seen = list(FEATURES).index("franchise_seen")
    tops = {way: np.full((len(candidates), TOP_N), -1, dtype=np.int32) for way in WAYS}
    for viewer, ranked in enumerate(candidates):
        if ranked is None:
            continue
        log_odds = trees.predict(ranked.features)
        for way, top in tops.items():
            scores = log_odds + set_back(log_odds, ranked.features[:, seen] > 0, way)
            everything = np.ones(len(scores), dtype=np.bool_)
            best = best_rows(scores.astype(np.float32), everything, TOP_N)
            top[viewer, : len(best)] = ranked.candidates[best]
    found: Figures = {}
    for protocol in (NEW_VIEWERS, DISCOVERY):
        task = task_of(protocol, split.validation, split)
        counts = task.relevant.lengths > 0
        for way, top in tops.items():
            of_all = accuracy(top, task.relevant, split.train.n_items)[HEADLINE]
            found[protocol, way] = np.asarray(of_all)[counts]
    return found


def line(name: str, found: Figures, everything: Figures) -> str:
    """Return a row of the table; differences are paired by viewer, with 95 % intervals."""
    cells = []
    for protocol in (NEW_VIEWERS, DISCOVERY):
        for way in WAYS:
            one, other = found[protocol, way], everything[protocol, way]
            if found is everything:
                cells.append(f"{one.mean():.4f}")
            else:
                change = paired_difference(one, other)
                cells.append(f"{change.mean:+.4f} ({change.low:+.4f} to {change.high:+.4f})")
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Train, measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("tables", "split", "cache"):
        parser.add_argument(f"--{name}", type=Path, default=Path("artifacts") / name)
    parser.add_argument("--group", action="append", choices=PREFIXES, help="only this group")
    arguments = parser.parse_args()
    progress = ConsoleProgress()
    params = load_params(None)
    context = FitContext(seed=params.seed, threads=params.threads, progress=progress)
    try:
        split = load_split(arguments.split, arguments.tables)
        workplace = Workplace(cache=arguments.cache, progress=progress)
        parts = Parts.of(fit_models(PART_NAMES, split.train, params, workplace))
    except AnirecError as error:
        sys.exit(f"Error: {error}")
    assert parts is not None
    facts = ItemFacts.of(split.train.shows, split.train.index)
    examples = training_rows(split.train, parts, facts, split.history_share, context)
    parts.ease.inverse = parts.neighbours.counts = None
    candidates = candidates_of(parts, facts, split)
    titles = [f"{name}, {way:g}" for name in (NEW_VIEWERS, DISCOVERY) for way in WAYS]
    print("| | " + " | ".join(titles) + " |")
    print("| --- |" + " ---: |" * len(titles), flush=True)
    everything = figures_of(boost(examples, context), candidates, split)
    print(line("all features", everything, everything), flush=True)
    again = boost(examples, replace(context, seed=context.seed + 1))
    print(line(AGAIN, figures_of(again, candidates, split), everything), flush=True)
    for group in arguments.group or PREFIXES:
        blank = columns_of(group)
        kept = examples.rows[:, blank].copy()
        examples.rows[:, blank] = 0
        trees = boost(examples, context)
        examples.rows[:, blank] = kept
        found = figures_of(trees, candidates, split)
        print(line(f"without {group}", found, everything), flush=True)


if __name__ == "__main__":
    main()
