"""What is derived from lists, and the floor of 20 viewers under it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starter_world import EPISODES, INDEX, N_ITEMS, two_tastes

from anirec.data.schema import Status
from anirec.data.starter.derive import derive, normal_scores
from anirec.data.starter.statistics import (
    FLOOR,
    GroupMeans,
    Statistics,
    packaged_statistics,
)
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@given(st.lists(st.floats(0, 600), max_size=400))
def test_group_means_hide_single_viewers(values: list[float]) -> None:
    curve = GroupMeans.of(values)
    if len(values) < FLOOR:
        assert len(curve.means) == 0
        assert curve.at(np.array([0.5])) == 0
        return
    assert curve.n_viewers == len(values)
    assert len(values) // len(curve.means) >= FLOOR
    assert np.all(np.diff(curve.means) >= -1e-3)
    least = np.sort(values)[:FLOOR].mean()
    assert curve.means[0] >= least - 1e-3
    assert np.all(curve.at(np.linspace(0, 1, 7)) <= max(values) + 1e-3)


def test_normal_scores_are_centred_and_share_ties() -> None:
    scores = normal_scores(np.array([3, 1, 3, 9]))
    assert scores[0] == scores[2]
    assert scores[1] < scores[0] < scores[3]
    assert scores[0] == pytest.approx(0)


def test_counts_are_those_of_the_lists() -> None:
    lists = two_tastes()
    statistics = derive(lists, INDEX, EPISODES)
    watched = lists.watched()
    assert statistics.n_viewers == len(np.unique(watched.users))
    assert statistics.viewers.tolist() == np.bincount(watched.items, minlength=N_ITEMS).tolist()
    first = set(watched.users[watched.items == 0])
    second = set(watched.users[watched.items == 1])
    assert statistics.coviewers[0, 1] == statistics.coviewers[1, 0] == len(first & second)
    mean = watched.ratings[(watched.items == 4) & (watched.ratings > 0)].mean()
    assert statistics.rating_mean[4] == pytest.approx(mean)
    trackers = np.unique(lists.users[lists.statuses != Status.COMPLETED])
    planned = lists.where(lists.statuses == Status.PLAN_TO_WATCH)
    counts = np.bincount(planned.items, minlength=N_ITEMS)
    assert statistics.planners.tolist() == np.where(counts < FLOOR, 0, counts).tolist()
    assert abs(int(statistics.trackers.sum()) - len(trackers)) <= FLOOR


def test_nothing_below_the_floor_gets_out() -> None:
    lists = two_tastes(n_viewers=150)
    statistics = derive(lists, INDEX, EPISODES)
    watched = lists.watched()
    seen = np.zeros((150, N_ITEMS), dtype=int)
    seen[watched.users, watched.items] = 1
    truth = seen.T @ seen
    np.fill_diagonal(truth, 0)
    assert ((truth > 0) & (truth < FLOOR)).any()
    assert np.array_equal(statistics.coviewers, np.where(truth < FLOOR, 0, truth))
    for field in fields(Statistics):
        value = getattr(statistics, field.name)
        if getattr(value, "dtype", None) == np.uint32:
            assert not ((value > 0) & (value < FLOOR)).any(), field.name


def test_a_show_with_fewer_viewers_is_refused_by_name() -> None:
    lists = two_tastes()
    rare = lists.where((lists.items != 3) | (lists.users < 20))
    with pytest.raises(DataError, match=r"anime_id 103") as caught:
        derive(rare, INDEX, EPISODES)
    assert "20 viewers" in str(caught.value)


@pytest.mark.parametrize("name", ["viewers", "coviewers", "planners", "trackers", "list_lengths"])
def test_statistics_below_the_floor_cannot_be_made(name: str) -> None:
    statistics = derive(two_tastes(), INDEX, EPISODES)
    value = getattr(statistics, name)
    small: Any = (
        GroupMeans(value.means, FLOOR) if name == "list_lengths" else np.full_like(value, FLOOR - 1)
    )
    with pytest.raises(DataError, match=name):
        replace(statistics, **{name: small})


def test_a_community_without_statuses_is_fine() -> None:
    lists = two_tastes()
    statistics = derive(lists.where(lists.statuses == Status.COMPLETED), INDEX, EPISODES)
    assert statistics.trackers.sum() == 0
    assert statistics.progress.sum() == 0


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    statistics = derive(two_tastes(), INDEX, EPISODES)
    statistics.save(tmp_path / "statistics.npz")
    assert_same(Statistics.load(tmp_path / "statistics.npz"), statistics)


def test_the_packaged_statistics_are_about_items_only() -> None:
    statistics = packaged_statistics()
    statistics.check_floor()
    n = statistics.n_items
    assert n >= 500
    allowed = {(), (n,), (n, n), (n, 3), (3,), (3, 6), (5,)}
    for field in fields(Statistics):
        value = getattr(statistics, field.name)
        if isinstance(value, GroupMeans):
            assert len(value.means) <= 200
        else:
            assert np.shape(value) in allowed


def assert_same(left: Statistics, right: Statistics) -> None:
    for field in fields(Statistics):
        mine, theirs = getattr(left, field.name), getattr(right, field.name)
        if isinstance(mine, GroupMeans):
            assert mine.n_viewers == theirs.n_viewers, field.name
            mine, theirs = mine.means, theirs.means
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6, err_msg=field.name)
