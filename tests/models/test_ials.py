"""IALS: the vectors that it solves for are those that lose least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.models.base import FitContext
from anirec.models.ials import IALS, ROWS_AT_ONCE, IALSConfig, solve
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATASET, FOLD, _ = community()
CONFIG = IALSConfig(factors=8, epochs=6)


@pytest.fixture(scope="module")
def model() -> IALS:
    return IALS(CONFIG).fit(DATASET, FitContext(seed=3, threads=1))


def dense(histories: Histories) -> NDArray[np.float64]:
    """Return (n_lists, n_items), 1 where a list holds the show."""
    watched = histories.watched()
    lists = np.zeros((len(watched), N_ITEMS))
    lists[watched.viewers, watched.items] = 1
    return lists


def loss(
    lists: NDArray[np.float64], viewers: NDArray[np.float64], shows: NDArray[np.float64]
) -> float:
    """Return what the docstring of ``IALS`` says is minimised."""
    scores = viewers @ shows.T
    weight, ridge = CONFIG.unwatched_weight, CONFIG.ridge
    of_viewers = lists.sum(axis=1) + weight * len(shows)
    of_shows = lists.sum(axis=0) + weight * len(viewers)
    return float(
        (lists * (1 - scores) ** 2).sum()
        + weight * (scores**2).sum()
        + ridge * (of_viewers @ (viewers**2).sum(axis=1))
        + ridge * (of_shows @ (shows**2).sum(axis=1))
    )


@given(st.integers(0, 2**32 - 1))
def test_no_vector_near_a_solved_one_loses_less(seed: int) -> None:
    draw = np.random.default_rng(seed)
    lists = (draw.random((3, N_ITEMS)) < 0.2).astype(np.float64)
    shows = draw.normal(size=(N_ITEMS, CONFIG.factors)).astype(np.float32)
    indptr = np.concatenate([[0], np.cumsum(lists.sum(axis=1))]).astype(np.int64)

    shared = IALS(CONFIG).shared_of(shows)
    solved = solve(indptr, np.nonzero(lists)[1], shows, shared, CONFIG.ridge).astype(np.float64)

    least = loss(lists, solved, shows.astype(np.float64))
    for _ in range(5):
        moved = solved + 0.01 * draw.normal(size=solved.shape)
        assert loss(lists, moved, shows.astype(np.float64)) > least


def test_threads_change_nothing(model: IALS) -> None:
    watched = DATASET.histories.watched().where(
        np.asarray(model.vectors.any(axis=1))[DATASET.histories.watched().items]
    )
    lists = (watched.indptr, watched.items, model.vectors, model.shared, CONFIG.ridge)

    assert len(watched) > ROWS_AT_ONCE
    np.testing.assert_array_equal(solve(*lists, threads=3), solve(*lists))


def test_every_round_loses_less() -> None:
    lists = dense(DATASET.histories)
    known = lists.sum(axis=0) >= CONFIG.minimum_viewers
    losses = []
    for epochs in (1, 2, 4, 8):
        model = IALS(CONFIG.model_copy(update={"epochs": epochs})).fit(DATASET, FitContext(seed=3))
        watched = DATASET.histories.watched()
        watched = watched.where(known[watched.items])
        viewers = solve(watched.indptr, watched.items, model.vectors, model.shared, CONFIG.ridge)
        shows = model.vectors[known].astype(np.float64)
        losses.append(loss(lists[:, known], viewers.astype(np.float64), shows))

    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.95 * losses[0]


def test_what_entries_add_is_the_whole_score(model: IALS) -> None:
    rows = np.arange(N_ITEMS, dtype=np.int32)
    for history in FOLD.history.select(slice(0, 5)).batches(1):
        (scores,) = model.score(history)
        total = model.contributions(history, rows).sum(axis=0)
        np.testing.assert_allclose(total, scores, atol=1e-5)


def test_a_show_with_few_viewers_takes_no_part(model: IALS) -> None:
    few = dense(DATASET.histories).sum(axis=0) < CONFIG.minimum_viewers
    assert few.any()
    assert not model.vectors[few].any()
    rare = int(DATASET.index.ids([int(np.flatnonzero(few)[0])])[0])
    one, other = (
        Histories.from_entries([entries], DATASET.index)
        for entries in ([Entry(10), Entry(20)], [Entry(10), Entry(rare), Entry(20)])
    )
    np.testing.assert_array_equal(model.score(one), model.score(other))
    assert not model.score(Histories.from_entries([[]], DATASET.index)).any()


def test_viewers_in_another_order_get_the_same_shows(model: IALS) -> None:
    turned = DATASET.histories.select(np.arange(len(DATASET.histories))[::-1])
    again = IALS(CONFIG).fit(
        Dataset(DATASET.index, DATASET.shows, turned), FitContext(seed=3, threads=1)
    )
    np.testing.assert_allclose(again.vectors, model.vectors, atol=1e-3)
