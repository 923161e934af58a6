"""IALS: the vectors that it solves for are those that lose least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.data.schema import Status
from anirec.models.base import FitContext
from anirec.models.ials import IALS, ROWS_AT_ONCE, IALSConfig, solve
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATASET, FOLD, _ = community()
CONFIG = IALSConfig(factors=8, epochs=6)
FEW = 30
"""A show of the community has just so many viewers"""


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


def test_shows_are_those_that_lose_least_given_the_viewers() -> None:
    one, two = (
        IALS(CONFIG.model_copy(update={"epochs": epochs})).fit(DATASET, FitContext(seed=3))
        for epochs in (1, 2)
    )
    lists = dense(DATASET.histories)
    known = lists.sum(axis=0) >= CONFIG.minimum_viewers
    watched = DATASET.histories.watched()
    viewers = solve(watched.indptr, watched.items, one.vectors, one.shared, CONFIG.ridge)
    viewers = viewers.astype(np.float64)
    weight, ridge = CONFIG.unwatched_weight, CONFIG.ridge
    expected = np.zeros((N_ITEMS, CONFIG.factors))
    for row in np.flatnonzero(known):
        fans = viewers[lists[:, row] > 0]
        pull = ridge * (len(fans) + weight * len(viewers)) * np.eye(CONFIG.factors)
        system = weight * viewers.T @ viewers + fans.T @ fans + pull
        expected[row] = np.linalg.solve(system, fans.sum(axis=0))

    np.testing.assert_allclose(two.vectors, expected, atol=1e-5)
    of_shows = weight * (expected[known].T @ expected[known])
    of_shows += ridge * weight * known.sum() * np.eye(CONFIG.factors)
    np.testing.assert_allclose(two.shared, of_shows, atol=1e-4)


def test_each_entry_adds_what_its_vector_does() -> None:
    counts = dense(DATASET.histories).sum(axis=0)
    rare = int(np.flatnonzero((counts > 0) & (counts < FEW))[0])
    ids = DATASET.index.ids(np.arange(N_ITEMS)).tolist()
    entries = [Entry(10), Entry(ids[rare]), Entry(40, 0, Status.PLAN_TO_WATCH), Entry(20)]
    model = IALS(CONFIG.model_copy(update={"minimum_viewers": FEW})).fit(DATASET)
    history = Histories.from_entries([entries], DATASET.index)
    rows = np.arange(N_ITEMS, dtype=np.int32)

    found = model.contributions(history, rows)

    told = history.items
    vectors = model.vectors[told].astype(np.float64)
    speaks = (counts[told] >= FEW) & (history.statuses != Status.PLAN_TO_WATCH)
    vectors[~speaks] = 0
    system = model.shared + vectors.T @ vectors + CONFIG.ridge * speaks.sum() * np.eye(8)
    expected = vectors @ np.linalg.inv(system) @ model.vectors.T
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert speaks.sum() == 2
    assert not found[~speaks].any()
    np.testing.assert_allclose(found.sum(axis=0), model.score(history)[0], atol=1e-5)


def test_a_show_with_few_viewers_takes_no_part() -> None:
    counts = dense(DATASET.histories).sum(axis=0)
    assert (counts == FEW).any()
    assert ((counts > 0) & (counts < FEW)).any()

    model = IALS(CONFIG.model_copy(update={"minimum_viewers": FEW})).fit(DATASET)

    np.testing.assert_array_equal(model.vectors.any(axis=1), counts >= FEW)
    assert not model.score(Histories.from_entries([[]], DATASET.index)).any()


@pytest.mark.parametrize("minimum", [1, 100_000])
def test_where_no_show_takes_part_all_score_0(minimum: int) -> None:
    nobody = Dataset(DATASET.index, DATASET.shows, Histories.from_entries([], DATASET.index))
    everybody = DATASET if minimum > 1 else nobody
    model = IALS(CONFIG.model_copy(update={"minimum_viewers": minimum})).fit(everybody)
    history = Histories.from_entries([[Entry(10), Entry(20)]], DATASET.index)

    assert not model.score(history).any()
    assert not model.contributions(history, np.arange(N_ITEMS, dtype=np.int32)).any()


def test_another_seed_starts_elsewhere(model: IALS) -> None:
    other = IALS(CONFIG).fit(DATASET, FitContext(seed=4, threads=1))
    assert not np.allclose(other.vectors, model.vectors, atol=1e-3)


def test_viewers_in_another_order_get_the_same_shows(model: IALS) -> None:
    turned = DATASET.histories.select(np.arange(len(DATASET.histories))[::-1])
    again = IALS(CONFIG).fit(
        Dataset(DATASET.index, DATASET.shows, turned), FitContext(seed=3, threads=1)
    )
    np.testing.assert_allclose(again.vectors, model.vectors, atol=1e-3)
