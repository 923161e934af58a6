"""The wall of shows to rate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from anirec.bundle.bundle import Bundle, open_bundle
from anirec.data.histories import Entry
from anirec.models.item_neighbours import ItemNeighbours, ItemNeighboursConfig
from anirec.models.registry import MODELS
from anirec.ranking.learned.learned_ranker import LearnedRanker
from anirec.taste.community import most_watched_of_franchise
from anirec.taste.starter_wall import StarterWall
from small_learned_bundle import small_learned_bundle
from small_world import ADULT, N_SHOWS, TEST_MODELS, small_bundle, small_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from anirec.bundle.catalogue import Catalogue

ADULT_IDS = {10 * (row + 1) for row in ADULT}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The small bundle with neighbours of every show that two viewers have watched, all released."""
    place: Path = tmp_path_factory.mktemp("wall") / "bundle"
    small_learned_bundle(place)
    opened = open_bundle(place)
    assert opened.learned is not None
    neighbours = ItemNeighbours(ItemNeighboursConfig(minimum_viewers=2)).fit(small_dataset())
    parts = opened.learned.parts._replace(neighbours=neighbours)
    learned = LearnedRanker(parts, opened.learned.trees, opened.learned.facts, 0.8)
    return replace(opened, learned=learned, catalogue=released(opened.catalogue))


def released(catalogue: Catalogue) -> Catalogue:
    everything = np.zeros(N_SHOWS, dtype=np.bool_)
    catalogue.columns = replace(catalogue.columns, is_unreleased=everything)
    return catalogue


@pytest.fixture(scope="module")
def wall(bundle: Bundle) -> StarterWall:
    return wall_of(bundle)


def wall_of(bundle: Bundle) -> StarterWall:
    columns = bundle.catalogue.columns
    return StarterWall.of(bundle, most_watched_of_franchise(columns, bundle.popularity.share))


def test_a_wall_is_filled_without_repeats_and_without_adult_titles(wall: StarterWall) -> None:
    asked = wall.next_shows([], N_SHOWS)
    assert len(set(asked)) == len(asked) == N_SHOWS - len(ADULT)
    assert not set(asked) & ADULT_IDS


def test_what_is_listed_or_refused_is_not_asked_for(wall: StarterWall) -> None:
    first = wall.next_shows([], 6)
    asked = wall.next_shows([Entry(first[0], 9), Entry(999_999)], 40, first[1:3])
    assert not set(asked) & set(first[:3])


def test_asking_in_steps_is_asking_at_once(wall: StarterWall) -> None:
    at_once = wall.next_shows([], 8)
    first = wall.next_shows([], 4)
    then = wall.next_shows([Entry(first[1], 7)], 4, first)
    assert first + then == at_once


def test_of_two_shows_that_say_the_same_one_is_asked_for(bundle: Bundle) -> None:
    wall = wall_of(bundle)
    first = wall.next_shows([], 1)[0]
    place = int(np.flatnonzero(wall.rows == bundle.catalogue.row(first))[0])
    twin = 1 if place == 0 else 0
    correlation = wall.correlation.copy()
    correlation[twin], correlation[:, twin] = correlation[place], correlation[:, place]
    correlation[twin, twin] = 1
    same = replace(wall, correlation=correlation)
    asked = same.next_shows([], 12)
    pair = {first, int(bundle.catalogue.index.ids(wall.rows[twin]))}
    assert len(pair & set(asked)) == 1


def test_without_the_learned_ranker_the_most_watched_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, model in TEST_MODELS.items():
        monkeypatch.setitem(MODELS, name, model)
    small_bundle(tmp_path / "bundle")
    bundle = open_bundle(tmp_path / "bundle")
    released(bundle.catalogue)
    asked = wall_of(bundle).next_shows([], 10)
    share = bundle.popularity.share[bundle.catalogue.index.rows(asked)]
    assert (np.diff(share) <= 0).all()


def test_impossible_counts_are_refused(wall: StarterWall) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        wall.next_shows([], 0)
