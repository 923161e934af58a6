"""Which target ranks better: "watched or not", or the rating? NDCG@10 of RecommenderNet with each.

Trains the network once per target (and protocol) and ranks the full catalogue for the validation
viewers. Run it after ``anirec ingest`` and ``anirec split``::

    python benchmarks/targets.py --tables artifacts/tables --split artifacts/split --known
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.histories import NEW_VIEWER, Histories
from anirec.data.split import Fold, known_viewers_dataset, load_split
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import HEADLINE, measure
from anirec.evaluation.protocols import KNOWN_VIEWERS, NEW_VIEWERS
from anirec.models.base import FitContext
from anirec.models.popularity import Popularity
from anirec.models.recommender_net import RecommenderNet, RecommenderNetConfig
from anirec.progress import ConsoleProgress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.split import Split

TARGETS = ("watched", "rating")


def unknown(fold: Fold) -> Fold:
    """Return the same lists as those of viewers nobody knows, who are folded in."""
    history = fold.history
    return Fold(
        Histories(
            np.full(len(history), NEW_VIEWER, dtype=np.int64),
            *(history.indptr, history.items, history.ratings, history.statuses),
        ),
        fold.held_out,
    )


def ndcg(model: Popularity | RecommenderNet, fold: Fold) -> NDArray[np.float64]:
    """Return NDCG@10 of each viewer."""
    return measure(model, fold).per_viewer[HEADLINE]


def compare(protocol: str, dataset: Dataset, split: Split) -> list[dict[str, Any]]:
    """Return one row for each way of ranking the validation viewers."""
    fold = split.validation
    reached = {"popularity": ndcg(Popularity().fit(dataset), fold)}
    rows: list[dict[str, Any]] = [{"ranking": "popularity", "fit_seconds": 0, "epochs": 0}]
    for target in TARGETS:
        epochs: list[Any] = []
        context = FitContext(log=epochs.append, progress=ConsoleProgress())
        start = time.perf_counter()
        model = RecommenderNet(RecommenderNetConfig(target=target)).fit(dataset, context)
        seconds = round(time.perf_counter() - start)
        ways = {target: fold}
        if protocol == KNOWN_VIEWERS:
            ways = {f"{target}, trained vector": fold, f"{target}, folded in": unknown(fold)}
        for way, viewers in ways.items():
            reached[way] = ndcg(model, viewers)
            rows.append({"ranking": way, "fit_seconds": seconds, "epochs": len(epochs)})
    for row in rows:
        row["protocol"] = protocol
        row["ndcg_at_10"] = round(float(reached[row["ranking"]].mean()), 4)
    if protocol == NEW_VIEWERS:
        found = paired_difference(reached["watched"], reached["rating"])
        print(f"watched beats rating by {found}")
    return rows


def main() -> None:
    """Print the table and, if asked, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--known", action="store_true", help="also train with the viewers' 80 %%")
    parser.add_argument("--json", type=Path, help="write the rows here as well")
    arguments = parser.parse_args()
    split = load_split(arguments.split, arguments.tables)
    rows = compare(NEW_VIEWERS, split.train, split)
    if arguments.known:
        rows += compare(KNOWN_VIEWERS, known_viewers_dataset(split), split)
    print(f"{'protocol':<15}{'ranking':<28}{'NDCG@10':>8}{'epochs':>8}{'fit s':>8}")
    for row in rows:
        print(
            f"{row['protocol']:<15}{row['ranking']:<28}{row['ndcg_at_10']:>8.4f}"
            f"{row['epochs']:>8}{row['fit_seconds']:>8}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
