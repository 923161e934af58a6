"""What `publish --refresh-catalogue` gives new shows, beside a refit and beside content alone.

    python benchmarks/refresh.py [--minimum-viewers 10] [--newest 1000]

Quality: a twentieth of the shows (those of the cold-item protocol) is taken out of the lists. Ease is
fitted without these shows in its catalogue and then refreshed, or fitted with them there; both are
asked for them by the validation viewers. Only shows with some viewers take part, so that a fit takes
seconds.

Cost, with ``--newest``: seconds to add so many of the newest shows of the whole catalogue to the
trained Ease (``anirec train``), and how much the likeness of the old shows moves with them.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.split import load_split
from anirec.evaluation.bootstrap import mean_interval, paired_difference
from anirec.evaluation.cold_items import cold_items, without_cold_items
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.figures import DEEP_RECALL
from anirec.evaluation.protocols import ON_COLD_ITEMS, evaluate_each
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.ease_extension import extend
from anirec.models.item_weights import ItemWeights
from anirec.progress import ConsoleProgress
from anirec.ranking.learned.learned_ranker import unit_vectors
from fewer_shows import places, smaller, well_known_split

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.split import Split
    from anirec.models.registry import AnyModel

SEED = 7
PAIRS = 400_000
NEIGHBOURS_OF = 500


def timed(seconds: dict[str, float], name: str, work: Callable[[], AnyModel]) -> AnyModel:
    """Do some work and note how long it took."""
    began = time.perf_counter()
    done = work()
    seconds[name] = round(time.perf_counter() - began, 1)
    return done


def quality(whole: Split, minimum_viewers: int, context: FitContext) -> dict[str, Any]:
    """Compare refresh, refit and content on cold items."""
    split = well_known_split(whole, minimum_viewers)
    cold, after = cold_items(split), without_cold_items(split)
    before = smaller(after, ~cold)
    growth = CatalogueGrowth.between(before.index, after.index)
    seconds: dict[str, float] = {}
    content = Content().fit(after, context)
    fitted = timed(
        seconds,
        "fit before",
        lambda: Ease().fit(before, replace(context, fitted=with_content(before, context))),
    )
    assert isinstance(fitted, Ease)
    models = {
        "refresh": timed(
            seconds,
            "refresh",
            lambda: extend(fitted, after, content.vectors.dense, growth, context),
        ),
        "refit": timed(
            seconds,
            "refit",
            lambda: Ease().fit(after, replace(context, fitted={Content.name: content})),
        ),
        "content": content,
    }
    rows: dict[str, Any] = {
        "viewers": len(after.histories),
        "shows": after.n_items,
        "cold": int(cold.sum()),
        "seconds": seconds,
    }
    reports = evaluate_each(
        ON_COLD_ITEMS, "validation", split, Contestants(models), context.progress
    )
    for report in reports:
        values = {name: of.per_viewer[DEEP_RECALL] for name, of in report.figures.items()}
        rows[report.protocol] = {name: mean_interval(v).mean for name, v in values.items()}
        for other in ("refit", "content"):
            gap = paired_difference(values["refresh"], values[other])
            rows[report.protocol][f"refresh - {other}"] = [gap.mean, gap.low, gap.high]
    return rows


def with_content(dataset: Dataset, context: FitContext) -> dict[str, AnyModel]:
    """Return the content model of a data set by its name."""
    return {Content.name: Content().fit(dataset, context)}


def cost(whole: Split, newest: int, ease: Ease, context: FitContext) -> dict[str, Any]:
    """Add the newest shows to a trained Ease from which they were taken."""
    is_new = np.arange(len(whole.index)) >= len(whole.index) - newest
    lists = whole.train.histories.where(~is_new[whole.train.histories.items])
    after = replace(whole.train, histories=lists)
    before = smaller(after, ~is_new)
    growth = CatalogueGrowth.between(before.index, after.index)
    then = Content().fit(before, context)
    began = time.perf_counter()
    now = Content().fit(after, context)
    of_content = time.perf_counter() - began
    began = time.perf_counter()
    extend(without(ease, is_new), after, now.vectors.dense, growth, context)
    return {
        "shows": after.n_items,
        "new": newest,
        "seconds of content": round(of_content, 1),
        "seconds of ease": round(time.perf_counter() - began, 1),
        "peak GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        **moved(unit_vectors(then), unit_vectors(now)[~is_new]),
    }


def without(ease: Ease, left_out: NDArray[np.bool_]) -> Ease:
    """Return an Ease that has not heard of some shows."""
    weights, kept = ease.weights, ~left_out
    owners = np.repeat(np.arange(weights.n_items), np.diff(weights.indptr))
    known = kept[owners] & kept[weights.columns]
    counts = np.bincount(places(kept)[owners[known]], minlength=int(kept.sum()))
    fewer = Ease(ease.config)
    fewer.n_items = int(kept.sum())
    fewer.conditional_spread = ease.conditional_spread[kept]
    fewer.weights = ItemWeights(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        places(kept)[weights.columns[known]],
        weights.values[known],
    )
    return fewer


def moved(then: NDArray[np.float32], now: NDArray[np.float32]) -> dict[str, float]:
    """Say how the cosines of shows changed: of random pairs, and which are the ten nearest."""
    draw = np.random.default_rng(SEED)
    one, other = draw.integers(0, len(then), (2, PAIRS))
    gaps = np.abs((then[one] * then[other]).sum(axis=1) - (now[one] * now[other]).sum(axis=1))
    shared = []
    for row in draw.integers(0, len(then), NEIGHBOURS_OF).tolist():
        nearest = [
            set(np.argsort(-(of @ of[row]), kind="stable")[:11].tolist()) for of in (then, now)
        ]
        shared.append((len(nearest[0] & nearest[1]) - 1) / 10)
    return {
        "mean change of a cosine": round(float(gaps.mean()), 4),
        "99 % change less than": round(float(np.quantile(gaps, 0.99)), 4),
        "of the ten nearest stay": round(float(np.mean(shared)), 3),
    }


def main() -> None:
    """Print the figures and, if asked, write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--models", type=Path, default=Path("artifacts/models"))
    parser.add_argument("--cache", type=Path, default=Path("artifacts/cache"))
    parser.add_argument("--minimum-viewers", type=int, default=10)
    parser.add_argument("--newest", type=int, nargs="*", default=[])
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    split = load_split(arguments.split, arguments.tables)
    context = FitContext(seed=SEED, cache=arguments.cache, progress=ConsoleProgress())
    found: dict[str, Any] = {"quality": quality(split, arguments.minimum_viewers, context)}
    if arguments.newest:
        ease = Ease.load(arguments.models / Ease.name)
        found["cost"] = [cost(split, newest, ease, context) for newest in arguments.newest]
    text = json.dumps(found, indent=1)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
