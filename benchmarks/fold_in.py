"""What each part of RecommenderNet's fold-in is worth for new viewers: NDCG@10, validation.

Takes a trained network and folds the validation viewers in with other settings; nothing is
trained. Run it after ``anirec train``::

    python benchmarks/fold_in.py --model artifacts/models/recommender_net
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from anirec.data.split import load_split
from anirec.evaluation.figures import HEADLINE, measure
from anirec.models.fold_in import FoldIn, FoldInConfig, weighted_gram
from anirec.models.recommender_net import RecommenderNet

UNWATCHED_WEIGHTS = (0.02, 0.05, 0.1, 0.2)
RIDGES = (15.0, 30.0, 60.0)


def variants() -> dict[str, list[dict[str, Any]]]:
    """Return by name the settings to try; the best of a list is what counts."""
    grid = [{"unwatched_weight": a, "ridge": r} for a in UNWATCHED_WEIGHTS for r in RIDGES]
    no_ratings: dict[str, Any] = {"rating_effect": 0.0}
    even = no_ratings | {"popularity_exponent": 0.0}
    return {
        "list and ridge to the mean viewer": [
            even | {"unwatched_weight": 0.0, "ridge": r} for r in RIDGES
        ],
        "and all shows lean to 0": [even | point for point in grid],
        "and popular ones more": [no_ratings | point for point in grid],
        "and ratings count: as shipped": [{}],
        "as shipped, ridge to zero": [{"mean_viewer": False}],
    }


def main() -> None:
    """Print the table and, if asked, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path("artifacts/models/recommender_net"))
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--json", type=Path, help="write the rows here as well")
    arguments = parser.parse_args()
    split = load_split(arguments.split, arguments.tables)
    watched = split.train.histories.watched()
    model = RecommenderNet.load(arguments.model)
    mean_viewer = model.fold_in.mean_viewer

    def reached(mean_viewer_kept: bool, config: FoldInConfig) -> float:
        model.fold_in = FoldIn(
            model.item_vectors,
            weighted_gram(model.item_vectors, watched, config),
            mean_viewer if mean_viewer_kept else np.zeros_like(mean_viewer),
            config,
        )
        return float(measure(model, split.validation).per_viewer[HEADLINE].mean())

    rows = []
    print(f"{'fold-in':<36}{'NDCG@10':>8}  best settings")
    for name, settings in variants().items():
        tried = []
        for changed in settings:
            kept = changed.get("mean_viewer", True)
            config = FoldInConfig(**{k: v for k, v in changed.items() if k != "mean_viewer"})
            tried.append((reached(kept, config), config))
        best, config = max(tried, key=lambda one: one[0])
        rows.append({"fold_in": name, "ndcg_at_10": round(best, 4), **config.model_dump()})
        print(f"{name:<36}{best:>8.4f}  {config}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
