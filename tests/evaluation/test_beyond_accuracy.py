from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cosine
from scipy.stats import entropy

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.show import Show
from anirec.evaluation.beyond_accuracy import (
    SMOOTHING,
    coverage,
    diversity,
    history_popularity,
    mean_of_list,
    miscalibration,
    novelty,
)
from anirec.evaluation.facts import item_facts

ITEMS = 12
GENRES = ("Action", "Drama", "Comedy")


def shows() -> tuple[Show, ...]:
    """Each of the genres' subsets, the empty one among them; tags follow the row."""
    return tuple(
        Show(
            anime_id=row + 1,
            title="",
            genres=tuple(genre for bit, genre in enumerate(GENRES) if row >> bit & 1),
            tags=(f"tag {row % 4}",) if row % 8 else (),
        )
        for row in range(ITEMS)
    )


def lists_of(rows: list[list[int]], statuses: int = 2) -> Histories:
    flat = np.array([item for row in rows for item in row], dtype=np.int32)
    indptr = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    blank = np.zeros(len(flat), dtype=np.uint8)
    return Histories(np.arange(len(rows), dtype=np.int64), indptr, flat, blank, blank + statuses)


TRAIN = lists_of([list(range(n + 1)) for n in range(8)])
"""Of eight viewers all have watched row 0, one row 7, none the rows above."""
FACTS = item_facts(Dataset(ItemIndex(range(1, ITEMS + 1)), shows(), TRAIN))

top_lists = st.lists(
    st.lists(st.integers(0, ITEMS - 1), unique=True, max_size=5), min_size=1, max_size=5
)
histories = st.lists(
    st.lists(st.integers(0, ITEMS - 1), unique=True, max_size=5), min_size=5, max_size=5
)


def as_top(rows: list[list[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.array([row + [-1] * (5 - len(row)) for row in rows], dtype=np.int32)


def test_coverage_counts_each_show_once() -> None:
    top = np.array([[3, 1], [1, -1]], dtype=np.int32)
    assert coverage(top, 8) == 0.25
    assert coverage(np.zeros((0, 2), dtype=np.int32), 0) == 0


def test_plan_to_watch_is_not_watching() -> None:
    planned = item_facts(Dataset(ItemIndex(range(1, ITEMS + 1)), shows(), lists_of([[0]], 6)))
    assert planned.watched.sum() == 0


def test_novelty_by_hand() -> None:
    # Watched by 8 of 8, 4 of 8, and by nobody, which counts as 1 of 8.
    top = as_top([[0, 4, 11], [0], []])
    np.testing.assert_allclose(novelty(top, FACTS), [(0 + 1 + 3) / 3, 0, np.nan])


@given(top_lists)
def test_novelty_is_never_negative_and_at_most_that_of_an_unwatched_show(
    rows: list[list[int]],
) -> None:
    bits = novelty(as_top(rows), FACTS)
    assert np.isnan(bits).tolist() == [not row for row in rows]
    assert np.all((bits[~np.isnan(bits)] >= 0) & (bits[~np.isnan(bits)] <= 3))


@given(top_lists)
def test_diversity_is_the_mean_distance_of_pairs(rows: list[list[int]]) -> None:
    traits = FACTS.traits.toarray()
    expected = []
    for row in rows:
        known = [item for item in row if traits[item].any()]
        pairs = [cosine(traits[a], traits[b]) for a, b in combinations(known, 2)]
        expected.append(np.mean(pairs) if pairs else np.nan)
    np.testing.assert_allclose(diversity(as_top(rows), FACTS), expected, atol=1e-6)


def test_the_same_show_in_other_words_has_no_diversity() -> None:
    twins = (
        *(Show(anime_id=n, title="", genres=("Action",), tags=("war",)) for n in (1, 2)),
        *(Show(anime_id=n, title="", genres=("Drama",), tags=("love",)) for n in (3, 4)),
    )
    facts = item_facts(Dataset(ItemIndex((1, 2, 3, 4)), twins, lists_of([[0]])))
    top = np.array([[0, 1], [0, 2]], dtype=np.int32)
    np.testing.assert_allclose(diversity(top, facts), [0, 1], atol=1e-6)


def genre_mix(items: list[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    mix = np.zeros(len(GENRES))
    for item in items:
        genres = shows()[item].genres
        for genre in genres:
            mix[GENRES.index(genre)] += 1 / len(genres)
    return mix / mix.sum() if mix.sum() else mix * np.nan


@given(top_lists, histories)
def test_miscalibration_is_the_divergence_of_genres(
    rows: list[list[int]], lists: list[list[int]]
) -> None:
    lists = lists[: len(rows)]
    found = miscalibration(as_top(rows), lists_of(lists), FACTS)
    for value, row, seen in zip(found, rows, lists, strict=True):
        wanted, shown = genre_mix(seen), genre_mix(row)
        if np.isnan(wanted).any() or np.isnan(shown).any():
            assert np.isnan(value)
        else:
            mixed = (1 - SMOOTHING) * shown + SMOOTHING * wanted
            assert value == pytest.approx(entropy(wanted, mixed), abs=1e-9)
            assert value >= -1e-12


@given(top_lists)
def test_the_genres_of_the_history_are_calibrated(rows: list[list[int]]) -> None:
    found = miscalibration(as_top(rows), lists_of(rows), FACTS)
    np.testing.assert_allclose(found[~np.isnan(found)], 0, atol=1e-12)


def test_without_genres_nothing_can_be_said() -> None:
    plain = (Show(anime_id=1, title=""), Show(anime_id=2, title=""))
    facts = item_facts(Dataset(ItemIndex((1, 2)), plain, lists_of([[0]])))
    top = np.array([[0, 1]], dtype=np.int32)
    assert np.isnan(miscalibration(top, lists_of([[0]]), facts)).all()
    assert np.isnan(diversity(top, facts)).all()


@given(top_lists)
def test_the_order_of_a_list_does_not_matter(rows: list[list[int]]) -> None:
    turned = [row[::-1] for row in rows]
    seen = lists_of(rows)
    for one, other in (
        (novelty(as_top(rows), FACTS), novelty(as_top(turned), FACTS)),
        (diversity(as_top(rows), FACTS), diversity(as_top(turned), FACTS)),
        (miscalibration(as_top(rows), seen, FACTS), miscalibration(as_top(turned), seen, FACTS)),
    ):
        np.testing.assert_allclose(one, other, atol=1e-9)


@given(top_lists)
def test_popularity_of_a_list_and_of_the_same_history_agree(rows: list[list[int]]) -> None:
    np.testing.assert_allclose(
        mean_of_list(FACTS.popularity, as_top(rows)), history_popularity(lists_of(rows), FACTS)
    )
