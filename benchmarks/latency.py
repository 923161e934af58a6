"""How long answers of a published bundle take: ``python benchmarks/latency.py --bundle PATH``.

Prints the median and the 99th percentile of single requests, reasons included, and what loading
takes in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec import Recommender
from anirec.pipeline.gate.latency import LIST_LENGTH, request_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH = 256
WARM_UP = 20
GIVEN = {"collaborative": 0.8, "content": 0.2}

FIRST_ANSWER = """
import sys, time
began = time.perf_counter()
from anirec import Entry, Recommender
imported = time.perf_counter()
rec = Recommender.load(sys.argv[1])
loaded = time.perf_counter()
rec.recommend([Entry(int(sys.argv[2]), 10)])
print(imported - began, loaded - imported, time.perf_counter() - loaded)
"""


def timed(ask: Callable[[Any], object], questions: Sequence[Any]) -> dict[str, float]:
    """Return median and 99th percentile of single calls, in milliseconds."""
    for question in questions[:WARM_UP]:
        ask(question)
    took = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        took.append(1000 * (time.perf_counter() - began))
    return {"median_ms": float(np.median(took)), "p99_ms": float(np.quantile(took, 0.99))}


def measure(bundle: Path, requests: int, seed: int) -> dict[str, dict[str, float]]:
    """Time every kind of request against one bundle."""
    rec = Recommender.load(bundle)
    lists = request_lists(rec, requests, seed)
    ids = [show.anime_id for show in rec.recommend([], n=min(2000, rec.manifest.n_items))]
    figures = {}
    users = rec.sample_viewers(requests)
    if users:
        figures["recommend_user"] = timed(rec.recommend_user, users)
    figures[f"recommend, {LIST_LENGTH} entries"] = timed(rec.recommend, lists)
    figures["recommend, diversity 0.5"] = timed(
        lambda entries: rec.recommend(entries, diversity=0.5), lists
    )
    figures["similar"] = timed(rec.similar, ids[:requests])
    figures["search"] = timed(rec.search, [rec.show(i).title[:5] for i in ids[:requests]])
    many = request_lists(rec, BATCH, seed + 1)
    for blend, weights in (("", None), (", given weights", GIVEN)):
        batch = timed(partial(rec.recommend_batch, weights=weights), [many] * 5)
        figures[f"recommend_batch{blend}, each of {BATCH}"] = {
            name: value / BATCH for name, value in batch.items()
        }
    starts = [
        subprocess.run(
            [sys.executable, "-c", FIRST_ANSWER, str(bundle), str(ids[0])],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for _ in range(5)
    ]
    steps = np.array(starts, dtype=float).T
    for name, values in zip(
        ("import", "load", "first recommend", "all three"),
        [*steps, steps.sum(axis=0)],
        strict=True,
    ):
        figures[f"{name}, new process"] = {
            "median_ms": float(1000 * np.median(values)),
            "p99_ms": float(1000 * np.max(values)),
        }
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundles/current"))
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print for a program")
    arguments = parser.parse_args()
    figures = measure(arguments.bundle, arguments.requests, arguments.seed)
    if arguments.json:
        print(json.dumps(figures, indent=1))
        return
    print(f"{'':44}{'median ms':>10}{'p99 ms':>10}")
    for name, values in figures.items():
        print(f"{name:44}{values['median_ms']:10.2f}{values['p99_ms']:10.2f}")


if __name__ == "__main__":
    main()
