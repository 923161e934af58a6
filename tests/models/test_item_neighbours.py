"""ItemNeighbours: conditional probabilities counted by hand, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pytest

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.models.item_neighbours import (
    FEW_OF_A_ROW,
    LIFT_STEP,
    ItemNeighbours,
    ItemNeighboursConfig,
    naive_bayes,
)
from taste_groups import community

INDEX = ItemIndex([10, 20, 30, 40])
LISTS = ([10, 20], [10, 20], [10, 30], [20], [30], [10, 20, 30])
"""Nobody watched 40."""
CONFIG = ItemNeighboursConfig(smoothing=0.5, length_exponent=0, minimum_viewers=1)


def lists_of(*ids: list[int]) -> Histories:
    return Histories.from_entries([[Entry(i) for i in one] for one in ids], INDEX)


@pytest.fixture(scope="module")
def model() -> ItemNeighbours:
    shows = tuple(Show(anime_id=int(i), title=str(i)) for i in INDEX.anime_ids)
    return ItemNeighbours(CONFIG).fit(Dataset(INDEX, shows, lists_of(*LISTS)))


def test_the_table_holds_smoothed_conditional_probabilities(model: ItemNeighbours) -> None:
    # Four watched 10, four 20, three 30; three both 10 and 20, two both 10 and 30.
    share = (np.array([4, 4, 3]) + 0.5) / 7
    expected = np.array([3 + 0.5 * share[1], 2 + 0.5 * share[2]]) / 4.5 / share[[1, 2]]

    lifts = model.lifts(np.array([0]), np.array([1, 2]))

    np.testing.assert_allclose(model.share[:3], share, rtol=1e-6)
    np.testing.assert_allclose(lifts[0], np.log(expected), atol=LIFT_STEP / 2 + 1e-6)


def test_few_shows_and_many_are_told_the_same(model: ItemNeighbours) -> None:
    rows, few = np.array([0, 2, 3]), np.array([1, 3, 2, 0])
    many = np.tile(few, FEW_OF_A_ROW)

    alone = model.lifts(rows, few)

    assert alone.any()
    assert not alone[:, 1].any(), "nobody watched it"
    np.testing.assert_array_equal(model.lifts(rows, many), np.tile(alone, FEW_OF_A_ROW))


def test_the_strongest_entry_decides_and_explains_all(model: ItemNeighbours) -> None:
    history = lists_of([10, 30])
    rows = np.array([1], dtype=np.int32)

    (scores,) = model.score(history)
    contributions = model.contributions(history, rows)

    chances = model.share[1] * np.exp(model.lifts(np.array([0, 2]), rows)[:, 0])
    assert chances[0] > chances[1]
    assert scores[1] == pytest.approx(chances.max(), rel=1e-6)
    np.testing.assert_allclose(contributions[:, 0], [scores[1], 0], rtol=1e-6)


def test_who_has_no_viewers_takes_no_part(model: ItemNeighbours) -> None:
    assert 3 not in model.core
    assert model.score(lists_of([10]))[0, 3] == model.share[3]
    assert model.lifts(np.array([0, 3]), np.array([3, 1])).shape == (1, 2)
    assert model.lifts(np.array([0]), np.array([3]))[0, 0] == 0
    np.testing.assert_array_equal(model.score(lists_of([40]))[0], model.share)


def test_only_the_most_watched_take_part() -> None:
    dataset, _, _ = community()
    few = ItemNeighbours(ItemNeighboursConfig(shows=20)).fit(dataset)

    viewers = np.bincount(dataset.histories.watched().items, minlength=dataset.n_items)
    assert len(few.core) == 20
    assert viewers[few.core].min() >= np.delete(viewers, few.core).max()


def test_one_entry_says_in_naive_bayes_what_it_says_alone(model: ItemNeighbours) -> None:
    others = np.array([1, 2])
    lifts = model.lifts(np.array([0]), others)

    scores = naive_bayes(lifts, model.share[others])

    np.testing.assert_allclose(np.exp(scores), model.share[others] * np.exp(lifts[0]), rtol=1e-5)
    nothing = naive_bayes(lifts[:0], model.share[others])
    np.testing.assert_allclose(np.exp(nothing), model.share[others], rtol=1e-5)


def test_a_loaded_model_cannot_leave_a_list_out(model: ItemNeighbours) -> None:
    loaded = ItemNeighbours(CONFIG)
    loaded.restore(model.state())
    loaded.n_items = len(INDEX)
    rows = np.array([0], dtype=np.int32)

    np.testing.assert_array_equal(loaded.score(lists_of([10])), model.score(lists_of([10])))
    with pytest.raises(ValueError, match="just been fitted"):
        loaded.lifts_without(0, rows, rows, rows)
