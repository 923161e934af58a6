"""A small made-up community with structure to learn: four groups of shows, viewers of one each."""

from __future__ import annotations

import numpy as np

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show
from anirec.data.split import Fold, HeldOut

GROUPS = (
    (("Action", "Mecha"), ("robots", "war"), "Pilots of giant robots defend a space colony."),
    (("Romance", "School"), ("love", "club"), "Two classmates fall in love after the school play."),
    (("Sports", "Comedy"), ("team", "match"), "A volleyball team trains for the national match."),
    (("Horror", "Mystery"), ("ghosts", "murder"), "A detective hunts a ghost in a cursed village."),
)
SHOWS_PER_GROUP = 25
N_UNWATCHED = 2
N_ITEMS = len(GROUPS) * SHOWS_PER_GROUP + N_UNWATCHED
N_TRAINING, N_HELD_OUT = 311, 80
FAITHFULNESS = 8
"""How much likelier a show of the own group is than another as popular."""


def catalogue(generator: np.random.Generator) -> tuple[tuple[Show, ...], np.ndarray]:
    """Return the shows, ids shuffled over the groups, and the group of each row (-1: unwatched)."""
    group_of_row = np.r_[np.repeat(np.arange(len(GROUPS)), SHOWS_PER_GROUP), [-1] * N_UNWATCHED]
    group_of_row = generator.permutation(group_of_row)
    shows = []
    for row, group in enumerate(group_of_row):
        genres, tags, synopsis = GROUPS[group]
        number = f"number {row}"
        shows.append(
            Show(
                anime_id=10 * (row + 1),
                title=f"{genres[0]} {number}",
                synopsis=f"{synopsis} This is {number} of its kind.",
                genres=genres,
                tags=tags,
                studios=(f"Studio {group}{row % 3}",),
                source="ORIGINAL" if row % 2 else "MANGA",
                type="TV",
                episodes=12,
                year=2000 + row % 20,
                age_rating="PG-13",
                score=6 + row % 30 / 10,
                franchise=10 * (row + 1),
            )
        )
    return tuple(shows), group_of_row


def lists(generator: np.random.Generator, group_of_row: np.ndarray, n_viewers: int) -> Histories:
    """Draw lists: popular shows first of all, those of the viewer's group far likelier."""
    rank = np.zeros(N_ITEMS)
    for group in range(len(GROUPS)):
        rank[group_of_row == group] = np.arange(SHOWS_PER_GROUP)
    popularity = np.where(group_of_row >= 0, 1 / (rank + 3), 0)
    items, ratings, statuses, lengths = [], [], [], []
    for _ in range(n_viewers):
        own = group_of_row == generator.integers(len(GROUPS))
        chance = popularity * np.where(own, FAITHFULNESS, 1)
        length = int(generator.integers(14, 30))
        chosen = generator.choice(N_ITEMS, length, replace=False, p=chance / chance.sum())
        liking = np.where(own[chosen], 8, 5) + generator.normal(0, 1.2, length)
        rates = generator.random() < 0.7
        items.append(chosen)
        ratings.append(np.rint(liking).clip(1, 10) * (rates & (generator.random(length) < 0.8)))
        statuses.append(
            generator.choice(list(Status), length, p=[0.05, 0.75, 0.05, 0.05, 0.1]).astype(int)
        )
        lengths.append(length)
    return Histories(
        user_ids=np.arange(1, n_viewers + 1, dtype=np.int64) * 7,
        indptr=np.cumsum([0, *lengths]).astype(np.int64),
        items=np.concatenate(items).astype(np.int32),
        ratings=np.concatenate(ratings).astype(np.uint8),
        statuses=np.concatenate(statuses).astype(np.uint8),
    )


def community(seed: int = 3) -> tuple[Dataset, Fold, np.ndarray]:
    """Return training lists, new viewers with a fifth of their lists held out, and the groups."""
    generator = np.random.default_rng(seed)
    shows, group_of_row = catalogue(generator)
    index = ItemIndex([show.anime_id for show in shows])
    everyone = lists(generator, group_of_row, N_TRAINING + N_HELD_OUT)
    new = everyone.select(slice(N_TRAINING, None)).watched()
    hidden = generator.random(len(new.items)) < 0.2
    hidden[new.indptr[:-1]] = True  # at least one of each
    gone = new.where(hidden)
    held_out = HeldOut(gone.indptr, index.ids(gone.items), gone.items, gone.ratings)
    training = everyone.select(slice(0, N_TRAINING))
    return Dataset(index, shows, training), Fold(new.where(~hidden), held_out), group_of_row
