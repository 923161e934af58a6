from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from split_world import Fixed, taste_split, without_ratings

from anirec.data.split import Fold, HeldOut
from anirec.errors import DataError
from anirec.evaluation.cold_items import COLD_SHARE, cold_items, without_cold_items
from anirec.evaluation.contestants import Contestants
from anirec.evaluation.draws import place_in_list, seed_of, uniform
from anirec.evaluation.figures import measure
from anirec.evaluation.protocols import (
    COLD_ITEMS,
    COLD_ITEMS_ALONE,
    DISCOVERY,
    LIKED,
    NEW_VIEWERS,
    ON_COLD_ITEMS,
    ON_NEW_VIEWERS,
    PROTOCOLS,
    SHORT_HISTORIES,
    evaluate,
    evaluate_each,
    task_of,
)
from anirec.evaluation.relevance import discovery, liked
from anirec.models.popularity import Popularity
from notes import Notes

if TYPE_CHECKING:
    from anirec.data.split import Split


@pytest.fixture
def split() -> Split:
    return taste_split()


@pytest.fixture
def popularity(split: Split) -> Popularity:
    return Popularity().fit(split.train)


def test_each_history_is_scored_once(split: Split, popularity: Popularity) -> None:
    fixed = Fixed(len(split.index))
    contestants = Contestants({"popularity": popularity}, extras=[fixed])
    reports = evaluate_each(ON_NEW_VIEWERS, "test", split, contestants)
    assert [report.protocol for report in reports] == list(ON_NEW_VIEWERS)
    # The whole history for three protocols, and one of each length.
    assert sum(map(len, fixed.told)) == (1 + len(SHORT_HISTORIES)) * len(split.test.history)


def test_new_viewers_are_what_measure_says(split: Split, popularity: Popularity) -> None:
    report = evaluate(NEW_VIEWERS, "test", split, {"popularity": popularity}, None)
    expected = measure(popularity, split.test)
    found = report.figures["popularity"]
    assert report.user_ids == split.test.history.user_ids.tolist()
    assert found.overall == expected.overall
    for name, values in expected.per_viewer.items():
        np.testing.assert_array_equal(found.per_viewer[name], values)


@pytest.mark.parametrize("protocol", [LIKED, DISCOVERY])
def test_viewers_with_nothing_to_find_are_left_out(
    split: Split, popularity: Popularity, protocol: str
) -> None:
    fold = split.test
    mask = liked(fold) if protocol == LIKED else discovery(fold, split.shows)
    # The first viewer has nothing that counts: what is held out is not rated, and seen before.
    mine = fold.held_out.viewers == 0
    ratings = np.where(mine, 0, fold.held_out.ratings).astype(np.uint8)
    rows = np.where(mine, fold.history.items[0], fold.held_out.rows).astype(np.int32)
    held_out = HeldOut(fold.held_out.indptr, fold.held_out.anime_ids, rows, ratings)
    report = evaluate(
        protocol,
        "test",
        replace(split, test=Fold(fold.history, held_out)),
        {"popularity": popularity},
        None,
    )
    wanted = set(fold.history.user_ids[fold.held_out.viewers[mask]].tolist())
    wanted -= {int(fold.history.user_ids[0])}
    assert set(report.user_ids) == wanted
    assert len(report.figures["popularity"].per_viewer["ndcg"]) == len(wanted)
    assert all(len(grouping.of_viewer) == len(wanted) for grouping in report.groupings)


def test_a_protocol_with_nothing_to_look_for_is_named(split: Split, popularity: Popularity) -> None:
    unrated = replace(split, test=without_ratings(split.test))
    notes = Notes()
    contestants = Contestants({"popularity": popularity})
    reports = evaluate_each([NEW_VIEWERS, LIKED], "test", unrated, contestants, notes)
    assert [report.protocol for report in reports] == [NEW_VIEWERS]
    assert "liked is left out" in notes.text
    with pytest.raises(DataError, match="liked"):
        evaluate(LIKED, "test", unrated, {"popularity": popularity}, None)


def test_short_histories_are_nested_and_hide_nothing_else(split: Split) -> None:
    fold = split.test
    shorter = None
    for protocol in SHORT_HISTORIES:
        task = task_of(protocol, fold, split)
        length = task.about["history_length"]
        assert task.known.lengths.tolist() == np.minimum(fold.history.lengths, length).tolist()
        assert task.relevant is fold.held_out
        pairs = set(zip(task.known.viewers.tolist(), task.known.items.tolist(), strict=True))
        assert shorter is None or shorter < pairs
        shorter = pairs


