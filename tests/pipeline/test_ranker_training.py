"""Training the learned ranker: nothing of a viewer may be in the scores that they teach with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease, EaseConfig
from anirec.models.ease_solver import list_weights
from anirec.models.item_neighbours import ItemNeighbours, ItemNeighboursConfig
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import (
    draw,
    shortened,
    train_ranker,
    training_rows,
    without_viewer,
)
from anirec.ranking.learned.features import FEATURES
from anirec.ranking.learned.item_facts import ItemFacts
from anirec.ranking.learned.learned_ranker import Parts, log_popularity
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from anirec.ranking.learned.learned_ranker import LearnedRanker

DATASET, FOLD, _ = community()
CONTEXT = FitContext(seed=3, threads=1)
EXACT = EaseConfig(dropout=0, neighbours=N_ITEMS)
"""Without the regularisation that keeps a viewer's share, leaving one out is exact."""


@pytest.fixture(scope="module")
def content() -> Content:
    return Content().fit(DATASET, CONTEXT)


@pytest.fixture(scope="module")
def ranker(content: Content) -> LearnedRanker:
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    found = train_ranker(DATASET, parts_of(ease, content), 0.8, CONTEXT)
    assert found is not None
    return found


def parts_of(ease: Ease, content: Content) -> Parts:
    return Parts(Popularity().fit(DATASET), content, ease, ItemNeighbours().fit(DATASET))


def test_scores_are_those_of_a_fit_without_the_viewer(content: Content) -> None:
    fitted = {Content.name: content}
    ease = Ease(EXACT).fit(DATASET, FitContext(fitted=fitted))
    viewer = 7
    everyone = np.arange(len(DATASET.histories))
    rest = Dataset(DATASET.index, DATASET.shows, DATASET.histories.select(everyone != viewer))
    apart = Ease(EXACT).fit(rest, FitContext(fitted=fitted))
    watched = DATASET.histories.select(slice(viewer, viewer + 1)).watched()
    example = draw(watched.items, 0.8, np.random.default_rng(0))
    weight = float(list_weights(watched.lengths, EXACT.length_exponent)[0])

    left_out = without_viewer(ease, example.whole, weight)

    candidates = np.setdiff1d(np.arange(N_ITEMS), example.whole).astype(np.int32)
    for part in (example, shortened(example, np.random.default_rng(1))):
        expected = apart.weights.of(part.shown).for_each(candidates)
        contributions = left_out.contributions(part.history, candidates)
        scores = left_out.scores(part.history)
        np.testing.assert_allclose(contributions, expected, atol=1e-4)
        np.testing.assert_allclose(scores[candidates], expected.sum(axis=0), atol=1e-3)
        # Of an entry by the others: a fit without the viewer gives it no weight of its own.
        of_entries = apart.weights.of(part.shown).votes()[part.shown]
        np.testing.assert_allclose(scores[part.shown] + 1, of_entries, atol=1e-3)


def test_lifts_are_those_of_a_fit_without_the_viewer() -> None:
    viewer = 7
    everyone = np.arange(len(DATASET.histories))
    rest = Dataset(DATASET.index, DATASET.shows, DATASET.histories.select(everyone != viewer))
    config = ItemNeighboursConfig(minimum_viewers=1)
    neighbours, apart = ItemNeighbours(config).fit(DATASET), ItemNeighbours(config).fit(rest)
    whole = DATASET.histories.select(slice(viewer, viewer + 1)).watched().items
    others = np.setdiff1d(apart.core, whole)

    lifts, share = neighbours.lifts_without(viewer, whole, whole[:4], others)

    np.testing.assert_allclose(share, apart.share[others], rtol=1e-5)
    np.testing.assert_allclose(lifts, apart.lifts(whole[:4], others), atol=1e-5)


def test_what_is_hidden_is_not_shown_and_short_lists_are_parts_of_whole_ones() -> None:
    generator = np.random.default_rng(5)
    for viewer in range(30):
        watched = DATASET.histories.select(slice(viewer, viewer + 1)).watched()
        example = draw(watched.items, 0.8, generator)
        short = shortened(example, generator)
        hidden = set(example.whole[example.hidden].tolist())
        assert hidden.isdisjoint(example.shown.tolist())
        assert 1 <= len(short.history) <= min(24, len(example.history))
        assert set(short.history.tolist()) <= set(example.history.tolist())
        np.testing.assert_array_equal(short.hidden, example.hidden)


def test_rows_are_finite_and_one_for_each_candidate(content: Content) -> None:
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    facts = ItemFacts.of(DATASET.shows, DATASET.index)
    examples = training_rows(DATASET, parts_of(ease, content), facts, 0.8, CONTEXT)

    assert examples.rows.shape == (len(examples.found), len(FEATURES))
    assert np.isfinite(examples.rows).all()
    assert 0 < examples.found.mean() < 0.5
    assert examples.weights.shape == examples.found.shape
    assert (examples.weights > 0).all()
    assert examples.weights.max() == 1


