"""What filters and variety cost: NDCG@10 and time of validation viewers, nothing is trained.

Run it after ``anirec train``, on one core::

    OPENBLAS_NUM_THREADS=1 python benchmarks/wishes.py
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.relevance import discovery, narrowed
from anirec.ranking.eligibility import Mentioned, eligible_shows
from anirec.ranking.filters import parse_filters
from trained_recommender import TOP_N, add_places, entries_of, ndcg, trained_recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anirec import Recommender

WISHES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no adult titles": {"filters": {"adult": False}},
    "no recaps": {"filters": {"recaps": False}},
    "nothing unreleased": {"filters": {"unreleased": False}},
    "no sequel before its prequel": {"filters": {"sequels_before_prequels": False}},
    "one per franchise": {"filters": {"franchise_repeats": False}},
    "new franchises only": {"filters": {"known_franchises": False}},
    "diversity 0.1": {"diversity": 0.1},
    "diversity 0.25": {"diversity": 0.25},
    "diversity 0.5": {"diversity": 0.5},
    "one per franchise, diversity 0.25": {
        "filters": {"franchise_repeats": False},
        "diversity": 0.25,
    },
}
USUAL: Mapping[str, Any] = {
    "adult": False,
    "recaps": False,
    "types": ["TV", "Movie"],
    "genres": ["Drama"],
    "without_genres": ["Ecchi"],
    "year_from": 2000,
    "score_from": 7,
}


def mask_time(recommender: Recommender, filters: Mapping[str, Any], times: int = 500) -> float:
    """Return the median of what holding the filters against the catalogue takes, milliseconds."""
    columns, wanted = recommender._catalogue.columns, parse_filters(filters)
    seen = np.arange(0, len(columns.is_adult), 150)
    took = []
    for _ in range(times):
        began = time.perf_counter()
        eligible_shows(wanted, columns, Mentioned(seen))
        took.append(1000 * (time.perf_counter() - began))
    return float(np.median(took))


def main() -> None:
    """Print the table and, if asked, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_places(parser)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    try:
        split, recommender = trained_recommender(arguments)
    except AnirecError as error:
        parser.exit(1, f"{error}\n")
    columns = recommender._catalogue.columns
    print(f"{columns.is_recap.sum()} recaps, {columns.is_unreleased.sum()} unreleased shows")
    print(f"usual filters: {mask_time(recommender, USUAL):.3f} ms")
    fold = split.validation
    lists = entries_of(split, fold.history)
    counts = fold.held_out.lengths > 0
    unknown = narrowed(fold.held_out, discovery(fold, split.shows))
    rows: dict[str, Any] = {}
    plain = None
    for name, wish in WISHES.items():
        answers, took = [], []
        for history in lists:
            began = time.perf_counter()
            answers.append(recommender.recommend(history, TOP_N, **wish))
            took.append(1000 * (time.perf_counter() - began))
        reached = ndcg(split, answers, fold.held_out)[counts]
        plain = reached if plain is None else plain
        found_anew = ndcg(split, answers, unknown)[unknown.lengths > 0]
        cost = paired_difference(reached, plain)
        rows[name] = {
            "ndcg": float(reached.mean()),
            "discovery_ndcg": float(found_anew.mean()),
            "difference": [cost.mean, cost.low, cost.high],
            "share": cost.mean / float(plain.mean()),
            "median_ms": float(np.median(took)),
            "full": float(np.mean([len(found) == TOP_N for found in answers])),
            "mask_ms": mask_time(recommender, wish.get("filters", {})),
        }
        print(
            f"{name:36}{reached.mean():.4f}  {cost.mean:+.4f} ({cost.low:+.4f} to {cost.high:+.4f}) "
            f"{rows[name]['share']:+.1%}, discovery {found_anew.mean():.4f}  {rows[name]['median_ms']:.2f} ms, "
            f"filters {rows[name]['mask_ms']:.3f} ms, {rows[name]['full']:.1%} full"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
