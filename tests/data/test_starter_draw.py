"""Simulated viewers: the same for the same seed, plausible, and with something to learn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.schema import Status
from anirec.data.starter.draw import draw
from anirec.data.starter.lists import Lists
from anirec.data.starter.sampler import packaged_sampler
from anirec.data.starter.shows import episodes_of, packaged_shows
from anirec.data.starter.statistics import packaged_statistics
from anirec.data.starter.stream import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATISTICS = packaged_statistics()
SAMPLER = packaged_sampler()
EPISODES = episodes_of(packaged_shows())

STREAM_7_0 = [0.625095466604667, 0.8972138009695755, 0.7756856902451935]
NORMAL_7_0 = 1.1186632301507777


def drawn(n_viewers: int, seed: int = 7) -> Lists:
    return Lists.concatenate(list(draw(STATISTICS, SAMPLER, EPISODES, n_viewers, seed)))


def digest(lists: Lists) -> str:
    columns = (lists.users, lists.items, lists.ratings, lists.statuses, lists.episodes)
    return hashlib.sha256(b"".join(c.astype("<i8").tobytes() for c in columns)).hexdigest()


@pytest.fixture(scope="module")
def lists() -> Lists:
    return drawn(1500)


def test_the_stream_is_the_same_everywhere() -> None:
    assert Stream(7, 0).uniform(3).tolist() == STREAM_7_0
    assert Stream(7, 0).normal(1)[0] == pytest.approx(NORMAL_7_0, rel=1e-12)


@given(st.integers(0, 2**63), st.integers(1, 200))
def test_the_stream_stays_in_bounds(seed: int, n: int) -> None:
    uniform = Stream(seed).uniform(n)
    assert ((uniform >= 0) & (uniform < 1)).all()
    assert np.isfinite(Stream(seed).normal(n)).all()
    assert np.isfinite(Stream(seed).gumbel(n)).all()


def test_the_stream_has_the_moments_it_should() -> None:
    normal, gumbel = Stream(1).normal(100_000), Stream(2).gumbel(100_000)
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert normal.std() == pytest.approx(1, abs=0.02)
    assert gumbel.mean() == pytest.approx(np.euler_gamma, abs=0.02)


def test_the_same_seed_gives_the_same_viewers_and_another_gives_others() -> None:
    assert digest(drawn(40)) == digest(drawn(40))
    assert digest(drawn(40)) != digest(drawn(40, seed=8))


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 700))
def test_more_viewers_leave_the_first_ones_as_they_are(n: int) -> None:
    more = drawn(n + 30)
    assert digest(more.where(more.users <= n)) == digest(drawn(n))


def test_viewers_count_from_one_and_entries_are_sorted_and_distinct(lists: Lists) -> None:
    assert np.array_equal(np.unique(lists.users), np.arange(1, 1501))
    key = lists.users * len(EPISODES) + lists.items
    assert (np.diff(key) > 0).all()


def test_entries_are_plausible(lists: Lists) -> None:
    total = EPISODES[lists.items]
    assert lists.ratings.max() <= 10
    assert set(np.unique(lists.statuses)) == {int(status) for status in Status}
    completed = lists.statuses == Status.COMPLETED
    planned = lists.statuses == Status.PLAN_TO_WATCH
    assert np.array_equal(lists.episodes[completed], total[completed])
    assert (lists.episodes[planned] == 0).all()
    assert (lists.ratings[planned] == 0).all()
    begun = ~completed & ~planned
    assert (lists.episodes[begun] < total[begun]).all()
    assert lists.episodes[begun].any()
    assert 0.005 < planned.mean() < 0.1
    assert 0.002 < begun.mean() < 0.1


def test_dropped_shows_are_rated_lower(lists: Lists) -> None:
    rated = lists.where(lists.ratings > 0)
    dropped = rated.ratings[rated.statuses == Status.DROPPED].mean()
    assert dropped < rated.ratings[rated.statuses == Status.COMPLETED].mean() - 1


def test_neighbours_beat_popularity_on_held_out_entries(lists: Lists) -> None:
    """There is something to learn; how much says nothing about real viewers."""
    watched = lists.watched()
    seen = np.zeros((1501, len(EPISODES)), dtype=np.float32)
    seen[watched.users, watched.items] = 1
    seen = seen[seen.sum(axis=1) >= 10]
    train, test = seen[200:], seen[:200]
    held_out = np.zeros(test.shape, dtype=bool)
    rng = np.random.default_rng(0)
    for row, items in zip(held_out, test, strict=True):
        own = np.flatnonzero(items)
        row[rng.choice(own, len(own) // 5, replace=False)] = True
    history = np.where(held_out, 0, test)
    together = train.T @ train
    count = np.diag(together).copy()
    np.fill_diagonal(together, 0)
    alike = together / np.sqrt(np.outer(count, count))
    alike[alike < np.partition(alike, -40, axis=1)[:, -40:-39]] = 0

    def hits(scores: NDArray[np.float32]) -> float:
        top = np.argsort(-np.where(history > 0, -np.inf, scores), axis=1)[:, :10]
        return float(np.take_along_axis(held_out, top, axis=1).mean())

    assert hits(history @ alike.T) > 1.3 * hits(np.broadcast_to(count, history.shape))
