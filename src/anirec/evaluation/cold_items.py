"""Cold items: a seeded twentieth of the catalogue, as if nobody had watched it yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from anirec.data.dataset import Dataset
from anirec.evaluation.draws import seed_of, uniform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anirec.data.split import Split

COLD_SHARE: Final = 0.05


def cold_items(split: Split) -> NDArray[np.bool_]:
    """Draw the cold items by a salted hash of their ids; bool (n_items,)."""
    seed = seed_of(split.about["params"]["salt"], "cold items")
    return uniform(seed, split.index.anime_ids) < COLD_SHARE


def without_cold_items(split: Split) -> Dataset:
    """Return the training data as it would be before anyone met the cold items.

    Their entries are gone from every list, and so are their member counts and scores, which are
    sums over viewers too. A viewer of whom nothing is left is gone as well.
    """
    cold = cold_items(split)
    train = split.train
    shows = tuple(
        replace(show, members=None, score=None) if is_cold else show
        for show, is_cold in zip(train.shows, cold, strict=True)
    )
    lists = train.histories.where(~cold[train.histories.items])
    return Dataset(train.index, shows, lists.select(lists.lengths > 0))
