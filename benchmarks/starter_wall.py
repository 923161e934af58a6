"""What answers to a wall of shows are worth: the wall of the model against the most watched shows.

Validation viewers mark the shows of a wall that are in their history; the learned ranker is told of
these alone, with their ratings, and NDCG@10 counts what it finds of the held-out shows. Two ways:

- *what the answers tell*: the rest of the history does not compete, as in the evaluation of short
  histories; this is what the wall is made for.
- *first answer on the page*: it does compete. A viewer has seen these shows, has not said so yet, and
  they count as misses: a wall of what everybody has seen clears most of them away.

Run it after ``anirec train``::

    python benchmarks/starter_wall.py
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.histories import Histories
from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import accuracy
from anirec.ranking.candidates import best_rows
from anirec.taste.community import most_watched_of_franchise
from anirec.taste.starter_wall import StarterWall
from trained_recommender import TOP_N, add_places, entries_of, trained_recommender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from anirec import Entry, Recommender
    from anirec.data.split import Split

SIZES = (6, 12, 24)
TOLD = "what the answers tell"
FIRST = "first answer on the page"

Wall = list[int]


def ndcg(
    split: Split, recommender: Recommender, answers: Histories, seen: Histories
) -> NDArray[np.float64]:
    """Return NDCG@10 of each validation viewer, told of ``answers``; what is ``seen`` is left out."""
    eligible = []
    for one in seen.batches(1):
        mask = np.ones(len(split.index), dtype=np.bool_)
        mask[one.items] = False
        eligible.append(mask)
    top = np.full((len(answers), TOP_N), -1, dtype=np.int32)
    all_scored = recommender._ranker.for_each(answers, eligible, TOP_N)
    for viewer, (scored, mask) in enumerate(zip(all_scored, eligible, strict=True)):
        allowed = mask if scored.contenders is None else mask & scored.contenders
        rows = best_rows(scored.total, allowed, TOP_N)
        top[viewer, : len(rows)] = rows
    return accuracy(top, split.validation.held_out, len(split.index))["ndcg"]


def marked(lists: Sequence[Sequence[Entry]], walls: Sequence[Wall]) -> list[list[Entry]]:
    """Return the entries of each list that stand on its wall."""
    return [
        [entry for entry in entries if entry.anime_id in shown]
        for entries, shown in zip(lists, map(set, walls), strict=True)
    ]


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
    bundle = recommender.bundle
    columns, popularity = bundle.catalogue.columns, bundle.popularity.share
    wall = StarterWall.of(bundle, most_watched_of_franchise(columns, popularity))
    popular = split.index.ids(best_rows(popularity, wall.offered, max(SIZES))).tolist()
    history = split.validation.history.watched()
    lists = entries_of(split, history)
    walls: dict[str, Callable[[int], list[Wall]]] = {
        "most watched": lambda n: [popular[:n]] * len(lists),
        "most telling": lambda n: [wall.next_shows([], n)] * len(lists),
    }
    figures: dict[str, Any] = {}
    print(f"{len(lists)} validation viewers")
    for n in SIZES:
        base: dict[str, NDArray[np.float64]] = {}
        for name, make in walls.items():
            told = marked(lists, make(n))
            answers = Histories.from_entries(told, split.index)
            row: dict[str, Any] = {
                "marked": float(answers.lengths.mean()),
                "marked none": float((answers.lengths == 0).mean()),
            }
            for way, seen in ((TOLD, history), (FIRST, answers)):
                reached = ndcg(split, recommender, answers, seen)
                gain = paired_difference(reached, base.setdefault(way, reached))
                row[way] = {
                    "ndcg": float(reached.mean()),
                    "gain": [gain.mean, gain.low, gain.high],
                }
            figures[f"{name}, {n} shows"] = row
            print(f"{n:3} {name:12} marked {row['marked']:.1f}, none {row['marked none']:.1%}")
            for way in (TOLD, FIRST):
                mean, low, high = row[way]["gain"]
                print(
                    f"      {way}: NDCG@10 {row[way]['ndcg']:.4f}, {mean:+.4f} ({low:+.4f} to {high:+.4f})"
                )
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
