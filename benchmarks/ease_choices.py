"""What it is worth to Ease how much a list, or an entry of a list, counts in training.

Fits Ease once per choice over the shows with some viewers and ranks them for the validation viewers.
Run it after ``anirec ingest`` and ``anirec split``::

    python benchmarks/ease_choices.py --tables artifacts/tables --split artifacts/split

An entry's count multiplies the weight of its list, so a pair of entries that count 0.5 each counts
0.25 in the Gram matrix. Counts are then scaled so that their squares add up to what they did before:
a choice is not to shift the balance between lists and prior as well. Validation histories are scored
as the product scores them, whatever the choice.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import polars as pl

from anirec.data.dislikes import disliked
from anirec.data.schema import ANIME_ID, EPISODES_WATCHED, NOT_RATED, USER_ID, Status
from anirec.data.split import TRAIN_FILE, load_split
from anirec.errors import AnirecError
from anirec.evaluation.bootstrap import paired_difference
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from anirec.evaluation.full_ranking import rank
from anirec.evaluation.relevance import liked, narrowed
from anirec.models import ease_solver
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import DISLIKED_COUNTS, Ease, EaseConfig, PriorWeights
from anirec.progress import ConsoleProgress
from fewer_shows import well_known_split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories
    from anirec.data.split import Split
    from anirec.evaluation.bootstrap import Interval

DEFAULT = "default"
HOARDS = (1500, 3000)
"""Entries from which on a list is called a hoard."""
NO_PRIOR = PriorWeights(content=0, title=0, franchise=0)


@dataclass(frozen=True)
class Choice:
    """One way to fit Ease."""

    config: EaseConfig
    counts: NDArray[np.float32]
    """(n_entries,), what each watched entry of the training lists counts beside its list's weight"""


@dataclass(frozen=True)
class Row:
    """What a choice reaches, and its paired differences to the default."""

    name: str
    changed: float
    """Share of the training entries that count otherwise than 1"""
    ndcg: float
    gain: Interval
    liked_ndcg: float
    liked_gain: Interval

    def __str__(self) -> str:
        touched = f"{self.changed:.1%}" if self.changed else ""
        figures = (f"{self.ndcg:.4f}", worded(self.gain))
        of_liked = (f"{self.liked_ndcg:.4f}", worded(self.liked_gain))
        return f"| {' | '.join((self.name, touched, *figures, *of_liked))} |"


HEADER = (
    "| choice | entries touched | NDCG@10 | against the default | of what was liked | against the default |\n"
    "| --- | ---: | ---: | --- | ---: | --- |"
)


def worded(gain: Interval) -> str:
    """Return a difference with its interval, nothing for the default beside itself."""
    if gain.low == gain.high == 0:
        return ""
    return f"{gain.mean:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"


def choices(watched: Histories, progress: NDArray[np.float32]) -> dict[str, Choice]:
    """Return what is compared, by name; the first is the default.

    Parameters
    ----------
    watched
        The training lists without plan-to-watch.
    progress
        (n_entries,), the share of the show's episodes that was watched.
    """
    default = EaseConfig()
    even = np.ones(len(watched.items), dtype=np.float32)
    lengths = watched.lengths[watched.viewers]
    unfinished = np.isin(watched.statuses, (Status.WATCHING, Status.ON_HOLD))
    dropped = watched.statuses == Status.DROPPED
    completed = watched.statuses == Status.COMPLETED
    low = below_own_mean(watched)
    rated = by_rating(watched)

    def configured(**changed: Any) -> Choice:
        return Choice(default.model_copy(update=changed), even)

    def counted(counts: Any) -> Choice:
        return Choice(default, np.broadcast_to(counts, even.shape).astype(np.float32))

    found = {
        DEFAULT: configured(),
        "lists not normalised by length": configured(length_exponent=0.0),
        "length exponent 0.5": configured(length_exponent=0.5),
    }
    for most in HOARDS:
        found[f"lists over {most:,} left out"] = counted(lengths <= most)
        found[f"of lists over {most:,}, as much as {most:,} entries would"] = counted(
            most / np.maximum(lengths, most)
        )
    within = (lengths <= HOARDS[0]).astype(np.float32)
    return {
        **found,
        f"not normalised, lists over {HOARDS[0]:,} left out": Choice(
            default.model_copy(update={"length_exponent": 0.0}), within
        ),
        "dropped counts 0.5": counted(np.where(dropped, 0.5, 1)),
        "dropped counts 0": counted(~dropped),
        "watching and on hold count 0.5": counted(np.where(unfinished, 0.5, 1)),
        "completed alone": counted(completed),
        "share of the episodes watched": counted(progress),
        "below the viewer's mean counts 0.5": counted(np.where(low, 0.5, 1)),
        f"disliked counts {DISLIKED_COUNTS}, as in a score": counted(
            np.where(disliked(watched), DISLIKED_COUNTS, 1)
        ),
        "0.5 + rating / 20": counted(0.5 + rated / 20),
        "rating / 10": counted(rated / 10),
        "no prior, not normalised, dropout 0.3 (EDLAE)": configured(
            prior=NO_PRIOR, length_exponent=0.0, dropout=0.3
        ),
    }