def test_how_popular_a_show_is_does_not_tell_whether_it_is_hidden(content: Content) -> None:
    """One viewer less where it is hidden: trees would learn the number of viewers by heart."""
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    parts, facts = parts_of(ease, content), ItemFacts.of(DATASET.shows, DATASET.index)
    examples = training_rows(DATASET, parts, facts, 0.8, CONTEXT)

    served = log_popularity(parts.popularity.share)
    assert np.isin(examples.rows[:, list(FEATURES).index("popularity")], served).all()


def test_threads_change_nothing(content: Content) -> None:
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    parts, facts = parts_of(ease, content), ItemFacts.of(DATASET.shows, DATASET.index)
    alone, together = (
        training_rows(DATASET, parts, facts, 0.8, replace(CONTEXT, threads=threads))
        for threads in (1, 3)
    )
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_lists_that_are_too_short_teach_nothing(content: Content) -> None:
    few = Histories.from_entries(
        [[Entry(int(anime_id), 8, 2) for anime_id in DATASET.index.anime_ids[:9]]] * 3,
        DATASET.index,
    )
    dataset = Dataset(DATASET.index, DATASET.shows, few)
    ease = Ease().fit(dataset, FitContext(fitted={Content.name: content}))
    parts = Parts(Popularity().fit(dataset), content, ease, ItemNeighbours().fit(dataset))

    assert train_ranker(dataset, parts, 0.8, CONTEXT) is None


def test_a_loaded_ease_cannot_train_a_ranker(content: Content) -> None:
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    ease.inverse = None
    with pytest.raises(ValueError, match="right after ease is fitted"):
        train_ranker(DATASET, parts_of(ease, content), 0.8, CONTEXT)


def test_training_twice_gives_the_same_trees(ranker: LearnedRanker, content: Content) -> None:
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    again = train_ranker(DATASET, parts_of(ease, content), 0.8, CONTEXT)

    assert again is not None
    for name, array in ranker.state().items():
        np.testing.assert_array_equal(again.state()[name], array)


def test_candidates_come_first_and_the_rest_in_the_order_of_ease(ranker: LearnedRanker) -> None:
    history = FOLD.history.select(slice(0, 1))
    scores = ranker.score(history)

    assert scores.shape == (1, N_ITEMS)
    assert np.isfinite(scores).all()
    unseen = np.setdiff1d(np.arange(N_ITEMS), history.items)
    ranked = ranker.rank(history, np.isin(np.arange(N_ITEMS), unseen), n=20)
    assert ranked is not None
    assert len(ranked.candidates) >= 20
    assert len(np.unique(ranked.candidates)) == len(ranked.candidates)
    assert np.isin(ranked.candidates, unseen).all()


def test_components_add_up_to_the_score(ranker: LearnedRanker) -> None:
    for history in FOLD.history.select(slice(0, 5)).batches(1):
        ranked = ranker.rank(history, np.ones(N_ITEMS, dtype=bool), n=30)
        assert ranked is not None
        places = np.arange(10)
        total = sum(ranker.by_component(ranker.attributions(ranked, places)).values())
        np.testing.assert_allclose(total, ranked.scores[places], atol=1e-4)


def test_an_empty_list_is_left_to_others(ranker: LearnedRanker) -> None:
    nothing = Histories.from_entries([[]], DATASET.index)
    planned = Histories.from_entries([[Entry(10, 0, 6)]], DATASET.index)

    for history in (nothing, planned):
        assert ranker.rank(history, np.ones(N_ITEMS, dtype=bool)) is None
        np.testing.assert_array_equal(ranker.score(history), ranker.ease.score(history))


def test_discovery_prefers_franchises_that_the_list_does_not_hold(ranker: LearnedRanker) -> None:
    franchise = ranker.facts.franchise
    for history in FOLD.history.select(slice(0, 5)).batches(1):
        everything = np.ones(N_ITEMS, dtype=bool)
        likeliest = ranker.rank(history, everything, discovery=0.0)
        newer = ranker.rank(history, everything, discovery=1.0)
        assert likeliest is not None
        assert newer is not None
        known = np.isin(franchise[newer.candidates], franchise[history.items])
        assert known.any()
        np.testing.assert_array_equal(newer.scores[~known], likeliest.scores[~known])
        assert (newer.scores[known] < likeliest.scores[known]).all()
        shares = ranker.attributions(newer, np.arange(len(known)))
        total = sum(ranker.by_component(shares).values())
        np.testing.assert_allclose(total, newer.scores, atol=1e-4)
