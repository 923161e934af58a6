"""The learned ranker behind the public face: candidates, components, reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.bundle.bundle import Provenance, write_bundle
from anirec.data.histories import Entry
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease
from anirec.models.item_neighbours import ItemNeighbours
from anirec.models.popularity import Popularity
from anirec.pipeline.ranker_training import train_ranker
from anirec.ranking.hybrid import Hybrid
from anirec.ranking.learned.features import NEIGHBOUR_COLUMNS
from anirec.ranking.learned.learned_ranker import LearnedRanker, Parts
from anirec.ranking.ranker import LearnedScores, Ranker
from anirec.recommender import Recommender
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.data.histories import Histories

DATASET, FOLD, _ = community()
HISTORY = [Entry(10, 9), Entry(50, 2), Entry(90, 0, 4), Entry(200, 8), Entry(310, 10)]
PARTS = {"base", "collaborative", "content", "profile", "popularity"}


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    content = Content().fit(DATASET, FitContext())
    ease = Ease().fit(DATASET, FitContext(fitted={Content.name: content}))
    popularity = Popularity().fit(DATASET)
    neighbours = ItemNeighbours().fit(DATASET)
    parts = Parts(popularity, content, ease, neighbours)
    learned = train_ranker(DATASET, parts, 0.8, FitContext(threads=1))
    return Ranker(Hybrid(ease, content), popularity, learned)


@pytest.fixture(scope="module")
def recommender(ranker: Ranker, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    place: Path = tmp_path_factory.mktemp("bundles") / "one"
    write_bundle(
        place,
        DATASET,
        ranker.hybrid,
        ranker.popularity,
        Provenance(data_hash="", params_hash="", threads=1, revision=None, evaluation={}),
        learned=ranker.learned,
    )
    return Recommender.load(place)


def lists() -> list[Histories]:
    return list(FOLD.history.select(slice(0, 8)).watched().batches(1))


@pytest.mark.parametrize("watched", lists())
def test_reasons_add_up_to_their_component(ranker: Ranker, watched: Histories) -> None:
    """Exactly, or to nothing where no entry pulls the way the component does."""
    (scored,) = ranker.for_each(watched, [np.ones(N_ITEMS, dtype=bool)], 10)
    assert isinstance(scored, LearnedScores)
    rows = np.argsort(-scored.total)[:10]
    components = scored.components_of(rows)
    np.testing.assert_allclose(sum(components.values()), scored.total[rows], atol=1e-4)
    for name, shares in scored.contributions(watched, rows).items():
        total = shares.sum(axis=0)
        explained = np.isclose(total, components[name], atol=1e-4)
        assert (explained | (total == 0)).all()
        assert explained.any()


def test_only_eligible_shows_are_candidates(ranker: Ranker) -> None:
    watched = lists()[0]
    eligible = np.zeros(N_ITEMS, dtype=bool)
    eligible[30:40] = True
    (scored,) = ranker.for_each(watched, [eligible], 5)

    assert scored.contenders is not None
    np.testing.assert_array_equal(scored.contenders, eligible)


def test_answers_come_from_the_trees_and_add_up(recommender: Recommender) -> None:
    shows = recommender.recommend(HISTORY, n=10)

    assert len(shows) == 10
    assert not {show.anime_id for show in shows} & {entry.anime_id for entry in HISTORY}
    assert [show.score for show in shows] == sorted((s.score for s in shows), reverse=True)
    for show in shows:
        assert set(show.components) == PARTS
        assert sum(show.components.values()) == pytest.approx(show.score, abs=1e-4)
    assert any(show.reasons for show in shows)


def test_given_weights_use_the_plain_hybrid(recommender: Recommender) -> None:
    for show in recommender.recommend(HISTORY, weights={"collaborative": 1}):
        assert set(show.components) == {"collaborative", "content"}


def test_a_batch_is_its_lists_one_by_one(recommender: Recommender) -> None:
    apart = [recommender.recommend(history, n=7) for history in (HISTORY, HISTORY[:2], [])]
    together = recommender.recommend_batch([HISTORY, HISTORY[:2], []], n=7)

    for one, other in zip(apart, together, strict=True):
        assert [show.anime_id for show in one] == [show.anime_id for show in other]
        assert [show.score for show in one] == pytest.approx([show.score for show in other])


def test_an_empty_list_gets_what_most_watch(recommender: Recommender) -> None:
    assert set(recommender.recommend([])[0].components) == {"popularity"}


def test_every_show_can_be_asked_for_and_explained(recommender: Recommender) -> None:
    everything = recommender.recommend(HISTORY, n=100)
    assert len(everything) == N_ITEMS - len(HISTORY)
    for anime_id in (10, everything[0].anime_id):
        explained = recommender.explain(HISTORY, anime_id)
        assert set(explained.components) == PARTS
        assert sum(explained.components.values()) == pytest.approx(explained.score, abs=1e-4)


def test_the_item_neighbours_name_the_entry_that_decides(ranker: Ranker) -> None:
    assert ranker.learned is not None
    for watched in lists():
        (scored,) = ranker.for_each(watched, [np.ones(N_ITEMS, dtype=bool)], 10)
        assert isinstance(scored, LearnedScores)
        rows = scored.ranked.candidates[:10].astype(np.int64)
        deciding = ranker.learned.neighbours.contributions(watched, rows.astype(np.int32))
        shares = ranker.learned.attributions(scored.ranked, np.arange(10))
        gained = shares[:, NEIGHBOUR_COLUMNS].sum(axis=1)
        given = scored.contributions(watched, rows)["collaborative"]
        speaks = (gained > 0) & (deciding.max(axis=0) > 0) & (given.sum(axis=0) > 0)
        assert (given[deciding.argmax(axis=0), np.arange(10)][speaks] > 0).all()


def test_nothing_to_recommend_is_no_error(recommender: Recommender) -> None:
    everything = [Entry(show.anime_id) for show in DATASET.shows]

    assert recommender.recommend(HISTORY, filters={"year_from": 2099}) == []
    assert recommender.recommend(everything) == []
    assert recommender.recommend_batch([everything, HISTORY])[0] == []


def test_trees_of_other_features_are_refused(ranker: Ranker, tmp_path: Path) -> None:
    assert ranker.learned is not None
    ranker.learned.save(tmp_path / "learned")
    path = tmp_path / "learned" / "feature_names.npy"
    np.save(path, np.load(path)[::-1])

    with pytest.raises(ValueError, match="other features"):
        LearnedRanker.load(tmp_path / "learned", ranker.learned.parts)