def test_what_a_short_history_hides_is_not_recommended(split: Split) -> None:
    """Candidates are the same for all lengths: a scorer that ignores the list gains nothing."""
    extras = [Fixed(len(split.index))]
    contestants = Contestants({"popularity": Popularity().fit(split.train)}, extras=extras)
    whole, short = evaluate_each([NEW_VIEWERS, SHORT_HISTORIES[0]], "test", split, contestants)
    for name in ("fixed", "popularity"):
        np.testing.assert_array_equal(
            whole.figures[name].per_viewer["ndcg"], short.figures[name].per_viewer["ndcg"]
        )


def test_draws_follow_the_ids_and_nothing_else(split: Split) -> None:
    history = split.test.history
    seed = seed_of("salt", "purpose")
    place = place_in_list(seed, history, split.index)
    turned = np.arange(len(history))[::-1]
    parts = np.split(place, history.indptr[1:-1])
    again = place_in_list(seed, history.select(turned), split.index)
    assert again.tolist() == np.concatenate(parts[::-1]).tolist()
    assert all(sorted(part) == list(range(len(part))) for part in parts)
    assert (
        place.tolist() != place_in_list(seed_of("other", "purpose"), history, split.index).tolist()
    )
    drawn = uniform(seed, np.arange(20_000))
    assert drawn.min() >= 0
    assert np.histogram(drawn, 10, (0, 1))[0] == pytest.approx(np.full(10, 2000), rel=0.1)


def test_cold_items_are_gone_from_all_that_models_see(split: Split) -> None:
    cold = cold_items(split)
    assert 0 < cold.mean() < 3 * COLD_SHARE
    dataset = without_cold_items(split)
    assert not cold[dataset.histories.items].any()
    assert dataset.histories.lengths.min() > 0
    for show, before, is_cold in zip(dataset.shows, split.shows, cold, strict=True):
        assert (show.score is None) == bool(is_cold)
        assert show.members is None or not is_cold
        assert show.genres == before.genres
    for protocol in ON_COLD_ITEMS:
        task = task_of(protocol, split.test, split)
        assert not cold[task.known.items].any()
        assert cold[task.relevant.rows].all()


def test_cold_items_are_found_among_all_or_alone(split: Split) -> None:
    cold = cold_items(split)

    class Oracle(Fixed):
        """Puts all cold items below the others."""

        def score(self, histories):  # type: ignore[no-untyped-def]
            return super().score(histories) - 1000 * cold.astype(np.float32)

    oracle = Oracle(len(split.index))
    popularity = Popularity().fit(without_cold_items(split))
    contestants = Contestants({"popularity": popularity}, extras=[oracle])
    among, alone = evaluate_each(ON_COLD_ITEMS, "test", split, contestants)
    assert (among.protocol, alone.protocol) == (COLD_ITEMS, COLD_ITEMS_ALONE)
    assert among.headline == alone.headline == "recall@50"
    assert (among.n_items, alone.n_items) == (len(split.index), int(cold.sum()))
    assert among.figures["fixed"].per_viewer["recall"].sum() == 0
    # Fewer than fifty cold items: alone, all are found.
    assert alone.figures["fixed"].per_viewer["recall@50"].min() == 1
    assert sum(map(len, oracle.told)) == len(split.test.history)


def test_extras_are_compared_with_the_best_of_all(split: Split, popularity: Popularity) -> None:
    extras = [Fixed(len(split.index)), Fixed(len(split.index), "other")]
    report = evaluate(NEW_VIEWERS, "test", split, {"popularity": popularity}, None, extras=extras)
    assert list(report.figures) == ["popularity", "fixed", "other"]
    pairs = [(margin.model, margin.other) for margin in report.margins]
    assert pairs == [("fixed", "popularity"), ("other", "popularity")]


def test_every_protocol_has_a_task(split: Split) -> None:
    for together in PROTOCOLS.values():
        for protocol in together:
            assert task_of(protocol, split.test, split).protocol == protocol
    with pytest.raises(ValueError, match="nonsense"):
        task_of("nonsense", split.test, split)
