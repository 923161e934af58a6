"""The file that peers read, and the rankings that come back, between their items and ours.

Peers hold dense matrices over all items, so they are given the items with a few training viewers
only. What is held out beyond those counts as a miss, as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.split import Split
    from comparison.questions import Question

FEWEST_VIEWERS: Final = 5
"""Training viewers of an item that peers are given."""


def peer_items(split: Split, fewest: int = FEWEST_VIEWERS) -> NDArray[np.int32]:
    """Return the rows of the items that peers are given, ascending."""
    watched = split.train.histories.watched()
    counts = np.bincount(watched.items, minlength=split.train.n_items)
    return np.flatnonzero(counts >= fewest).astype(np.int32)


def write_lists(
    path: Path,
    split: Split,
    items: NDArray[np.int32],
    questions: Mapping[str, Question],
    n: int,
) -> None:
    """Write what a peer is to be fitted on and to rank for.

    Parameters
    ----------
    items
        Rows of the items that exist for the peers.
    questions
        By name.
    n
        Length of the rankings.
    """
    number = np.full(split.train.n_items, -1, dtype=np.int32)
    number[items] = np.arange(len(items), dtype=np.int32)
    lists = {"train": split.train.histories.watched()}
    for name, question in questions.items():
        lists[f"told/{name}"], lists[f"left_out/{name}"] = question
    arrays: dict[str, Any] = {
        "n_items": np.int64(len(items)),
        "n": np.int64(n),
        "questions": np.array(list(questions)),
    }
    for name, histories in lists.items():
        known = histories.where(number[histories.items] >= 0)
        arrays[f"{name}/indptr"] = known.indptr
        arrays[f"{name}/items"] = number[known.items]
        arrays[f"{name}/ratings"] = known.ratings
    np.savez(path, **arrays)


def rows_of(top: NDArray[np.int32], items: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return a peer's rankings in our rows, -1 where a list ends early."""
    return np.where(top >= 0, items[top], np.int32(-1))
