from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from viewer_groups import N_VIEWERS, UNWATCHED, group_community

from anirec.data.schema import Status
from anirec.errors import DataError
from anirec.models.keras_net.entries import pose_problem
from anirec.models.keras_net.samples import Batch, Samples, Unwatched
from anirec.models.keras_net.schedule import learning_rate
from anirec.models.recommender_net import RecommenderNetConfig

DATASET = group_community()


def test_the_rate_rises_stays_and_decays() -> None:
    config = RecommenderNetConfig(
        start_lr=0.1, max_lr=0.5, min_lr=0.01, rampup_epochs=2, sustain_epochs=2, exp_decay=0.5
    )
    rates = [learning_rate(epoch, config) for epoch in range(6)]
    np.testing.assert_allclose(rates, [0.1, 0.3, 0.5, 0.5, 0.5, 0.255])


def test_the_rate_may_start_at_its_top() -> None:
    config = RecommenderNetConfig(max_lr=0.5, rampup_epochs=0, sustain_epochs=1)
    assert learning_rate(0, config) == 0.5


def test_the_picture_in_the_docs_shows_the_default_schedule() -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "learning_rate_svg.py"))
    assert script["PICTURE"].read_text() == script["draw"](RecommenderNetConfig())


@given(
    listed=st.lists(st.sets(st.integers(0, 7), max_size=7).map(sorted), min_size=1, max_size=6),
    seed=st.integers(0, 1000),
)
def test_draws_are_never_listed_and_reach_all_else(listed: list[list[int]], seed: int) -> None:
    users = np.repeat(np.arange(len(listed)), [len(one) for one in listed]).astype(np.int32)
    items = np.array([item for one in listed for item in one], dtype=np.int32)
    shuffled = np.random.default_rng(seed).permutation(len(items))
    unwatched = Unwatched(users[shuffled], items[shuffled], len(listed), 8)
    for user, one in enumerate(listed):
        drawn = unwatched.draw(np.full(400, user, dtype=np.int32), np.random.default_rng(seed))
        assert set(drawn.tolist()) == set(range(8)) - set(one)


def all_samples(samples: Samples, epoch: int) -> Batch:
    batches = [samples.epoch(epoch).batch(i) for i in range(samples.n_batches)]
    return Batch(*(np.concatenate(column) for column in zip(*batches, strict=True)))


def test_batches_repeat_by_epoch_and_differ_between_epochs() -> None:
    samples = pose_problem(
        DATASET, RecommenderNetConfig(batch_size=500, negatives_per_positive=4), 3
    ).training
    first, again, second = (all_samples(samples, epoch) for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first.items, again.items)
    assert (first.items != second.items).mean() > 0.5
    assert {len(samples.epoch(0).batch(i).users) for i in range(samples.n_batches)} == {500}


def test_watched_target_draws_no_listed_show_not_even_a_planned_one() -> None:
    config = RecommenderNetConfig(batch_size=500, negatives_per_positive=4)
    problem = pose_problem(DATASET, config, 3)
    batch = all_samples(problem.training, 0)
    assert batch.labels.mean() == pytest.approx(0.2)
    everything = DATASET.histories
    pairs = set(zip(everything.viewers.tolist(), everything.items.tolist(), strict=True))
    planned = everything.statuses == Status.PLAN_TO_WATCH
    plans = set(
        zip(everything.viewers[planned].tolist(), everything.items[planned].tolist(), strict=True)
    )
    lists, items = problem.lists[batch.users].tolist(), problem.items[batch.items].tolist()
    for pair, label in zip(zip(lists, items, strict=True), batch.labels, strict=True):
        assert (pair in pairs) == bool(label)
        assert pair not in plans
    assert UNWATCHED not in problem.items


def test_rating_target_scales_ratings_and_leaves_unrated_entries_out() -> None:
    problem = pose_problem(DATASET, RecommenderNetConfig(target="rating", batch_size=100), 3)
    watched = DATASET.histories.watched()
    rated = watched.where(watched.ratings > 0)
    expected = {
        (int(viewer), int(item)): (int(rating) - 1) / 9
        for viewer, item, rating in zip(rated.viewers, rated.items, rated.ratings, strict=True)
    }
    entries = [problem.training.entries, problem.validation.entries]
    found = {
        (int(problem.lists[user]), int(problem.items[item])): float(label)
        for part in entries
        for user, item, label in zip(*part, strict=True)
    }
    assert found == pytest.approx(expected)
    assert problem.training.unwatched is None


def test_validation_takes_no_viewers_and_no_items_only_entry() -> None:
    problem = pose_problem(DATASET, RecommenderNetConfig(validation_share=0.9), 3)
    training, validation = problem.training.entries, problem.validation.entries
    assert len(validation.users) > len(training.users)
    assert set(training.users.tolist()) == set(range(N_VIEWERS))
    assert set(training.items.tolist()) == set(range(len(problem.items)))


def test_a_viewer_who_has_listed_everything_needs_no_negatives() -> None:
    histories = DATASET.histories.select(slice(0, 1))
    alone = replace(DATASET, histories=histories.watched())
    samples = pose_problem(alone, RecommenderNetConfig(batch_size=4), 3).training
    assert samples.unwatched is None
    assert all_samples(samples, 0).labels.all()


def test_a_few_such_viewers_leave_their_negatives_to_others() -> None:
    users = np.array([0, 0, 0, 1], dtype=np.int32)
    items = np.array([0, 1, 2, 0], dtype=np.int32)
    entries = Batch(users, items, np.ones(4, dtype=np.float32))
    samples = Samples(entries, Unwatched(users, items, 2, 3), 4, 20, seed=1)
    batch = samples.epoch(0).batch(0)
    assert (batch.users[batch.labels == 0] == 1).all()
    assert set(batch.items[batch.labels == 0].tolist()) == {1, 2}


@pytest.mark.parametrize("target", ["watched", "rating"])
def test_lists_without_usable_entries_are_refused(target: str) -> None:
    histories = DATASET.histories
    planned = replace(
        DATASET, histories=histories.where(histories.statuses == Status.PLAN_TO_WATCH)
    )
    config = RecommenderNetConfig.model_validate({"target": target})
    with pytest.raises(DataError, match=f"target: {target}"):
        pose_problem(planned, config, 3)
