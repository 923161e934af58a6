"""How fast a bundle tells a taste, how often chance alone looks like one, what the map keeps.

- *Time*: milliseconds of the profile, the backtest and twelve shows of the starter wall, for lists of the
  bundle that have about so many watched shows; one thread.
- *Chance*: labels that stand out in lists drawn by popularity alone, which have no taste.
- *Map*: of a show's ten nearest by the content model, how many are among its ten nearest on the
  map (neighbourhood preservation), beside the first two principal components of the same vectors.

Run it on a bundle that keeps its lists::

    python benchmarks/taste_pages.py --bundle bundles/current
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec import Entry, Recommender
from anirec.errors import AnirecError
from anirec.models.content import Content
from anirec.ranking.components import CONTENT
from anirec.taste.backtest import backtest
from anirec.taste.profile import taste_profile
from anirec.taste.tables import TasteTables

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LENGTHS: Final = (30, 150, 500)
LISTS: Final = 40
DRAWN: Final = 100
LOOKED_AT: Final = 5000
NEAREST: Final = 10


def milliseconds(
    act: Callable[[list[Entry]], object], lists: list[list[Entry]]
) -> dict[str, float]:
    """Return median and 99th percentile over lists, each the second of two calls."""
    times = []
    for entries in lists:
        act(entries)
        began = time.perf_counter()
        act(entries)
        times.append(1000 * (time.perf_counter() - began))
    return {"median": float(np.median(times)), "p99": float(np.percentile(times, 99))}


def speed(recommender: Recommender, tables: TasteTables) -> dict[str, Any]:
    """Return times by length of the list."""
    viewers = recommender.bundle.viewers
    assert viewers is not None
    lengths = viewers.watched().lengths
    figures: dict[str, Any] = {}
    for length in LENGTHS:
        near = np.argsort(np.abs(lengths - length), kind="stable")[:LISTS]
        lists = [recommender.history(int(user)) for user in viewers.user_ids[near]]
        figures[str(length)] = {
            "profile": milliseconds(lambda one: taste_profile(one, tables.community), lists),
            "backtest": milliseconds(lambda one: backtest(one, recommender), lists),
            "starter wall": milliseconds(lambda one: tables.wall.next_shows(one, 12), lists),
        }
    return figures


def chance(tables: TasteTables, seed: int) -> dict[str, Any]:
    """Return the mean number of labels per facet that stand out in lists without a taste."""
    community = tables.community
    rng = np.random.default_rng(seed)
    share = np.where(community.is_adult, 0, community.popularity).astype(np.float64)
    known = np.flatnonzero(share)
    figures: dict[str, Any] = {}
    for length in LENGTHS:
        counts: dict[str, list[tuple[int, int]]] = {}
        for _ in range(DRAWN):
            # Drawn without repeats by weight (Efraimidis & Spirakis 2006).
            keys = rng.exponential(size=len(known)) / share[known]
            rows = known[np.argsort(keys)[:length]]
            entries = [Entry(int(anime_id)) for anime_id in community.index.ids(rows)]
            for facet in taste_profile(entries, community).watching:
                counts.setdefault(facet.kind, []).append((len(facet.more), len(facet.less)))
        figures[str(length)] = {
            kind: dict(zip(("more", "less"), np.mean(pairs, axis=0).tolist(), strict=True))
            for kind, pairs in counts.items()
        }
    return figures


def neighbours_kept(recommender: Recommender) -> dict[str, float]:
    """Return the shares of nearest neighbours that the map and two components keep."""
    bundle = recommender.bundle
    content = bundle.hybrid.models[CONTENT]
    if bundle.shows_map is None or not isinstance(content, Content):
        return {}
    rows = np.argsort(-bundle.popularity.share, kind="stable")[:LOOKED_AT]
    vectors = content.vectors.dense[rows].astype(np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    centred = vectors - vectors.mean(axis=0)
    two = np.linalg.svd(centred, full_matrices=False)[2][:2]
    wanted = _nearest(vectors)
    planes = {"map": bundle.shows_map.positions[rows], "two components": centred @ two.T}
    return {
        name: float(
            np.mean(
                [
                    len(np.intersect1d(one, other)) / NEAREST
                    for one, other in zip(wanted, _nearest(plane), strict=True)
                ]
            )
        )
        for name, plane in planes.items()
    }


def _nearest(points: NDArray[Any]) -> NDArray[np.int64]:
    found = []
    for start in range(0, len(points), 500):
        block = points[start : start + 500]
        # Squared distances but for a constant of the row.
        away = (points**2).sum(axis=1) - 2 * block @ points.T
        away[np.arange(len(block)), np.arange(start, start + len(block))] = np.inf
        found.append(np.argpartition(away, NEAREST, axis=1)[:, :NEAREST])
    return np.vstack(found)


def main() -> None:
    """Print the figures and, if asked, write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, default=Path("bundles/current"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    arguments = parser.parse_args()
    try:
        recommender = Recommender.load(arguments.bundle)
    except AnirecError as error:
        parser.exit(1, f"{error}\n")
    if recommender.bundle.viewers is None:
        parser.exit(1, f"{arguments.bundle} keeps no lists: publish it with viewers\n")
    with threadpool_limits(limits=1, user_api="blas"):
        began = time.perf_counter()
        tables = TasteTables.of(recommender.bundle)
        figures: dict[str, Any] = {"tables": time.perf_counter() - began}
        figures["speed"] = speed(recommender, tables)
        figures["chance"] = chance(tables, arguments.seed)
        figures["map"] = neighbours_kept(recommender)
    print(f"tables of the bundle: {figures['tables']:.2f} s, once")
    for length, parts in figures["speed"].items():
        for what, row in parts.items():
            print(f"{length:>4} shows, {what:13} {row['median']:6.2f} ms, p99 {row['p99']:6.2f}")
    for length, parts in figures["chance"].items():
        told = ", ".join(f"{k} {v['more']:.2f} more {v['less']:.2f} less" for k, v in parts.items())
        print(f"{length:>4} shows without a taste: {told}")
    for name, share in figures["map"].items():
        print(f"of ten nearest shows {name} keeps {share:.1%}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
