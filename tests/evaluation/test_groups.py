from __future__ import annotations

import numpy as np
from split_world import taste_split

from anirec.data.histories import Histories
from anirec.evaluation.beyond_accuracy import history_popularity
from anirec.evaluation.facts import item_facts
from anirec.evaluation.groups import LENGTH, TASTE, groupings


def list_of_length(length: int) -> Histories:
    blank = np.zeros(length, dtype=np.uint8)
    items = np.arange(length, dtype=np.int32) % 100
    return Histories(np.array([1]), np.array([0, length]), items, blank, blank + 2)


def test_edges_of_length_belong_to_the_longer_group() -> None:
    split = taste_split()
    facts = item_facts(split.train)
    found = {}
    for length in (0, 39, 40, 99, 100, 199, 200):
        lengths, _ = groupings(list_of_length(length), split.train.histories, facts)
        found[length] = lengths.labels[int(lengths.of_viewer[0])]
    assert found == {
        0: "under 40",
        39: "under 40",
        40: "40 to 99",
        99: "40 to 99",
        100: "100 to 199",
        199: "100 to 199",
        200: "200 or more",
    }


def test_taste_is_by_thirds_of_the_training_viewers() -> None:
    split = taste_split()
    facts = item_facts(split.train)
    train = split.train.histories
    names = [grouping.name for grouping in groupings(split.test.history, train, facts)]
    assert names == [LENGTH, TASTE]
    _, taste = groupings(train.watched(), train, facts)
    sizes = np.bincount(taste.of_viewer, minlength=3) / len(train)
    np.testing.assert_allclose(sizes, 1 / 3, atol=0.01)
    popularity = history_popularity(train.watched(), facts)
    assert popularity[taste.of_viewer == 0].max() < popularity[taste.of_viewer == 2].min()


def test_a_viewer_stays_in_the_group_whoever_else_is_there() -> None:
    split = taste_split()
    facts = item_facts(split.train)
    history = split.test.history
    some = np.arange(len(history)) % 3 == 0
    for whole, part in zip(
        groupings(history, split.train.histories, facts),
        groupings(history.select(some), split.train.histories, facts),
        strict=True,
    ):
        assert whole.select(some).of_viewer.tolist() == part.of_viewer.tolist()
