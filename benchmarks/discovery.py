"""What discovery costs and brings: NDCG@10 of validation viewers, nothing is trained.

Two ways to prefer franchises that a list does not hold: dividing the chances of the others, which is
the setting ``discovery``, and taking the same off all their log-odds. The last row is what nobody can
do: the same candidates, with what is looked for in front. Run it after ``anirec train``::

    OPENBLAS_NUM_THREADS=1 python benchmarks/discovery.py
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np

from anirec.errors import AnirecError, DataError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from anirec.evaluation.protocols import DISCOVERY, LIKED, NEW_VIEWERS, task_of
from anirec.ranking.candidates import best_rows
from anirec.ranking.learned.discovery import set_back
from trained_recommender import add_places, trained_recommender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from anirec.data.split import HeldOut, Split
    from anirec.ranking.learned.learned_ranker import LearnedRanker

    Change = Callable[[NDArray[np.float32], NDArray[np.bool_]], NDArray[np.float64]]

DIVIDED = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 1.0)
TAKEN_OFF = (0.5, 1.0, 1.5, 2.0, 2.5)
BOUND = "the same candidates in the best order"
PROTOCOLS = (NEW_VIEWERS, LIKED, DISCOVERY)


def ways() -> dict[str, Change]:
    """Return by name what is added to the scores of candidates, given which franchises are known."""
    found: dict[str, Change] = {"the likeliest first (0)": lambda scores, _: np.zeros(len(scores))}
    for share in DIVIDED:
        found[f"discovery {share:g}"] = lambda scores, known, share=share: set_back(  # type: ignore[misc]
            scores, known, share
        )
    for points in TAKEN_OFF:
        found[f"{points:g} off the log-odds"] = lambda scores, known, points=points: -points * known  # type: ignore[misc]
    return found


def tops(
    ranker: LearnedRanker, split: Split
) -> tuple[dict[str, NDArray[np.int32]], list[NDArray[np.int32]]]:
    """Return int32 (n_viewers, 10) rows by way, and all candidates of each viewer.

    Each viewer is ranked once.
    """
    franchise, history = ranker.facts.franchise, split.validation.history
    pools = [np.zeros(0, dtype=np.int32) for _ in range(len(history))]
    chosen = {way: np.full((len(history), TOP_N), -1, dtype=np.int32) for way in ways()}
    for viewer, one in enumerate(history.batches(1)):
        unseen = np.ones(ranker.n_items, dtype=np.bool_)
        unseen[one.items] = False
        ranked = ranker.rank(one, unseen, discovery=0.0)
        if ranked is None:
            continue
        pools[viewer] = ranked.candidates
        known = np.isin(franchise[ranked.candidates], franchise[one.items])
        for way, change in ways().items():
            scores = (ranked.scores + change(ranked.scores, known)).astype(np.float32)
            best = best_rows(scores, np.ones(len(scores), dtype=np.bool_), TOP_N)
            chosen[way][viewer, : len(best)] = ranked.candidates[best]
    return chosen, pools


def in_the_best_order(pools: Sequence[NDArray[np.int32]], relevant: HeldOut) -> NDArray[np.int32]:
    """Return int32 (n_viewers, 10) rows, those that are looked for in front."""
    top = np.full((len(pools), TOP_N), -1, dtype=np.int32)
    for viewer, pool in enumerate(pools):
        wanted = relevant.rows[relevant.indptr[viewer] : relevant.indptr[viewer + 1]]
        found = pool[np.isin(pool, wanted)][:TOP_N]
        top[viewer, : len(found)] = found
    return top


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_places(parser)
    try:
        split, recommender = trained_recommender(parser.parse_args())
        learned = recommender.bundle.learned
        if learned is None:
            raise DataError("no learned ranker is trained")
    except AnirecError as error:
        sys.exit(f"Error: {error}")
    chosen, pools = tops(learned, split)
    print("| | new viewers | difference | liked | discovery |")
    print("| --- | ---: | ---: | ---: | ---: |")
    figures: dict[str, list[NDArray[np.float64]]] = {way: [] for way in (*chosen, BOUND)}
    for protocol in PROTOCOLS:
        task = task_of(protocol, split.validation, split)
        counts = task.relevant.lengths > 0
        bound = {BOUND: in_the_best_order(pools, task.relevant)}
        for way, top in {**chosen, **bound}.items():
            of_way = accuracy(top, task.relevant, split.train.n_items)[HEADLINE]
            figures[way].append(np.asarray(of_way)[counts])
    likeliest, *_ = figures.values()
    for way, (new, liked, discovered) in figures.items():
        change = paired_difference(new, likeliest[0])
        interval = f"{change.mean:+.4f} ({change.low:+.4f} to {change.high:+.4f})"
        print(
            f"| {way} | {new.mean():.4f} | {interval if way in list(figures)[1:] else ''} | "
            f"{liked.mean():.4f} | {discovered.mean():.4f} |"
        )


if __name__ == "__main__":
    main()