def below_own_mean(histories: Histories) -> NDArray[np.bool_]:
    """Return (n_entries,): what was rated below the mean of all that its viewer rated."""
    rated = histories.ratings != NOT_RATED
    total = np.bincount(histories.viewers, histories.ratings, minlength=len(histories))
    count = np.bincount(histories.viewers, rated, minlength=len(histories))
    means = total / np.maximum(count, 1)
    return np.asarray(rated & (histories.ratings < means[histories.viewers]))


def by_rating(histories: Histories) -> NDArray[np.float64]:
    """Return (n_entries,) ratings, the mean of all where there is none."""
    rated = histories.ratings != NOT_RATED
    mean = histories.ratings[rated].mean() if rated.any() else 1.0
    return np.where(rated, histories.ratings, mean)


def episode_shares(dataset: Dataset, table: pl.DataFrame) -> NDArray[np.float32]:
    """Return (n_entries,), the share of the episodes watched of each watched entry, 0 to 1.

    1 where it is not known how many episodes the show has.

    Parameters
    ----------
    dataset
        The training lists.
    table
        With user_id, anime_id and episodes_watched: the same lists, or more.
    """
    watched = dataset.histories.watched()
    entries = pl.DataFrame(
        {
            USER_ID: watched.user_ids[watched.viewers],
            ANIME_ID: dataset.index.ids(watched.items),
        }
    )
    joined = entries.join(table, on=[USER_ID, ANIME_ID], how="left", maintain_order="left")
    seen = joined[EPISODES_WATCHED].to_numpy()
    episodes = np.array([show.episodes or 0 for show in dataset.shows])[watched.items]
    shares = np.where(episodes > 0, seen / np.maximum(episodes, 1), 1)
    return shares.clip(0, 1).astype(np.float32)


def of_statuses(watched: Histories) -> str:
    """Say how many lists hold anything but completed shows: the others say nothing of statuses."""
    with_more = np.unique(watched.viewers[watched.statuses != Status.COMPLETED])
    return f"{len(with_more):,} of {len(watched):,} training lists hold more than completed shows"


def fitted(dataset: Dataset, choice: Choice, context: FitContext) -> Ease:
    """Return Ease, fitted on lists whose entries count what the choice says."""
    plain = ease_solver.weighted_lists

    def confident(histories: Histories, n_items: int, length_exponent: float) -> Any:
        lists = plain(histories, n_items, length_exponent)
        weight = np.square(lists.data).sum(dtype=np.float64)
        lists.data *= choice.counts
        lists.data *= np.sqrt(weight / np.square(lists.data).sum(dtype=np.float64))
        return lists

    with patch.object(ease_solver, "weighted_lists", confident):
        return Ease(choice.config).fit(dataset, context)


def compare(split: Split, progress: NDArray[np.float32], context: FitContext) -> Iterator[Row]:
    """Fit and rank by each choice, the default first."""
    fold = split.validation
    relevant = {"all": fold.held_out, "liked": narrowed(fold.held_out, liked(fold))}
    context = replace(context, fitted={Content.name: Content().fit(split.train, context)})
    default: dict[str, NDArray[np.float64]] = {}
    for name, choice in choices(split.train.histories.watched(), progress).items():
        top = rank(fitted(split.train, choice, context), fold.history, TOP_N)
        reached = {
            which: accuracy(top, wanted, split.train.n_items)[HEADLINE][wanted.lengths > 0]
            for which, wanted in relevant.items()
        }
        default = default or reached
        yield Row(
            name,
            float((choice.counts != 1).mean()),
            float(reached["all"].mean()),
            paired_difference(reached["all"], default["all"]),
            float(reached["liked"].mean()),
            paired_difference(reached["liked"], default["liked"]),
        )


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=Path("artifacts/tables"))
    parser.add_argument("--split", type=Path, default=Path("artifacts/split"))
    parser.add_argument("--cache", type=Path, default=Path("artifacts/cache"))
    parser.add_argument("--minimum-viewers", type=int, default=10)
    arguments = parser.parse_args()
    try:
        whole = load_split(arguments.split, arguments.tables)
    except AnirecError as error:
        parser.exit(1, f"{error}\n")
    split = well_known_split(whole, arguments.minimum_viewers)
    columns = [USER_ID, ANIME_ID, EPISODES_WATCHED]
    table = pl.read_parquet(arguments.split / TRAIN_FILE, columns=columns)
    context = FitContext(threads=1, cache=arguments.cache, progress=ConsoleProgress())
    print(f"{len(split.validation.history)} validation viewers, {split.train.n_items:,} shows")
    print(of_statuses(split.train.histories.watched()))
    print(f"\n{HEADER}")
    for row in compare(split, episode_shares(split.train, table), context):
        print(row, flush=True)


if __name__ == "__main__":
    main()
